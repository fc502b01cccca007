# -*- test-case-name: tests.page.test_moving -*-
"""
Moves the pages of one worker to others, or to the next process: :class:`PageMover`.

A page moves if its elements have ``getState`` and ``setState``. What it is meanwhile is a record in the engine: the
state of its session, of its elements and of its rooms. The worker in which its browser then opens a socket takes the
record, makes the elements again, and goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred, fail, gatherResults
from twisted.internet.task import deferLater

from .._assets.assets import Roots
from .._awaiting.results import called
from .._core.json import encode, parse
from .._core.moving import Moved, arrive, leave, pageOf
from .._core.registry import POLL, InOtherWorker
from .._core.session import Session
from .._core.states import MOVED
from .._server.factory import LivePageFactory
from .._text.workernames import WORKER_NAME
from ..errors import CLOSE_MOVED, CLOSE_PAGE_LOST
from .elementpage import ElementRenderingLivePage
from .livepage import LivePage
from .movingelements import areMovable, checked, elementsIn, goOn, recordOf

#: The largest record, in bytes. A page that needs more is closed.
_MAX_BYTES: Final = 1024 * 1024
#: How many pages leave at the same time.
_AT_ONCE: Final = 100
#: A record is looked for after each of these delays, in seconds: another worker may still be writing it, if the page
#: had no socket there. They are short, because the socket of a page that is lost waits for them.
_DELAYS: Final = (0.0, 0.25, 0.5)


class SharedRooms(Protocol):
    """The rooms of this worker: :class:`athenalite.rooms.Rooms`."""

    async def keep(self, key: str, text: str, seconds: float) -> None:
        """Keep a record."""

    async def take(self, key: str, name: str, seconds: float) -> tuple[str | None, str]:
        """Take the record, and store a name in its place. Return the record, or None and the name that was stored."""

    def departing(self, elements: Sequence[Any]) -> Any:
        """What the rooms of these elements need in their next worker, as JSON."""

    def arriving(self, departed: Any) -> Any:
        """Elements come from another worker, from here on in this context."""

    async def catchUp(self, arrival: Any, elements: Sequence[Any]) -> None:
        """Run what they have missed."""


class PageMover:
    """
    Lets pages go on in other workers of the site, and those of other workers in this one.

    :ivar count: how many have left.
    """

    def __init__(self, factory: LivePageFactory, rooms: SharedRooms, elementFactory: Callable[[], Any]) -> None:
        """
        :param elementFactory: makes the element of a page, as for a new one.
        """
        self.count = 0
        self._factory = factory
        self._rooms = rooms
        self._elementFactory = elementFactory
        factory.sessions.finder = self.find

    # Away

    async def leave(self, isAnswering: Callable[[], bool] = lambda: False) -> None:
        """
        Let all pages leave that can: each when it is rendered and its calls have ended, or all after
        ``limits.shutdownTimeout`` seconds. Pages that are rendered meanwhile leave, too.

        :param isAnswering: whether requests are being answered, which may be for pages.
        """
        sessions = self._factory.sessions
        # A page that comes back must find another worker.
        sessions.finder = lambda token, worker: fail(ConnectionError("this worker stops"))
        for session in sessions:
            _hurry(session)
        failed: list[str | None] = []
        tried: set[Session] = set()
        while True:
            isLate = sessions.clock.seconds() >= sessions.deadline()
            staying = [session for session in sessions if session not in tried]
            # Not all at once: making thousands of records takes longer than Limits.engineTimeout.
            if leaving := _first(_AT_ONCE, [session for session in staying if isLate or _isReady(session)]):
                tried.update(leaving)
                failed += await gatherResults([Deferred.fromCoroutine(self.leaveAlone(session)) for session in leaving])
            elif isLate or not (staying or isAnswering()):
                break
            else:
                await deferLater(sessions.clock, POLL)  # type: ignore[arg-type]
        for error, count in Counter(filter(None, failed)).items():
            self._factory.log.warn("{count} pages could not be moved: {error}", count=count, error=error)

    async def leaveAlone(self, session: Session) -> str | None:
        """
        Let one page leave, if it can.

        :return: why it could not be kept in the engine; the page has ended then.
        """
        _hurry(session)
        page = pageOf(session)
        record = None if page is None else self._recordOf(page, session)
        if record is None:
            return None
        failed = None
        transport = session.outbox.transport
        record["session"] = leave(session).encode()
        try:
            await self._rooms.keep(_keyOf(session.token), encode(record).decode("utf-8"), self._seconds)
        except Exception as error:
            failed = str(error) or type(error).__name__
            code, reason = CLOSE_PAGE_LOST, "the server is shutting down"
        else:
            self.count += 1
            code, reason = CLOSE_MOVED, MOVED
        if transport is not None:
            transport.closeSocket(code, reason)
        return failed

    @property
    def _seconds(self) -> float:
        return max(self._factory.limits.transportlessTimeout, 1.0)

    def _recordOf(self, page: Any, session: Session) -> dict[str, Any] | None:
        if not isMovable(page) or session.outbox.waiting[1] > _MAX_BYTES // 2:
            return None
        element = page.element
        try:
            record = {
                "elements": recordOf(page),
                "next": page._athenaObjects.numbers[-1],
                "roots": list(page._athenaRequirements.at),
                "worker": session.worker,
                "isXHTML": page.values.isXHTML,
                "address": page._athenaAddress(),
                "rooms": self._rooms.departing(list(elementsIn(page))),
                "files": None if page._athenaFiles is None else page._athenaFiles.leave(),
            }
            if len(encode(record)) <= _MAX_BYTES // 2:
                return record
            self._factory.log.warn("{element}.getState returns too much to move", element=type(element).__name__)
        except Exception:
            self._factory.log.failure("{element}.getState failed", element=type(element).__name__)
        return None

    # Here

    def find(self, token: str, worker: str) -> Deferred[Session | None]:
        """See :attr:`athenalite._core.registry.SessionRegistry.finder`."""
        return Deferred.fromCoroutine(self._find(token, worker))

    async def _recordFor(self, token: str, worker: str) -> str | None:
        own = self._factory.name or ""
        for seconds in _DELAYS:
            if seconds:
                await deferLater(self._factory.sessions.clock, seconds)  # type: ignore[arg-type]
            text, taker = await self._rooms.take(_keyOf(token), own, self._seconds)
            if text is not None:
                return text
            # The browser lost its connection before it received the name of that worker. If the browser asks for this
            # name, and its socket came here, that worker has ended. An address without a name cannot get another one.
            if worker and taker not in (own, worker) and re.fullmatch(WORKER_NAME, taker):
                raise InOtherWorker(taker)
        return None

    async def _find(self, token: str, worker: str) -> Session | None:
        text = await self._recordFor(token, worker)
        if text is None:
            return None
        try:
            record = parse(text)
            moved = Moved.decode(record["session"])
            arrival = self._rooms.arriving(record["rooms"])
            elements, following, roots = checked(record["elements"]), int(record["next"]), _rootsOf(record["roots"])
        except (ValueError, KeyError, TypeError) as error:
            self._factory.log.error(
                "A page from another worker cannot go on here; run the same version in all workers: {error}",
                error=repr(error)[:200],
            )
            return None
        try:
            element = await called(self._elementFactory)
        except Exception:
            self._factory.log.failure("The element of a page from another worker could not be made")
            return None
        page = ElementRenderingLivePage(element, self._factory)
        page.goOn(following, roots, bool(record.get("isXHTML")), record.get("address", ()))
        session = page.session = self._factory.sessions.add(page, (), token)
        session.worker = self._workerFor(roots, record.get("worker"))
        arrive(session, moved)
        return await self._arrive(page, elements, record.get("files"), arrival, moved.isConnected)

    def _workerFor(self, roots: Roots, before: Any) -> str:
        # The browser needs this name unless it is the one in its address, and no worker has sent another one since.
        name = self._factory.name or ""
        return name if before or not roots.transport.endswith(f"/at/{name}") else ""

    async def _arrive(
        self, page: ElementRenderingLivePage, elements: list[Any], files: Any, arrival: Any, isConnected: bool
    ) -> Session | None:
        try:
            if files:
                page._athenaReceiving.goOn(files)
            await goOn(page, elements, page._athenaObjects.restore)
            if isConnected:
                page.sessionConnected()
            await self._rooms.catchUp(arrival, list(elementsIn(page)))
        except Exception:
            self._factory.log.failure("{element} could not go on here", element=type(page.element).__name__)
            page.session.close("the page could not be moved to another worker")
            return None
        # It may have ended itself.
        return None if pageOf(page.session) is None else page.session


def _first(count: int, sessions: list[Session]) -> list[Session]:
    """Return this many sessions, those without a socket first: their browsers may connect elsewhere at any time."""
    return sorted(sessions, key=lambda session: session.outbox.transport is not None)[:count]


def _hurry(session: Session) -> None:
    files = getattr(pageOf(session), "_athenaFiles", None)
    if files is not None:
        files.hurry()


def _isReady(session: Session) -> bool:
    page = pageOf(session)
    return session.idle and (not isinstance(page, LivePage) or page.values.isDocumentRendered)


def isMovable(page: Any) -> bool:
    """
    :return: whether a page can be made again from a record.
    """
    return type(page) is ElementRenderingLivePage and areMovable(page)


def _rootsOf(value: Any) -> Roots:
    scripts, styles, transport = value
    return Roots(str(scripts), str(styles), str(transport))


def _keyOf(token: str) -> str:
    # Who reads the engine could open the page with the token itself.
    return f"page:{sha256(token.encode('utf-8', 'replace')).hexdigest()}"
