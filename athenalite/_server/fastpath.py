# -*- test-case-name: tests.server.test_fastpath -*-
"""
Fast paths through Autobahn that its documentation does not cover.

Raw Autobahn spends half of a broadcast in the kernel's ``send``, a third in waiting for the reactor to call it, and
most of a received message in a parser for frames of any size. This module handles the common case of each: a frame that
the kernel accepts at once, and a short text frame that has arrived completely. Autobahn and Twisted's transport handle
the rest, and everything if Autobahn's attributes are not as expected. Each mixin works alone, and
:mod:`athenalite._server.websocket` works without any.
"""

from __future__ import annotations

from typing import Any, Final

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.protocol import connectionDone
from twisted.internet.tcp import Connection, Server
from twisted.python.failure import Failure

from .._core.batch import SendToAll, sendToEach
from .._core.fastpaths import FastPath
from .autobahn import WebSocketServerFactory, WebSocketServerProtocol
from .compression import DeflatedFrames
from .directwrite import DeflatingWriter, DirectWriter, sendToAll
from .frames import SHORT, TEXT, Frames
from .tls import directTLS
from .usualhandshake import UsualHandshakeMixin

_MASKED: Final = 0x80
#: The first byte of a pong.
_PONG: Final = 0x8A
_HEADER: Final = 6
#: The length is in the next two bytes, up to this maximum (RFC 6455 section 5.2).
_EXTENDED: Final = 126
_LONGEST: Final = 0xFFFF


