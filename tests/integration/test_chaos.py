# -*- test-case-name: tests.integration.test_chaos -*-
"""Calls and members of workers, while connections to their engine are cut, and it is stopped or killed."""

import os
import random
import signal
import time
from unittest import TestCase, mock

from athenalite._rooms import backoff, client
from athenalite.errors import EngineAway
from tests.rooms.servers import PATIENCE, ServerTestCase

USUAL = 12.0
SECONDS = float(os.environ.get("CHAOS", USUAL))
"""How long they call. ``stress/README.rst`` has a longer run, and one on another server."""

LEASES = float(os.environ.get("LEASE", 6))
"""How long leases are, in seconds. Other times of :class:`PresenceTests` are as much shorter than the usual ones."""


JOINING = 5
"""How many workers join while the others call."""

CALM = 100
"""A call may fail if its worker had no calm for so many steps, each of 10 ms and the work for that time."""


class Calm:
    """When a worker was connected to an engine that did not stand still, in steps."""

    def __init__(self):
        self._changes = [(0, None)]

    def note(self, step, link):
        """It has this link now, or None."""
        if link is not self._changes[-1][1]:
            self._changes.append((step, link))

    def longest(self, since, until):
        """Return for how long at most it had the same link, of this time."""
        ends = [step for step, _ in self._changes[1:]] + [until]
        spans = zip(self._changes, ends, strict=True)
        calm = [min(end, until) - max(began, since) for (began, link), end in spans if link is not None]
        return max(calm, default=0)


class ChaosTests(ServerTestCase, TestCase):
    """What the engine has accepted runs once in every worker, in one order."""

    def setUp(self):
        super().setUp()
        self.calm, self.step = {}, 0

    def note(self, isStill=False):
        """A step is done: note which links there are."""
        self.step += 1
        for room, calm in self.calm.items():
            calm.note(self.step, None if isStill else room._athenaCarrier._client.link)

    def disturb(self, chosen):
        """Do the engine some harm, now and then."""
        harm = chosen.random()
        if harm < 0.02:
            self.server.command("CLIENT", "KILL", "TYPE", chosen.choice(["normal", "pubsub"]))
        elif harm < 0.025:
            self.server.signal(signal.SIGSTOP)
            self.note(isStill=True)
            self.sleep(chosen.uniform(0.1, 2))
            self.server.signal(signal.SIGCONT)
        elif harm < 0.03:
            self.server.kill()
            self.note(isStill=True)
            self.sleep(chosen.uniform(0, 1))
            self.server.start()

    def test_all(self):
        """
        All calls are accepted, since no harm lasts, unless their worker has no calm moment. They run once everywhere,
        in one order. A worker that joins runs all that are made from then on.
        """
        chosen = random.Random(14 if SECONDS == USUAL else None)
        rooms = [self.worker() for _ in range(4)]
        self.calm = {room: Calm() for room in rooms}
        results, late, times = {}, {}, {}

        def ended(result, text):
            results[text] = result
            times[text] += (self.step,)

        began, count = time.monotonic(), 0
        # On a busy machine it takes longer until some have joined.
        while time.monotonic() - began < SECONDS or len([room for room in late if room.seen]) < 3:
            self.assertLess(time.monotonic() - began, SECONDS + PATIENCE, [room.seen[-1:] for room in late])
            for number, room in enumerate(rooms):
                count += 1
                text = f"{number}:{count}"
                times[text] = (self.step,)
                room.wall(text).addBoth(ended, text)
            self.sleep(0.01)
            self.disturb(chosen)
            self.note()
            if len(late) < JOINING * (time.monotonic() - began) / SECONDS - 1:
                late[self.worker(isReady=False)] = None
            for room, since in late.items():
                # What is called from now on runs there, too.
                if since is None and room._athenaCarrier.here is not None:
                    late[room] = count
        self.until(lambda: self.note() or len(results) == count)
        accepted = {text for text, result in results.items() if result is None}
        self.until(lambda: accepted <= set(rooms[0].seen))
        self.until(lambda: all(room.seen[-1:] in ([], rooms[0].seen[-1:]) for room in self.rooms))
        for text in results.keys() - accepted:
            results[text].trap(EngineAway)
            room = rooms[int(text.partition(":")[0])]
            self.assertLess(self.calm[room].longest(*times[text]), CALM)
        for room in rooms:
            self.assertEqual(room.seen, rooms[0].seen)
        self.assertEqual(len(set(rooms[0].seen)), len(rooms[0].seen))
        self.assertLessEqual(set(rooms[0].seen), set(results))
        self.assertGreaterEqual(len([room for room in late if room.seen]), 3)
        for room, since in late.items():
            self.assertEqual(room.seen, rooms[0].seen[len(rooms[0].seen) - len(room.seen) :])
            missing = set(rooms[0].seen) - set(room.seen)
            since = count if since is None else since
            self.assertEqual([text for text in missing if int(text.partition(":")[2]) > since], [])
        joined = len([room for room in late if room.seen])
        print(f"{count} calls, {len(accepted)} accepted, none lost or run twice; {joined} workers joined meanwhile")


class PresenceTests(ServerTestCase, TestCase):
    """Who is present, with leases of some seconds."""

    def harm(self, chosen):
        """Cut connections, or stop or kill the engine, for less than the lease or for longer. Then wait a moment."""
        # After a kill alone, the workers reconnect one after the other.
        kind = chosen.choice(["cut", "stand", "kill", "kill"])
        away = LEASES * chosen.choice([chosen.uniform(0, 0.7), chosen.uniform(1.2, 1.7)])
        if kind == "cut":
            self.server.command("CLIENT", "KILL", "TYPE", chosen.choice(["normal", "pubsub"]))
        elif kind == "stand":
            self.server.signal(signal.SIGSTOP)
            self.sleep(away)
            self.server.signal(signal.SIGCONT)
        else:
            self.server.kill()
            self.sleep(away)
            self.server.start()
        self.sleep(LEASES * chosen.uniform(0, 0.8))

    def test_present(self):
        """No member is reported to leave while the engine fails; those of a worker that ends leave, once."""
        # Reconnections must be shorter than the lease, as usually.
        part = LEASES / client.LEASE
        self.enterContext(mock.patch.multiple(client, LEASE=LEASES, CHECK=client.CHECK * part))
        self.enterContext(mock.patch.object(backoff, "LAST", backoff.LAST * part))
        chosen = random.Random(14 if SECONDS == USUAL else None)
        rooms = [self.worker() for _ in range(4)]
        for number, room in enumerate(rooms):
            self.assertTrue(self.wait(room.claim(f"name {number}", number)))
        self.until(lambda: all(len(room.present) == 4 for room in rooms))
        for room in rooms:
            room.seen.clear()
        began, harms = time.monotonic(), 0
        while time.monotonic() - began < SECONDS:
            self.harm(chosen)
            harms += 1
        # By now, members of which a lease has ended would have left.
        self.sleep(2 * LEASES)
        self.assertEqual([dict(room.present) for room in rooms], [{f"name {one}": one for one in range(4)}] * 4)
        self.assertEqual([room.seen for room in rooms], [[]] * 4, f"after {harms} harms")
        self.wait(self.homes[0].kill())
        self.until(lambda: all(room.seen for room in rooms[1:]))
        self.sleep(1.4 * LEASES)
        self.assertEqual([room.seen for room in rooms[1:]], [[("left", "name 0", 0)]] * 3)
        print(f"{harms} harms in {time.monotonic() - began:.0f} s: no member was reported to leave that had not")
