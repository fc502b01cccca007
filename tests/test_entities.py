# -*- test-case-name: tests.test_entities -*-
"""``athenalite.entities`` is ``nevow.entities``."""

import builtins

from twisted.trial.unittest import SynchronousTestCase

from athenalite import entities
from athenalite import tags as T
from athenalite.flat import flatten


class EntitiesTests(SynchronousTestCase):
    """HTML's named characters."""

    def test_characters(self):
        """Each is written as a reference by number."""
        self.assertEqual(flatten(T.p["a", entities.nbsp, entities.amp]), "<p>a&#160;&#38;</p>")
        self.assertEqual(flatten(getattr(entities, "sum")), "&#8721;")  # noqa: B009
        self.assertRaises(AttributeError, getattr, entities, "nothing")

    def test_star(self):
        """A star import replaces no name of Python's."""
        self.assertIn("nbsp", entities.__all__)
        self.assertEqual(set(entities.__all__) & set(dir(builtins)), set())
