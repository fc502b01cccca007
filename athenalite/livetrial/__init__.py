# -*- test-case-name: tests.livetrial.test_testcase -*-
"""
Athena's livetrial: tests that are written in JavaScript, and run in a browser.

:mod:`athenalite.livetrial.testcase` has the base class of tests; ``python -m athenalite.livetrial`` runs them in a
browser of your own. See ``docs/testing.rst``.
"""
