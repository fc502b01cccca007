# -*- test-case-name: tests.project.test_athenabugs -*-
"""docs/athena-bugs.rst names tests for each bug, and they exist."""

import ast
import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

TESTS = Path(__file__).parent.parent
DOCUMENT = TESTS.parent / "docs" / "athena-bugs.rst"


def pathOf(module):
    """Return the file of a test module that is named relative to ``tests``: ``room.test_module``."""
    return TESTS.joinpath(*module.split(".")).with_suffix(".py")


def methodsOf(path):
    """Return class and method of each test in a file."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}"


class BugsTests(SynchronousTestCase):
    """The list of Athena's bugs."""

    def setUp(self):
        self.text = DOCUMENT.read_text("utf-8")

    def test_complete(self):
        """Each bug is listed once, with its tests."""
        items = re.split(r"^(\d+)\. ", self.text, flags=re.MULTILINE)[1:]
        self.assertEqual(sorted(map(int, items[::2])), list(range(1, 24)))
        for number, item in zip(items[::2], items[1::2], strict=True):
            self.assertIn("* ``", item, number)

    def test_python(self):
        """Each Python test that is named exists."""
        named = re.findall(r"``((?:\w+\.)?test_\w+)\.(\w+\.test_\w+)``", self.text)
        self.assertGreater(len(named), 40)
        missing = [f"{module}.{name}" for module, name in named if name not in methodsOf(pathOf(module))]
        self.assertEqual(missing, [])

    def test_javaScript(self):
        """So does each JavaScript test."""
        named = re.findall(r'``([\w-]+\.test\.js)``: "([^"]+)"', self.text)
        self.assertEqual(len(named), 3)
        for file, name in named:
            self.assertIn(f'test("{" ".join(name.split())}"', (TESTS / "js" / file).read_text("utf-8"))
