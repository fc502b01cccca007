# -*- test-case-name: tests.test_testing -*-
"""
Runs pages in memory, for the tests of your own elements: no port, no browser, no waiting.

:func:`renderLivePage` renders an element or a page and connects it to a simulated browser page, a :class:`StubPage`,
which calls the exposed methods and records the server's calls. Only the clock and the connection are simulated. See
``docs/testing.rst``. :class:`StubWorkers` are several workers with rooms, and an engine that a test can break.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from ._core.states import LEFT
from ._core.wire import asCall, encodeNotify
from ._page.element import LiveElement
from ._page.elementpage import ElementRenderingLivePage
from ._page.livepage import LivePage
from ._page.moving import PageMover
from ._rooms.home import Rooms
from ._rooms.memory import MemoryEngine
from ._server.factory import LivePageFactory
from ._testing.fakebrowser import Instance, RemoteCall, RemoteError, Widget, widgetsOf
from ._testing.fakepage import Answer, identityOf
from ._testing.files import StubFile
from ._testing.moves import movePage
from ._testing.realwork import BrowserClock, Deliveries, StillRunning, waitFor
from ._testing.usedpage import UsedPage
from .errors import ConnectionLost
from .interfaces import IClock
from .limits import Limits

__all__ = [
    "Instance",
    "MemoryEngine",
    "RemoteCall",
    "RemoteError",
    "StillRunning",
    "StubBrowser",
    "StubFile",
    "StubPage",
    "StubWorkers",
    "Widget",
    "renderLivePage",
]

#: Time of several workers passes in steps of so many seconds: leases and checks are to keep their order.
_STEP: Final = 0.25
#: After so many iterations the pages and the server are taken to call each other endlessly.
_ENDLESS: Final = 1000


class StubBrowser:
    """
    A browser, and the site that serves its pages. Open pages that communicate, as in a chat, in the same one.

    :ivar clock: the site's ``Clock``; use :meth:`advance` to let time pass.
    :ivar factory: the site's :class:`LivePageFactory`; pass it to pages that take one.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        debug: bool = False,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
    ) -> None:
        """
        :param headers: sent with every request, such as ``{"cookie": "session=1"}``.
        :param timeout: how long :meth:`wait`, and ``await`` of a call, wait for real work, in seconds of real time.
        """
        self.timeout = timeout
        self.deliveries = Deliveries(self.advance)
        self.clock: Clock = BrowserClock(self.deliveries.changed)
        self.factory = LivePageFactory(cast(IClock, self.clock), limits, debug=debug)
        self.headers = {"host": "localhost", **(headers or {})}
        self._pages: list[StubPage] = []

    def open(self, page: LivePage | LiveElement, url: str = "/") -> StubPage:
        """
        Request a page, and connect it. If its rendering waits for a Deferred, call :meth:`advance` after that has
        fired; the page connects then.

        :param page: a page, or an element, which gets a page of its own.
        :param url: the path and the query of the request.
        :raise RuntimeError: if it cannot be rendered; the reason is in the log.
        :raise ValueError: if the page was made with another factory than this browser's; or if the initial arguments of
            an element have an integer that JavaScript would round, so that a browser would not make its widget.
        """
        if isinstance(page, LiveElement):
            page = ElementRenderingLivePage(page, self.factory)
        with self.deliveries.paused():
            opened = StubPage(self, page, url)
            self._pages.append(opened)
            self.advance()
        if page._athenaShared is not self.factory:
            raise ValueError("the page has another factory; make it with the browser's")
        return opened

    def advance(self, seconds: float = 0) -> None:
        """
        Let time pass, and deliver all messages sent until then; by default, end this reactor iteration only. The
        methods of :class:`StubPage` do that by themselves.
        """
        with self.deliveries.paused():
            self.clock.advance(seconds)
            for _ in range(_ENDLESS):
                if not sum(page.receive() for page in self._pages):
                    return
                self.clock.advance(0)
        raise RuntimeError("the pages and the server call each other without end")

    def wait(self, awaited: Any, timeout: float | None = None) -> Any:
        """
        Wait for real work, such as that of threads, ``adbapi`` and asyncio, in a test that is not asynchronous: run the
        reactor until there is a result. In an asynchronous test ``await`` it instead.

        :param awaited: the Deferred of :meth:`StubPage.call`, any other Deferred, or a coroutine.
        :param timeout: seconds of real time; by default those of this browser.
        :return: the result of ``awaited``. If it has failed, that exception is raised.
        :raise StillRunning: if there is no result in time. The text says which calls have not been answered.
        :raise RuntimeError: if the reactor runs already.
        """
        seconds = self.timeout if timeout is None else timeout
        return waitFor(awaited, seconds, lambda: self.stillRunning(seconds))

    def stillRunning(self, seconds: float) -> str:
        """Return the text of a :class:`StillRunning`."""
        running = [text for page in self._pages for text in page.waitingFor()]
        what = "; ".join(running) or "no call is running"
        return f"there is no result after {seconds:g} seconds of real time: {what}"


