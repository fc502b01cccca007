# -*- test-case-name: tests.testing.test_fakebrowser -*-
"""
What :mod:`athenalite.testing` makes of a browser: its socket, its request for a page, and what it reads out of what
the server says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web.resource import IResource, Resource
from zope.interface import implementer

from .._core.connection import Connection
from .._core.wire import Call, Respond, decode
from .._server.factory import LivePageFactory
from .._server.site import AthenaSite
from ..interfaces import Handshake, ITransport

#: Where in a message its arguments, or its value, are; and how long it is if it has instances to make in there.
_PLACE: Final = 3
_WITH_MADE: Final = MappingProxyType({"call": 6, "notify": 6, "respond": 5})


class RemoteError(Exception):
    """
    The server's method failed. What the browser's ``RemoteError`` has, and nothing that a browser would not see.

    :ivar type: the name of the error's class.
    :ivar jsClass: the JavaScript class that the browser would make an instance of, with :attr:`arguments`; or None.
    :ivar reference: what the server's log calls an error that it does not describe, or None.
    :ivar argument: the argument that was refused, or None.
    """

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.type: str = error["type"]
        self.jsClass: str | None = error.get("jsClass")
        self.arguments: list[Any] = error.get("args", [])
        self.reference: str | None = error.get("reference")
        self.argument: str | None = error.get("argument")


class RemoteCall(NamedTuple):
    """What the server called: a method of the widget of ``target``, or a function, if that is the page."""

    target: Any
    methodName: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = {}


class Instance(NamedTuple):
    """Stands for an instance of a JavaScript class that the server has sent."""

    jsClass: str
    arguments: list[Any]


class Widget(NamedTuple):
    """A widget in the document: its element's number, its class, and what its ``__init__`` gets after its node."""

    athenaID: int
    jsClass: str
    arguments: list[Any]


@implementer(ITransport)
class Socket:
    """
    One socket of a page.

    :ivar connection: the server's end of it.
    :ivar frames: what the server has sent and the page not taken yet.
    :ivar closed: the code and the reason that the server has closed it with, or None.
    :ivar open: whether the server has answered that it is the page's.
    """

    def __init__(self, factory: LivePageFactory, headers: Mapping[str, str]) -> None:
        self.frames: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.open = False
        # Header values are bytes, and a handshake has them as ISO 8859-1.
        received = {name.lower(): value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
        self.connection = Connection(factory.sessions, self, Handshake(received, "memory:1"))

    def sendFrames(self, messages: list[bytes]) -> None:
        if self.closed is None:
            self.frames += messages

    def pauseReading(self) -> None:
        """It would only make tests wait: whatever is said has been read already."""

    def resumeReading(self) -> None:
        """See :meth:`pauseReading`."""

    def closeSocket(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    def abortSocket(self) -> None:
        self.closed = self.closed or (1006, "")


class _HTTPTransport(StringTransport):
    def unregisterProducer(self) -> None:
        # Unlike its base, a real transport does not mind that there is none.
        self.producer = None


class _Only(Resource):
    """A site of one page, which is asked for itself, and not for the child that it may have for a slash: ``child_``."""

    isLeaf = True

    def __init__(self, page: IResource) -> None:
        super().__init__()
        self._page = page

    def render(self, request: Any) -> Any:
        return self._page.render(request)


class Request:
    """The request for a page."""

    def __init__(self, page: IResource, factory: LivePageFactory, headers: Mapping[str, str]) -> None:
        site = AthenaSite(_Only(page), factory.limits, factory.sessions.clock)
        cast(Any, site).livePageFactory = factory
        self._transport = _HTTPTransport()
        self._protocol: Any = site.buildProtocol(self._transport.getPeer())
        self._protocol.makeConnection(self._transport)
        # Of HTTP/1.1 the answer might come in chunks.
        lines = ["GET / HTTP/1.0", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self._protocol.dataReceived("\r\n".join(lines).encode("utf-8"))

    def response(self) -> str | None:
        """
        :return: the document, or None if it is not there yet.
        :raise RuntimeError: for any other answer.
        """
        if not self._transport.disconnecting:
            return None
        head, _, body = self._transport.value().partition(b"\r\n\r\n")
        status = head.split(b" ", 2)[1]
        if status != b"200":
            raise RuntimeError(f"the answer is {status.decode('ascii')}: {body.decode('utf-8')}")
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


def understood(frame: bytes) -> Any:
    """
    :return: the message in a frame of the server. It may have what no browser's message has, an :class:`Instance`.
    """
    parts = json.loads(frame)
    made = parts.pop() if len(parts) == _WITH_MADE.get(parts[0]) else []
    message = decode(json.dumps(parts))
    for path, jsClass in made:
        _make(parts, [_PLACE, *path], jsClass)
    if made and isinstance(message, Call):
        return message._replace(args=parts[_PLACE])
    return message._replace(value=parts[_PLACE]) if made and isinstance(message, Respond) else message


def _make(parts: Any, path: list[Any], jsClass: str) -> None:
    *outer, last = path
    for step in outer:
        parts = parts[step]
    parts[last] = Instance(jsClass, parts[last])
