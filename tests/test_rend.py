# -*- test-case-name: tests.test_rend -*-
"""``athenalite.rend`` has what ``nevow.rend`` had; ``tests/page/test_resource.py`` tests it."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import LivePage, rend


class NamesTests(SynchronousTestCase):
    """The names that applications import."""

    def test_names(self):
        """Each name of ``__all__`` is there, and live pages are pages."""
        for name in rend.__all__:
            self.assertTrue(hasattr(rend, name), name)
        self.assertTrue(issubclass(LivePage, rend.Page))