class DirectWriteMixin(WebSocketServerProtocol):  # type: ignore[misc]
    """
    Writes to the kernel through a :class:`DirectWriter`.

    What the kernel refuses goes to the transport, and so does everything until the transport has written it; the
    session is paused meanwhile. For TCP, and Twisted's TLS over it.
    """

    _writer: DirectWriter | None = None
    _handshakeSent = False

    def sessionTransport(self) -> Any:
        # If Autobahn wrote past sendData, the order would be lost.
        frames = self.sharedFrames()
        if not self._handshakeSent or frames is None:
            return super().sessionTransport()
        # TLS and other wrappers are no Connection.
        tls = directTLS(self.transport)
        if tls is None and not isinstance(self.transport, Connection):
            return super().sessionTransport()
        writer = DirectWriter if self._perMessageCompress is None else DeflatingWriter
        self._writer = writer(self, frames, tls)
        return self._writer

    def flushOpening(self) -> None:
        if self._writer is not None:
            self._writer.flush()

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        if self._writer is None or sync or chopsize or not self._writer.write(data):
            self._handshakeSent = True
            super().sendData(data, sync, chopsize)

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False) -> None:
        super().sendCloseFrame(code, reasonUtf8, isReply)
        self._closeWriter()

    def dropConnection(self, abort: bool = False) -> None:
        super().dropConnection(abort)
        self._closeWriter()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._closeWriter()
        super().connectionLost(reason)

    def _closeWriter(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class WholeFrameMixin(WebSocketServerProtocol):  # type: ignore[misc]
    """
    Parses text frames that have arrived completely, and answers to keep-alives, and leaves the rest to Autobahn's
    parser. Autobahn's statistics do not count these frames.
    """

    _whole = False
    _longest = 0

    def onOpen(self) -> None:
        super().onOpen()
        bounds = (self.maxFramePayloadSize, self.maxMessagePayloadSize)
        self._longest = min([_LONGEST, *filter(None, bounds)])
        self._whole = _parserAsExpected(self)

    def dataReceived(self, data: bytes) -> None:
        if self._whole and not self.data and self.current_frame is None and not self.inside_message:
            data = self._takeWhole(data)
        if data:
            super().dataReceived(data)

    def _takeWhole(self, data: bytes) -> bytes:
        start, size = 0, len(data)
        while size - start >= _HEADER and self.state == self.STATE_OPEN:
            if data[start] == _PONG and data[start + 1] == _MASKED:
                start += _HEADER
                self.onPong(b"")
                continue
            if data[start] != TEXT:
                break
            length, body = data[start + 1] - _MASKED, start + _HEADER
            if length == _EXTENDED and size - body >= 2:
                length, body = int.from_bytes(data[start + 2 : start + 4], "big"), body + 2
                # A length that fits the shorter form must use it (RFC 6455 section 5.2); the parser reports it.
                if length <= SHORT:
                    break
            elif not 0 <= length <= SHORT:
                break
            end = body + length
            if length > self._longest or end > size:
                break
            payload = _unmask(data[body - 4 : body], data[body:end])
            if not payload.isascii() and not _isUTF8(payload):
                break
            start = end
            self.onMessage(payload, False)
        return data[start:]


class QuietMixin(WebSocketServerProtocol):  # type: ignore[misc]
    """
    Writes and reads what Autobahn would, without formatting a debug message each time, which takes a tenth of the
    opening of a socket. Autobahn's statistics do not count these bytes, and its ``transport_details`` stay empty.
    """

    def connectionMade(self) -> None:
        peer = self.transport.getPeer() if type(self.transport) is Server else None
        if not isinstance(peer, IPv4Address) or ISSLTransport.providedBy(self.transport):
            super().connectionMade()
            return
        # The HTTP channel has set TCP_NODELAY.
        self.peer = f"tcp4:{peer.host}:{peer.port}"
        self._connectionMade()

    def dataReceived(self, data: bytes) -> None:
        self._dataReceived(data)

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        if sync or chopsize or getattr(self, "send_queue", True) or self.logOctets:
            super().sendData(data, sync, chopsize)
        else:
            self.transport.write(data)


def _parserAsExpected(protocol: Any) -> bool:
    return (
        isinstance(getattr(protocol, "data", None), bytes)
        and getattr(protocol, "current_frame", protocol) is None
        and getattr(protocol, "inside_message", None) is False
        and protocol.utf8validateIncoming
        and protocol.requireMaskedClientFrames
    )


def _unmask(mask: bytes, payload: bytes) -> bytes:
    # As two large integers: the fastest way in Python to XOR many bytes, in this order.
    length = len(payload)
    key = int.from_bytes((mask * (length // 4 + 1))[:length], "little")
    return (int.from_bytes(payload, "little") ^ key).to_bytes(length, "little")


def _isUTF8(payload: bytes) -> bool:
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def sendToAllWith(fastPaths: FastPath) -> SendToAll:
    """
    :return: the function that sends the same messages to many sockets, with these fast paths.
    """
    return sendToAll if FastPath.SEND_AT_ONCE in fastPaths else sendToEach


def withFastPaths(protocol: type, factory: WebSocketServerFactory, fastPaths: FastPath) -> type:
    """
    :param protocol: a class of WebSocket protocols.
    :param factory: its factory, with all options set; they must not change any more.
    :return: a subclass with these fast paths, as far as the installed Autobahn supports them.
    """
    mixins: dict[FastPath, type] = {FastPath.SEND_AT_ONCE: DirectWriteMixin, FastPath.RECEIVE_WHOLE: WholeFrameMixin}
    if _handshakeAsExpected(protocol, factory):
        mixins[FastPath.PARSE_ONCE] = UsualHandshakeMixin
    bases = [mixin for fastPath, mixin in mixins.items() if fastPath in fastPaths] + [protocol]
    if FastPath.FORMAT_NOTHING in fastPaths and _canBeQuiet(protocol):
        # Behind the class, whose methods call these.
        bases.append(QuietMixin)
    attributes: dict[str, Any] = {"frames": Frames(), "deflatedFrames": DeflatedFrames()}
    if FastPath.CONFIGURE_ONCE in fastPaths:
        attributes.update(_options(protocol, factory))
    return type(protocol.__name__, tuple(bases), attributes)


def _canBeQuiet(protocol: Any) -> bool:
    return hasattr(protocol, "_dataReceived") and hasattr(protocol, "_connectionMade")


def _handshakeAsExpected(protocol: Any, factory: Any) -> bool:
    # What the mixin calls, and what Autobahn would decide by the headers.
    called = ("processHandshake", "succeedHandshake", "_parseExtensionsHeader")
    return (
        all(hasattr(protocol, name) for name in called)
        and 13 in factory.versions
        and factory.allowedOrigins == ["*"]
        and not factory.externalPort
        and not factory.trustXForwardedFor
    )


def _options(protocol: Any, factory: Any) -> dict[str, Any]:
    # Autobahn copies each option to each socket, and formats all of them for a debug message.
    names = getattr(protocol, "CONFIG_ATTRS", ())
    if not all(isinstance(name, str) and hasattr(factory, name) for name in names):
        return {}
    values = {name: getattr(factory, name) for name in names}
    # A function among the attributes of a class would become a method.
    return {name: staticmethod(value) if callable(value) else value for name, value in values.items()} | {
        "CONFIG_ATTRS": ()
    }
