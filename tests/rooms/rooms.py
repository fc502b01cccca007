"""A room that records what happens to it, and workers on one clock that share an engine in memory."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from athenalite._rooms.home import Rooms
from athenalite._rooms.memory import MemoryEngine
from athenalite.rooms import Room, everywhere
from tests.memory import recordingLog


class Lobby(Room):
    """Records its calls, and what its hooks are called with."""

    def __init__(self, name="lobby"):
        Room.__init__(self, name)
        self.seen = []

    @everywhere
    def wall(self, message: str):
        self.seen.append(message)

    def entered(self, name, info):
        self.seen.append(("entered", name, info))

    def left(self, name, info):
        self.seen.append(("left", name, info))

    def taken(self, name):
        self.seen.append(("taken", name))

    def missed(self, count):
        self.seen.append(("missed", count))


class Workers:
    """
    Some workers, each with a room of its own.

    :ivar rooms: the room of each.
    :ivar events: what they have logged.
    """

    def __init__(self, count=2, limits=None, make=Lobby, **options):
        self.clock = Clock()
        self.engine = MemoryEngine(self.clock, **options)
        self.events, self.log = recordingLog()
        self.homes, self.rooms = [], []
        self.limits, self.make = limits, make
        for _ in range(count):
            self.add()
        if self.engine.isAutomatic:
            self.advance(0.1)

    def add(self):
        """Start another worker, and return its room."""
        home = Rooms(self.engine.door(), f"w{len(self.homes)}", self.limits, self.log, lambda: "1")
        with home.current():
            self.rooms.append(self.make())
        home.start(self.clock)
        self.homes.append(home)
        return self.rooms[-1]

    def client(self, worker):
        """Return the worker's connection to the engine."""
        return self.homes[worker]._client

    def kill(self, worker):
        """Let a worker end without a word."""
        self.homes[worker].kill()

    def stop(self, worker):
        """Stop a worker."""
        return Deferred.fromCoroutine(self.homes[worker].stop())

    def advance(self, seconds):
        """Let time pass in small steps."""
        for _ in range(max(1, round(seconds / 0.05))):
            self.clock.advance(0.05)

    def seen(self):
        """Return what each room has recorded, and forget it."""
        seen = [list(room.seen) for room in self.rooms]
        for room in self.rooms:
            del room.seen[:]
        return seen
