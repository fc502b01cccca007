"""docs/errors.rst: its listings run, and what it states about them holds."""

import contextlib
import gc
import io

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.logger import formatEvent, globalLogPublisher

from athenalite import (
    ConnectFailed,
    ConnectionLost,
    FallenBehind,
    JSException,
    LivePage,
    MessageTooLarge,
    OrphanedFragment,
)
from athenalite.limits import Limits
from athenalite.loaders import stan
from athenalite.tags import body, directive, head, html
from athenalite.testing import RemoteError, StubBrowser, renderLivePage
from tests.listings import GuideTestCase
from tests.pages import InMemorySite


class AccountTests(GuideTestCase):
    """The example."""

    guide = "errors"

    def setUp(self):
        super().setUp()
        self.module = self.load("accounts")
        self.element = self.module.Account()
        self.page = renderLivePage(self.element)

    def error(self, *call, page=None):
        """Return the error that the browser receives for a failed call."""
        return self.failureResultOf((page or self.page).call(self.element, *call), RemoteError).value

    def test_withClass(self):
        """The browser makes an error with a class from its arguments."""
        error = self.error("withdraw", 1000)
        self.assertEqual((error.jsClass, error.arguments), ("Accounts.Overdrawn", ["There is not enough money.", 100]))
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_withoutClass(self):
        """One without a class has a type and a text."""
        self.element.isOpen = False
        error = self.error("withdraw", 1)
        self.assertEqual((error.type, str(error), error.jsClass), ("Closed", "The account is closed.", None))
        self.assertIsNone(error.reference)

    def test_argument(self):
        """The method, or its annotation, refuses an argument; with the annotation, the method does not run."""
        for amount in (0, "ten"):
            error = self.error("withdraw", amount)
            self.assertEqual((error.type, error.argument), ("ArgumentError", "amount"))
        self.assertEqual(self.element.balance, 100)

    def test_other(self):
        """For any other exception the browser gets the name and a reference; the log has both."""
        error = self.error("audit")
        self.assertEqual(error.type, "KeyError")
        self.assertRegex(error.reference, "^[0-9a-f]{8}$")
        self.assertEqual(str(error), f"see reference {error.reference} in the server's log")
        [logged] = self.flushLoggedErrors(KeyError)
        self.assertIn("the secret ledger", str(logged.value))

    def test_debug(self):
        """In debug mode the browser gets the text."""
        self.element = self.module.Account()
        error = self.error("audit", page=renderLivePage(self.element, debug=True))
        self.assertIn("the secret ledger", str(error))
        self.flushLoggedErrors(KeyError)

    def test_noMethod(self):
        """A method that is not exposed cannot be called."""
        self.assertEqual(self.error("confirm").type, "NoSuchMethod")

    def test_fromBrowser(self):
        """The browser's error is a JSException with its type and text."""

        def fail():
            raise RangeError("nobody to ask")

        class RangeError(Exception):
            """JavaScript's RangeError."""

        self.page.answer(self.element, "confirm", fail)
        printed = self.enterContext(contextlib.redirect_stdout(io.StringIO()))
        confirmed = Deferred.fromCoroutine(self.element.confirm())
        self.page.advance()
        self.assertFalse(self.successResultOf(confirmed))
        self.assertEqual(printed.getvalue(), "The browser failed: RangeError: nobody to ask\n")

    def test_notKept(self):
        """The failure of a call whose result is not kept is logged."""
        logged = []
        globalLogPublisher.addObserver(logged.append)
        self.addCleanup(globalLogPublisher.removeObserver, logged.append)
        self.page.answer(self.element, "confirm", lambda: 1 / 0)
        self.element.callRemote("confirm")
        self.page.advance()
        self.assertIn("ZeroDivisionError", formatEvent(logged[-1]))

    def test_kept(self):
        """A failure of a result that is kept and not handled is Twisted's unhandled error."""
        self.page.answer(self.element, "confirm", lambda: 1 / 0)
        kept = self.element.callRemote("confirm").addCallback(lambda _: None)
        self.page.advance()
        del kept
        gc.collect()
        self.assertEqual(len(self.flushLoggedErrors(JSException)), 1)

    def test_detached(self):
        """A call to an element that was detached fails, and does not raise."""
        self.element.detach()
        self.page.advance()
        self.failureResultOf(self.element.callRemote("confirm"), ConnectionLost)

    def test_gone(self):
        """Calls fail when the page is lost, and after; if the result is not kept, this is not logged."""
        outstanding = self.element.callRemote("confirm")
        self.page.leave()
        self.failureResultOf(outstanding, ConnectionLost)
        self.failureResultOf(self.element.callRemote("confirm"), ConnectionLost)
        self.element.callRemote("confirm")
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_behind(self):
        """A disconnected page with too many unacknowledged messages is lost."""
        self.element = self.module.Account()
        page = renderLivePage(self.element, limits=Limits(maxMessagesKept=3))
        notified = page.page.notifyOnDisconnect()
        page.cut()
        results = [self.element.callRemote("confirm") for _ in range(5)]
        page.advance()
        for result in results:
            self.failureResultOf(result, ConnectionLost)
        self.failureResultOf(notified, FallenBehind)

    def test_reasons(self):
        """A closed page was lost in order; one that never connected, or was away too long, has another reason."""
        for end, reason in (
            (lambda page: page.leave(), ConnectionDone),
            (lambda page: page.page.close("enough"), ConnectionLost),
            (lambda page: (page.cut(), page.advance(181)), ConnectionLost),
        ):
            page = renderLivePage(self.module.Account())
            notified = page.page.notifyOnDisconnect()
            end(page)
            self.failureResultOf(notified, reason)
        site = InMemorySite(self, self.module.Account)
        site.request()
        notified = site.elements[0].page.notifyOnDisconnect()
        site.clock.advance(61)
        self.failureResultOf(notified, ConnectFailed)

    def test_caller(self):
        """An argument that cannot be sent is an error of the caller."""
        self.assertRaises(TypeError, self.element.callRemote, "confirm", object())
        self.assertRaises(MessageTooLarge, self.element.callRemote, "confirm", "x" * 5_000_000)
        self.assertRaises(OrphanedFragment, self.module.Account().callRemote, "confirm")


class RenderingTests(GuideTestCase):
    """Pages that cannot be rendered."""

    guide = "errors"

    def response(self, **options):
        """Return the status and the text of the response."""
        browser = StubBrowser(**options)

        class Broken(LivePage):
            docFactory = stan(html[head(render=directive("liveglue")), body(render=directive("broken"))])

            def render_broken(self, ctx, data):
                raise ValueError("a secret")

        with self.assertRaises(RuntimeError) as raised:
            browser.open(Broken(factory=browser.factory))
        self.assertEqual(len(self.flushLoggedErrors()), 1)
        return str(raised.exception)

    def test_text(self):
        """The response is one sentence; in debug mode, the traceback."""
        text = self.response()
        self.assertIn("500: This page could not be made.", text)
        self.assertNotIn("a secret", text)
        self.assertIn("a secret", self.response(debug=True))
