# -*- test-case-name: tests.project.test_unittests -*-
"""``tools.unittests`` tells unit tests from others; packages beside athenalite import one another in one direction."""

import re
import tempfile
from pathlib import Path
from unittest import TestCase, mock

from tools import unittests
from tools.unittests import ROOT, imports, isUnitTest, unitTests

#: Packages beside athenalite, and the packages that each may import. None imports back.
BESIDE = {
    "tools": set(),
    "harness": {"tools"},
    "benchmarks": {"harness", "tools"},
    "stress": {"harness", "tools"},
    "tests": {"benchmarks", "harness", "stress", "tools"},
}


class UnitTestTests(TestCase):
    """Test modules that have unit tests only."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "tests").mkdir()
        self.enterContext(mock.patch.object(unittests, "ROOT", self.root))

    def module(self, name, text):
        """Return the path of a new test module."""
        path = self.root / "tests" / f"{name}.py"
        path.write_text(text)
        return path

    def test_imports(self):
        """A module that imports a process, browser or server has no unit tests, however it is imported."""
        for number, (text, expected) in enumerate(
            {
                "import json\nfrom athenalite import wire": True,
                "import athenalite.livetrial.testcase": True,
                "import subprocess": False,
                "from harness.server import Server": False,
                "from harness import browser": False,
                "from harness.waiting import waitUntil": True,
                "def f():\n    from playwright.sync_api import Page": False,
                "import toolsmith": True,
            }.items()
        ):
            with self.subTest(text):
                self.assertEqual(isUnitTest(self.module(f"test_{number}", text)), expected)

    def test_throughAnother(self):
        """A module that imports a test module without unit tests has none either."""
        self.module("test_a", "import subprocess")
        self.module("test_b", "from tests.test_a import A")
        self.module("test_c", "")
        self.assertFalse(isUnitTest(self.module("test_d", "from tests import test_b")))
        self.assertTrue(isUnitTest(self.module("test_e", "from tests.test_c import C")))

    def test_listed(self):
        """They are listed by their dotted names."""
        self.module("test_a", "import subprocess")
        self.module("test_b", "")
        (self.root / "tests" / "room").mkdir()
        self.module("room/test_c", "")
        self.assertEqual(unitTests(), ["tests.room.test_c", "tests.test_b"])


class TreeTests(TestCase):
    """The tree itself."""

    def test_tests(self):
        """Most modules of athenalite's tests have unit tests; those with browsers and servers have none."""
        found = unitTests()
        self.assertGreater(len(found), 40)
        self.assertIn("tests.core.test_session", found)
        for name in ("tests.browser.test_chat", "tests.integration.test_hostile", "tests.project.test_packaging"):
            self.assertNotIn(name, found)

    def test_oneWay(self):
        """The harness imports no tests or benchmarks, benchmarks import no tests, and athenalite none of these."""
        for package in ("athenalite", "chatthing", *BESIDE):
            for path in (ROOT / package).rglob("*.py"):
                used = {name.partition(".")[0] for name in imports(path)} & BESIDE.keys()
                self.assertLessEqual(used - {package}, BESIDE.get(package, set()), path)

    def test_short(self):
        """What measures and stresses the product stays small beside it, in whatever language it is written."""
        files = [path for package in ("benchmarks", "stress") for path in (ROOT / package).rglob("*") if path.is_file()]
        texts = [path for path in files if not {"node_modules", "__pycache__"} & {*path.parts}]
        code = [path for path in texts if path.suffix != ".rst"]
        self.assertLessEqual({".py", ".mjs", ".js", ".html", ".json"}, {path.suffix for path in code})
        self.assertLessEqual(sum(len(path.read_text("utf-8").splitlines()) for path in code), 3000)

    def test_functions(self):
        """
        Browser tests wait for functions. An expression is evaluated again and again, which the policy of the pages
        forbids, so that it is waited for only if it is true at once.
        """
        waited = re.compile(r"wait_for_function\(\s*f?\"(?!(?:async )?(?:\([^)]*\)|\w+) =>)[^\"]*")
        self.assertTrue(waited.search('page.wait_for_function("window.there")'))
        for path in (ROOT / "tests").rglob("*.py"):
            if path != Path(__file__):
                self.assertEqual(waited.findall(path.read_text("utf-8")), [], path)

    def test_noCircle(self):
        """The modules of these packages import one another without a circle."""
        for package in ("harness", "benchmarks", "stress"):
            files = [path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py") if path.stem != "__init__"]
            paths = {".".join(path.with_suffix("").parts): ROOT / path for path in files}
            needs = {name: {one for one in imports(path) if one in paths} for name, path in paths.items()}
            while free := [name for name, used in needs.items() if not used & needs.keys()]:
                for name in free:
                    del needs[name]
            self.assertEqual(needs, {}, package)
