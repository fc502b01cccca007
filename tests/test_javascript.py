# -*- test-case-name: tests.test_javascript -*-
"""The JavaScript half is tested in JavaScript, by node's own runner; here it becomes part of the Python suite."""

import subprocess
from unittest import TestCase

from tools import nodetests


class JavaScriptTests(TestCase):
    """``tests/js``, under node."""

    def test_node(self):
        """Every test of ``tests/js`` passes under node, and there are some."""
        ran = subprocess.run(nodetests.testCommand(), cwd=nodetests.ROOT, capture_output=True, text=True, timeout=300)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        # Whichever reporter is node's default, spec or TAP.
        self.assertRegex(ran.stdout, r"(?m)^\S+ pass [1-9]")
