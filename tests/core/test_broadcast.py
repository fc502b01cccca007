# -*- test-case-name: tests.core.test_broadcast -*-
"""Of one call to many pages it is known whose results are held, awaited, or have errbacks only."""

import gc
from weakref import ref

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import CancelledError, succeed
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core import errbacks
from athenalite._core.batch import Batch
from athenalite._core.broadcast import unawaited
from athenalite._core.calls import RemoteCalls
from athenalite._core.delivery import Delivery
from athenalite._core.encodecache import EncodeCache
from athenalite._core.outbox import Outbox
from athenalite._core.wire import Respond
from athenalite.errors import ConnectionLost
from tests.core.test_encodecache import sayNothing
from tests.memory import outcome

NOTIFY = b'["notify",1,"hear",["hello"]]'
CALL = b'["call",1,"hear",["hello"]]'
ERROR = {"type": "Error", "message": "wrong"}


class BroadcastTestCase(SynchronousTestCase):
    """Some pages that are all called."""

    def setUp(self):
        self.make()

    def make(self, count=6):
        """Create new pages."""
        self.clock = Clock()
        log = Logger(observer=lambda event: None)
        batch = Batch(self.clock, log, EncodeCache(1_000_000))
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
        """End the batch, and return what each page is sent."""
        self.clock.advance(0)
        return [delivery.takeUnsent() for delivery in self.deliveries]


class BroadcastTests(BroadcastTestCase):
    """Which results are held, and which answers are requested."""

    def test_dropped(self):
        """A result that is dropped is freed at once, and no answer is requested."""
        results = [ref(self.call(number)) for number in range(6)]
        self.assertEqual([result() for result in results], [None] * 6)
        self.assertEqual(self.sent(), [[NOTIFY]] * 6)

    def test_held(self):
        """Results that are held get the answers of their pages, and no other answers are requested."""
        results = {number: result for number in range(6) if (result := self.call(number)) and number in (0, 2, 3, 5)}
        result = None
        self.assertEqual(self.sent(), [[CALL], [NOTIFY], [CALL], [CALL], [NOTIFY], [CALL]])
        for number, result in results.items():
            self.remotes[number].responseReceived(Respond(1, True, number))
            self.assertEqual(self.successResultOf(result), number)

    def test_inOneExpression(self):
        """A result in an expression or a container is held."""
        results = [self.call(number) for number in range(6)]
        self.assertEqual(len(set(map(id, results))), 6)
        self.assertIsNot(self.call(0), self.call(1))

    def test_callback(self):
        """A result with a callback is awaited, though nothing references it."""
        answers = []
        for number in range(6):
            self.call(number).addCallback(answers.append)
        self.assertEqual(self.sent(), [[CALL]] * 6)
        for number, remote in enumerate(self.remotes):
            remote.responseReceived(Respond(1, True, number))
        self.assertEqual(answers, [0, 1, 2, 3, 4, 5])

    def test_used(self):
        """A result that was cancelled, fired, or printed before it was dropped affects no other."""
        for use in (lambda one: one.cancel(), lambda one: one.callback(1), repr):
            self.make()
            use(self.call(0))
            second = self.call(1)
            self.sent()
            self.remotes[1].responseReceived(Respond(1, True, "mine"))
            self.assertEqual(self.successResultOf(second), "mine")
        self.flushLoggedErrors(CancelledError)

    def test_releasedLater(self):
        """A result that is released before the batch ends requests no answer."""
        results = [self.call(number) for number in range(6)]
        results[1] = results[5] = None
        self.assertEqual(self.sent(), [[CALL], [NOTIFY], [CALL], [CALL], [CALL], [NOTIFY]])

    def test_calledMeanwhile(self):
        """
        A batch of very many bytes is sent in parts. If a page is lost by that, calls of its hooks are queued like all
        others, and their answers are requested.
        """
        answers = []
        for last in (lambda: self.call(2, "z" * 700_000), lambda: self.outboxes[2].respond(b"z" * 700_000)):
            self.make()
            self.deliveries[1].maxBytes = 1000
            self.outboxes[1].overflowed = lambda kept: self.call(0).addCallback(answers.append)
            self.call(1, "y" * 700_000)
            last()
            self.assertEqual(self.sent()[0], [CALL])
            self.remotes[0].responseReceived(Respond(1, True, "yes"))
        self.assertEqual(answers, ["yes", "yes"])

    def test_settled(self):
        """When another call is made, only results that are still referenced are kept track of."""
        held, last = self.call(0), self.outboxes[0]._batch.last
        self.call(1)
        self.call(2)
        self.assertEqual(list(last.held), [0])
        del held
        self.call(0, "another")
        self.assertEqual((last.held, last._last, next(iter(last.waiters(last.outboxes)))), ({}, unawaited, unawaited))

    def test_objects(self):
        """Calls with equal dicts are one broadcast. A dict that is changed between two of them makes another."""
        info = {"id": 17, "rows": [[1, 2.5], []]}
        calls = [outbox.callRemote for outbox in self.outboxes]
        for call in calls[:3]:
            call(1, "hear", (info,), {})
        first = self.outboxes[0]._batch.last
        calls[3](1, "hear", ({"id": 17, "rows": [[1, 2.5], []]},), {})
        self.assertEqual((self.outboxes[0]._batch.last, len(first.outboxes)), (first, 4))
        for value in (True, 1, 1.0):
            info["rows"][0][0] = value
            calls[4](1, "hear", (info,), {})
        calls[5](1, "hear", (info,), {"k": 1})
        calls[5](2, "hear", (info,), {})
        calls[5](2, "see", (info,), {})
        messages = self.sent()
        self.assertTrue(all(one is messages[0][0] for sent in messages[1:4] for one in sent))
        self.assertEqual([len(sent) for sent in messages], [1, 1, 1, 1, 3, 3])
        self.assertEqual(len({*messages[4], *messages[5]}), 6)

    def test_circle(self):
        """A result that only a reference cycle holds counts as held until it is collected."""
        self.addCleanup(gc.enable)
        gc.disable()
        for number in range(2):
            result = self.call(number)
            result.itself = result
        del result
        self.assertEqual(self.sent(), [[CALL], [CALL], *[[]] * 4])

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from("xy"),
                st.sampled_from(["drop", "hold", "use", "let go", "errback", "errback hold"]),
            )
        )
    )
    def test_answersRequested(self, script):
        """For any use of the results, answers are requested exactly for those held or used at the end."""
        self.make(4)
        kept, wanted, expected = [], set(), [[] for _ in range(4)]
        errbacks, failed = set(), []
        for place, (number, text, what) in enumerate(script):
            result = self.call(number, text)
            expected[number].append((place, text))
            if what == "use":
                result.addCallback(lambda value: value)
                wanted.add(place)
            if what.startswith("errback"):
                result.addErrback(failed.append).addErrback(self.fail)
                errbacks.add((number, len(expected[number])))
            if what.endswith("hold"):
                kept.append((place, result))
            elif kept and what == "let go":
                del kept[0]
            del result
        wanted.update(place for place, _ in kept)
        kinds = ("notify", "call")
        messages = [
            [b'["%s",1,"hear",["%s"]]' % (kinds[place in wanted].encode(), text.encode()) for place, text in page]
            for page in expected
        ]
        self.assertEqual(self.sent(), messages)
        for number, remote in enumerate(self.remotes):
            for message, (place, _) in enumerate(expected[number], 1):
                before = len(failed)
                remote.responseReceived(Respond(message, False, ERROR))
                self.assertEqual(len(failed) - before, (number, message) in errbacks, place)
        self.flushLoggedErrors()


