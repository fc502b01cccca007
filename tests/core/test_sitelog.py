# -*- test-case-name: tests.core.test_sitelog -*-
"""The site's log: safe for a terminal, without tokens, and bounded for each peer."""

import json
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.task import Clock
from twisted.logger import (
    LegacyLogObserverWrapper,
    Logger,
    LogLevel,
    LogPublisher,
    eventAsText,
    jsonFileLogObserver,
    textFileLogObserver,
)
from twisted.python.failure import Failure
from twisted.python.log import FileLogObserver
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.jsstack import tracebackOf
from athenalite._core.registry import newToken
from athenalite._core.sitelog import MOST_ADDRESSES, PER_PEER, PERIOD, LoggedFailure, SiteLog, tracebackFor
from athenalite.errors import JSException
from harness.messages import showing

TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(
    (
        "\x1b]0;title\x07",
        "a\r\n2026-01-01 [forged] line",
        "\u202e\u2066\u200b\ufeff",
        "\ud800",
        "\x9b31m",
        "\u2028\u2029",
    )
)
"""Text of a peer: all of Unicode."""


def failureOf(error):
    """Return a failure that was raised."""
    try:
        raise error
    except BaseException:
        return Failure()


class Rude(Exception):
    """An exception that cannot be formatted."""

    def __str__(self):
        raise ValueError("\x1b[31m")


class Files:
    """
    A log with each observer of Twisted's that writes files.

    :ivar text: the output of ``twist`` and ``twistd``.
    :ivar legacy: the output of an observer of ``twisted.python.log``.
    :ivar json: the output of ``twist`` into a pipe.
    """

    def __init__(self, isSecret=lambda text: False):
        self.text, self.legacy, self.json = StringIO(), StringIO(), StringIO()
        publisher = LogPublisher(
            textFileLogObserver(self.text),
            LegacyLogObserverWrapper(FileLogObserver(self.legacy).emit),
            jsonFileLogObserver(self.json),
        )
        self.log = SiteLog(Logger("tests", observer=publisher), Clock(), isSecret)

    @property
    def written(self):
        """Return the content of all files."""
        return [one.getvalue() for one in (self.text, self.legacy, self.json)]


class AlsoToTests(SynchronousTestCase):
    """``PeerLog.alsoTo``"""

    def test_escaped(self):
        """It is given what is logged, escaped, and nothing that is left out."""
        events, logged = [], []
        log = SiteLog(Logger("tests", observer=logged.append), Clock(), lambda text: False).forPeer("a page")
        log.alsoTo = lambda *event: events.append(event)
        log.warn("{text}", text="a\nb")
        self.assertEqual(events, [(LogLevel.warn, "{text}", {"text": "a\\nb"})])
        for _ in range(100):
            log.info("{text}", text="x" * 1000)
        self.assertEqual(len(events), len(logged))


