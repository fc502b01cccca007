# -*- test-case-name: tests.test_rend -*-
"""
``nevow.rend``: pages as resources of a ``twisted.web`` site, and fragments of pages.
"""

from ._page.fragment import Fragment
from ._page.resource import FourOhFour, NotFound, Page, asResource

__all__ = ["FourOhFour", "Fragment", "NotFound", "Page", "asResource"]
