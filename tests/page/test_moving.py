# -*- test-case-name: tests.page.test_moving -*-
"""A page goes on in another process: two sites in memory, each with a factory and rooms of its own."""

import json

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock, deferLater
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.connection import Connection
from athenalite._page import moving
from athenalite._page.moving import PageMover, isMovable
from athenalite._rooms.home import Rooms
from athenalite._rooms.memory import MemoryEngine
from athenalite._server.factory import LivePageFactory
from athenalite.athena import ElementRenderingLivePage, LiveElement, expose
from athenalite.testing import StubBrowser
from tests.memory import HANDSHAKE, MemoryTransport, encoded, recordingLog
from tests.pages import Plain, template


class Counter(LiveElement):
    """Counts, and records its hooks."""

    docFactory = template()
    count = 0

    def __init__(self):
        self.hooks = []

    def connectionMade(self):
        self.hooks.append("connectionMade")

    def connectionLost(self, reason):
        self.hooks.append("connectionLost")

    def moved(self):
        self.hooks.append("moved")

    def getState(self):
        return self.count

    def setState(self, count):
        self.hooks.append(("setState", count))
        self.count = count

    @expose
    def more(self):
        self.count += 1
        return self.count


class Slow(Counter):
    """Has a method that takes time."""

    @expose
    def later(self):
        self.result = Deferred()
        return self.result


class Process:
    """A process of a site."""

    def __init__(self, clock, engine, name, make):
        self.events, log = recordingLog()
        self.made = []
        self.factory = LivePageFactory(clock, name=name, log=log)
        self.rooms = Rooms(engine.door(), name, log=log)
        self.rooms.start(clock)
        self.mover = PageMover(self.factory, self.rooms, lambda: self.made.append(make()) or self.made[-1])

    def connect(self, token, received=0, number=1, worker=""):
        """Open a socket of a page, as of this worker; return the connection and its transport."""
        transport = MemoryTransport()
        connection = Connection(self.factory.sessions, transport, HANDSHAKE._replace(worker=worker))
        connection.textReceived(encoded("open", 1, token, received, number))
        return connection, transport

    def logged(self):
        """Return what was logged, as text."""
        return "\n".join(str(event) for event in self.events)


