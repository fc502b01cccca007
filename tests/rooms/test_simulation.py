# -*- test-case-name: tests.rooms.test_simulation -*-
"""
Workers, their door, pages and an engine in one process, on one clock, by a seeded schedule: pages talk, move and
reconnect, workers die and hang, silent connections crowd the door, and the engine is cut, stands still and stops.

A step is an event: a call that the clock makes, or a message that a page or the server gets. Some 18 follow from each
of these acts. How many there were is printed.

A failure names its seed. Run that one with ``SIMULATE=SEED``, or new ones for a time with ``SIMULATE=600s``.
"""

import os
import random
import time

from twisted.internet.task import LoopingCall
from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.assets import Assets
from athenalite._assets.packages import Packages
from athenalite._command.doormen import Doormen
from athenalite._command.workers import Workers
from athenalite._core.connection import Connection
from athenalite._rooms.entries import decodeEntry
from athenalite._server import factory
from athenalite._testing.fakepage import FakePage
from athenalite._testing.stubbrowser import StubBrowser
from athenalite.athena import LiveElement, expose
from athenalite.rooms import Members, Room, everywhere
from athenalite.testing import StubWorkers
from tests.command.visiting import connect
from tests.memory import recordingLog
from tests.pages import template
from tests.rooms import rooms

#: How many seeds are run by default, and how many acts each has.
SEEDS, ACTS = 40, 40


class Lobby(Room):
    """Shows each line on all pages."""

    def __init__(self):
        super().__init__("lobby")
        self.pages = Members()

    @everywhere
    def wall(self, line):
        for page in self.pages:
            page.callRemote("show", line)

    def left(self, name, info):
        for page in self.pages:
            page.callRemote("left", name)

    def missed(self, count):
        raise AssertionError(f"{count} calls were missed")


class Page(LiveElement):
    """Counts, says lines, and has a name."""

    docFactory = template()
    count, name = 0, None

    def __init__(self, room):
        self.room = room

    def connectionMade(self):
        self.room.pages.enter(self)

    def connectionLost(self, reason):
        self.room.pages.leave(self)

    def getState(self):
        return [self.count, self.name]

    async def setState(self, state):
        self.count, self.name = state
        if self.name is not None:
            assert await self.room.claim(self.name), f"{self.name} is taken"

    @expose
    async def choose(self, name):
        assert await self.room.claim(name)
        self.name = name

    @expose
    def more(self):
        self.count += 1
        return self.count

    @expose
    def say(self, line):
        return self.room.wall(line)


class FakeProcess:
    """The process of a worker, as its parent has it."""

    def __init__(self, number, worker, ready, ended):
        self.number, self.worker, self.ready, self.ended = number, worker, ready, ended
        self.isHung, self.taken = False, []

    def take(self, descriptor, received, kind=b"v"):
        """Take a connection."""
        self.taken.append(received)
        return True

    def live(self):
        """Send a sign of life."""
        if not self.isHung:
            self.worker.silence = 0

    def abort(self):
        """End."""
        self.ended("signal 6")


class Parent:
    """What accepts connections, and passes them to the workers. It starts none again."""

    def __init__(self, clock, count):
        self.processes = []
        self._log = recordingLog()[1]
        self.workers = Workers(count, self._spawn, clock, self._log, list, patience=10, hungAfter=30)
        self.doormen = Doormen(self.workers.choose, self.workers.isExpected, clock, self._log)
        self.workers.start()
        for process in list(self.processes):
            process.ready()
        self._lives = LoopingCall(lambda: [process.live() for process in self.processes])
        self._lives.clock = clock
        self._lives.start(6)

    def _spawn(self, *arguments):
        self.processes.append(FakeProcess(len(self.processes), *arguments))
        return self.processes[-1]

    def connect(self, *parts):
        """Open a connection, and send these. :return: the transport."""
        return connect(self.doormen, *parts)

    def pass_(self, name=""):
        """Open a connection of a browser. :return: the number of the worker that has it."""
        before = [len(process.taken) for process in self.processes]
        self.connect(f"GET /_athena/at/{name}/transport".encode() if name else b"GET /", b" HTTP/1.1\r\n")
        [taken] = [one.number for one, count in zip(self.processes, before, strict=False) if len(one.taken) > count]
        return taken


