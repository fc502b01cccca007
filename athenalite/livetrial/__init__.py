# -*- test-case-name: tests.livetrial.test_testcase -*-
"""
Tests that are written in JavaScript, and run in a real browser: Athena's livetrial.

:mod:`athenalite.livetrial.testcase` has what tests are written with; ``python -m athenalite.livetrial`` shows them in a
browser of your own. ``docs/testing.rst`` tells how.
"""
