# -*- test-case-name: tests.assets.test_modules -*-
"""JavaScript modules and style sheets by name, and their loading order."""

import os
from pathlib import Path

from twisted.plugin import IPlugin
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from athenalite._assets.client import LinkError
from athenalite._assets.modules import (
    AutoCSSPackage,
    AutoJSPackage,
    CSSPackage,
    JSPackage,
    Modules,
    cssModules,
    digestOf,
)
from athenalite.errors import UnknownClass
from athenalite.interfaces import ICSSPackage, IJavascriptPackage


class FilesTestCase(SynchronousTestCase):
    """A directory of files."""

    def setUp(self):
        self.root = Path(self.mktemp())
        self.root.mkdir()

    def write(self, **files):
        """Write files; two underscores in a name are a slash, and ``.js`` is understood."""
        for name, content in files.items():
            path = self.root / (name.replace("__", "/") + ".js")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8"))

    def modules(self):
        """Return the modules of all written files."""
        return Modules(AutoJSPackage(self.root).mapping)


class PackageTests(FilesTestCase):
    """The modules of a directory."""

    def test_auto(self):
        """Files are modules, directories packages: with a text in ``__init__.js``, or empty."""
        for name in ("Foo.js", "Bar/__init__.js", "Bar/Baz.js", "Empty/Inner/Deep.js"):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        mapping = AutoJSPackage(str(self.root)).mapping
        relative = {name: path and str(Path(path).relative_to(self.root)) for name, path in mapping.items()}
        self.assertEqual(
            relative,
            {
                "Foo": "Foo.js",
                "Bar": "Bar/__init__.js",
                "Bar.Baz": "Bar/Baz.js",
                "Empty": "",
                "Empty.Inner": "",
                "Empty.Inner.Deep": "Empty/Inner/Deep.js",
            },
        )

    def test_esModules(self):
        """ES modules are named alike, and preferred to a file in .js of the same name."""
        for name in ("Foo.mjs", "Foo.js", "Foo/Bar.mjs", "Baz/__init__.js", "Baz/__init__.mjs"):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        mapping = AutoJSPackage(self.root).mapping
        relative = {name: str(Path(path).relative_to(self.root)) for name, path in mapping.items()}
        self.assertEqual(relative, {"Foo": "Foo.mjs", "Foo.Bar": "Foo/Bar.mjs", "Baz": "Baz/__init__.mjs"})

    def test_leftOut(self):
        """Hidden files and directories, other files, and directories without modules are no modules."""
        for name in (".Hidden.js", ".git/Foo.js", "README.txt", "images/logo.png", "Style.css"):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        self.assertEqual(AutoJSPackage(self.root).mapping, {})

    def test_fileBeatsDirectory(self):
        """``Foo.js`` is the module Foo even if there is a ``Foo/__init__.js``."""
        self.write(Foo="1", Foo__Bar="2")
        (self.root / "Foo" / "__init__.js").touch()
        mapping = AutoJSPackage(self.root).mapping
        self.assertEqual(mapping["Foo"], str(self.root / "Foo.js"))
        self.assertIn("Foo.Bar", mapping)

    def test_styles(self):
        """Style sheets are found by the same rules."""
        (self.root / "Foo.css").touch()
        self.assertEqual(AutoCSSPackage(self.root).mapping, {"Foo": str(self.root / "Foo.css")})

    def test_plugins(self):
        """All of them are plugins, as the tutorial uses them; listed files may be Path objects."""
        for package, interface in (
            (AutoJSPackage(self.root), IJavascriptPackage),
            (JSPackage({"A": Path("a.js")}), IJavascriptPackage),
            (AutoCSSPackage(self.root), ICSSPackage),
            (CSSPackage({"A": "a.css"}), ICSSPackage),
        ):
            verifyObject(interface, package)
            verifyObject(IPlugin, package)
        self.assertEqual(JSPackage({"A": Path("a.js")}).mapping, {"A": "a.js"})


class GetTests(FilesTestCase):
    """One module."""

    def test_get(self):
        """A module has its text, a digest of this text, and its imports."""
        self.write(Foo="// import Bar\n// import Baz.Quux\nfoo();\n")
        module = self.modules().get("Foo")
        self.assertEqual(module.content, b"// import Bar\n// import Baz.Quux\nfoo();\n")
        self.assertEqual(module.imports, ("Bar", "Baz.Quux"))
        self.assertEqual(module.digest, digestOf(module.content))
        self.assertRegex(module.digest, "^[0-9a-f]{30}$")

    def test_imports(self):
        """Only lines of exactly Athena's form import; they may be anywhere, and end as on Windows."""
        self.write(Foo="//import A\n // import B\n/* // import C */\nfoo(); // import D\n// import E\r\n// import F")
        self.assertEqual(self.modules().get("Foo").imports, ("E", "F"))

    def test_edited(self):
        """An edited file is seen at once, under another digest."""
        self.write(Foo="one")
        modules = self.modules()
        before = modules.get("Foo")
        self.assertIs(modules.get("Foo"), before)
        self.write(Foo="two")
        os.utime(self.root / "Foo.js", ns=(0, 0))
        after = modules.get("Foo")
        self.assertEqual(after.content, b"two")
        self.assertNotEqual(after.digest, before.digest)

    def test_remapped(self):
        """A name that is mapped to another file is read from there, as with ``jsModules.mapping[...] = path``."""
        self.write(One="same", Two="size")
        modules = self.modules()
        modules.get("One")
        stamp = os.stat(self.root / "One.js").st_mtime_ns
        os.utime(self.root / "Two.js", ns=(stamp, stamp))
        modules.mapping["One"] = str(self.root / "Two.js")
        self.assertEqual(modules.get("One").content, b"size")

    def test_unknown(self):
        """The error for an unknown module names it."""
        error = self.assertRaises(UnknownClass, self.modules().get, "Foo")
        self.assertIn("'Foo'", str(error))