class MoveTests(SynchronousTestCase):
    """``PageMover``"""

    def setUp(self):
        self.clock = Clock()
        self.engine = MemoryEngine(self.clock)

    def start(self, make=Counter, makeNext=None):
        """Start two processes, and open a page in the first."""
        self.old = Process(self.clock, self.engine, "w1", make)
        self.new = Process(self.clock, self.engine, "w2", makeNext or make)
        self.advance(0.2)
        page = self.open(make)
        self.page = page.page
        self.token = self.page.session.token
        page.cut()
        self.connection, self.transport = self.old.connect(self.token, 0, 7)
        self.advance(0)

    def open(self, make=Counter):
        """Open a page in the first process."""
        browser = StubBrowser()
        browser.factory = self.old.factory
        return browser.open(make())

    def advance(self, seconds):
        """Let time pass."""
        for _ in range(max(1, round(seconds / 0.05))):
            self.clock.advance(0.05)

    def leave(self):
        """Let all pages leave."""
        left = Deferred.fromCoroutine(self.old.mover.leave())
        self.advance(1)
        self.successResultOf(left)

    def test_move(self):
        """The element is made again, with its state; its object and counts go on; the old one has its own hook."""
        self.start()
        old = self.page.element
        self.connection.textReceived(encoded("call", 1, "more", []))
        self.advance(0.1)
        self.leave()
        self.assertEqual(self.transport.closed, (1012, "the page has moved to another worker"))
        self.assertEqual((old.hooks, self.old.mover.count), (["connectionMade", "moved"], 1))
        connection, transport = self.new.connect(self.token, 1, 8)
        self.advance(0.5)
        connection.textReceived(encoded("call", 1, "more", []))
        self.advance(0.1)
        self.assertEqual(transport.take(), [["opened", 1, "w2"], ["respond", 2, True, 2]])
        [element] = self.new.made
        self.assertEqual(element.hooks, [("setState", 1), "connectionMade"])
        self.assertEqual((element.athenaID, element.page.element), (1, element))
        self.assertEqual(element.page._athenaObjects.numbers, [0, 1, 2])
        element.callRemote("show")
        self.advance(0.1)
        self.assertEqual(transport.take(), [["notify", 1, "show", []]])
        self.assertNotIn(self.token, str(self.engine.store.__dict__))
        _, transport = self.old.connect(self.token, 1, 9)
        self.assertEqual(transport.closed[0], 1013)

    def workerIn(self, process, number):
        """Open a socket of the page in this process. Return the name in ``opened``, in a list; an empty one if none."""
        _, transport = process.connect(self.token, 0, number)
        self.advance(0.5)
        kind, _, *worker = transport.take()[0]
        self.assertEqual(kind, "opened")
        return worker

    def test_worker(self):
        """
        ``opened`` has the worker's name, on each socket, if the page's address has another one: a later process of that
        name does not have the page.
        """
        self.start()
        self.assertEqual(self.workerIn(self.old, 8), [])
        self.leave()
        again = Process(self.clock, self.engine, "w1", Counter)
        self.advance(0.2)
        # The page has moved to a worker of the same name.
        self.assertEqual(self.workerIn(again, 9), [])
        self.old = again
        self.leave()
        self.assertEqual([self.workerIn(self.new, 10), self.workerIn(self.new, 11)], [["w2"], ["w2"]])
        # The page is in a worker of the first name again, but its browser has the other name.
        self.old, again = self.new, Process(self.clock, self.engine, "w1", Counter)
        self.advance(0.2)
        self.leave()
        self.assertEqual(self.workerIn(again, 12), ["w1"])

    def workerOf(self, page):
        """Open a socket of an opened page in the other process. Return the name in ``opened``."""
        _, transport = self.new.connect(page.page.session.token, 0, 9)
        self.advance(0.1)
        return transport.take()[0][2]

    def closeOf(self, process, number, worker):
        """Open a socket of the page in this process, which closes it. Return the code and the reason."""
        _, transport = process.connect(self.token, 0, number, worker)
        self.advance(1)
        self.assertEqual(transport.take(), [])
        return transport.closed

    def test_otherWorker(self):
        """
        A browser that has not received ``opened`` asks for the worker that it knows. Any worker that answers sends the
        browser to the worker that has taken the page. If the browser asks for that worker, it has ended.
        """
        self.start()
        self.leave()
        self.new.connect(self.token, 0, 8)
        self.advance(0.5)
        again = Process(self.clock, self.engine, "w1", Counter)
        third = Process(self.clock, self.engine, "w3", Counter)
        self.advance(0.2)
        self.assertEqual([self.closeOf(again, number, "w1") for number in (9, 10)], [(4002, "w2")] * 2)
        self.assertEqual([self.closeOf(third, 11, worker) for worker in ("w1", "w3")], [(4002, "w2")] * 2)
        self.assertEqual(self.closeOf(third, 11, ""), (4000, "unknown page"))
        self.assertIn("the page is in worker w2", third.logged())
        for process in (again, third, Process(self.clock, self.engine, "w2", Counter)):
            self.advance(0.2)
            self.assertEqual(self.closeOf(process, 12, "w2"), (4000, "unknown page"))
        # It goes on to a third worker, and back.
        self.old = self.new
        self.leave()
        self.assertEqual(self.workerIn(third, 13), ["w3"])
        self.assertEqual([self.closeOf(again, 14, worker) for worker in ("w1", "w2")], [(4002, "w3")] * 2)
        self.old = third
        self.leave()
        self.assertEqual(self.workerIn(again, 15), ["w1"])
        other = Process(self.clock, self.engine, "w3", Counter)
        self.advance(0.2)
        self.assertEqual(self.closeOf(other, 16, "w2"), (4002, "w1"))
        self.advance(180)
        self.assertEqual(self.closeOf(other, 17, "w2"), (4000, "unknown page"))

    def test_otherWorkerLeaves(self):
        """While that worker lets the page leave, a socket that asks for it waits for the record."""
        self.start()
        self.leave()
        self.new.connect(self.token, 0, 8)
        self.advance(0.5)
        self.old, third = self.new, Process(self.clock, self.engine, "w3", Counter)
        self.advance(0.2)
        _, transport = third.connect(self.token, 0, 9, "w2")
        self.advance(0.3)
        self.leave()
        self.assertEqual(transport.take(), [["opened", 0, "w3"]])

    def test_noName(self):
        """What is no name, as in an engine that others write to, is ignored."""
        self.start()
        for name in ("..", "a/b", "x" * 51, "w2\n"):
            self.engine.store.keep(moving._keyOf(self.token) + ":at", name, 60)
            self.assertEqual(self.closeOf(self.new, 8, "w1"), (4000, "unknown page"), name)

    def test_late(self):
        """A page that is rendered while the records of others are being written moves, too."""
        self.start()
        self.engine.stall()
        left = Deferred.fromCoroutine(self.old.mover.leave())
        self.advance(0.2)
        late = self.open()
        late.cut()
        token = late.page.session.token
        self.engine.go()
        self.advance(1)
        self.successResultOf(left)
        self.assertEqual(self.old.mover.count, 2)
        _, transport = self.new.connect(token, 0, 9)
        self.advance(0.5)
        self.assertEqual(transport.take(), [["opened", 0, "w2"]])

    def test_busy(self):
        """
        A page leaves when its calls have ended, whatever runs on others, and when its document is rendered. Those whose
        requests are being answered are waited for, as long as for calls.
        """
        self.start(Slow)
        self.connection.textReceived(encoded("call", 1, "later", []))
        other, rendering = self.open(), self.open()
        other.cut()
        rendering.cut()
        rendering.page.values._unmarked = {}
        answering = [True]
        left = Deferred.fromCoroutine(self.old.mover.leave(lambda: bool(answering)))
        self.advance(0.2)
        self.assertEqual((self.old.mover.count, len(self.old.factory.sessions)), (1, 2))
        self.assertEqual(self.workerOf(other), "w2")
        rendering.page.values.documentRendered()
        self.advance(0.1)
        self.assertEqual((self.old.mover.count, self.workerOf(rendering)), (2, "w2"))
        self.page.element.result.callback("done")
        self.advance(0.1)
        self.assertEqual((self.old.mover.count, self.workerIn(self.new, 8)), (3, ["w2"]))
        self.assertNoResult(left)
        late = self.open()
        answering.clear()
        self.advance(0.2)
        self.successResultOf(left)
        self.assertEqual(self.workerOf(late), "w2")

    def test_tooBusy(self):
        """After ``limits.shutdownTimeout`` seconds nothing is waited for."""
        self.start(Slow)
        self.connection.textReceived(encoded("call", 1, "later", []))
        left = Deferred.fromCoroutine(self.old.mover.leave(lambda: True))
        self.advance(4.8)
        self.assertNoResult(left)
        self.advance(0.5)
        self.successResultOf(left)
        self.assertEqual(self.old.mover.count, 1)

    def test_early(self):
        """A socket that is opened before the page's record exists waits for it; that of an unknown page is closed."""
        self.start()
        _, transport = self.new.connect(self.token, 0, 8)
        _, other = self.new.connect("x" * 43, 0, 1)
        self.advance(0.3)
        self.assertEqual((transport.take(), transport.closed), ([], None))
        self.leave()
        self.assertEqual(transport.take()[0], ["opened", 0, "w2"])
        self.assertEqual(other.closed, (4000, "unknown page"))

    def test_many(self):
        """Pages leave a hundred at a time, because the engine may be slow; those without a socket leave first."""
        self.start()
        kept, keep = [], self.old.rooms.keep
        for _ in range(150):
            self.open().cut()
        ofConnected = moving._keyOf(self.token)

        async def slowly(key, text, seconds):
            kept.append(key)
            await deferLater(self.clock, 1)
            await keep(key, text, seconds)

        self.old.rooms.keep = slowly
        left = Deferred.fromCoroutine(self.old.mover.leave())
        self.advance(0.5)
        self.assertEqual((len(kept), ofConnected in kept, self.transport.closed), (100, False, None))
        self.advance(1)
        self.assertEqual((len(kept), ofConnected in kept), (151, True))
        self.advance(1)
        self.successResultOf(left)
        self.assertEqual(self.old.mover.count, 151)

    def test_running(self):
        """Calls have time to end."""
        self.start(Slow)
        self.connection.textReceived(encoded("call", 1, "later", []))
        left = Deferred.fromCoroutine(self.old.mover.leave())
        self.advance(1)
        self.assertNoResult(left)
        self.page.element.result.callback("done")
        self.advance(0.5)
        self.successResultOf(left)
        self.assertIn(["respond", 1, True, "done"], self.transport.take())

    def test_movable(self):
        """Pages whose elements have no state, that have more objects, or are of another class stay."""
        self.start(Plain)
        self.assertFalse(isMovable(self.page))
        self.leave()
        self.assertEqual((self.transport.closed, self.old.mover.count), (None, 0))
        self.start()
        self.assertTrue(isMovable(self.page))
        self.page.addLocalObject(object())
        self.assertFalse(isMovable(self.page))

        class Other(ElementRenderingLivePage):
            pass

        self.assertFalse(isMovable(Other(Counter(), self.old.factory)))
        self.assertFalse(isMovable(object()))

    def test_state(self):
        """A state that cannot be had, is no JSON, or is too large: the page stays, and the log has why."""
        for state, text in ((object(), "getState failed"), ("x" * 600_000, "too much"), (1 / 3, "")):
            self.start()
            self.page.element.count = state
            self.leave()
            self.assertIn(text, self.old.logged())
            self.assertEqual(self.old.mover.count, int(not text))

    def test_later(self):
        """A state that is not there at once: the page stays, and the log names the method."""

        class Later(Counter):
            async def getState(self):
                return 1

        self.start(Later)
        self.leave()
        self.assertIn("Later.getState", self.old.logged())
        self.assertEqual(self.old.mover.count, 0)

    def test_calls(self):
        """Running calls get ``shutdownTimeout`` seconds in all: pages that stay are closed without another wait."""
        self.start(Plain)
        self.page.session._local._pending[1] = 0
        left = Deferred.fromCoroutine(self.old.mover.leave())
        self.advance(self.old.factory.limits.shutdownTimeout - 0.1)
        self.assertNoResult(left)
        self.advance(0.2)
        self.successResultOf(left)
        self.old.factory.close("the server is shutting down")
        self.assertEqual(self.transport.closed, (4000, "the server is shutting down"))

    def test_engineAway(self):
        """
        Without the engine pages end with a reason, as without moving, which is logged once; a page that comes may try
        again.
        """
        self.start()
        self.open()
        self.engine.stop()
        left = Deferred.fromCoroutine(self.old.mover.leave())
        self.advance(4)
        self.successResultOf(left)
        self.assertEqual(self.transport.closed, (4000, "the server is shutting down"))
        self.assertIn("could not be moved", self.old.logged())
        [event] = [event for event in self.old.events if "could not be moved" in event["log_format"]]
        self.assertEqual(event["count"], 2)
        self.assertIn("the engine is away", str(event["error"]))
        _, transport = self.new.connect(self.token)
        self.advance(4)
        self.assertEqual(transport.closed[0], 1013)

    def test_engineStalled(self):
        """The log says so if the engine does not answer."""
        self.start()
        self.engine.stall()
        left = Deferred.fromCoroutine(self.old.mover.leave())
        self.advance(4)
        self.successResultOf(left)
        [event] = [event for event in self.old.events if "could not be moved" in event["log_format"]]
        self.assertEqual(event["error"], "the engine does not answer")

    def test_refused(self):
        """A state that is not taken ends the page with a reason."""

        class Proud(Counter):
            def setState(self, count):
                raise ValueError("no")

        self.start(Counter, Proud)
        self.leave()
        _, transport = self.new.connect(self.token)
        self.advance(0.5)
        self.assertEqual(transport.closed, (4000, "the page could not be moved to another worker"))
        self.assertIn("could not go on here", self.new.logged())

        class Closing(Counter):
            def setState(self, count):
                self.page.close("enough")

        self.start(Counter, Closing)
        self.leave()
        _, transport = self.new.connect(self.token)
        self.advance(0.5)
        self.assertEqual(transport.closed, (4000, "enough"))

    def test_notMade(self):
        """An element that cannot be made: the page is lost, and the log has why."""

        def make():
            raise ZeroDivisionError

        self.start(Counter, make)
        self.leave()
        _, transport = self.new.connect(self.token)
        self.advance(0.5)
        self.assertEqual(transport.closed, (4000, "unknown page"))
        self.assertIn("could not be made", self.new.logged())

    def test_wrongRecord(self):
        """A record that is none is taken, logged and forgotten."""
        self.start()
        self.leave()
        [(key, (text, until))] = self.engine.store.texts.items()
        record = json.loads(text)
        for wrong in ("", "[]", "{}", json.dumps({**record, "rooms": 1}), json.dumps({**record, "roots": [1]})):
            self.engine.store.texts[key] = wrong, until
            _, transport = self.new.connect(self.token)
            self.advance(0.5)
            self.assertEqual(transport.closed, (4000, "unknown page"), wrong)
            self.assertIn("run the same version in all workers", self.new.logged())
        self.assertEqual(self.new.made, [])
