# -*- test-case-name: tests.admin.test_element -*-
"""What an operator sees, and does, in memory."""

from twisted.logger import globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from athenalite import expose
from athenalite._admin.element import ENDED, MOST, REFRESH, STYLES, AdminElement
from athenalite.admin import Admin
from athenalite.testing import RemoteError, StubBrowser
from tests.pages import Plain


class Member(Plain):
    """The element of a person."""

    user = "alice\u202e"

    @expose
    def fail(self):
        """Fail."""
        raise ValueError("<b>no</b>")


class AdminElementTests(SynchronousTestCase):
    """``AdminElement``"""

    def setUp(self):
        self.visitors, operators = StubBrowser(), StubBrowser()
        operators.factory.packages.choose({}, STYLES)
        self.admin = Admin(self.visitors.clock, self.visitors.factory)
        self.addCleanup(self.visitors.factory.close, "the test is over")
        self.opened = [self.visitors.open(element) for element in (Plain(), Member())]
        self.events = []
        globalLogPublisher.addObserver(self.events.append)
        self.addCleanup(globalLogPublisher.removeObserver, self.events.append)
        self.element = AdminElement(self.admin, operators.clock, "bob")
        self.page = operators.open(self.element)

    def did(self):
        """Return what the log says that the operator did."""
        return [(event["event"], event.get("page"), event["operator"]) for event in self.events if "operator" in event]

    def refresh(self):
        """Let both sites get to their next refresh."""
        self.visitors.advance()
        self.page.advance(REFRESH)

    def test_list(self):
        """The newest pages come first, with what is known of each. They are shown again as time passes."""
        self.assertIn("2 connected, 0 disconnected, 0 rendered.", self.page.text)
        self.assertIn("2 Member user alice\\u202e address 192.168.1.1 connected 0 s waiting 0 B 1 P", self.page.text)
        self.opened[0].cut()
        self.visitors.advance(150)
        self.refresh()
        self.assertIn("1 connected, 1 disconnected, 0 rendered.", self.page.text)
        self.assertIn("1 Plain user \u2013 address 192.168.1.1 disconnected 2.5 min", self.page.text)
        for seconds, text in ((9000, "2.5 h"), (90_000_000, "1042 d")):
            self.visitors.clock.rightNow += seconds
            self.refresh()
            self.assertIn(f"connected {text}", self.page.text)

    def test_waiting(self):
        """The bytes that wait for a page are shown with a unit."""
        for size, text in ((2000, "2.0 KiB"), (2_000_000, "1.9 MiB")):
            self.opened[0].cut()
            self.opened[0].page.callRemote("x", "y" * size)
            self.refresh()
            self.assertIn(text, self.page.text)

    def test_search(self):
        """A search lists what it finds; the page that is shown stays."""
        self.page.fill("query", "ALICE")
        self.page.submit()
        self.assertIn("2 Member", self.page.text)
        self.assertNotIn("1 Plain", self.page.text)
        self.page.fill("query", "nobody")
        self.page.submit()
        self.assertIn("There is no such page.", self.page.text)
        self.page.fill("query", "")
        self.page.submit()
        self.page.click("1 Plain")
        self.element.search("alice")
        self.assertEqual(list(self.element.found), [1, 2])

    def test_many(self):
        """There are only so many in the list."""
        for _ in range(MOST):
            self.visitors.open(Plain())
        self.refresh()
        self.assertEqual(list(self.element.found), list(range(MOST + 2, 2, -1)))
        self.assertIn(f"The newest {MOST} are listed.", self.page.text)

    def test_detail(self):
        """One page is shown with its last events and error, until it is put aside."""
        self.opened[1].call(self.opened[1].page.element, "fail").addErrback(lambda _: None)
        self.page.click("2 Member")
        self.assertIn("connected after 0 s", self.page.text)
        self.assertRegex(self.page.text, "critical .*'fail'.*: ValueError: <b>no</b>")
        self.assertIn("&lt;b&gt;no", self.page.part(self.element, "pages"))
        self.page.click("2 Member")
        self.assertNotIn("ValueError", self.page.text)
        self.flushLoggedErrors(ValueError)

    def test_end(self):
        """A page is ended with a reason, which is logged, and is shown until it is put aside."""
        self.page.click("1 Plain")
        self.page.fill("reason", " Please\n reload. " + "x" * 100)
        self.page.click("End this page")
        self.visitors.advance()
        self.assertEqual(self.opened[0].lost, f"Please reload. {'x' * 85}")
        self.assertEqual(self.did(), [("admin-ended", 1, "bob")])
        self.refresh()
        self.assertIn("lost after 0 s: Please reload.", self.page.text)
        self.assertRaises(LookupError, self.page.click, "End this page")
        self.page.click("1 Plain")
        self.assertNotIn("1 Plain", self.page.text)
        self.page.click("2 Member")
        self.page.click("End this page")
        self.visitors.advance()
        self.assertEqual(self.opened[1].lost, ENDED)

    def test_lost(self):
        """A page that is lost meanwhile cannot be ended or cut."""
        self.page.click("1 Plain")
        self.opened[0].leave()
        for label in ("End this page", "Cut its connection"):
            error = self.failureResultOf(self.page.click(label), RemoteError).value
            self.assertIn("This page is lost already.", str(error))
        self.assertEqual(self.did(), [])

    def test_cut(self):
        """A connection is cut; a page that has none is refused."""
        self.page.click("1 Plain")
        self.page.click("Cut its connection")
        self.visitors.advance()
        self.assertFalse(self.opened[0].connected)
        self.assertEqual(self.did(), [("admin-cut", 1, "bob")])
        error = self.failureResultOf(self.page.click("Cut its connection"), RemoteError).value
        self.assertIn("This page has no connection at present.", str(error))

    def test_drain(self):
        """New visitors are sent elsewhere, and taken again."""
        self.page.click("Drain")
        self.assertIn("Draining: new visitors are to go elsewhere.", self.page.text)
        self.assertTrue(self.visitors.factory.isDraining)
        self.page.click("Take new visitors")
        self.assertIn("New visitors are taken.", self.page.text)
        self.assertFalse(self.visitors.factory.isDraining)
        self.assertEqual([what for what, *_ in self.did()], ["admin-drained", "admin-undrained"])

    def test_left(self):
        """When the operator has left, nothing is refreshed, and no page is kept."""
        self.page.click("1 Plain")
        self.page.leave()
        self.page.advance(REFRESH)
        self.assertEqual((self.element.found, self.element._shown), ({}, None))
        self.assertEqual([call for call in self.page._browser.clock.getDelayedCalls() if call.getTime() < 60], [])
