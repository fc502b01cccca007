# -*- test-case-name: tests.core.test_fastpaths -*-
"""Each fast path can be switched off, and the site works without it."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.fastpaths import EVERY_FAST_PATH, NO_FAST_PATH, FastPath
from athenalite._server.websocket import AthenaProtocol
from tests.pages import InMemorySite


class FastPathTests(SynchronousTestCase):
    """The private switch of a site."""

    def test_every(self):
        """A site takes all six fast paths by default."""
        self.assertEqual(len(list(EVERY_FAST_PATH)), 6)
        self.assertFalse(NO_FAST_PATH)
        default = {type(one).__mro__ for one in (_protocol(self), _protocol(self, EVERY_FAST_PATH))}
        self.assertEqual(len({tuple(cls.__name__ for cls in mro) for mro in default}), 1)

    def test_single(self):
        """Without one of them, and with one only, a page is served and called all the same."""
        for one in FastPath:
            for fastPaths in (one, EVERY_FAST_PATH & ~one):
                site = InMemorySite(self, _fastPaths=fastPaths)
                element, socket = site.page()
                element.callRemote("hear", 1)
                site.flush()
                self.assertEqual(socket.messages(), [["notify", 1, "hear", [1]]], fastPaths)

    def test_none(self):
        """Without any, the sockets have no mixins."""
        self.assertEqual(type(_protocol(self, NO_FAST_PATH)).__mro__[1:], AthenaProtocol.__mro__)


def _protocol(testCase, *fastPaths):
    site = InMemorySite(testCase, **({"_fastPaths": fastPaths[0]} if fastPaths else {}))
    return site.page()[1].transport.protocol
