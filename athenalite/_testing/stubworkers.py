# -*- test-case-name: tests.test_rooms -*-
"""
Several workers of one site in one process: :class:`StubWorkers`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from .._page.element import LiveElement
from .._page.livepage import LivePage
from .._page.moving import PageMover
from .._rooms.home import Rooms
from .._rooms.memory import MemoryEngine
from ..interfaces import IClock
from .moves import movePage
from .stubbrowser import StubBrowser, StubPage

#: Time of several workers passes in steps of so many seconds: leases and checks are to keep their order.
_STEP: Final = 0.25


class StubWorkers:
    """
    Several workers of one site, in one process and on one clock, with an engine in memory.

    :ivar engine: the :class:`MemoryEngine`. A test may cut it, stall it, empty it, and set it back.
    :ivar browser: the :class:`StubBrowser` that opens all pages.
    :ivar elementFactories: what ``application`` has returned in each worker.
    """

    def __init__(
        self,
        application: Callable[[], Callable[[], LivePage | LiveElement]],
        count: int = 2,
        *,
        browser: StubBrowser | None = None,
        history: int = 10_000,
    ) -> None:
        """
        :param application: is called in each worker, makes its rooms, and returns what makes elements, such as
            ``lambda: ChatRoom().makeChatter``.
        :param browser: by default a new one.
        :param history: how many calls of each room the engine keeps.
        """
        self.browser = StubBrowser() if browser is None else browser
        self.engine = MemoryEngine(self.browser.clock, history=history)
        self.elementFactories: list[Callable[[], LivePage | LiveElement]] = []
        self._rooms: list[Rooms] = []
        self._movers: list[PageMover] = []
        self._pages: list[tuple[int, StubPage]] = []
        for number in range(count):
            rooms = Rooms(self.engine.door(), f"w{number}", self.browser.factory.limits, self.browser.factory.log)
            with rooms.current():
                self.elementFactories.append(application())
            rooms.start(cast(IClock, self.browser.clock))
            self._rooms.append(rooms)
            self._movers.append(PageMover(self.browser.factory, rooms, self.elementFactories[-1]))
        self.browser.factory.sessions.finder = None
        self.advance(1)

    def open(self, worker: int) -> StubPage:
        """
        :return: a page in this worker. Rooms that are made with its element belong to the worker.
        """
        with self._rooms[worker].current():
            page = self.browser.open(self.elementFactories[worker]())
        self._pages.append((worker, page))
        return page

    def move(self, page: StubPage, worker: int) -> None:
        """
        Let a page go on in another worker, as at a deploy. ``page.page`` is the page there, with an element of its own.

        :raise ValueError: if the page cannot.
        """
        before = next(number for number, one in self._pages if one is page)
        with self._rooms[worker].current():
            movers = self._movers[before], self._movers[worker]
            movePage(self.browser.factory.sessions, page, *movers, self.advance)
        self._pages = [(worker if one is page else number, one) for number, one in self._pages]

    def advance(self, seconds: float = 0) -> None:
        """Let time pass in small steps, and deliver all calls and messages; see :meth:`StubBrowser.advance`."""
        whole, rest = divmod(seconds, _STEP)
        for _ in range(int(whole)):
            self.browser.advance(_STEP)
        self.browser.advance(rest)

    def kill(self, worker: int) -> None:
        """
        End a worker at once, as ``kill -9`` does: its pages are cut off, its calls are not sent, and its members leave
        after its lease.
        """
        self._rooms[worker].kill()
        for number, page in self._pages:
            if number == worker and page.lost is None and page.connected:
                page.cut()