class ModuleOfTests(FilesTestCase):
    """The module of a class."""

    def test_longest(self):
        """The module of a class is the longest prefix of its name that is one."""
        self.write(Foo="", Foo__Bar="")
        modules = self.modules()
        self.assertEqual(modules.moduleOf("Foo.Bar.Baz.Widget"), "Foo.Bar")
        self.assertEqual(modules.moduleOf("Foo.Widget"), "Foo")
        self.assertEqual(modules.moduleOf("Foo"), "Foo")

    def test_builtIn(self):
        """Classes of the client need no module."""
        for name in ("Nevow.Athena.Widget", "Divmod.Error", "Divmod.Runtime.theRuntime"):
            self.assertIsNone(self.modules().moduleOf(name))

    def test_unknown(self):
        """The error for a class that no module provides lists the places that were searched."""
        error = self.assertRaises(UnknownClass, self.modules().moduleOf, "Foo.Widget")
        self.assertIn("'Foo.Widget'", str(error))
        self.assertIn("js/", str(error))
        self.assertIsInstance(error, RuntimeError)


class OrderTests(FilesTestCase):
    """The modules that are loaded, and their order."""

    def order(self, *names):
        return [module.name for module in self.modules().inOrder(names)]

    def test_dependenciesFirst(self):
        """Each module comes after its imports, once."""
        self.write(A="// import B\n// import C", B="// import D", C="// import D", D="")
        self.assertEqual(self.order("A", "C"), ["D", "B", "C", "A"])

    def test_packagesFirst(self):
        """A module comes after its packages, also those that have no text."""
        self.write(A__B__C="")
        self.assertEqual(self.order("A.B.C"), ["A", "A.B", "A.B.C"])

    def test_belowBuiltIn(self):
        """A module of a package below Divmod is loaded as any other; a module of no package is built in."""
        self.write(Divmod__Extra="", A="// import Divmod.Extra\n// import Divmod.Runtime")
        self.assertEqual(self.order("A"), ["Divmod.Extra", "A"])

    def test_builtIn(self):
        """Athena's own modules are imported without being fetched."""
        self.write(A="// import Nevow.Athena\n// import Divmod\n// import Divmod.Runtime")
        self.assertEqual(self.order("A"), ["A"])

    def test_cycle(self):
        """Modules that import each other are loaded once each, the requested one last."""
        self.write(A="// import B", B="// import A")
        self.assertEqual(self.order("A"), ["B", "A"])

    def test_missing(self):
        """The error for importing a missing module names it."""
        self.write(A="// import Missing")
        self.assertIn("'Missing'", str(self.assertRaises(UnknownClass, self.order, "A")))

    def test_missingPlace(self):
        """The error has the file and the line of the import, and a similar name."""
        self.write(A="var a;\r\n// import Messing\r\n", Missing="")
        error = str(self.assertRaises(UnknownClass, self.order, "A"))
        self.assertIn(f"{self.root / 'A.js'}, line 2: import Messing: Unknown class: 'Messing'", error)
        self.assertIn("did you mean 'Missing'?", error)

    def test_missingStyle(self):
        """A style sheet is called one."""
        error = str(self.assertRaises(UnknownClass, cssModules().inOrder, ["Shop"]))
        self.assertIn("Unknown style sheet: 'Shop'; no module of that name was found in a css/ directory", error)
        self.assertIn("cssModules.mapping", error)

    def test_moduleSyntax(self):
        """A classic script with the syntax of ES modules is refused, with the file, the line and the remedy."""
        self.write(
            A="\nexport class A {}\n",
            B="import { a } from './a.js';",
            C="// \xe9\nimport('./a.js');\nx = {\n export: 1}",
        )
        for name, line, word in (("A", 2, "export"), ("B", 1, "import")):
            error = str(self.assertRaises(LinkError, self.order, name))
            self.assertIn(f'{name}.js, line {line}: "{word}" is for ES modules', error)
            self.assertIn("rename it to end in .mjs", error)
        self.assertEqual(self.order("C"), ["C"])

    def test_styles(self):
        """Style sheets import each other in the same form, or within a comment of CSS; none is built in."""
        contents = {"A": "/* import B */\n// import C\n", "B": "", "C": "", "Nevow": ""}
        for name, content in contents.items():
            (self.root / f"{name}.css").write_text(content)
        styles = cssModules()
        styles.mapping.update(AutoCSSPackage(self.root).mapping)
        self.assertEqual([module.name for module in styles.inOrder(["A", "Nevow"])], ["B", "C", "A", "Nevow"])
