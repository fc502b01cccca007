"""
A site without a network: sockets, pages and a clock in memory, shared by the tests of the core.

Time is a :class:`~twisted.internet.task.Clock`. The messages of a batch are sent by :meth:`Site.flush`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import count
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.logger import ILogObserver, LogEvent, Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from athenalite._core.connection import Connection
from athenalite._core.expose import expose
from athenalite._core.registry import SessionRegistry
from athenalite._core.session import Session
from athenalite._core.wire import NOOP
from athenalite.errors import LivePageError, NoSuchMethod
from athenalite.interfaces import Handshake, IClock, IPage, ITransport
from athenalite.limits import Limits
from harness.messages import opening

HANDSHAKE = Handshake({"cookie": "who=alice"}, "memory:1")


def recordingLog():
    """Return a list, and a logger whose events are appended to it."""
    events: list[dict[str, Any]] = []
    return events, Logger("tests", observer=cast(ILogObserver, events.append))


@implementer(ITransport)
class MemoryTransport:
    """
    A socket that records what it is sent.

    :ivar frames: the messages that were sent and not yet taken.
    :ivar closed: the code and reason it was closed with first, or None.
    :ivar aborted: whether it was aborted.
    :ivar reading: whether reading is not paused.
    """

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.aborted = False
        self.reading = True

    def sendFrames(self, messages: list[bytes]) -> None:
        if self.closed is None:
            self.frames += messages

    def sendKeepAlive(self) -> None:
        self.sendFrames([NOOP])

    def pauseReading(self) -> None:
        self.reading = False

    def resumeReading(self) -> None:
        self.reading = True

    def closeSocket(self, code: int, reason: str) -> None:
        # There is one closing handshake; to start another does nothing.
        self.closed = self.closed or (code, reason)

    def abortSocket(self) -> None:
        self.aborted = True
        self.closed = self.closed or (1006, "")

    def take(self) -> list[Any]:
        """Return the messages since the last call, parsed."""
        frames, self.frames = self.frames, []
        return [json.loads(frame) for frame in frames]


class Refused(LivePageError):
    """An application's own error, which may cross the wire."""

    jsClass = "Chat.Refused"


class Target:
    """
    Object number 1 of a :class:`FakePage`.

    :ivar ran: the arguments of every call of ``record``, in order.
    :ivar waiting: the Deferreds that ``later`` returned.
    """

    def __init__(self) -> None:
        self.ran: list[Any] = []
        self.waiting: list[Deferred[Any]] = []

    @expose
    def echo(self, value: Any) -> Any:
        return value

    @expose
    def record(self, *args: Any, **kwargs: Any) -> None:
        self.ran.append((args, kwargs) if kwargs else args)

    @expose
    def fail(self) -> None:
        raise Refused("no")

    @expose
    def crash(self) -> None:
        raise ZeroDivisionError("the secret text")

    @expose
    def later(self) -> Deferred[Any]:
        self.waiting.append(Deferred())
        return self.waiting[-1]

    @expose
    async def coroutine(self, value: Any) -> Any:
        return value

    def hidden(self) -> None:
        raise AssertionError("this is not exposed")


@implementer(IPage)
class FakePage:
    """
    A page that records its hooks.

    :ivar events: which hooks were called, in order.
    :ivar lost: the Failure that ``sessionLost`` was called with, or None.
    :ivar target: object number 1.
    :ivar authorizes: the value that ``authorize`` returns.
    :ivar asked: how often that was called.
    """

    authorizes: Any = True
    asked = 0

    def __init__(self) -> None:
        self.events: list[str] = []
        self.lost: Failure | None = None
        self.target = Target()

    def authorize(self, handshake: Handshake) -> Any:
        self.asked += 1
        return self.authorizes

    def locateObject(self, objectID: int) -> Any:
        return {0: self, 1: self.target}[objectID]

    def locateExposed(self, objectID: int, methodName: str) -> Callable[..., Any]:
        try:
            method: Callable[..., Any] = expose.get(self.locateObject(objectID), methodName)
        except (KeyError, AttributeError):
            raise NoSuchMethod(objectID, methodName) from None
        return method

    def convertValue(self, value: Any) -> tuple[Any, Any]:
        """Nothing but JSON can be sent."""
        raise TypeError(f"{type(value).__name__} cannot be sent")

    def fileOfModule(self, moduleName: str) -> str | None:
        return None

    def sessionConnected(self) -> None:
        self.events.append("connected")

    def sessionDisconnected(self) -> None:
        self.events.append("disconnected")

    def sessionResumed(self) -> None:
        self.events.append("resumed")

    def sessionEnding(self, reason: Failure) -> None:
        """Do nothing: ``sessionLost`` is called later."""

    def sessionLost(self, reason: Failure) -> None:
        assert self.lost is None
        self.events.append("lost")
        self.lost = reason


class Site:
    """
    A site with a clock and a log in memory.

    :ivar logged: every event of the site's log.
    """

    def __init__(self, debug: bool = False, **limits: Any) -> None:
        self.clock = Clock()
        self.logged: list[LogEvent] = []
        self.log = Logger("tests.memory", observer=cast(ILogObserver, self.logged.append))
        numbers = count(1)
        self.sessions = SessionRegistry(
            cast(IClock, self.clock), Limits(**limits), self.log, debug, lambda: f"token{next(numbers)}"
        )

    def add(self, page: FakePage | None = None, peer: tuple[str, ...] = ()) -> tuple[Session, FakePage]:
        """Render a page, for ``peer``."""
        page = page or FakePage()
        return self.sessions.add(page, peer), page

    def connect(self) -> tuple[Connection, MemoryTransport]:
        """Accept a socket, which has sent nothing yet."""
        transport = MemoryTransport()
        return Connection(self.sessions, transport, HANDSHAKE), transport

    def open(self, session: Session, received: int = 0) -> tuple[Connection, MemoryTransport]:
        """Accept a socket of ``session``'s page. The messages that it is sent are in its ``frames``."""
        connection, transport = self.connect()
        connection.textReceived(encoded(*opening(session.token, received)))
        return connection, transport

    def opened(self, **page: Any) -> tuple[Session, FakePage, Connection, MemoryTransport]:
        """Render a page and connect it."""
        session, fake = self.add(**page)
        connection, transport = self.open(session)
        assert transport.take() == [["opened", 0]]
        return session, fake, connection, transport

    def flush(self) -> None:
        """End the iteration of the reactor, so that the batch is flushed."""
        self.clock.advance(0)

    @property
    def failures(self) -> list[LogEvent]:
        """The logged events that have a traceback."""
        return [event for event in self.logged if "log_failure" in event]


def encoded(*parts: Any) -> bytes:
    """Encode a message as a browser would."""
    return json.dumps(parts).encode("ascii")


def outcome(deferred: Deferred[Any]) -> list[Any]:
    """
    :return: a list to which the result of ``deferred``, or its Failure, is added when it fires.
    """
    results: list[Any] = []
    deferred.addBoth(results.append)
    return results


def withoutLoop(testCase):
    """Run this test as if no loop of asyncio ran: a browser of an earlier test may keep one running in this thread."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    testCase.addCleanup(asyncio._set_running_loop, loop)
