# -*- test-case-name: tests.testing.test_fakepage -*-
"""
The simulated browser's side of one page: it numbers, acknowledges and answers messages as the client does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any, Final, cast

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from .._core.callresult import CallResult
from .._core.calls import LocalCalls
from .._core.delivery import Delivery
from .._core.wire import Ack, Call, Opened, Respond, encodeAck, encodeOpen
from ..errors import ConnectionLost, LivePageError
from .controls import Typed
from .fakebrowser import (
    RemoteCall,
    RemoteError,
    Request,
    Socket,
    decodeFrame,
    reasonOfClose,
    unsafeIntegerIn,
    widgetsOf,
)
from .fakedocument import SHOW, FakeDocument
from .fakehistory import FakeHistory
from .realwork import limit

#: The function of the client that shows an address.
SHOW_URL: Final = "athenalite-addresses.showURL"
_ROUNDED: Final = "JavaScript would round the integer {}, which is beyond 2^53; send it as a string"


class Answer(CallResult):
    """
    The answer to a call of a :class:`StubPage`. To ``await`` it is limited in time, see :class:`StubBrowser`.
    """

    # See CallResult: it is initialized at once.
    _made = True

    def __init__(self, browser: Any) -> None:
        Deferred.__init__(self)
        self._browser = browser

    def __await__(self) -> Any:
        if not self.called:
            seconds = self._browser.timeout
            limit(self, seconds, lambda: self._browser.stillRunning(seconds))
        if _inTask():
            # A test that asyncio runs itself, which cannot await a Deferred.
            return self.asFuture(asyncio.get_running_loop()).__await__()
        return super().__await__()


def _inTask() -> bool:
    loop = asyncio._get_running_loop()
    return loop is not None and isinstance(asyncio.current_task(loop), asyncio.Task)


class UnsafeInteger(LivePageError):
    """The client's error for a call with an integer that JavaScript would round."""


def identityOf(target: Any) -> Any:
    """
    :return: what tells the target of a call apart from others: a number itself, or which object it is.
    """
    return target if isinstance(target, int) else ("object", id(target))


class FakePage:
    """
    What a :class:`athenalite.testing.StubPage` does by itself.

    :ivar page: the server's page.
    :ivar calls: the server's calls so far.
    :ivar lost: the reason for which the page is lost; None before.
    """

    def __init__(self, browser: Any, page: Any, url: str = "/") -> None:
        self.page = page
        self._history = FakeHistory(url)
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
        self._typedIn: Typed | None = None
        self._calls: dict[int, str] = {}
        # Of the arguments of the call that is handled.
        self._unsafe: int | None = None
        self._connecting: list[Deferred[None]] = []
        self._request = Request(page, browser.factory, browser.headers, browser.deliveries.changed, url)

    @property
    def _typed(self) -> Typed:
        # Most pages have no parts, and need no tree.
        if self._typedIn is None:
            self._typedIn = Typed(FakeDocument(self._html or ""))
        return self._typedIn

    @property
    def connected(self) -> bool:
        """Whether the page has a connection that its ``authorize`` has accepted."""
        return self._socket is not None and self._socket.open

    def reconnect(self) -> None:
        """
        Open a new connection, which replaces the current one. If the server does not accept the page any more,
        :attr:`lost` has the reason.
        """
        browser = self._browser
        old, self._socket = self._socket, Socket(browser.factory, browser.headers, browser.deliveries.changed)
        opening = encodeOpen(self.page.session.token, self._delivery.received, next(self._sockets))
        self._socket.connection.textReceived(opening)
        if old is not None:
            old.connection.connectionLost()
        browser.advance()

    def waitingFor(self) -> list[str]:
        """What has not ended on this page, for the text of an error."""
        if self._html is None:
            return ["a page is being rendered"]
        if not self.connected and self.lost is None:
            return ["a page is not connected: it was cut, or authorize has no result"]
        return [f"{self._calls[number]} is running" for number in self._outstanding]

    # Receiving

    def receive(self) -> bool:
        """Handle the messages that have arrived; return whether there were any."""
        if self._html is None:
            try:
                self._html = self._request.response()
                _refuseUnsafe(self._html or "")
            except (RuntimeError, ValueError):
                if not self._fireConnected(Failure()):
                    raise
                return False
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
            reason = reasonOfClose(*socket.closed)
            if reason is not None:
                self._lose(reason)
        elif self._delivery.ackPending:
            socket.connection.textReceived(encodeAck(self._delivery.ackToSend()))

    def _frameReceived(self, socket: Socket, frame: bytes) -> None:
        message = decodeFrame(frame)
        if isinstance(message, Opened):
            self._delivery.resume(message.received)
            socket.open = True
            self._send()
            self._fireConnected(None)
        elif isinstance(message, Call):
            self._unsafe = unsafeIntegerIn([message.args, message.kwargs])
            self._local.callReceived(self._delivery.messageReceived(), message)
        elif isinstance(message, Respond):
            self._delivery.messageReceived()
            self._delivery.acknowledged(message.number)
            self._responseReceived(message)
        elif isinstance(message, Ack):
            self._delivery.acknowledged(message.number)

    def _responseReceived(self, response: Respond) -> None:
        result = self._outstanding.pop(response.number)
        del self._calls[response.number]
        if result.called:
            return
        unsafe = unsafeIntegerIn(response.value)
        if unsafe is not None:
            result.errback(Failure(RemoteError({"type": "UnsafeInteger", "message": _ROUNDED.format(unsafe)})))
        elif response.success:
            result.callback(response.value)
        else:
            result.errback(Failure(RemoteError(response.value)))

    def _locate(self, objectID: int, methodName: str) -> Callable[..., Any]:
        try:
            target = self.page.locateObject(objectID)
        except KeyError:
            # The server has detached it already.
            target = objectID

        if self._unsafe is not None:
            raise UnsafeInteger(_ROUNDED.format(self._unsafe))

        def run(*args: Any, **kwargs: Any) -> Any:
            self.calls.append(RemoteCall(target, methodName, args, kwargs))
            if methodName == SHOW and objectID == 0:
                self._typed.document.show(*args)
                return None
            if methodName == SHOW_URL and objectID == 0:
                self._history.show(*args)
                return None
            _, answer = self._answers.get((identityOf(target), methodName), (None, None))
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
        self._fireConnected(Failure(ConnectionLost(self.lost)))

    def _fireConnected(self, result: Any) -> bool:
        """Return whether this was awaited."""
        connecting, self._connecting = self._connecting, []
        for deferred in connecting:
            if not deferred.called:
                deferred.callback(result)
        return bool(connecting)


def _refuseUnsafe(html: str) -> None:
    # In a browser the widget is not made, which only the console says.
    for widget in widgetsOf(html):
        unsafe = unsafeIntegerIn(widget.arguments)
        if unsafe is not None:
            where = f"the initial arguments of {widget.jsClass} (object {widget.athenaID})"
            raise ValueError(f"{where}: {_ROUNDED.format(unsafe)}")


def _nothingElse(value: Any) -> Any:
    raise TypeError(f"a browser cannot send {type(value).__name__}")