class SafeTests(SynchronousTestCase):
    """Escaping of logged text"""

    def assertSafe(self, files):
        """Assert that no file has a forbidden character, or a line that looks like one of another event."""
        for written in files.written[:2]:
            self.assertEqual([one for one in written if not one.isprintable() and one not in "\n\t"], [], written)
            first, *more = written.rstrip("\n").split("\n")
            self.assertNotEqual(first[0], "\t")
            self.assertEqual([line for line in more if not line.startswith("\t")], [], written)
        self.assertEqual([one for one in files.written[2] if not one.isprintable() and one not in "\x1e\n"], [])
        json.loads(files.written[2].lstrip("\x1e"))

    @given(TEXT)
    def test_values(self, text):
        """Texts in an event, however its format shows them."""
        files = Files()
        files.log.info("{text} {text!r} {many} {many!s}", text=text, many=[text])
        self.assertSafe(files)

    @given(TEXT)
    def test_format(self, text):
        """The format itself, which an application may have made from text."""
        files = Files()
        files.log.info(text.replace("{", "").replace("}", "") or "x")
        self.assertSafe(files)

    @given(TEXT, TEXT)
    def test_failures(self, text, name):
        """The text of an exception, and the name of its class."""
        kind = type("Odd" + "".join(one for one in name if one.isalnum()), (ValueError,), {})
        for error in (ValueError(text), kind(text, text), KeyError(text), JSException(text, text, text)):
            files = Files()
            files.log.failure("It failed: {text}", failureOf(error), text=text)
            self.assertSafe(files)

    @given(TEXT)
    def test_unraised(self, text):
        """An exception without a traceback."""
        files = Files()
        files.log.failure("It failed", Failure(ValueError(text)))
        self.assertSafe(files)

    def test_message(self):
        """Line ends of a traceback are kept; those of the exception's text are escaped, so none looks like a frame."""
        files = Files()
        files.log.failure("It failed", failureOf(ValueError('x\n  File "/etc/passwd", line 1')))
        lines = files.text.getvalue().splitlines()
        self.assertIn("test_sitelog.py", lines[2])
        self.assertEqual(lines[-2], r'	builtins.ValueError: x\n  File "/etc/passwd", line 1')

    def test_stack(self):
        """A browser's stack, which becomes a traceback."""
        stack = "f\x1b[31m\u202e@http://localhost/\x9b.js:1:1\n    at g\x07 (http://localhost/x.js:2:2)"
        files = Files()
        files.log.failure(
            "It failed", failureOf(JSException("x").with_traceback(tracebackOf(stack, lambda name: None)))
        )
        self.assertSafe(files)

    def test_unprintable(self):
        """An exception without a text, and an object without."""
        files = Files()
        files.log.failure("It failed: {error}", failureOf(Rude()), error=Rude())
        self.assertSafe(files)

    def test_long(self):
        """Texts and tracebacks are shortened; beginning and end are kept."""
        files = Files()
        text = "begin" + "\u65e5" * 1_000_000 + "end"
        files.log.failure("It failed: {text}", failureOf(ValueError(text)), text=text)
        self.assertLess(len(files.text.getvalue().encode("utf-8")), 6500)
        self.assertRegex(files.text.getvalue(), r"ValueError: begin.*bytes are left out.*end\n\t\n$")

    def test_deep(self):
        """So is a traceback of a thousand frames."""

        def fall(depth):
            return fall(depth - 1) if depth else {}["bottom"]

        files = Files()
        try:
            fall(500)
        except KeyError:
            files.log.failure("It failed")
        self.assertLess(len(files.text.getvalue()), 7000)
        self.assertIn("builtins.KeyError: 'bottom'\n", files.text.getvalue())
        self.assertLess(len(files.json.getvalue()), 16000)

    def test_numbers(self):
        """Numbers stay numbers, for observers that count."""
        logged = []
        SiteLog(Logger("tests", observer=logged.append), Clock(), bool).info("{count}", count=3, no=None, yes=True)
        self.assertEqual([logged[0][name] for name in ("count", "no", "yes")], [3, None, True])

    def test_failureKept(self):
        """Observers that use the failure itself, such as trial's, find the exception and its class."""
        logged = []
        error = ZeroDivisionError("\x1b")
        SiteLog(Logger("tests", observer=logged.append), Clock(), bool).failure("It failed", failureOf(error))
        failure = logged[0]["log_failure"]
        self.assertIs(failure.value, error)
        self.assertIsNotNone(failure.check(ZeroDivisionError))
        for text in (failure.getErrorMessage(), str(failure), repr(failure), failure.getBriefTraceback()):
            self.assertNotIn("\x1b", text)

    def test_trial(self):
        """trial's own observer recognizes it."""
        SiteLog(Logger(), Clock(), lambda text: False).failure("It failed", failureOf(ZeroDivisionError()))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_twice(self):
        """A failure that was logged before is not escaped again."""
        logged = []
        inner = SiteLog(Logger("tests", observer=logged.append), Clock(), bool)
        SiteLog(inner, Clock(), bool).failure("It failed", failureOf(ValueError("\x1b")))
        self.assertIsInstance(logged[0]["log_failure"], LoggedFailure)
        self.assertIn(r"ValueError: \x1b", eventAsText(logged[0]))

    def test_variables(self):
        """The variables of frames, which Deferred's debugging keeps, are not logged."""
        secret = "a text that is nowhere else".upper()
        files = Files()
        try:
            raise ValueError(len(secret))
        except ValueError:
            files.log.failure("It failed", Failure(captureVars=True))
        for written in files.written:
            self.assertNotIn(secret, written)

    def test_observers(self):
        """The given logger's own observers receive the events."""
        logged = []
        log = SiteLog(Logger("here", observer=logged.append), Clock(), bool)
        log.warn("x")
        self.assertEqual([(e["log_namespace"], e["log_level"]) for e in logged], [("here", LogLevel.warn)])


