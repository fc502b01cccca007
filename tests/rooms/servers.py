"""Workers on a real Redis or Valkey server, and a real clock."""

import asyncio
import gc
import warnings

from twisted.internet.defer import Deferred

from athenalite._rooms.address import parseAddress
from athenalite._rooms.home import Rooms
from athenalite._rooms.redis import RedisEngine
from athenalite._testing.realwork import waitFor
from harness.redis import RedisServer
from tests.memory import recordingLog
from tests.rooms.rooms import Lobby

PATIENCE = 60.0


def collectSockets():
    """Collect the sockets that Twisted was connecting, and leaves to the collector when it stops to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


class User:
    """Passes on the first link."""

    def __init__(self):
        self.connected = Deferred()
        self.notifications = []

    def engineConnected(self, link):
        if not self.connected.called:
            self.connected.callback(link)

    def engineDisconnected(self, link, reason):
        pass

    def notified(self, link, room, position, text):
        self.notifications.append((room, position.number, text))


class ServerTestCase:
    """
    A test with a server.

    :cvar options: of the server.
    :ivar events: what was logged.
    """

    options: tuple[str, ...] = ()
    isPersistent = True

    def setUp(self):
        from twisted.internet import reactor

        self.reactor = reactor
        self.addCleanup(collectSockets)
        self.server = self.enterContext(RedisServer(*self.options, isPersistent=self.isPersistent))
        self.events, self.log = recordingLog()
        self.rooms, self.homes = [], []

    def wait(self, awaited):
        """Run the reactor until there is a result."""
        # Playwright marks its own loop as running in a process that has tests of browsers, too.
        loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return waitFor(awaited, PATIENCE, lambda: "no result")
        finally:
            asyncio._set_running_loop(loop)

    def sleep(self, seconds):
        """Run the reactor for so long."""
        waiting = Deferred()
        self.reactor.callLater(seconds, waiting.callback, None)
        self.wait(waiting)

    def until(self, condition):
        """Run the reactor until something holds."""
        waited = 0.0
        while not condition():
            self.sleep(0.05)
            waited += 0.05
            if waited > PATIENCE:
                raise AssertionError(f"it does not hold: {[room.seen for room in self.rooms]}, {self.texts()}")

    def texts(self):
        """Return what was logged."""
        return [" ".join(str(value) for value in event.values()) for event in self.events]

    def refused(self):
        """Wait until a connection has failed, and for those after it. Return the one line that is logged of them."""

        def lines():
            return [text for text in self.texts() if "no connection to the engine" in text]

        self.until(lines)
        self.sleep(1)
        [line] = lines()
        return line

    def newLink(self, address=None):
        """Return a link, and keep its user and engine."""
        self.user = User()
        self.engine = RedisEngine(parseAddress(address or self.server.address))
        self.engine.connect(self.user, self.reactor, self.log)
        self.addCleanup(lambda: self.wait(self.engine.disconnect()))
        return self.wait(self.user.connected)

    def worker(self, address=None, isReady=True):
        """Start a worker, and return its room, which has joined."""
        home = Rooms(
            RedisEngine(parseAddress(address or self.server.address)),
            f"w{len(self.homes)}",
            None,
            self.log,
        )
        with home.current():
            room = Lobby()
        home.start(self.reactor)
        self.rooms.append(room)
        self.homes.append(home)
        self.addCleanup(lambda: self.wait(Deferred.fromCoroutine(home.stop())))
        if isReady:
            self.until(lambda: room._athenaCarrier._isJoined)
        return room
