# -*- test-case-name: tests.test_testing -*-
"""
Runs pages in memory, for the tests of your own elements: no port, no browser, no waiting.

:func:`renderLivePage` renders an element or a page and connects it to a simulated browser page, a :class:`StubPage`,
which calls the exposed methods and records the server's calls. Only the clock and the connection are simulated. See
``docs/testing.rst``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final, cast

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.python.failure import Failure

from ._core.callresult import CallResult
from ._core.calls import LocalCalls
from ._core.delivery import Delivery
from ._core.states import LEFT
from ._core.wire import Ack, Call, Opened, Respond, asCall, encodeAck, encodeNotify, encodeOpen
from ._page.element import LiveElement
from ._page.elementpage import ElementRenderingLivePage
from ._page.livepage import LivePage
from ._server.factory import LivePageFactory
from ._testing.fakebrowser import Instance, RemoteCall, RemoteError, Request, Socket, Widget, decodeFrame, widgetsOf
from .errors import CLOSE_TRY_AGAIN, ConnectionLost
from .interfaces import IClock
from .limits import Limits

__all__ = ["Instance", "RemoteCall", "RemoteError", "StubBrowser", "StubPage", "Widget", "renderLivePage"]

#: After so many iterations the pages and the server are taken to call each other endlessly.
_ENDLESS: Final = 1000


class StubBrowser:
    """
    A browser, and the site that serves its pages. Open pages that communicate, as in a chat, in the same one.

    :ivar clock: the site's ``Clock``; use :meth:`advance` to let time pass.
    :ivar factory: the site's :class:`LivePageFactory`; pass it to pages that take one.
    """

    def __init__(
        self, *, limits: Limits | None = None, debug: bool = False, headers: Mapping[str, str] | None = None
    ) -> None:
        """
        :param headers: sent with every request, such as ``{"cookie": "session=1"}``.
        """
        self.clock = Clock()
        self.factory = LivePageFactory(cast(IClock, self.clock), limits, debug=debug)
        self.headers = {"host": "localhost", **(headers or {})}
        self._pages: list[StubPage] = []

    def open(self, page: LivePage | LiveElement) -> StubPage:
        """
        Request a page, and connect it. If its rendering waits for a Deferred, call :meth:`advance` after that has
        fired; the page connects then.

        :param page: a page, or an element, which gets a page of its own.
        :raise RuntimeError: if it cannot be rendered; the reason is in the log.
        :raise ValueError: if the page was made with another factory than this browser's.
        """
        if isinstance(page, LiveElement):
            page = ElementRenderingLivePage(page, self.factory)
        opened = StubPage(self, page)
        self._pages.append(opened)
        self.advance()
        if page.factory is not self.factory:
            raise ValueError("the page has another factory; make it with the browser's")
        return opened

    def advance(self, seconds: float = 0) -> None:
        """
        Let time pass, and deliver all messages sent until then; by default, end this reactor iteration only. The
        methods of :class:`StubPage` do that by themselves.
        """
        self.clock.advance(seconds)
        for _ in range(_ENDLESS):
            if not sum(page._receive() for page in self._pages):
                return
            self.clock.advance(0)
        raise RuntimeError("the pages and the server call each other without end")


def _identityOf(target: Any) -> Any:
    return target if isinstance(target, int) else ("object", id(target))


class StubPage:
    """
    A page in a :class:`StubBrowser`. :meth:`StubBrowser.open` makes it.

    :ivar page: the server's :class:`LivePage`.
    :ivar calls: the server's calls so far, each a :class:`RemoteCall`, oldest first. You may clear it.
    :ivar lost: the reason for which the page is lost; None before.
    """

    def __init__(self, browser: StubBrowser, page: LivePage) -> None:
        self.page = page
        self.calls: list[RemoteCall] = []
        self.lost: str | None = None
        self._browser = browser
        # By identity, with the object: an element may be a dataclass, which is equal to others and has no hash.
        self._answers: dict[tuple[Any, str], tuple[Any, Callable[..., Any]]] = {}
        self._outstanding: dict[int, CallResult] = {}
        limits = browser.factory.limits
        self._delivery = Delivery(limits.maxMessagesKept, limits.maxBytesKept)
        # A browser logs its errors in its console, and not in the server's log.
        quiet = Logger(observer=cast(Any, lambda event: None))
        self._local = LocalCalls(
            self._locate, self._respond, _nothingElse, limits.maxPendingCalls, limits.maxBytesKept, True, quiet
        )
        self._sockets = count(1)
        self._socket: Socket | None = None
        self._html: str | None = None
        self._request = Request(page, browser.factory, browser.headers)

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

    @property
    def connected(self) -> bool:
        """Whether the page has a connection that its ``authorize`` has accepted."""
        return self._socket is not None and self._socket.open

    # Calls

    def call(self, target: Any, methodName: str, /, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """
        Call an exposed method, as the widget would: now, or after the page has reconnected.

        :param target: the element of the method; or the page; or the number of another object.
        :return: fires with the result, or fails with :class:`RemoteError`, or with
            :class:`ConnectionLost` if the page is lost.
        """
        result = CallResult()
        if self.lost is not None:
            result.connectionLost(Failure(ConnectionLost(self.lost)))
            return result
        message = asCall(encodeNotify(self._numberOf(target), methodName, args, kwargs))
        self._outstanding[self._delivery.addMessage(message)] = result
        self._send()
        self._browser.advance()
        return result

    def answer(self, target: Any, methodName: str, function: Callable[..., Any]) -> None:
        """
        Answer the server's calls of this method with the result of ``function`` for their arguments; by default the
        result is None. ``function`` may return a Deferred, or be a coroutine function. Its exceptions reach the server
        as a :class:`JSException` of that type and text.
        """
        self._answers[_identityOf(target), methodName] = target, function

    # The connection

    def cut(self) -> None:
        """
        Lose the connection, with the messages in flight. The page does not reconnect by itself.
        """
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.connection.connectionLost()
            self._browser.advance()

    def reconnect(self) -> None:
        """
        Open a new connection, which replaces the current one. If the server does not accept the page any more,
        :attr:`lost` has the reason.
        """
        browser = self._browser
        old, self._socket = self._socket, Socket(browser.factory, browser.headers)
        opening = encodeOpen(self.page.session.token, self._delivery.received, next(self._sockets))
        self._socket.connection.textReceived(opening)
        if old is not None:
            old.connection.connectionLost()
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

    # Receiving

    def _receive(self) -> bool:
        """Handle the messages that have arrived; return whether there were any."""
        if self._html is None:
            self._html = self._request.response()
            if self._html is not None:
                self.reconnect()
        socket = self._socket
        if socket is None or not (socket.frames or socket.closed):
            return False
        frames, socket.frames = socket.frames, []
        for frame in frames:
            # The message before may have closed the connection.
            if self._socket is socket:
                self._frameReceived(socket, frame)
        if self._socket is socket:
            self._received(socket)
        return True

    def _received(self, socket: Socket) -> None:
        if socket.closed is not None:
            self._socket = None
            socket.connection.connectionLost()
            # After this code a browser reconnects, see docs/protocol.rst.
            if socket.closed[0] != CLOSE_TRY_AGAIN:
                self._lose(socket.closed[1])
        elif self._delivery.ackPending:
            socket.connection.textReceived(encodeAck(self._delivery.ackToSend()))

    def _frameReceived(self, socket: Socket, frame: bytes) -> None:
        message = decodeFrame(frame)
        if isinstance(message, Opened):
            self._delivery.resume(message.received)
            socket.open = True
            self._send()
        elif isinstance(message, Call):
            self._local.callReceived(self._delivery.messageReceived(), message)
        elif isinstance(message, Respond):
            self._delivery.messageReceived()
            self._delivery.acknowledged(message.number)
            self._responseReceived(message)
        elif isinstance(message, Ack):
            self._delivery.acknowledged(message.number)

    def _responseReceived(self, response: Respond) -> None:
        result = self._outstanding.pop(response.number)
        if result.called:
            return
        if response.success:
            result.callback(response.value)
        else:
            result.errback(Failure(RemoteError(response.value)))

    def _locate(self, objectID: int, methodName: str) -> Callable[..., Any]:
        try:
            target = self.page.locateObject(objectID)
        except KeyError:
            # The server has detached it already.
            target = objectID

        def run(*args: Any, **kwargs: Any) -> Any:
            self.calls.append(RemoteCall(target, methodName, args, kwargs))
            _, answer = self._answers.get((_identityOf(target), methodName), (None, None))
            return None if answer is None else answer(*args, **kwargs)

        return run

    # Sending

    def _numberOf(self, target: Any) -> int:
        if isinstance(target, int):
            return target
        return 0 if target is self.page else cast(int, target.athenaID)

    def _respond(self, number: int, message: bytes) -> None:
        self._delivery.responded(number)
        self._delivery.addMessage(message)
        self._send()

    def _send(self) -> None:
        if self._socket is not None and self._socket.open:
            for message in self._delivery.takeUnsent():
                self._socket.connection.textReceived(message)

    def _lose(self, reason: str) -> None:
        self.lost = self.lost or reason
        self._local.drop()
        outstanding, self._outstanding = self._outstanding, {}
        for result in outstanding.values():
            result.connectionLost(Failure(ConnectionLost(self.lost)))


def renderLivePage(
    page: LivePage | LiveElement,
    *,
    limits: Limits | None = None,
    debug: bool = False,
    headers: Mapping[str, str] | None = None,
) -> StubPage:
    """
    Open a page, or an element on a page of its own, in a new :class:`StubBrowser`.
    """
    return StubBrowser(limits=limits, debug=debug, headers=headers).open(page)


def _nothingElse(value: Any) -> Any:
    raise TypeError(f"a browser cannot send {type(value).__name__}")
