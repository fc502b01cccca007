# -*- test-case-name: tests.test_testing -*-
"""
A page driven in memory, for the tests of your own elements: no port, no browser, no waiting.

:func:`renderLivePage` renders an element or a page and connects it to a stand-in for the browser, a :class:`StubPage`,
which calls the exposed methods and writes down what the server calls. Everything between is the real thing; only time
and the line are made up. See ``docs/testing.rst``.
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
from ._testing.fakebrowser import Instance, RemoteCall, RemoteError, Request, Socket, Widget, understood, widgetsOf
from .errors import CLOSE_TRY_AGAIN, ConnectionLost
from .interfaces import IClock
from .limits import Limits

__all__ = ["Instance", "RemoteCall", "RemoteError", "StubBrowser", "StubPage", "Widget", "renderLivePage"]

#: Pages that answer each other for so long will not come to an end.
_ENDLESS: Final = 1000


class StubBrowser:
    """
    A browser with the site that its pages come from. Pages that are to meet, in a chat say, are opened in one.

    :ivar clock: the time, a ``Clock``; move it by :meth:`advance`.
    :ivar factory: what the site's pages share; give it to pages that want one.
    """

    def __init__(
        self, *, limits: Limits | None = None, debug: bool = False, headers: Mapping[str, str] | None = None
    ) -> None:
        """
        :param headers: what the browser sends with every request, such as ``{"cookie": "session=1"}``.
        """
        self.clock = Clock()
        self.factory = LivePageFactory(cast(IClock, self.clock), limits, debug=debug)
        self.headers = {"host": "localhost", **(headers or {})}
        self._pages: list[StubPage] = []

    def open(self, page: LivePage | LiveElement) -> StubPage:
        """
        Ask for a page, and connect it. If its rendering waits for something, so does this: call :meth:`advance`
        when that has happened.

        :param page: the page; or an element, which gets a page of its own.
        :raise RuntimeError: if it cannot be rendered; the log says why.
        :raise ValueError: if the page was made with another factory than this browser's.
        """
        if isinstance(page, LiveElement):
            page = ElementRenderingLivePage(page, self.factory)
        opened = StubPage(self, page)
        self._pages.append(opened)
        self.advance()
        if page.factory is not self.factory:
            raise ValueError("the page has a factory of its own; give it that of the browser")
        return opened

    def advance(self, seconds: float = 0) -> None:
        """
        Let time pass, and everybody hear what was said until then: by default, let just this turn of the reactor end.
        What the methods of :class:`StubPage` do is heard at once.
        """
        self.clock.advance(seconds)
        for _ in range(_ENDLESS):
            if not sum(page._hear() for page in self._pages):
                return
            self.clock.advance(0)
        raise RuntimeError("the pages and the server call each other without end")


class StubPage:
    """
    A page in a :class:`StubBrowser`, which opens it.

    :ivar page: the server's half, a :class:`LivePage`.
    :ivar calls: what the server has called so far, as :class:`RemoteCall`, oldest first. Empty it as you like.
    :ivar lost: once the page is gone for good, why; None before.
    """

    def __init__(self, browser: StubBrowser, page: LivePage) -> None:
        self.page = page
        self.calls: list[RemoteCall] = []
        self.lost: str | None = None
        self._browser = browser
        self._answers: dict[tuple[Any, str], Callable[..., Any]] = {}
        self._outstanding: dict[int, CallResult] = {}
        limits = browser.factory.limits
        self._delivery = Delivery(limits.maxMessagesKept, limits.maxBytesKept)
        # What a browser does wrong is in its own console, and not in the server's log.
        quiet = Logger(observer=cast(Any, lambda event: None))
        self._local = LocalCalls(
            self._locate, self._respond, _nothingElse, limits.maxPendingCalls, limits.maxBytesKept, True, quiet
        )
        self._sockets = count(1)
        self._socket: Socket | None = None
        self._html: str | None = None
        self._request = Request(page, browser.factory, browser.headers)

    # What there is

    @property
    def html(self) -> str:
        """
        The document.

        :raise RuntimeError: as long as its rendering waits for something.
        """
        if self._html is None:
            raise RuntimeError("the page is being rendered; call advance() when what it waits for has happened")
        return self._html

    @property
    def widgets(self) -> list[Widget]:
        """The widgets that came with the document, in its order. Those sent later are in :attr:`calls`."""
        return widgetsOf(self.html)

    @property
    def connected(self) -> bool:
        """Whether there is a line at the moment, and the page's ``authorize`` has let it in."""
        return self._socket is not None and self._socket.open

    # What a widget does

    def call(self, target: Any, methodName: str, /, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """
        Call an exposed method, as the widget would: now, or when the line is back.

        :param target: its element; the page; or the number of another object.
        :return: fires with the result, or fails with :class:`RemoteError`, or with
            :class:`ConnectionLost` if the page is gone.
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
        From now on, answer the server's calls of this method (by default: with None) with what ``function`` returns
        for the arguments. It may return a Deferred, or be a coroutine function. What it raises, the server gets as a
        :class:`JSException` of that type and text.
        """
        self._answers[target, methodName] = function

    # What happens to the line

    def cut(self) -> None:
        """
        The line drops, with what the server has said and the page not heard. The page does not come back by itself.
        """
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.connection.connectionLost()
            self._browser.advance()

    def reconnect(self) -> None:
        """
        The page comes back, or tries to: :attr:`lost` says if the server does not want it any more. An older line
        that still is there is replaced.
        """
        browser = self._browser
        old, self._socket = self._socket, Socket(browser.factory, browser.headers)
        opening = encodeOpen(self.page.session.token, self._delivery.received, next(self._sockets))
        self._socket.connection.textReceived(opening)
        if old is not None:
            old.connection.connectionLost()
        self._browser.advance()

    def leave(self) -> None:
        """The page is closed, or navigated away from."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.connection.pageLeft(LEFT)
            socket.connection.connectionLost()
        self._lose(LEFT)
        self._browser.advance()

    def advance(self, seconds: float = 0) -> None:
        """See :meth:`StubBrowser.advance`."""
        self._browser.advance(seconds)

    # Hearing

    def _hear(self) -> bool:
        """Take what has arrived; return whether there was anything."""
        if self._html is None:
            self._html = self._request.response()
            if self._html is not None:
                self.reconnect()
        socket = self._socket
        if socket is None or not (socket.frames or socket.closed):
            return False
        frames, socket.frames = socket.frames, []
        for frame in frames:
            # What this one does may be the end of the line.
            if self._socket is socket:
                self._frameReceived(socket, frame)
        if self._socket is socket:
            self._heard(socket)
        return True

    def _heard(self, socket: Socket) -> None:
        if socket.closed is not None:
            self._socket = None
            socket.connection.connectionLost()
            # After any other code a browser comes back, see docs/protocol.rst.
            if socket.closed[0] != CLOSE_TRY_AGAIN:
                self._lose(socket.closed[1])
        elif self._delivery.ackPending:
            socket.connection.textReceived(encodeAck(self._delivery.ackToSend()))

    def _frameReceived(self, socket: Socket, frame: bytes) -> None:
        message = understood(frame)
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
            # It has left the server's half already.
            target = objectID

        def run(*args: Any, **kwargs: Any) -> Any:
            self.calls.append(RemoteCall(target, methodName, args, kwargs))
            answer = self._answers.get((target, methodName))
            return None if answer is None else answer(*args, **kwargs)

        return run

    # Saying

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
    Open a page, or an element on a page of its own, in a browser that has no other. See :class:`StubBrowser`.
    """
    return StubBrowser(limits=limits, debug=debug, headers=headers).open(page)


def _nothingElse(value: Any) -> Any:
    raise TypeError(f"a browser cannot send {type(value).__name__}")
