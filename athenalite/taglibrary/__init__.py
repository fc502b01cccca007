# -*- test-case-name: tests.taglibrary.test_tabbedPane -*-
"""``nevow.taglibrary``: parts of pages for any application."""
