# -*- test-case-name: tests.rooms.test_model -*-
"""
Rooms by any sequence of calls and faults: what the engine accepted runs once, in one order, in every worker, and
``missed`` reports what an engine has lost. Each rule is left out once, which must be found.
"""

from unittest import mock

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.entries import encodeEntry
from athenalite._rooms.follower import Follower
from athenalite._rooms.joined import JoinedCarrier
from athenalite._rooms.queue import SendQueue
from tests.rooms.rooms import Workers

WORKERS = st.integers(0, 1)
#: What may happen. A step passes on one message of a queue, run all of one worker; a lost notification is one that
#: pub/sub did not deliver.
ACTIONS = {
    "say": (WORKERS,),
    "step": (WORKERS, st.sampled_from(["requests", "answers", "notifications"])),
    "run": (WORKERS,),
    "flush": (),
    "cut": (WORKERS,),
    "reconnect": (),
    "save": (),
    "setBack": (),
    "empty": (),
    "loseNotification": (WORKERS,),
}


def runs(*names, least=0):
    """Return a strategy for sequences of these actions."""
    actions = st.one_of(*(st.tuples(st.just(name), *ACTIONS[name]) for name in names))
    return st.lists(actions, min_size=least, max_size=30)


QUIET = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


class Run:
    """Two workers that have joined, and what happens to them."""

    def __init__(self):
        self.site = Workers(isAutomatic=False)
        self.count = 0
        self.results = {}
        self.saved = self.site.engine.save()
        self.isForgetful = self.hasMissed = False
        self.remembered = 0
        self.settle(1)

    def link(self, worker):
        """Return the link of a worker, or None."""
        client = self.site.client(worker)
        return next((link for link in self.site.engine.links if link.user is client), None)

    def say(self, worker):
        """Call everybody."""
        self.count += 1
        text = f"{worker}:{self.count}"
        self.site.rooms[worker].wall(text).addBoth(lambda result: self.results.setdefault(text, result))

    def step(self, worker, queue):
        """Pass on one message."""
        link = self.link(worker)
        if link is not None:
            link.step(getattr(link, queue))

    def run(self, worker):
        """Pass on all messages of one worker."""
        link = self.link(worker)
        while link is not None and not link.isLost and (link.requests or link.answers or link.notifications):
            for queue in (link.requests, link.answers, link.notifications):
                link.step(queue)

    def flush(self):
        """Pass on all messages."""
        for _ in range(1000):
            links = list(self.site.engine.links)
            if not any(link.requests or link.answers or link.notifications for link in links):
                return
            for link in links:
                for queue in (link.requests, link.answers, link.notifications):
                    link.step(queue)
        raise AssertionError("the workers ask the engine without end")

    def cut(self, worker):
        """Drop the link of one worker."""
        link = self.link(worker)
        if link is not None:
            link.lose("cut")

    def reconnect(self):
        """Let links that are lost come back."""
        self.site.clock.advance(0.1)

    def save(self):
        """The engine writes a snapshot."""
        self.saved = self.site.engine.save()

    def setBack(self):
        """The engine restarts from it."""
        self.isForgetful, self.remembered = True, self.count
        self.site.engine.setBack(self.saved)

    def empty(self):
        """The engine restarts without data."""
        self.isForgetful, self.remembered = True, self.count
        self.site.engine.empty()

    def loseNotification(self, worker):
        """A notification is lost."""
        link = self.link(worker)
        if link is not None and link.notifications:
            link.notifications.popleft()
            self.hasMissed = True

    def settle(self, seconds):
        """Let all that is on its way arrive."""
        for _ in range(round(seconds * 10)):
            self.site.clock.advance(0.1)
            self.flush()

    def check(self):
        """Check everything that is promised."""
        # Without a lost notification all is there at once, long before the next check of the position.
        self.settle(12 if self.hasMissed else 0.4)
        accepted = [text for text, result in self.results.items() if result is None]
        assert len(self.results) == self.count, "a call has no result"
        assert self.hasMissed or len(accepted) == self.count, "a call has failed"
        seen = [[one for one in room.seen if isinstance(one, str)] for room in self.site.rooms]
        missed = [any(isinstance(one, tuple) for one in room.seen) for room in self.site.rooms]
        for texts in seen:
            assert len(texts) == len(set(texts)), "a call has run twice"
        stored = self.site.engine.store.rooms.get("lobby")
        kept = [text.rpartition('["')[2][:-3] for text in stored.log.values()] if stored else []
        for texts, isTold in zip(seen, missed, strict=True):
            # A worker whose ``missed`` is called may miss calls from before the loss that the engine has again.
            due = [text for text in kept if not isTold or int(text.partition(":")[2]) > self.remembered]
            assert set(due) <= set(texts), "a call that the engine has did not run"
        if not self.isForgetful:
            assert not any(missed), "something was reported missed"
            assert seen[0] == seen[1] == kept, "the orders differ"
            assert set(accepted) <= set(kept), "a call was forgotten"
        elif not any(missed):
            assert seen[0] == seen[1], "the orders differ, and nobody was told"


