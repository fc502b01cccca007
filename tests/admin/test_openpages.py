# -*- test-case-name: tests.admin.test_openpages -*-
"""The open pages of a site, for its operator."""

from datetime import UTC, datetime

from twisted.trial.unittest import SynchronousTestCase

from athenalite._admin.openpages import KEPT, LONGEST, OpenPages
from tests.memory import FakePage, Site, encoded

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PEER = ("2001:db8::", "2001:db8::7", "4711")


class Member(FakePage):
    """The page of a person."""

    user = "Alice"


class OpenPagesTests(SynchronousTestCase):
    """``OpenPages`` and ``OpenPage``"""

    def setUp(self):
        self.site = Site()
        self.pages = OpenPages(self.site.clock, False, lambda: NOON)
        self.site.sessions.watch(self.pages)

    def texts(self, number):
        """Return the texts of the events of a page."""
        return [event.text for event in self.pages[number].events]

    def test_life(self):
        """A page is there from when it is rendered until it is lost, with its state and how long it has lasted."""
        session, _ = self.site.add(Member(), PEER)
        [page] = self.pages.values()
        self.assertEqual((page.number, page.pageClass, page.user, page.peer), (1, "Member", "Alice", "2001:db8::7"))
        self.assertEqual((page.state, page.rendered, page.reason), ("rendered", NOON, None))
        self.site.clock.advance(2)
        connection, _ = self.site.open(session)
        self.assertEqual((page.state, page.age, page.seconds), ("connected", 2, 0))
        session.callRemote(1, "show", ["hello"])
        self.site.flush()
        waiting = page.waiting
        self.assertEqual(waiting, session.outbox.waiting[1])
        connection.connectionLost()
        self.site.clock.advance(3)
        self.assertEqual((page.state, page.age, page.seconds, page.resumptions), ("disconnected", 5, 3, 0))
        self.site.open(session)
        self.assertEqual((page.state, page.resumptions), ("connected", 1))
        page.close("enough\n")
        self.assertEqual((page.state, page.reason, len(self.pages)), ("lost", "enough\n", 0))
        expected = [
            "rendered",
            "connected after 2 s",
            f"disconnected after 0 s; {waiting} bytes wait",
            "resumed after 3 s; 1 messages were sent again",
            "lost after 0 s: enough\\n",
        ]
        self.assertEqual([event.text for event in page.events], expected)

    def test_count(self):
        """The pages of each state are counted; lost ones are not there."""
        self.site.add()
        self.site.opened()
        self.site.opened()[2].connectionLost()
        session, _, _, _ = self.site.opened()
        session.close("enough")
        self.assertEqual(dict(+self.pages.count()), {"rendered": 1, "connected": 1, "disconnected": 1})
        self.assertEqual(list(self.pages), [1, 2, 3])

    def test_find(self):
        """Pages are found by all that is known of them, newest first, and no more than are wanted."""
        self.site.add(Member(), PEER)
        self.site.opened(peer=("10.0.0.1", "7"))
        connection = self.site.opened(peer=("10.0.0.1", "8"))[2]
        connection.textReceived(encoded("call", 1, "crash", []))
        numbers = {
            "": [3, 2, 1],
            "alice": [1],
            "DB8::7 member": [1],
            "10.0.0.1": [3, 2],
            "rendered": [1],
            "10.0.0.1 rendered": [],
            "crash": [3],
        }
        for text, expected in numbers.items():
            self.assertEqual([page.number for page in self.pages.find(text)], expected, text)
        self.assertEqual([page.number for page in self.pages.find(most=2)], [3, 2])
        self.assertEqual([page.number for page in self.pages.find("10.0.0.1", 1)], [3])

    def test_error(self):
        """What the log has because of a page is among its events; the last error is kept apart."""
        _, page, connection, _ = self.site.opened()
        self.assertIsNone(self.pages[1].lastError)
        connection.textReceived(encoded("call", 1, "crash", []))
        error = self.pages[1].lastError
        self.assertEqual((error.level, error.time), ("critical", NOON))
        self.assertRegex(error.text, "'crash'.*: [A-Za-z]+: ")
        self.assertEqual(self.pages[1].events[-1], error)
        self.assertIs(self.pages[1].page, page)

    def test_bounded(self):
        """Only the last events are kept, and not more than the beginning of each."""
        session, _ = self.site.add()
        for number in range(KEPT + 5):
            session.log.info("{number} {text}", number=number, text="x" * 1000 if number == 23 else "")
        events = self.pages[1].events
        self.assertEqual((len(events), events[-1].text), (KEPT, "24 "))
        self.assertEqual((len(events[-2].text), events[-2].text[-4:]), (LONGEST, " ..."))
        # What the log leaves out is not among them.
        for _ in range(100):
            session.log.info("{text}", text="y" * 1000)
        session.log.info("later")
        self.assertNotEqual(events[-1].text, "later")

    def test_cut(self):
        """A connection that is cut is ended at once; the page stays."""
        _, _, connection, transport = self.site.opened()
        self.assertTrue(self.pages[1].cut())
        self.assertTrue(transport.aborted)
        connection.connectionLost()
        self.assertFalse(self.pages[1].cut())
        self.assertEqual(self.pages[1].state, "disconnected")

    def test_proxy(self):
        """Behind a proxy, the address is the last part of the peer; without a peer there is none."""
        pages = OpenPages(self.site.clock, True)
        self.site.sessions.watch(pages)
        self.site.add(peer=("net", "host"))
        self.site.add()
        self.assertEqual([page.peer for page in pages.values()], ["host", ""])
        self.assertIsNone(pages[1].user)
        self.assertIsNotNone(pages[1].rendered.tzinfo)
