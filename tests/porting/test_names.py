# -*- test-case-name: tests.porting.test_names -*-
"""The table of Nevow's names."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.names import NAMES


class NamesTests(SynchronousTestCase):
    """``NAMES``"""

    def test_once(self):
        """No name has two rows."""
        self.assertEqual(len({name.old for name in NAMES}), len(NAMES))

    def test_remedy(self):
        """A name is here, or its row has advice, which continues a sentence."""
        for name in NAMES:
            self.assertTrue(name.new or name.advice, name.old)
            self.assertFalse(name.advice.endswith("."), name.old)

    def test_modulesFirst(self):
        """The row of a module comes before those of its names."""
        seen = set()
        for name in NAMES:
            module = name.old.rpartition(".")[0]
            self.assertTrue(module in seen or not module, name.old)
            seen.add(name.old)
