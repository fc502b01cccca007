# -*- test-case-name: tests.testing.test_fakebrowser -*-
"""
The parts of the simulated browser of :mod:`athenalite.testing`: its socket, its request for a page, and its decoding of
the server's messages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

from msgspec.structs import replace
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web.resource import IResource, Resource
from zope.interface import implementer

from .._core.connection import Connection
from .._core.wire import NOOP, Call, Respond, decode
from .._server.factory import LivePageFactory
from .._server.site import AthenaSite
from ..errors import (
    CLOSE_INVALID_PAYLOAD,
    CLOSE_MESSAGE_TOO_BIG,
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    CLOSE_PROTOCOL_ERROR,
    CLOSE_REPLACED,
    CLOSE_UNSUPPORTED_DATA,
)
from ..interfaces import Handshake, ITransport

#: The position of the arguments, or of the value, in a message; and the length of a message with instances to make.
_PLACE: Final = 3
_MAX_INTEGER: Final = 2**53 - 1
_WITH_MADE: Final = MappingProxyType({"call": 6, "notify": 6, "respond": 5})
#: The codes with which a server ends a page, and what each means if no reason is given: as in ``js/closing.js``.
_TERMINAL: Final = MappingProxyType(
    {
        CLOSE_PAGE_LOST: "the page is lost",
        CLOSE_REPLACED: "a newer socket of the same page has taken over",
        CLOSE_PROTOCOL_ERROR: "protocol error",
        CLOSE_UNSUPPORTED_DATA: "a binary message",
        CLOSE_INVALID_PAYLOAD: "text that is not UTF-8",
        CLOSE_POLICY_VIOLATION: "refused by the server",
        CLOSE_MESSAGE_TOO_BIG: "a message larger than the server takes",
    }
)


def reasonOfClose(code: int, reason: str) -> str | None:
    """
    :return: why a page is lost whose socket the server has closed so; None if the page would open another socket.
    """
    meaning = _TERMINAL.get(code)
    return None if meaning is None else reason or meaning


def _nothing() -> None:
    """Do nothing."""


class RemoteError(Exception):
    """
    The server's method failed. It has the attributes of the browser's ``RemoteError``, and no others.

    :ivar type: the name of the error's class.
    :ivar jsClass: the JavaScript class that the browser would make an instance of, with :attr:`arguments`; or None.
    :ivar reference: identifies in the server's log an error that is not described to the browser; or None.
    :ivar argument: the name of the argument that was refused, or None.
    """

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.type: str = error["type"]
        self.jsClass: str | None = error.get("jsClass")
        self.arguments: list[Any] = error.get("args", [])
        self.reference: str | None = error.get("reference")
        self.argument: str | None = error.get("argument")


class RemoteCall(NamedTuple):
    """A call by the server: of a method of the widget of ``target``, or of a function, if ``target`` is the page."""

    target: Any
    methodName: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = {}


class Instance(NamedTuple):
    """An instance of a JavaScript class that the server has sent."""

    jsClass: str
    arguments: list[Any]


class Widget(NamedTuple):
    """A widget in the document: its element's number, its class, and the arguments of ``__init__`` after the node."""

    athenaID: int
    jsClass: str
    arguments: list[Any]