class ErrbackTests(BroadcastTestCase):
    """Results that only have errbacks request no answer."""

    def setUp(self):
        super().setUp()
        self.failures = []

    def fail_(self, number, message=1):
        """Report that the page ``number`` has failed to run a message."""
        self.remotes[number].responseReceived(Respond(message, False, ERROR))

    def test_failure(self):
        """Nothing is kept of such a result, and its errback gets the failure of its page."""
        results = [ref(self.call(number).addErrback(self.failures.append)) for number in range(6)]
        self.assertEqual([result() for result in results], [None] * 6)
        self.assertEqual(self.sent(), [[NOTIFY]] * 6)
        self.fail_(3)
        self.assertEqual([str(failure.value) for failure in self.failures], ["Error: wrong"])

    def test_sentTogether(self):
        """All pages are sent one list of messages, as those whose results are dropped."""
        for text in ("hello", "again"):
            for number in range(6):
                self.call(number, text).addErrback(self.failures.append)
        self.clock.advance(0)
        [first, *others] = [delivery.takeUnsent() for delivery in self.deliveries]
        self.assertTrue(all(one is two for other in others for one, two in zip(first, other, strict=True)))
        self.fail_(5, 2)
        self.assertEqual(len(self.failures), 1)

    def test_once(self):
        """A page notes the same errback of many calls once, whatever the number of batches, and one page compares."""
        failed, compared, areSame = self.failures.append, [], errbacks._areSame
        self.patch(errbacks, "_areSame", lambda *chains: compared.append(chains) or areSame(*chains))
        for text in ("hello", "again", "and", "again"):
            for number in range(6):
                self.call(number, text).addErrback(failed)
            if text == "again":
                self.sent()
        for number, remote in enumerate(self.remotes):
            self.assertEqual(len(remote.errbacks._runs), 1)
            for message in (4, 1, 3, 2):
                self.fail_(number, message)
        self.assertEqual((len(self.failures), len(compared)), (24, 1))

    def test_severalKinds(self):
        """Calls in one batch may have other errbacks, none, or some of some pages only."""
        kinds = {"one": [0, 1], "two": [0, 1], "none": [], "three": [1], "four": [0, 1], "five": [0]}
        for text, pages in kinds.items():
            for number in (0, 1):
                result = self.call(number, text)
                if number in pages:
                    result.addErrback(lambda failure, text=text: self.failures.append(text))
                del result
        self.assertEqual([len(sent) for sent in self.sent()], [6, 6, 0, 0, 0, 0])
        for number, expected in enumerate((["one", "two", "four", "five"], ["one", "two", "three", "four"])):
            del self.failures[:]
            for message in range(1, 7):
                self.fail_(number, message)
            self.assertEqual(self.failures, expected)

    def test_chain(self):
        """Errbacks with arguments run in order, each if the one before has failed."""

        def first(failure, word, **kwargs):
            self.failures.append((word, kwargs))
            return failure

        self.call(0).addErrback(first, "one", k=1).addErrback(first, "two")
        self.call(1).addErrback(first, "another").addErrback(lambda failure: None).addErrback(self.fail)
        self.assertEqual(self.sent()[:2], [[NOTIFY], [NOTIFY]])
        self.fail_(0)
        self.fail_(1)
        self.assertEqual(self.failures, [("one", {"k": 1}), ("two", {}), ("another", {})])
        gc.collect()
        self.flushLoggedErrors()

    def test_held(self):
        """Of a result that is still referenced an answer is requested, as callbacks may be added later."""
        held = self.call(0).addErrback(self.failures.append)
        self.assertEqual(self.sent()[0], [CALL])
        self.remotes[0].responseReceived(Respond(1, True, "yes"))
        self.assertEqual(outcome(held), ["yes"])
        for number, fail in ((2, lambda: self.fail_(0, 2)), (3, lambda: self.remotes[0].failAll("gone", 2))):
            held = self.call(0).addErrback(self.failures.append)
            self.sent()
            fail()
            self.assertEqual((len(self.failures), outcome(held)), (number - 1, [None]))

    def test_callbackToo(self):
        """An errback and then a callback, or what uses the result otherwise, request an answer, and run in order."""
        for use in (
            lambda one: one.addCallback(self.failures.append),
            lambda one: one.addBoth(self.failures.append),
            lambda one: succeed(None).addCallback(lambda _: one).addCallback(self.failures.append),
        ):
            self.make()
            del self.failures[:]
            use(self.call(0).addErrback(lambda failure: "handled"))
            self.assertEqual(self.sent()[0], [CALL])
            self.fail_(0)
            self.assertEqual(self.failures, ["handled"])

    def test_cancelled(self):
        """Cancelling fails the result at once."""
        self.call(0).addErrback(self.failures.append).cancel()
        self.assertIs(self.failures[0].type, CancelledError)

    def test_lost(self):
        """The loss of the page fails what the browser has not acknowledged; that may or may not have run."""
        for text in ("one", "two", "three", "four"):
            self.call(0, text).addErrback(lambda failure, text=text: self.failures.append((text, failure.value)))
        self.sent()
        self.deliveries[0].acknowledged(1)
        self.fail_(0, 3)
        self.remotes[0].failAll("gone", self.deliveries[0].clear())
        self.assertEqual([text for text, _ in self.failures], ["three", "two", "four"])
        self.assertIsInstance(self.failures[1][1], ConnectionLost)

    def test_lostBeforeOthers(self):
        """Its callbacks run when the others have been sent theirs: what they call comes after that."""
        for add in ("addErrback", "addBoth"):
            self.make()
            batch = self.outboxes[1]._batch
            getattr(self.call(0), add)(lambda failure: (self.call(1, "after"), batch.end()))  # noqa: B023
            for number in (1, 2):
                getattr(self.call(number), add)(self.failures.append)
            self.outboxes[0].drop("gone")
            first = NOTIFY if add == "addErrback" else CALL
            self.assertEqual(self.sent()[1], [first, b'["call",1,"hear",["after"]]'])

    def test_lostBefore(self):
        """A page that is lost when its call would be sent fails the result."""
        self.call(0).addErrback(self.failures.append)
        self.outboxes[0].drop("gone")
        self.sent()
        self.assertEqual(str(self.failures[0].value), "gone")

    def test_lostBeforeSeveral(self):
        """So it does with each of several calls that all pages are sent, whose errbacks are kept once."""
        failed, chains = self.failures.append, []
        for text in ("hello", "again"):
            for number in range(6):
                self.call(number, text).addErrback(failed)
            chains.append(self.outboxes[0]._batch.last.errbacks.chain)
        self.assertIs(*chains)
        self.outboxes[0].drop("gone")
        self.sent()
        self.assertEqual([str(failure.value) for failure in self.failures], ["gone", "gone"])

    def test_apart(self):
        """Pages that are sent other messages besides have the errbacks at the right numbers."""
        for number in range(6):
            self.call(number).addErrback(lambda failure, number=number: self.failures.append(number))
            if number % 2:
                self.outboxes[number].respond(b"[1]")
        self.outboxes[0].respond(b"[2]")
        self.call(0)
        self.sent()
        for number in range(6):
            self.fail_(number)
        self.assertEqual(self.failures, [0, 1, 2, 3, 4, 5])

    def test_methods(self):
        """A method of one object is kept once, and those of several objects are not confused."""

        class Page:
            def failed(self, failure):
                called.append(self)

        called, one, two = [], Page(), Page()
        for page in (one, one, two):
            self.call(0).addErrback(page.failed)
        self.sent()
        for message in (3, 1, 2):
            self.fail_(0, message)
        self.assertEqual(called, [two, one, one])
