# -*- test-case-name: tests.core.test_watching -*-
"""Watching the lives of pages."""

import gc
import weakref

from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.session import Session
from athenalite._core.watching import WatchedPage
from tests.memory import FakePage, Site


class Recorder:
    """A watcher that records its calls, with the page's number and the time since the last change."""

    def __init__(self, site):
        self.site = site
        self.events = []

    def __getattr__(self, name):
        def record(life):
            self.events.append((name, life.number, self.site.clock.seconds() - life.since))

        return record


class WatchingTests(SynchronousTestCase):
    """``SessionRegistry.watch``"""

    def test_life(self):
        """A watcher is called for each change of a page, before the page itself, with the length of the last state."""
        site = Site(transportlessTimeout=10)
        recorder = Recorder(site)
        site.sessions.watch(recorder)
        session, page = site.add()
        site.clock.advance(1)
        connection, _ = site.open(session)
        site.clock.advance(2)
        connection.connectionLost()
        site.clock.advance(3)
        connection, _ = site.open(session)
        site.clock.advance(4)
        connection.connectionLost()
        site.clock.advance(10)
        expected = [
            ("pageRendered", 1, 0),
            ("pageConnected", 1, 1),
            ("pageDisconnected", 1, 2),
            ("pageResumed", 1, 3),
            ("pageDisconnected", 1, 4),
            ("pageLost", 1, 10),
        ]
        self.assertEqual(recorder.events, expected)
        self.assertEqual(page.events, ["connected", "disconnected", "resumed", "disconnected", "lost"])

    def test_several(self):
        """Pages have numbers of their own; those that were rendered before are not watched; all watchers are called."""
        site = Site()
        site.opened()
        recorders = [Recorder(site), Recorder(site)]
        for recorder in recorders:
            site.sessions.watch(recorder)
        site.opened()
        site.opened()
        for recorder in recorders:
            self.assertEqual(
                [event[:2] for event in recorder.events],
                [("pageRendered", 1), ("pageConnected", 1), ("pageRendered", 2), ("pageConnected", 2)],
            )

    def test_unwatched(self):
        """The session of a site without watchers has the page itself."""
        made = []

        def noteSession(session, token, page, **keywords):
            made.append(page)
            return original(session, token, page, **keywords)

        original = Session.__init__
        self.patch(Session, "__init__", noteSession)
        site = Site()
        _, page = site.add()
        self.assertIs(made.pop(), page)
        site.sessions.watch(Recorder(site))
        site.add()
        self.assertIsInstance(made.pop(), WatchedPage)

    def test_calls(self):
        """A watched page answers calls."""
        site = Site()
        site.sessions.watch(Recorder(site))
        _, page, connection, transport = site.opened()
        connection.textReceived(b'["call",1,"echo",[7]]')
        site.flush()
        self.assertEqual(transport.take(), [["respond", 1, True, 7]])

    def test_released(self):
        """A page that is lost is freed without the garbage collector."""
        site = Site()
        site.sessions.watch(Recorder(site))
        self.addCleanup(gc.enable)
        gc.disable()
        page = FakePage()
        session, _ = site.add(page)
        reference = weakref.ref(page)
        session.close("enough")
        del page, _, session
        self.assertIsNone(reference())