class Simulation:
    """
    One run.

    :ivar pages: each page that lives, with the number of entries that were accepted before it was opened.
    """

    def __init__(self, seed):
        self.chosen = random.Random(seed)
        self.site = StubWorkers(lambda: self.application(), 3)
        self.alive = [0, 1, 2]
        self.parent = Parent(self.site.browser.clock, len(self.alive))
        self.pages, self.counts, self.said, self.accepted = {}, {}, 0, []
        self.dead, self.lost = set(), 0

    def application(self):
        """Make what makes pages."""
        room = Lobby()
        return lambda: Page(room)

    def log(self):
        """Return the lines that the engine has accepted, in their order."""
        room = self.site.engine.store.rooms.get("lobby")
        entries = [] if room is None else map(decodeEntry, room.log.values())
        return [entry.args[0] for entry in entries if entry.method == "wall"]

    def act(self):
        """Do something."""
        names = ["say"] * 6 + ["more"] * 3 + ["move"] * 3 + ["reconnect", "open", "cut", "stand", "stop", "die"]
        names += ["crowd", "trickle", "hang"]
        getattr(self, self.chosen.choice(names))()
        self.site.advance(self.chosen.choice([0, 0, 0.05, 0.3]))

    def any(self):
        """Return a page."""
        return self.chosen.choice(list(self.pages)) if self.pages else self.open()

    def open(self):
        """Open a page, and choose a name."""
        page = self.site.open(self.parent.pass_())
        self.pages[page], self.counts[page] = len(self.log()), []
        page.name = f"name {len(self.counts)}"
        # The name of a page that moves meanwhile stays with its worker.
        page.call(1, "choose", page.name).addErrback(lambda _: self.dead.add(page.name))
        self.site.advance(1)
        return page

    def say(self):
        """Say a line on some page."""
        self.said += 1
        line = self.said
        self.any().call(1, "say", line).addCallback(lambda _: self.accepted.append(line)).addErrback(lambda _: None)

    def more(self):
        """Count on some page, perhaps a moment later."""
        page = self.any()
        if self.chosen.random() < 0.5:
            self.count(page)
        else:
            self.site.browser.clock.callLater(self.chosen.uniform(0, 0.5), self.count, page)

    def count(self, page):
        """Count on this one."""
        if page.lost is None:
            results = self.counts[page]
            results.append(None)
            index = len(results) - 1
            page.call(1, "more").addCallback(lambda number: results.__setitem__(index, number)).addErrback(
                lambda _: None
            )

    def reconnect(self):
        """A connection drops, and the page opens another."""
        page = self.any()
        [worker] = [number for number, one in self.site._pages if one is page]
        page.cut()
        self.site.advance(self.chosen.choice([0, 0.3]))
        assert self.parent.pass_(f"w{worker + 1}") == worker
        page.reconnect()

    def move(self):
        """A page goes on in another worker; others talk meanwhile."""
        page = self.any()
        for _ in range(self.chosen.randrange(4)):
            self.site.browser.clock.callLater(self.chosen.uniform(0, 0.5), self.say)
        try:
            self.site.move(page, self.chosen.choice(self.alive))
        except ValueError:
            # The engine was away for too long.
            self.lost += 1
            self.dead.add(page.name)
            del self.pages[page]

    def cut(self):
        """All connections to the engine are cut."""
        self.site.engine.cut()

    def stand(self):
        """The engine stands still for some time."""
        self.site.engine.stall()
        self.site.browser.clock.callLater(self.chosen.uniform(0, 1.5), self.site.engine.go)

    def stop(self):
        """The engine is restarted; it has its data."""
        self.site.engine.stop()
        self.site.browser.clock.callLater(self.chosen.uniform(0, 1.5), self.site.engine.start)

    def crowd(self):
        """Silent connections come to the door, and stay."""
        for _ in range(self.chosen.randrange(100)):
            self.parent.connect()

    def trickle(self):
        """A connection sends its first line very slowly, or a line without end."""
        self.parent.connect(*[b"x"] * self.chosen.randrange(100))
        self.parent.connect(b"x" * self.chosen.choice([8191, 8192, 100_000]))

    def hang(self):
        """A worker hangs: it is found, and ended."""
        self.die(isHanging=True)

    def die(self, isHanging=False):
        """A worker dies, with its pages."""
        if len(self.alive) > 2:
            worker = self.alive.pop(self.chosen.randrange(len(self.alive)))
            process = self.parent.processes[worker]
            if isHanging:
                process.isHung = True
                while process.worker.isReady:
                    self.site.advance(1)
            else:
                process.ended("signal 9")
            gone = [page for number, page in self.site._pages if number == worker]
            self.site.kill(worker)
            self.dead |= {page.name for page in gone}
            for page in gone:
                self.pages.pop(page, None)

    def check(self, test):
        """All is well again: what was promised is true."""
        self.site.advance(45)
        test.assertEqual(len(self.parent.doormen.waiting), 0)
        log = self.log()
        test.assertEqual(len(set(log)), len(log))
        test.assertEqual(set(self.accepted) - set(log), set())
        for page, before in self.pages.items():
            test.assertIsNone(page.lost)
            shown = [call.args[0] for call in page.calls if call.methodName == "show"]
            test.assertEqual(shown, log[len(log) - len(shown) :])
            test.assertGreaterEqual(len(shown), len(log) - before)
            test.assertEqual(self.counts[page], list(range(1, len(self.counts[page]) + 1)))
            left = [call.args[0] for call in page.calls if call.methodName == "left"]
            test.assertEqual((len(set(left)), set(left) - self.dead), (len(left), set()))
            names = {page.name for page in self.pages} - self.dead
            test.assertLessEqual(names, set(page.page.element.room.present))