class StubPage(UsedPage):
    """
    A page in a :class:`StubBrowser`. :meth:`StubBrowser.open` makes it.

    :ivar page: the server's :class:`LivePage`.
    :ivar calls: the server's calls so far, each a :class:`RemoteCall`, oldest first. You may clear it.
    :ivar lost: the reason for which the page is lost; None before.
    """

    # State

    @property
    def html(self) -> str:
        """
        The document.

        :raise RuntimeError: while it is being rendered.
        """
        if self._html is None:
            raise RuntimeError(
                "the page is being rendered; call advance() after the Deferred that it waits for has fired"
            )
        return self._html

    @property
    def widgets(self) -> list[Widget]:
        """The document's widgets, in its order. Widgets sent later are in :attr:`calls`."""
        return widgetsOf(self.html)

    # Calls

    def call(self, target: Any, methodName: str, /, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """
        Call an exposed method, as the widget would: now, or after the page has reconnected.

        :param target: the element of the method; or the page; or the number of another object.
        :return: fires with the result, or fails with :class:`RemoteError`, or with
            :class:`ConnectionLost` if the page is lost.
        """
        result = Answer(self._browser)
        if self.lost is not None:
            result.connectionLost(Failure(ConnectionLost(self.lost)))
            return result
        message = asCall(encodeNotify(self._numberOf(target), methodName, args, kwargs))
        number = self._delivery.addMessage(message)
        self._outstanding[number], self._calls[number] = result, f"{methodName!r} of {target!r}"
        with self._browser.deliveries.paused():
            self._send()
            self._browser.advance()
        return result

    def wait(self, awaited: Any, timeout: float | None = None) -> Any:
        """See :meth:`StubBrowser.wait`."""
        return self._browser.wait(awaited, timeout)

    def whenConnected(self) -> Deferred[None]:
        """
        :return: fires when the page is rendered and its connection is accepted, if that waits for real work. It fails
            with ``RuntimeError`` if the page cannot be rendered, with ``ValueError`` for initial arguments as
            :meth:`StubBrowser.open` raises it, and with :class:`ConnectionLost` if the page is lost.
        """
        connected = Answer(self._browser)
        if self.lost is not None:
            connected.connectionLost(Failure(ConnectionLost(self.lost)))
        elif self.connected:
            connected.callback(None)
        else:
            self._connecting.append(connected)
        return connected

    def answer(self, target: Any, methodName: str, function: Callable[..., Any]) -> None:
        """
        Answer the server's calls of this method with the result of ``function`` for their arguments; by default the
        result is None. ``function`` may return a Deferred, or be a coroutine function. Its exceptions reach the server
        as a :class:`JSException` of that type and text.
        """
        self._answers[identityOf(target), methodName] = target, function

    # The connection

    def cut(self) -> None:
        """
        Lose the connection, with the messages in flight. The page does not reconnect by itself.
        """
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.connection.connectionLost()
            self._browser.advance()

    def leave(self) -> None:
        """Close the page, or navigate away from it."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.connection.pageLeft(LEFT)
            socket.connection.connectionLost()
        self._lose(LEFT)
        self._browser.advance()

    def advance(self, seconds: float = 0) -> None:
        """See :meth:`StubBrowser.advance`."""
        self._browser.advance(seconds)


def renderLivePage(
    page: LivePage | LiveElement,
    *,
    limits: Limits | None = None,
    debug: bool = False,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> StubPage:
    """Open a page, or an element on a page of its own, in a new :class:`StubBrowser`."""
    return StubBrowser(limits=limits, debug=debug, headers=headers, timeout=timeout).open(page)


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
