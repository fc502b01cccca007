# -*- test-case-name: tests.server.test_autobahn -*-
"""The list of what is used of Autobahn is complete and has nothing else."""

import ast
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._server import autobahn


class UsedTests(SynchronousTestCase):
    """``athenalite._server.autobahn``."""

    def test_used(self):
        """Each name on the list is imported by a module of the folder."""
        used = set()
        for path in Path(autobahn.__file__).parent.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module == "autobahn":
                    used.update(alias.name for alias in node.names)
        self.assertEqual(used, set(autobahn.__all__))
