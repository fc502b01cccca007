"""A Deferred that nobody holds serves the next page as well; one that somebody holds is its own."""

import sys
import unittest

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import CancelledError
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core import broadcast as saying
from athenalite._core.batch import Batch
from athenalite._core.broadcast import ALONE, Saying, referencesOfNobody
from athenalite._core.calls import RemoteCalls
from athenalite._core.delivery import Delivery
from athenalite._core.encodecache import EncodeCache
from athenalite._core.outbox import Outbox
from athenalite._core.wire import Respond
from tests.core.test_encodecache import sayNothing

NOTIFY = b'["notify",1,"hear",["hello"]]'
CALL = b'["call",1,"hear",["hello"]]'


class ManyTestCase(SynchronousTestCase):
    """Some pages, all of them told the same."""

    def setUp(self):
        self.make(ALONE)

    def make(self, alone, count=6):
        """Make the pages anew."""
        self.clock = Clock()
        log = Logger(observer=lambda event: None)
        batch = Batch(self.clock, log, EncodeCache(1_000_000), alone=alone)
        self.remotes = [RemoteCalls(log) for _ in range(count)]
        self.deliveries = [Delivery(1000, 1_000_000) for _ in range(count)]
        self.outboxes = [
            Outbox(batch, sayNothing, delivery, remote, 16, lambda kept: None)
            for delivery, remote in zip(self.deliveries, self.remotes, strict=True)
        ]

    def call(self, number, text="hello"):
        """Call the page ``number``, and return the Deferred."""
        return self.outboxes[number].callRemote(1, "hear", (text,), {})

    def sent(self):
        """End the turn, and return what each page was sent."""
        self.clock.advance(0)
        return [delivery.takeUnsent() for delivery in self.deliveries]


class SayingTests(ManyTestCase):
    def test_dropped(self):
        """If each is dropped before the next call is made, there is one for all."""
        self.assertEqual(len({id(self.call(number)) for number in range(6)}), 1)
        self.assertEqual(self.sent(), [[NOTIFY]] * 6)

    def test_held(self):
        """Whoever keeps some of them gets the answers of those pages, and no others are asked."""
        results = {number: result for number in range(6) if (result := self.call(number)) and number in (0, 2, 3, 5)}
        result = None
        self.assertEqual(self.sent(), [[CALL], [NOTIFY], [CALL], [CALL], [NOTIFY], [CALL]])
        for number, result in results.items():
            self.remotes[number].responseReceived(Respond(1, True, number))
            self.assertEqual(self.successResultOf(result), number)

    def test_inOneExpression(self):
        """To hold it need not be to have a name for it."""
        results = [self.call(number) for number in range(6)]
        self.assertEqual(len(set(map(id, results))), 6)
        self.assertIsNot(self.call(0), self.call(1))

    def test_callback(self):
        """One with a callback is its own, though nobody holds it."""
        answers = []
        for number in range(6):
            self.call(number).addCallback(answers.append)
        self.assertEqual(self.sent(), [[CALL]] * 6)
        for number, remote in enumerate(self.remotes):
            remote.responseReceived(Respond(1, True, number))
        self.assertEqual(answers, [0, 1, 2, 3, 4, 5])

    def test_used(self):
        """So is one that was cancelled, fired, or looked at, and dropped then."""
        for use in (lambda one: one.cancel(), lambda one: one.callback(1), repr):
            self.make(ALONE)
            use(self.call(0))
            second = self.call(1)
            self.sent()
            self.remotes[1].responseReceived(Respond(1, True, "mine"))
            self.assertEqual(self.successResultOf(second), "mine")
        self.flushLoggedErrors(CancelledError)

    def test_releasedLater(self):
        """What was held and is dropped before the turn ends asks for nothing; what is held on does."""
        results = [self.call(number) for number in range(6)]
        results[1] = results[5] = None
        self.assertEqual(self.sent(), [[CALL], [NOTIFY], [CALL], [CALL], [CALL], [NOTIFY]])

    def test_saidMeanwhile(self):
        """
        A turn that says very much is sent in parts. If a page is lost by that, what is said when it is told of it is
        said like everything else: who waits for the answer gets it.
        """
        answers = []
        for last in (lambda: self.call(2, "z" * 700_000), lambda: self.outboxes[2].respond(b"z" * 700_000)):
            self.make(ALONE)
            self.deliveries[1].maxBytes = 1000
            self.outboxes[1].overflowed = lambda kept: self.call(0).addCallback(answers.append)
            self.call(1, "y" * 700_000)
            last()
            self.assertEqual(self.sent()[0], [CALL])
            self.remotes[0].responseReceived(Respond(1, True, "yes"))
        self.assertEqual(answers, ["yes", "yes"])

    def test_settled(self):
        """Once something else is said, no reference is kept to those that nobody holds."""
        held, last = self.call(0), self.outboxes[0]._batch.last
        self.call(1)
        self.assertEqual(list(last.held), [0])
        del held
        self.call(0, "another")
        self.assertEqual((last.held, last.result, list(last.waiters())[:2] if last.held else []), ({}, None, []))

    @given(
        st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from("xy"), st.sampled_from(["drop", "hold", "use", "let go"]))
        )
    )
    def test_sameAsPlain(self, script):
        """Whatever is done with the Deferreds, the same is sent as with one for each call."""
        sent = []
        for alone in (ALONE, -1):
            self.make(alone, 4)
            kept = []
            for number, text, what in script:
                result = self.call(number, text)
                if what == "use":
                    result.addCallback(lambda value: value)
                elif what == "hold":
                    kept.append(result)
                elif kept and what == "let go":
                    del kept[0]
                del result
            sent.append(self.sent())
        self.assertEqual(*sent)


class CountTests(SynchronousTestCase):
    """Whether the interpreter's count is to be relied on."""

    def test_measured(self):
        """It is where it is known to be exact: the Saying, who calls, and who counts."""
        exact = sys.implementation.name == "cpython" and sys.version_info < (3, 14)
        self.assertEqual(ALONE, 3 if exact else -1)

    @unittest.skipIf(ALONE < 0, "it is not exact here")
    def test_unreliable(self):
        """It is not on other interpreters, or where one who holds something does not make it one more."""
        self.patch(saying, "getrefcount", lambda obj: 3)
        self.assertEqual(referencesOfNobody(), -1)
        self.patch(saying, "getrefcount", sys.getrefcount)
        self.assertEqual(referencesOfNobody(), ALONE)
        self.patch(saying.sys, "version_info", (3, 14, 0, "final", 0))
        self.assertEqual(referencesOfNobody(), -1)

    @unittest.skipIf(ALONE < 0, "it is not exact here")
    def test_debugged(self):
        """It is not where somebody holds it while it is measured, as a debugger does, until 3.12."""

        def trace(frame, event, arg):
            frame.f_locals  # noqa: B018
            return trace

        self.addCleanup(sys.settrace, sys.gettrace())
        sys.settrace(trace)
        alone = referencesOfNobody()
        sys.settrace(None)
        # Since 3.13 (PEP 667) to look at locals is not to hold them.
        self.assertEqual(alone, -1 if sys.version_info < (3, 13) else ALONE)

    def test_off(self):
        """Without it each call has its own."""
        one = Saying(b"", 1, "hear", ("hello",), -1)
        one.outboxes.append(None)
        first = one.another()
        one.outboxes.append(None)
        self.assertIsNot(one.another(), first)
        one.settle()
        self.assertEqual([waiter() for waiter in one.waiters()], [first, None])
