# -*- test-case-name: tests.integration.test_chaos -*-
"""Four workers that call each other all the time, while connections to the engine, and the engine, are ended."""

import os
import random
import signal
import time
from unittest import TestCase

from athenalite.errors import EngineAway
from tests.rooms.servers import PATIENCE, ServerTestCase

USUAL = 12.0
SECONDS = float(os.environ.get("CHAOS", USUAL))
"""How long they call. ``stress/README.rst`` has a longer run, and one on another server."""


JOINING = 5
"""How many workers join while the others call."""


class ChaosTests(ServerTestCase, TestCase):
    """What the engine has accepted runs once in every worker, in one order."""

    def disturb(self, chosen):
        """Do the engine some harm, now and then."""
        harm = chosen.random()
        if harm < 0.02:
            self.server.command("CLIENT", "KILL", "TYPE", chosen.choice(["normal", "pubsub"]))
        elif harm < 0.025:
            self.server.signal(signal.SIGSTOP)
            self.sleep(chosen.uniform(0.1, 2))
            self.server.signal(signal.SIGCONT)
        elif harm < 0.03:
            self.server.kill()
            self.sleep(chosen.uniform(0, 1))
            self.server.start()

    def test_all(self):
        """
        All calls are accepted, since no harm lasts, and run once everywhere, in one order. A worker that joins
        runs all that are made from then on.
        """
        chosen = random.Random(14 if SECONDS == USUAL else None)
        rooms = [self.worker() for _ in range(4)]
        results, late = {}, {}
        began, count = time.monotonic(), 0
        # On a busy machine it takes longer until some have joined.
        while time.monotonic() - began < SECONDS or len([room for room in late if room.seen]) < 3:
            self.assertLess(time.monotonic() - began, SECONDS + PATIENCE, [room.seen[-1:] for room in late])
            for number, room in enumerate(rooms):
                count += 1
                text = f"{number}:{count}"
                room.wall(text).addBoth(lambda result, text=text: results.setdefault(text, result))
            self.sleep(0.01)
            self.disturb(chosen)
            if len(late) < JOINING * (time.monotonic() - began) / SECONDS - 1:
                late[self.worker(isReady=False)] = None
            for room, since in late.items():
                # What is called from now on runs there, too.
                if since is None and room._athenaCarrier.here is not None:
                    late[room] = count
        self.until(lambda: len(results) == count)
        accepted = {text for text, result in results.items() if result is None}
        self.until(lambda: accepted <= set(rooms[0].seen))
        self.until(lambda: all(room.seen[-1:] in ([], rooms[0].seen[-1:]) for room in self.rooms))
        failed = [result for result in results.values() if result is not None]
        for failure in failed:
            # A worker may find no moment to connect in ten seconds; such a call may run.
            failure.trap(EngineAway)
        self.assertLess(len(failed), 1 if SECONDS == USUAL else count / 20)
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