def holds(actions):
    """Whether everything that is promised holds after these actions."""
    run = Run()
    run.say(0)
    run.flush()
    for name, *arguments in actions:
        getattr(run, name)(*arguments)
    run.check()
    return True


def breaks(actions):
    """Whether something does not."""
    try:
        return not holds(actions)
    except AssertionError:
        return True


class ModelTests(SynchronousTestCase):
    """The rules."""

    isMeasured = False

    @QUIET
    @given(runs(*ACTIONS))
    def test_holds(self, actions):
        """Everything that is promised holds."""
        holds(actions)

    def assertFound(self, cls, name, function, *actions):
        """Assert that a sequence of these actions breaks a promise if a rule is changed so, and only then."""
        chosen = settings(QUIET, max_examples=3000, phases=[Phase.generate])
        with mock.patch.object(cls, name, function):
            try:
                found = find(runs(*actions, least=10), breaks, settings=chosen)
            except NoSuchExample:
                self.fail("the model holds without this rule")
        holds(found)

    def test_subscribeFirst(self):
        """Rule 1: subscribe, then read."""

        def connected(carrier, link):
            carrier.follower.subscribing()
            carrier.follower.subscribed()
            carrier._read()
            carrier._client.request(link.subscribe(carrier.name), lambda _: None)

        self.assertFound(JoinedCarrier, "connected", connected, "say", "step", "cut", "reconnect")

    def test_nextOnly(self):
        """Rule 2: take the notification of the next entry only."""

        def isNext(follower, position):
            return position.number > follower.position.number

        self.assertFound(Follower, "_isNext", isNext, "say", "loseNotification", "run", "step")

    def test_compare(self):
        """Rule 3: compare the last received entry."""
        self.assertFound(
            Follower, "_differs", lambda follower, text: False, "say", "save", "setBack", "reconnect", "run"
        )

    def test_unlike(self):
        """Rule 3: no two entries are equal, also if the engine has forgotten one (``docs/models/rooms.pml``)."""
        forgotten = [("save",), ("say", 1), ("flush",), ("say", 1), ("step", 1, "requests"), ("run", 0), ("setBack",)]
        sends = [("step", worker, "requests") for worker in (0, 0, 0, 1, 1, 1)]
        actions = [*forgotten, ("say", 0), ("reconnect",), *sends, ("flush",)]
        holds(actions)

        def entry(carrier, item, ending):
            return encodeEntry(carrier._client.worker, item.number, ending)

        with mock.patch.object(JoinedCarrier, "_entry", entry):
            self.assertTrue(breaks(actions))

    def test_once(self):
        """Rule 4: skip entries by worker and number."""
        self.assertFound(
            Follower, "_isSeen", lambda follower, entry: False, "say", "step", "cut", "reconnect", "empty", "flush"
        )

    def test_check(self):
        """Rule 5: read the position even without a notification."""
        self.assertFound(Follower, "isNotified", lambda follower, position: True, "say", "step", "loseNotification")

    def test_again(self):
        """Rule 6: send again what was not accepted."""
        self.assertFound(SendQueue, "disconnected", lambda queue: None, "say", "step", "cut")

    def test_numbers(self):
        """Rule 6: with the same numbers."""

        def disconnected(queue):
            items, queue._items = list(queue._items.values()), {}
            for item in items:
                queue._number += 1
                item.number, item.isSent = queue._number, False
                queue._items[item.number] = item

        self.assertFound(SendQueue, "disconnected", disconnected, "say", "step", "cut")
