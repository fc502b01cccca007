# -*- test-case-name: tests.assets.test_packages -*-
"""Packages of modules are found beside the elements that need them, and by plugins."""

import sys
from pathlib import Path
from types import ModuleType

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets import packages as packagesModule
from athenalite._assets.modules import CSSPackage, DuplicateModule, JSPackage
from athenalite._assets.packages import Packages
from athenalite._page.element import LiveElement
from athenalite.interfaces import ICSSPackage, IJavascriptPackage


class PackagesTests(SynchronousTestCase):
    """The modules of one site."""

    def setUp(self):
        self.root = Path(self.mktemp()).absolute()
        self.root.mkdir()

    def write(self, name):
        """Create an empty file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return str(path)

    def element(self, moduleName, file, package=""):
        """Return an element class that a module of this name, in this file, defines."""
        module = ModuleType(moduleName)
        module.__file__ = str(self.root / file)
        module.__package__ = package
        sys.modules[moduleName] = module
        self.addCleanup(sys.modules.pop, moduleName)
        return type("Widget", (LiveElement,), {"__module__": moduleName})

    def plugins(self, **packages):
        """Make these the only plugins."""
        found = {IJavascriptPackage: packages.get("scripts", ()), ICSSPackage: packages.get("styles", ())}
        self.patch(packagesModule, "getPlugins", lambda interface, package: found[interface])

    def test_beside(self):
        """Modules in js/ and css/ beside an element's module are found."""
        script, style = self.write("app/js/App.js"), self.write("app/css/App.css")
        packages = Packages()
        packages.addBeside(self.element("app.widgets", "app/widgets.py", "app"))
        self.assertEqual(packages.scripts.mapping["App"], script)
        self.assertEqual(packages.styles.mapping["App"], style)

    def test_besideOuterPackage(self):
        """So are those beside the packages around it, the innermost being preferred, and no further out."""
        inner, outer = self.write("app/ui/js/Both.js"), self.write("app/js/Outer.js")
        self.write("app/js/Both.js")
        self.write("js/Stray.js")
        packages = Packages()
        packages.addBeside(self.element("app.ui.widgets", "app/ui/widgets.py", "app.ui"))
        self.assertEqual(packages.scripts.mapping["Both"], inner)
        self.assertEqual(packages.scripts.mapping["Outer"], outer)
        self.assertNotIn("Stray", packages.scripts.mapping)

    def test_topLevelModule(self):
        """A module that is in no package has its js/ in its own directory."""
        script = self.write("js/App.js")
        packages = Packages()
        packages.addBeside(self.element("widgets", "widgets.py"))
        self.assertEqual(packages.scripts.mapping["App"], script)

    def test_bases(self):
        """An element finds the modules of its base classes, of whatever package."""
        script = self.write("lib/js/Lib.js")
        base = self.element("lib.widgets", "lib/widgets.py", "lib")
        packages = Packages()
        packages.addBeside(type("Mine", (base,), {"__module__": "nowhere"}))
        self.assertEqual(packages.scripts.mapping["Lib"], script)

    def test_lookAgain(self):
        """
        Files that were created, renamed or removed are found when the directories are read once more; what plugins
        and pages provide stays.
        """
        script, style = self.write("app/js/App.js"), self.write("app/css/App.css")
        self.write("app/js/Chosen.js")
        packages = Packages()
        packages.choose({"Chosen": "chosen.js"}, {})
        others = dict(packages.scripts.mapping)
        packages.addBeside(self.element("app.widgets", "app/widgets.py", "app"))
        packages.addBeside(self.element("app.others", "app/others.py", "app"))
        self.assertFalse(packages.lookAgain())
        Path(script).rename(self.root / "app/js/App.mjs")
        Path(style).unlink()
        self.write("app/css/New.css")
        self.assertTrue(packages.lookAgain())
        self.assertEqual(packages.scripts.mapping, {**others, "App": str(self.root / "app/js/App.mjs")})
        self.assertNotIn("App", packages.styles.mapping)
        self.assertIn("New", packages.styles.mapping)
        self.assertFalse(packages.lookAgain())

    def test_lookAgainDuplicate(self):
        """A duplicate that was made meanwhile is an error each time, until it is renamed."""
        self.plugins()
        self.write("app/js/App.js")
        second = self.root / "lib/js/App.js"
        packages = Packages()
        packages.addBeside(self.element("app.widgets", "app/widgets.py", "app"))
        packages.addBeside(self.element("lib.widgets", "lib/widgets.py", "lib"))
        self.write("lib/js/App.js")
        for _ in range(2):
            self.assertRaisesRegex(DuplicateModule, "two modules 'App'", packages.lookAgain)
        second.unlink()
        packages.lookAgain()
        self.assertEqual(packages.scripts.mapping["App"], str(self.root / "app/js/App.js"))

    def test_itself(self):
        """athenalite's own js/ is the client, and no package of modules."""
        packages = Packages()
        packages.addBeside(LiveElement)
        self.assertNotIn("main", packages.scripts.mapping)

    def test_pluginPreferred(self):
        """A plugin's module has precedence over another of the same name."""
        self.write("app/js/App.js")
        self.plugins(scripts=[JSPackage({"App": "elsewhere.js"})])
        packages = Packages()
        packages.addBeside(self.element("app.widgets", "app/widgets.py", "app"))
        self.assertEqual(packages.scripts.mapping["App"], "elsewhere.js")

    def test_plugins(self):
        """Plugins of scripts and of style sheets are read when the site is made."""
        self.plugins(scripts=[JSPackage({"A": "a.js"})], styles=[CSSPackage({"B": "b.css"})])
        packages = Packages()
        self.assertEqual((packages.scripts.mapping["A"], packages.styles.mapping["B"]), ("a.js", "b.css"))

    def test_pluginOnNewPath(self):
        """A plugin in a directory that was added to sys.path after Twisted was imported is found, too."""
        import twisted.plugins

        self.patch(twisted.plugins, "__path__", list(twisted.plugins.__path__))
        self.patch(sys, "path", [str(self.root), *sys.path])
        self.addCleanup(sys.modules.pop, "twisted.plugins.late_package", None)
        plugin = Path(self.write("twisted/plugins/late_package.py"))
        plugin.write_text("from athenalite.athena import JSPackage\n\nlate = JSPackage({'Late': 'late.js'})\n")
        self.assertEqual(Packages().scripts.mapping.get("Late"), "late.js")

    def test_ownPlugins(self):
        """So is one in ``athenalite/plugins``, where Athena's were in ``nevow/plugins``."""
        import athenalite.plugins

        self.patch(athenalite.plugins, "__path__", list(athenalite.plugins.__path__))
        self.patch(sys, "path", [str(self.root), *sys.path])
        self.addCleanup(sys.modules.pop, "athenalite.plugins.own_package", None)
        plugin = Path(self.write("athenalite/plugins/own_package.py"))
        plugin.write_text("from athenalite.athena import CSSPackage\n\nown = CSSPackage({'Own': 'own.css'})\n")
        self.assertEqual(Packages().styles.mapping.get("Own"), "own.css")

    def test_duplicate(self):
        """Two packages with a module of the same name are an error, each time, which names both; none is replaced."""
        for suffix, kind in (("js/Same.js", "scripts"), ("js/Same.mjs", "scripts"), ("css/Same.css", "styles")):
            self.plugins()
            first, second = self.write(f"one/{suffix}"), self.write(f"two/{suffix}")
            packages = Packages()
            modules = getattr(packages, kind)
            packages.addBeside(self.element(f"one.{kind}{suffix[-3:]}", "one/widgets.py", "one"))
            other = self.element(f"two.{kind}{suffix[-3:]}", "two/widgets.py", "two")
            for _ in range(2):
                error = self.assertRaises(DuplicateModule, packages.addBeside, other)
                for part in ("'Same'", first, second, "rename"):
                    self.assertIn(part, str(error))
                self.assertEqual(modules.mapping["Same"], first)
            packages.choose({"Same": second}, {"Same": second})
            packages.addBeside(other)
            self.assertEqual(modules.mapping["Same"], second)
            for path in (first, second):
                Path(path).unlink()

    def test_duplicatePlugins(self):
        """So are two plugins; one file that is found in two ways is not."""
        link = self.root / "link.js"
        link.symlink_to(self.write("a.js"))
        self.plugins(scripts=[JSPackage({"A": self.root / "a.js"}), JSPackage({"A": link})])
        Packages()
        self.plugins(scripts=[JSPackage({"A": self.root / "a.js"}), JSPackage({"A": self.write("b.js")})])
        self.assertRaises(DuplicateModule, Packages)

    def test_emptyPackage(self):
        """A directory without a text of its own is not preferred to a file, wherever that is found."""
        self.plugins()
        self.write("one/js/Shop/Cart.js")
        file = self.write("two/js/Shop.js")
        packages = Packages()
        packages.addBeside(self.element("one.empty", "one/widgets.py", "one"))
        self.assertEqual(packages.scripts.mapping["Shop"], "")
        packages.addBeside(self.element("two.empty", "two/widgets.py", "two"))
        self.assertEqual(packages.scripts.mapping["Shop"], file)
