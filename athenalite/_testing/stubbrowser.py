# -*- test-case-name: tests.test_testing -*-
"""
A browser and a site in memory, and the pages that it opens: :class:`StubBrowser` and :class:`StubPage`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from .._core.states import LEFT
from .._core.wire import asCall, encodeNotify
from .._page.element import LiveElement
from .._page.elementpage import ElementRenderingLivePage
from .._page.livepage import LivePage
from .._server.factory import LivePageFactory
from ..errors import ConnectionLost
from ..interfaces import IClock
from ..limits import Limits
from .fakebrowser import Widget, widgetsOf
from .fakepage import Answer, identityOf
from .realwork import BrowserClock, Deliveries, waitFor
from .usedpage import UsedPage

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
