# -*- test-case-name: tests.core.test_fastpaths -*-
"""Each shortcut can be left out, and the site does without."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.fastpaths import EVERY_SHORTCUT, NO_SHORTCUT, Shortcut
from athenalite._server.factory import LivePageFactory
from tests.pages import InMemorySite


class ShortcutTests(SynchronousTestCase):
    """``LivePageFactory(_fastPaths=...)``."""

    def test_every(self):
        """A site takes them all unless it says otherwise, and there is one for each of the four."""
        self.assertEqual(len(list(EVERY_SHORTCUT)), 4)
        self.assertFalse(NO_SHORTCUT)
        default = {type(one).__mro__ for one in (_protocol(self), _protocol(self, EVERY_SHORTCUT))}
        self.assertEqual(len({tuple(cls.__name__ for cls in mro) for mro in default}), 1)

    def test_single(self):
        """Without one of them, a page is served and called all the same; so it is with that one alone."""
        for shortcut in Shortcut:
            for shortcuts in (shortcut, EVERY_SHORTCUT & ~shortcut):
                site = InMemorySite(self, _fastPaths=shortcuts)
                element, socket = site.page()
                element.callRemote("hear", 1)
                site.turn()
                self.assertEqual(socket.messages(), [["notify", 1, "hear", [1]]], shortcuts)

    def test_none(self):
        """Without any, the sockets are the plain ones."""
        from athenalite._server.websocket import AthenaProtocol

        self.assertEqual(type(_protocol(self, NO_SHORTCUT)).__mro__[1], AthenaProtocol)


def _protocol(testCase, *shortcuts):
    site = InMemorySite(testCase, **({"_fastPaths": shortcuts[0]} if shortcuts else {}))
    return site.page()[1].transport.protocol


class FactoryTests(SynchronousTestCase):
    """What the shortcuts are for does not depend on a reactor."""

    def test_clock(self):
        """A factory with a clock of its own takes them too."""
        self.assertIsNotNone(LivePageFactory(Clock(), _fastPaths=NO_SHORTCUT).resource)