class SecretTests(SynchronousTestCase):
    """Tokens of pages"""

    @given(TEXT, TEXT)
    def test_anywhere(self, before, after):
        """No token is logged, whatever is around it."""
        token = newToken()
        files = Files({token}.__contains__)
        said = f"{before}{token}{after}"
        files.log.failure("{said} {said!r} {many}", failureOf(KeyError(said)), said=said, many=[said])
        for written in files.written:
            self.assertNotIn(token, written)

    @given(st.text("ab-_", max_size=60), st.text("ab-_", max_size=60))
    def test_amongLetters(self, before, after):
        """Nor one among letters that tokens are made of, twice."""
        token = newToken()
        files = Files({token}.__contains__)
        files.log.info("{said}", said=f"{before}{token}{after}{token}{before}")
        self.assertNotIn(token, files.text.getvalue())
        self.assertIn(f"{before}(hidden){after}(hidden){before}", files.text.getvalue())

    def test_format(self):
        """Nor in the format of an event."""
        token = newToken()
        files = Files({token}.__contains__)
        files.log.info(f"x {token}")
        self.assertIn("x (hidden)", files.text.getvalue())

    def test_handshake(self):
        """Nor one in the form of a handshake."""
        token = newToken()
        files = Files({token}.__contains__)
        shown = showing(json.dumps(["open", 1, token, 0, 1]).encode("ascii"))
        files.log.info("{said}", said=f"header twice: athenalite, {shown},athenalite, {shown}")
        self.assertIn("twice: athenalite, (hidden),athenalite, (hidden)", files.text.getvalue())

    def test_cut(self):
        """Nor one where a long text is cut."""
        for length in range(1400, 1600):
            token = newToken()
            files = Files({token}.__contains__)
            files.log.info("{said}", said=f"{'x ' * (length // 2)}{token}{' y' * 5000}")
            self.assertNotIn(token[:20], files.text.getvalue())

    def test_others(self):
        """Long words that are no tokens are kept."""
        files = Files()
        files.log.info("{name}", name="test_" + "a_long_name" * 10)
        self.assertIn("test_" + "a_long_name" * 10, files.text.getvalue())