@implementer(ITransport)
class Socket:
    """
    One socket of a page.

    :ivar connection: the server's end of it.
    :ivar frames: messages from the server that the page has not handled yet.
    :ivar closed: the code and the reason with which the server has closed it, or None.
    :ivar open: whether the server has answered ``opened``.
    """

    def __init__(
        self, factory: LivePageFactory, headers: Mapping[str, str], changed: Callable[[], object] = _nothing
    ) -> None:
        """
        :param changed: called when the server has sent something, or has closed the socket.
        """
        self._changed = changed
        self.frames: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.open = False
        # Header values are bytes; a handshake decodes them as ISO 8859-1.
        received = {name.lower(): value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
        self.connection = Connection(factory.sessions, self, Handshake(received, "memory:1"))

    def sendFrames(self, messages: list[bytes]) -> None:
        if self.closed is None:
            self.frames += messages
            self._changed()

    def sendKeepAlive(self) -> None:
        """Send a message without effect, and answer the ping, as a browser does by itself."""
        self.sendFrames([NOOP])
        if self.closed is None:
            self.connection.frameReceived()

    def pauseReading(self) -> None:
        """Do nothing: messages are received as they are sent."""

    def resumeReading(self) -> None:
        """See :meth:`pauseReading`."""

    def closeSocket(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)
        self._changed()

    def abortSocket(self) -> None:
        self.closed = self.closed or (1006, "")
        self._changed()


class _HTTPTransport(StringTransport):
    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__()
        self._changed = changed

    def loseConnection(self) -> None:
        super().loseConnection()
        self._changed()

    def unregisterProducer(self) -> None:
        # Unlike the base class, a real transport accepts this without a producer.
        self.producer = None


class _Only(Resource):
    """A site of one page. It renders the page itself and not its child for an empty segment, ``child_``."""

    isLeaf = True

    def __init__(self, page: IResource) -> None:
        super().__init__()
        self._page = page

    def render(self, request: Any) -> Any:
        return self._page.render(request)


class Request:
    """The request for a page."""

    def __init__(
        self,
        page: IResource,
        factory: LivePageFactory,
        headers: Mapping[str, str],
        changed: Callable[[], object] = _nothing,
        url: str = "/",
    ) -> None:
        """
        :param changed: called when the response is complete.
        :param url: the path and the query.
        """
        site = AthenaSite(_Only(page), factory.limits, factory.sessions.clock)
        cast(Any, site).livePageFactory = factory
        self._transport = _HTTPTransport(changed)
        self._protocol: Any = site.buildProtocol(self._transport.getPeer())
        self._protocol.makeConnection(self._transport)
        # With HTTP/1.1 the response might be chunked.
        lines = [f"GET {url} HTTP/1.0", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self._protocol.dataReceived("\r\n".join(lines).encode("utf-8"))

    def response(self) -> str | None:
        """
        :return: the document, or None if it is not complete yet.
        :raise RuntimeError: for any other response than 200.
        """
        if not self._transport.disconnecting:
            return None
        head, _, body = self._transport.value().partition(b"\r\n\r\n")
        status = head.split(b" ", 2)[1]
        if status != b"200":
            raise RuntimeError(f"the response is {status.decode('ascii')}: {body.decode('utf-8')}")
        self._protocol.connectionLost(Failure(ConnectionDone()))
        return str(body, "utf-8")


def widgetsOf(html: str) -> list[Widget]:
    """
    :return: the widgets in a document, in its order.
    """
    parser = _Widgets()
    parser.feed(html)
    return parser.widgets


class _Widgets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.widgets: list[Widget] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        jsClass = found.get("athena:class")
        if jsClass is not None:
            number = int((found["id"] or "").partition(":")[2])
            self.widgets.append(Widget(number, jsClass, json.loads(found.get("data-athena-arguments") or "[]")))


def unsafeIntegerIn(values: Any) -> int | None:
    """
    :return: an integer in JSON values that JavaScript would round, so that a browser refuses what has it; None if there
        is none.
    """
    left = [values]
    while left:
        one = left.pop()
        if type(one) is int and abs(one) > _MAX_INTEGER:
            return one
        left += one if isinstance(one, list) else one.values() if isinstance(one, dict) else ()
    return None


def decodeFrame(frame: bytes) -> Any:
    """
    :return: the message in a frame of the server, with an :class:`Instance` for each instance to make.
    """
    parts = json.loads(frame)
    made = parts.pop() if len(parts) == _WITH_MADE.get(parts[0]) else []
    message = decode(json.dumps(parts))
    for path, jsClass in made:
        _make(parts, [_PLACE, *path], jsClass)
    if made and isinstance(message, Call):
        return replace(message, args=parts[_PLACE])
    return replace(message, value=parts[_PLACE]) if made and isinstance(message, Respond) else message


def _make(parts: Any, path: list[Any], jsClass: str) -> None:
    *outer, last = path
    for step in outer:
        parts = parts[step]
    parts[last] = Instance(jsClass, parts[last])
