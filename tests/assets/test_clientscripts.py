# -*- test-case-name: tests.assets.test_clientscripts -*-
"""The scripts of which the client consists, as they are transferred."""

import gzip
import re
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import MAIN, modulesOf
from athenalite._assets.clientscripts import SCRIPTS, clientScripts, modulesByScript

#: The most that TCP sends at first, without a response's head.
WINDOW = 10 * 1448 - 400


class ClientScriptsTests(SynchronousTestCase):
    """Which module is in which script, and what they import of each other."""

    def setUp(self):
        self.modules = modulesByScript()
        self.scripts, self.added = (
            {key: script.decode("utf-8") for key, script in scripts.items()} for scripts in clientScripts()
        )

    def namesIn(self, script, word):
        """Return the names in each list of imports or exports of a script, by what follows it."""
        found = re.findall(rf'(?m)^{word}\{{([^}}]*)\}}(?:from"\.{{1,2}}/(\w+)\.js")?;$', script)
        return {f"athenalite-{source}" if source else "": names.split(",") for names, source in found}

    def test_each(self):
        """Each module of the client is in one script; a script before has all that it imports from others."""
        self.assertEqual([*self.modules], [*SCRIPTS])
        everything = modulesOf(MAIN)
        found = [module for modules in self.modules.values() for module in modules]
        self.assertCountEqual(found, everything.values())
        declared = set()
        for module in found:
            self.assertEqual(module.imported - declared, set())
            declared.update(module.declared)

    def test_imports(self):
        """What a script imports, the other exports, and nothing else; only the last one exports to applications."""
        self.assertEqual([*self.scripts], [*SCRIPTS])
        imported = {name: set() for name in SCRIPTS}
        for script in [*self.scripts.values(), *self.added.values()]:
            for source, names in self.namesIn(script, "import").items():
                imported[source].update(names)
        self.assertTrue(imported["athenalite-session"] and imported["athenalite-page"])
        for script in SCRIPTS:
            exported = self.namesIn(self.scripts[script], "export").get("", [])
            if script != "athenalite":
                self.assertEqual(exported, sorted(imported[script]))
        self.assertEqual(imported["athenalite"], set())
        self.assertEqual(self.scripts["athenalite"].count("export{"), 1)

    def test_added(self):
        """What pages load besides has nothing that the client has."""
        theirs = {name for modules in self.modules.values() for module in modules for name in module.declared}
        for path, script in self.added.items():
            self.assertEqual([*self.namesIn(script, "import")], ["athenalite-session", "athenalite-page"])
            self.assertEqual(theirs & set(re.findall(r"(?m)^(?:const|function|class) (\w+)", script)), set(), path)

    def test_leftOut(self):
        """No script has a function or a constant that neither it nor another one uses."""
        for name, script in self.scripts.items():
            words = Counter(re.findall(r"[\w$]+", script))
            declared = [one.name for module in self.modules[name] for one in module.declarations]
            declared += re.findall(r"(?m)^const (\$\d+)=", script)
            self.assertEqual([one for one in declared if words[one] == 1], [], name)

    def test_effects(self):
        """
        The page is started by the last script. It declares PageWidget, by which its instances are told apart: if it is
        loaded twice, the others may be there once.
        """
        last = {name for module in self.modules["athenalite"] for name in module.declared}
        self.assertLessEqual({"main", "once", "PageWidget"}, last)

    def test_window(self):
        """Each is in TCP's first window: a first visit would take another round trip."""
        for name, script in self.scripts.items():
            self.assertLess(len(gzip.compress(script.encode("utf-8"))), WINDOW, name)