class BoundTests(SynchronousTestCase):
    """The bound of one peer's events"""

    def setUp(self):
        self.clock = Clock()
        self.written = StringIO()
        self.logged = []
        publisher = LogPublisher(textFileLogObserver(self.written), self.logged.append)
        self.log = SiteLog(Logger("tests", observer=publisher), self.clock, lambda text: False)

    @property
    def size(self):
        """Return the bytes written."""
        return len(self.written.getvalue().encode("utf-8"))

    @property
    def last(self):
        """Return the last line."""
        return self.written.getvalue().splitlines()[-1]

    def test_addressOfPages(self):
        """The events of all pages of an address are bounded as those of one page; other addresses are not affected."""
        pages = [self.log.forPeer("a page", "1.2.3.4") for _ in range(10)]
        for page in pages:
            for _ in range(1000):
                page.error("x" * 500)
            page.close()
        self.log.forAddress("tcp4:1.2.3.4:5").error("x" * 500)
        self.assertLess(self.size, PER_PEER)
        shown = len(self.logged)
        self.log.forPeer("a page", "4.3.2.1").error("elsewhere")
        self.assertIn("elsewhere", self.last)
        self.clock.advance(PERIOD)
        self.assertIn("more log events because of 1.2.3.4", self.last)
        self.assertEqual(len(self.logged), shown + 2)

    def test_bound(self):
        """Beyond the bound events are omitted and counted; after the period, one event reports the count."""
        peer = self.log.forPeer("a page")
        for _ in range(1000):
            peer.error("x" * 500)
        self.assertLess(self.size, PER_PEER)
        self.assertGreater(self.size, PER_PEER // 2)
        shown = len(self.logged)
        self.clock.advance(PERIOD - 1)
        self.assertEqual(len(self.logged), shown)
        self.clock.advance(1)
        self.assertIn(f"{1000 - shown} more log events because of a page", self.last)
        self.assertLess(self.size, PER_PEER)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    @given(st.lists(st.tuples(st.text(max_size=3000), st.booleans(), st.floats(0, 20)), max_size=60))
    def test_anyMinute(self, events):
        """In no minute is more than twice the bound written, whatever is logged and when."""
        self.setUp()
        peer = self.log.forPeer("a page")
        sizes = []
        for text, fails, pause in events:
            before = self.size
            if fails:
                peer.failure("{text}", failureOf(ValueError(text)), text=text)
            else:
                peer.info("{text}", text=text)
            self.clock.advance(pause)
            sizes.append((self.clock.seconds(), self.size - before))
        for now, _ in sizes:
            self.assertLess(sum(size for when, size in sizes if now - 60 < when <= now), 2 * PER_PEER)

    def test_again(self):
        """After the period, events are logged again."""
        peer = self.log.forPeer("a page")
        for _ in range(3):
            before = self.size
            for _ in range(1000):
                peer.info("some words")
            self.clock.advance(PERIOD)
            self.assertGreater(self.size - before, PER_PEER // 2)
            self.assertLess(self.size - before, PER_PEER)

    def test_apart(self):
        """The events of one peer do not count against another."""
        one, two = self.log.forPeer("one"), self.log.forPeer("two")
        for _ in range(1000):
            one.info("some words")
        two.info("other words")
        self.assertIn("other words", self.last)

    def test_gone(self):
        """When the log is closed the count is reported at once, and no timer is left."""
        peer = self.log.forPeer("a page")
        for _ in range(1000):
            peer.info("some words")
        peer.close()
        self.assertIn("more log events because of a page", self.last)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        before = self.size
        for _ in range(1000):
            peer.info("some words")
        self.assertLess(self.size - before, 200)
        self.clock.advance(PERIOD)
        self.assertIn("1000 more log events", self.last)

    def test_quiet(self):
        """A peer within its bound has no timer, and no report."""
        peer = self.log.forPeer("a page")
        peer.info("some words")
        self.assertEqual(self.clock.getDelayedCalls(), [])
        peer.close()
        self.assertEqual(len(self.logged), 1)

    def test_notFormatted(self):
        """Omitted events are not formatted."""
        peer = self.log.forPeer("a page")
        for _ in range(1000):
            peer.info("some words")
        asked = []

        class Expensive:
            def __str__(self):
                asked.append(self)
                return ""

        peer.info("{what}", what=Expensive())
        self.assertEqual(asked, [])

    def test_clockSetBack(self):
        """After the clock was set back, the wait is no longer than a period."""
        peer = self.log.forPeer("a page")
        peer.info("some words")
        self.clock.rightNow -= 3600
        for _ in range(1000):
            peer.info("some words")
        self.clock.advance(PERIOD)
        self.assertIn("more log events", self.last)

    def test_addresses(self):
        """All ports of a host are one peer, however its address is written."""
        for port in range(1000):
            self.log.forAddress(f"tcp4:10.0.0.1:{port}").info("some words")
            self.log.forAddress(IPv4Address("TCP", "10.0.0.1", port)).info("some words")
        self.assertLess(self.size, PER_PEER)
        for peer in ("tcp6:::1:80", "tcp4:10.0.0.2:80", UNIXAddress("/x"), "memory"):
            self.log.forAddress(peer).info("other words: {peer}", peer=peer)
            self.assertIn("other words", self.last)
        self.clock.advance(PERIOD)
        self.assertIn("more log events because of 10.0.0.1", self.written.getvalue())

    def test_manyAddresses(self):
        """The number of logs is bounded; further addresses share one, until some are a period old."""
        for number in range(MOST_ADDRESSES):
            self.log.forAddress(f"tcp4:host{number}:1").info("x")
        before = self.size
        for number in range(1000):
            self.log.forAddress(f"tcp4:other{number}:1").info("some words")
        self.assertLess(self.size - before, PER_PEER)
        self.clock.advance(PERIOD)
        self.assertIn("because of other addresses", self.last)
        self.log.forAddress("tcp4:late:1").info("some words")
        self.assertIsNot(self.log.forAddress("tcp4:late:2"), self.log.forAddress("tcp4:later:1"))

    def test_forgotten(self):
        """An address without events for a period is forgotten as soon as another one is added."""
        first = self.log.forAddress("tcp4:first:1")
        first.info("x")
        self.clock.advance(PERIOD)
        self.log.forAddress("tcp4:second:1").info("x")
        self.assertIsNot(self.log.forAddress("tcp4:first:1"), first)

    def test_close(self):
        """At the end all counts are reported, and no timer is left."""
        for _ in range(1000):
            self.log.forAddress("tcp4:first:1").info("x")
        self.log.close()
        self.assertIn("more log events because of first", self.last)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_unbounded(self):
        """Events that an application logs here itself are not bounded."""
        for _ in range(1000):
            self.log.info("some words")
        self.assertEqual(len(self.logged), 1000)


class TracebackTests(SynchronousTestCase):
    """The traceback of a failure as a text."""

    def test_logs(self):
        """It is the same for a site's log and for a peer's; another logger has none, because it hides no secrets."""
        site = SiteLog(Logger("tests", observer=lambda event: None), Clock(), lambda text: False)
        failure = Failure(ValueError("\x1b[31m"))
        for log in (site, site.forPeer("a page")):
            self.assertIn(r"ValueError: \x1b[31m", tracebackFor(log, failure))
        self.assertEqual(tracebackFor(Logger("tests"), failure), "")
