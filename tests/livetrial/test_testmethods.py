# -*- test-case-name: tests.livetrial.test_testmethods -*-
"""The names of tests are read from scripts."""

import tempfile
from pathlib import Path
from unittest import TestCase

from athenalite._assets.modules import AutoJSPackage
from athenalite._assets.packages import Packages
from athenalite.errors import UnknownClass
from athenalite.livetrial._testmethods import readClasses, readTestMethods

AWKWARD = r"""
// A.T.methods(function test_comment(self) {});
/* A.T.methods(
    function test_comment(self) {}); */
A.T = Nevow.Athena.Test.TestCase.subclass('A.T');
A.T.methods(
    // function test_comment() {},
    function test_strings(self) {
        var s = "function test_string(", t = '}}}"', u = `function test_template() { ${s} )`;
        var r = s.replace(/["'({[]/g, "").split(/\//);
        return [s / 2, t, u, r];
    },

    async function test_async(self, a = [1, {b: 2}]) {
        function test_inner() {}
        [1].forEach(function test_callback() {});
    },
    function helper(self) { return function run() {}; },
    function test_last(self) {});
function test_outside() {}
A.Other = Nevow.Athena.Widget.subclass('A.Other').methods(function test_elsewhere(self) {});
"""


class ReadTests(TestCase):
    """Reading one script."""

    def methodsOf(self, script, name):
        """Return the methods of a class of this script."""
        return readClasses([script])[name].methods

    def test_assigned(self):
        """An assigned class has the name that it is assigned to, not the one in its declaration."""
        script = (
            "A.B = Base.Class.subclass('Wrong');\nA.B.methods(\n    function one(self) {},\n    function two(self) {});"
        )
        self.assertEqual(self.methodsOf(script, "A.B"), ["one", "two"])
        self.assertEqual(readClasses([script])["A.B"].base, "Base.Class")

    def test_inPackage(self):
        """So does one that is assigned in its package, and its methods may follow at once."""
        script = 'Base.subclass(A.B, "C").methods(function one(self) {});\nA.B.C.methods(function two(self) {});'
        self.assertEqual(self.methodsOf(script, "A.B.C"), ["one", "two"])
        self.assertEqual(self.methodsOf("A = B.subclass('A').methods(function one(self) {});", "A"), ["one"])

    def test_awkward(self):
        """Comments, strings, regular expressions and functions in functions are not taken for methods."""
        self.assertEqual(self.methodsOf(AWKWARD, "A.T"), ["test_strings", "test_async", "helper", "test_last"])
        self.assertEqual(self.methodsOf(AWKWARD, "A.Other"), ["test_elsewhere"])

    def test_wrong(self):
        """Of a text that is no JavaScript, the methods before the error are found: the browser reports the error."""
        script = "A.B = C.subclass('A.B');\nA.B.methods(function one() {}, ) ) function two() {});"
        self.assertEqual(self.methodsOf(script, "A.B"), ["one"])


class TestMethodsTests(TestCase):
    """Reading a class with its bases."""

    def setUp(self):
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (directory / "Base.js").write_text(
            "// import Nevow.Athena.Test\n"
            "Base.Tests = Nevow.Athena.Test.TestCase.subclass('Base.Tests');\n"
            "Base.Tests.methods(function run(self) {}, function test_base(self) {}, function setUp(self) {});"
        )
        (directory / "Other.js").write_text(
            "// import Base\nBase.Tests.subclass(Other, 'Tests').methods(function testOther(self) {});\n"
            "// import Nowhere\n"
        )
        (directory / "Third.js").write_text(
            "// import Base\nBase.Tests.subclass(Third, 'Tests').methods(function test_base(self) {});\n"
        )
        self.packages = Packages()
        self.packages.scripts.mapping.update(AutoJSPackage(directory).mapping)

    def test_inherited(self):
        """Tests are methods named "test...", and run; those of base classes count, each once."""
        self.assertEqual(readTestMethods("Base.Tests", self.packages), ["run", "test_base"])
        self.assertEqual(readTestMethods("Third.Tests", self.packages), ["run", "test_base"])

    def test_none(self):
        """TestCase itself has no tests, and neither has a class without a declaration."""
        self.assertEqual(readTestMethods("Nevow.Athena.Test.TestCase", self.packages), [])
        self.assertEqual(readTestMethods("Base.Unknown", self.packages), [])

    def test_unknown(self):
        """A class without a module, or one whose module has an unknown import, is an error."""
        with self.assertRaisesRegex(UnknownClass, "Missing.Tests"):
            readTestMethods("Missing.Tests", self.packages)
        with self.assertRaisesRegex(UnknownClass, "Nowhere"):
            readTestMethods("Other.Tests", self.packages)