class PresenceTests(SynchronousTestCase):
    """Who is present, for an hour"""

    def test_hour(self):
        """While the engine is away again and again, for less than the lease, no member leaves."""
        chosen, workers = random.Random(14), rooms.Workers(3)
        for room in workers.rooms:
            room.claim(f"name {id(room)}", None)
        workers.advance(1)
        workers.seen()
        engine = workers.engine
        while workers.clock.seconds() < 3600:
            harm, heal = chosen.choice([(engine.stop, engine.start), (engine.stall, engine.go), (engine.cut, list)])
            for act, most in ((harm, 15), (heal, 30)):
                act()
                for _ in range(chosen.randrange(2 * most)):
                    workers.clock.advance(0.5)
        workers.advance(2)
        self.assertEqual([len(room.present) for room in workers.rooms], [3, 3, 3])
        self.assertEqual(workers.seen(), [[], [], []])


class SimulationTests(SynchronousTestCase):
    """Each page that lives has received each accepted line once, in one order; no call is lost or runs twice."""

    isMeasured = False

    def setUp(self):
        # To find and link the scripts takes a quarter of a run, and all runs have the same.
        packages = Packages()
        assets = Assets(packages)
        self.patch(factory, "Packages", lambda: packages)
        self.patch(factory, "Assets", lambda *_, **options: assets)
        self.steps = 0
        self.patch(Connection, "textReceived", self.counting(Connection.textReceived))
        self.patch(FakePage, "_frameReceived", self.counting(FakePage._frameReceived))
        self.patch(StubBrowser, "__init__", self.countingCalls(StubBrowser.__init__))

    def counting(self, function):
        """Return what calls this, and counts it as a step."""

        def counted(*args, **kwargs):
            self.steps += 1
            return function(*args, **kwargs)

        return counted

    def countingCalls(self, make):
        """Return what makes a browser whose clock counts the calls that it makes as steps."""

        def made(browser, *args, **kwargs):
            make(browser, *args, **kwargs)
            callLater = browser.clock.callLater
            browser.clock.callLater = lambda delay, call, *rest, **named: callLater(
                delay, self.counting(call), *rest, **named
            )

        return made

    def test_seeds(self):
        """Some runs; the same ones each time."""
        wish = os.environ.get("SIMULATE", "")
        until = time.monotonic() + float(wish[:-1]) if wish.endswith("s") else None
        seeds = [int(wish)] if wish and until is None else range(SEEDS)
        if until is not None:
            seeds = iter(lambda: random.randrange(10**9) if time.monotonic() < until else None, None)
        began, runs = time.process_time(), 0
        for seed in seeds:
            with self.subTest(seed=seed):
                simulation = Simulation(seed)
                for _ in range(ACTS):
                    simulation.act()
                simulation.check(self)
            runs += 1
        spent = time.process_time() - began
        print(f"{self.steps} steps of {runs * ACTS} acts in {runs} runs and {spent:.1f} s of CPU time")
        # Each act has some; a simulation of nothing would pass.
        self.assertGreater(self.steps, 10 * runs * ACTS)
