# -*- test-case-name: tests.porting.test_lookup -*-
"""Names of Nevow's are looked up."""

from importlib import import_module

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.lookup import Fate, isMissing, lookUp
from athenalite._porting.names import NAMES


class LookUpTests(SynchronousTestCase):
    """``lookUp``"""

    def test_kept(self):
        """A module, a name in it, and what is in that, are renamed together."""
        for old, new in {
            "nevow": "athenalite",
            "nevow.athena": "athenalite.athena",
            "nevow.athena.LivePage.render": "athenalite.athena.LivePage.render",
            "nevow.flat.ten.flatten": "athenalite.flat.flatten",
            "nevow.util.log.msg": "twisted.python.log.msg",
            "nevow.plugins.mine": "athenalite.plugins.mine",
            "nevow.__file__": "athenalite.__file__",
        }.items():
            self.assertEqual(lookUp(old)[:2], (Fate.KEPT, new))

    def test_gone(self):
        """A name that is gone has advice, and so has what is in it; formless is gone with all of its modules."""
        for old in ("nevow.guard", "nevow.guard.SessionWrapper", "nevow.athena.JSModule", "formless.webform.x"):
            self.assertIs(lookUp(old).fate, Fate.GONE)
            self.assertTrue(lookUp(old).advice)

    def test_goneElsewhere(self):
        """A name of a module that is another one now has the advice of that."""
        self.assertEqual(lookUp("nevow.flat.ten.serialize"), lookUp("nevow.flat.serialize"))
        self.assertIs(lookUp("nevow.flat.ten.nothing").fate, Fate.UNKNOWN)

    def test_unknown(self):
        """Neither Nevow's modules, nor the modules of athenalite, have it."""
        for old in ("nevow.nothing", "nevow.athena.Nothing", "twisted.web"):
            self.assertIs(lookUp(old).fate, Fate.UNKNOWN)

    def test_renamedByHand(self):
        """What was renamed by hand is found, too."""
        self.assertIs(lookUp("athenalite.guard").fate, Fate.GONE)
        self.assertEqual(lookUp("athenalite.athena.LivePage").new, "athenalite.athena.LivePage")

    def test_isMissing(self):
        """Modules and names of athenalite, Nevow's or its own, are not missing; those of plugins may be anywhere."""
        for name in (
            "athenalite.testing.Widget.x",
            "athenalite.LivePage",
            "athenalite.livetrial",
            "athenalite.plugins.x",
        ):
            self.assertFalse(isMissing(name), name)
        for name in (
            "athenalite.nothing.x",
            "athenalite.testing.Nothing",
            "athenalite.livetrial.x",
            "athenalite.page.x.y",
        ):
            self.assertTrue(isMissing(name), name)

    def test_importable(self):
        """Each new name of the table can be imported."""
        for row in NAMES:
            if row.new:
                module, _, name = row.new.rpartition(".")
                try:
                    import_module(row.new)
                except ImportError:
                    self.assertTrue(hasattr(import_module(module), name), row.new)
