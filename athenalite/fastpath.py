# -*- test-case-name: tests.test_fastpath -*-
"""
A room of its own for what is faster than Autobahn's documented ways, and for nothing else.

The reason: raw Autobahn spends half of a broadcast in the kernel's ``send``, a third in asking the reactor when to call
it, and most of a received message in a parser made for frames of any size. Here is the common case of each: a frame
that the kernel takes at once, a short text that has come whole. All else is left to Autobahn, and to Twisted's
transport; so is everything, if Autobahn does not look as it did when this was written. Each mixin stands alone, and
:mod:`athenalite.transport` works without any.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from operator import attrgetter, call, length_hint
from typing import Any, ClassVar, Final

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet.interfaces import IPullProducer
from twisted.internet.protocol import connectionDone
from twisted.internet.tcp import Connection
from twisted.python.failure import Failure
from zope.interface import implementer

from .frames import SHORT, TEXT, Frames
from .interfaces import ITransport
from .shortcuts import Shortcut
from .turn import SendToAll, sendToEach

_MASKED: Final = 0x80
_HEADER: Final = 6
#: Says that the length is in the next two bytes, which can say so much (RFC 6455 section 5.2).
_EXTENDED: Final = 126
_LONGEST: Final = 0xFFFF
_take: Final = attrgetter("take")


class FramesOnce(WebSocketServerProtocol):  # type: ignore[misc]
    """A socket whose messages of one turn are one write, and the same bytes as those of the other pages."""

    #: The site's.
    frames: ClassVar[Frames]

    def sendFrames(self, messages: list[bytes]) -> None:
        # Compression would have to see each message by itself.
        if self._perMessageCompress is not None:
            super().sendFrames(messages)
        elif self.state == self.STATE_OPEN:
            self.sendData(self.frames.of(messages))


@implementer(IPullProducer)
class _Drain:
    """Learns when a transport has written what it was given; nothing else in Twisted tells."""

    def __init__(self, transport: Any, drained: Callable[[], None]) -> None:
        self._transport = transport
        # A producer is asked to produce when it is registered; that is no answer.
        self._drained: Callable[[], None] | None = None
        transport.registerProducer(self, False)
        self._drained = drained

    def resumeProducing(self) -> None:
        drained, self._drained = self._drained, None
        if drained is not None:
            self._transport.unregisterProducer()
            drained()

    def stopProducing(self) -> None:
        self._drained = None


@implementer(ITransport)
class Line:
    """
    The short way to the kernel, past the transport, as long as that holds no bytes that come first.

    It is an object of its own because a broadcast touches a thousand of them, and none is in the processor's cache:
    what it needs are these few words, where Autobahn's socket has a hundred.

    :ivar frames: the site's.
    :ivar take: the socket's own ``send``, as long as nothing has to go before it; otherwise what puts it behind that.
        Once the socket is closing, what takes everything and sends nothing.
    """

    __slots__ = ("_closed", "_protocol", "_send", "frames", "take")
    take: Callable[[bytes], int]

    def __init__(self, protocol: Any, frames: Frames) -> None:
        """
        :param protocol: an open socket over plain TCP, whose transport still has to write the answer to the handshake.
        """
        self._protocol = protocol
        self._send = protocol.transport.getHandle().send
        self._closed = False
        self.frames = frames
        self.take = self._queue
        # Instead of the socket itself, which would hear only of full buffers.
        protocol.transport.unregisterProducer()
        _Drain(protocol.transport, self._drained)

    def sendFrames(self, messages: list[bytes]) -> None:
        self._write(self.frames.of(messages))

    def write(self, data: bytes) -> bool:
        """
        :return: whether ``data`` is on its way; if not, the transport has to take it.
        """
        if self.take is not self._send:
            return False
        self._write(data)
        return True

    def _write(self, data: bytes) -> None:
        try:
            sent = self.take(data)
        except OSError:
            sent = 0
        if sent < len(data):
            self.refused(data[sent:])

    def refused(self, rest: bytes) -> None:
        """
        The kernel has not taken these bytes: it would block; or the line is dead, which the transport will find, and
        tell.
        """
        self.take = self._queue
        transport = self._protocol.transport
        transport.write(rest)
        transport.unregisterProducer()
        _Drain(transport, self._restDrained)
        self._protocol.pauseProducing()

    def _queue(self, data: bytes) -> int:
        if self._protocol.state == self._protocol.STATE_OPEN:
            self._protocol.sendData(data)
        return len(data)

    def _restDrained(self) -> None:
        self._drained()
        self._protocol.resumeProducing()

    def _drained(self) -> None:
        if not self._closed:
            self.take = self._send

    def close(self) -> None:
        """The socket is closing: it decides from now on what may still be sent."""
        self._closed = True
        self.take = len

    def pauseReading(self) -> None:
        self._protocol.pauseReading()

    def resumeReading(self) -> None:
        self._protocol.resumeReading()

    def closeSocket(self, code: int, reason: str) -> None:
        self._protocol.closeSocket(code, reason)


_LINES: Final = {Line}


def sendToAll(transports: list[ITransport], messages: list[bytes]) -> None:
    """
    Send the same to many sockets; if each is a :class:`Line`, in one loop in which the interpreter has no part.
    """
    if len(transports) < 2 or set(map(type, transports)) != _LINES:
        sendToEach(transports, messages)
        return
    lines: list[Any] = transports
    data = lines[0].frames.of(messages)
    left = iter(lines)
    taken = map(call, map(_take, left), repeat(data))
    while True:
        try:
            for sent in filter(len(data).__ne__, taken):
                lines[~length_hint(left)].refused(data[sent:])
            return
        except OSError:
            lines[~length_hint(left)].refused(data)


class SendsAtOnce(WebSocketServerProtocol):  # type: ignore[misc]
    """
    A socket that hands its bytes to the kernel itself: a :class:`Line`.

    What the kernel does not take goes to the transport, and until that has written it, everything does; the session is
    asked to wait meanwhile, as by any producer. Only for plain TCP: there, a transport is its socket.
    """

    frames: ClassVar[Frames]
    _line: Line | None = None
    _handshakeSent = False

    def line(self) -> Any:
        # TLS and other wrappers are no Connection. And were Autobahn to write past sendData, we would overtake it.
        if (
            not isinstance(self.transport, Connection)
            or not self._handshakeSent
            or self._perMessageCompress is not None
        ):
            return super().line()
        self._line = Line(self, self.frames)
        return self._line

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        if self._line is None or sync or chopsize or not self._line.write(data):
            self._handshakeSent = True
            super().sendData(data, sync, chopsize)

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False) -> None:
        super().sendCloseFrame(code, reasonUtf8, isReply)
        self._closeLine()

    def dropConnection(self, abort: bool = False) -> None:
        super().dropConnection(abort)
        self._closeLine()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._closeLine()
        super().connectionLost(reason)

    def _closeLine(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class ReceivesWhole(WebSocketServerProtocol):  # type: ignore[misc]
    """
    A socket that takes apart text frames that have come whole, and leaves Autobahn's parser the rest.

    What Autobahn's statistics say of such frames is nothing; what its pings need to know, they are told.
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
        while size - start >= _HEADER and data[start] == TEXT and self.state == self.STATE_OPEN:
            length, body = data[start + 1] - _MASKED, start + _HEADER
            if length == _EXTENDED and size - body >= 2:
                length, body = int.from_bytes(data[start + 2 : start + 4], "big"), body + 2
                # What fits the shorter form must be in it (RFC 6455 section 5.2); that is the parser's to say.
                if length <= SHORT:
                    break
            elif not 0 <= length <= SHORT:
                break
            end = body + length
            if length > self._longest or end > size:
                break
            payload = _unmask(data[body - 4 : body], data[body:end])
            if not _isText(payload):
                break
            start = end
            if self.autoPingTimeoutCall and self.autoPingRestartOnAnyTraffic:
                self._cancelAutoPingTimeoutCall()
            self.onMessage(payload, False)
        return data[start:]


def _parserAsExpected(protocol: Any) -> bool:
    return (
        isinstance(getattr(protocol, "data", None), bytes)
        and getattr(protocol, "current_frame", protocol) is None
        and getattr(protocol, "inside_message", None) is False
        and hasattr(protocol, "autoPingTimeoutCall")
        and hasattr(protocol, "autoPingRestartOnAnyTraffic")
        and callable(getattr(protocol, "_cancelAutoPingTimeoutCall", None))
        and protocol.utf8validateIncoming
        and protocol.requireMaskedClientFrames
    )


def _unmask(mask: bytes, payload: bytes) -> bytes:
    # As two large integers: the only way that Python has to XOR many bytes at once.
    length = len(payload)
    key = int.from_bytes((mask * (length // 4 + 1))[:length], "big")
    return (int.from_bytes(payload, "big") ^ key).to_bytes(length, "big")


def _isText(payload: bytes) -> bool:
    if payload.isascii():
        return True
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def wayToAll(shortcuts: Shortcut) -> SendToAll:
    """
    :return: what sends the same to many sockets with these shortcuts.
    """
    return sendToAll if Shortcut.SEND_AT_ONCE in shortcuts else sendToEach


def shortened(protocol: type, factory: WebSocketServerFactory, shortcuts: Shortcut) -> type:
    """
    :param protocol: a class of sockets.
    :param factory: theirs, with all its options set; they are not to change any more.
    :return: the same with these shortcuts, as far as the installed Autobahn allows them.
    """
    ways = {
        Shortcut.FRAME_ONCE: FramesOnce,
        Shortcut.SEND_AT_ONCE: SendsAtOnce,
        Shortcut.RECEIVE_WHOLE: ReceivesWhole,
    }
    bases = tuple(mixin for shortcut, mixin in ways.items() if shortcut in shortcuts)
    attributes: dict[str, Any] = {"frames": Frames(Shortcut.FRAME_ONCE in shortcuts)}
    if Shortcut.CONFIGURE_ONCE in shortcuts:
        attributes.update(_options(protocol, factory))
    return type(protocol.__name__, (*bases, protocol), attributes)


def _options(protocol: Any, factory: Any) -> dict[str, Any]:
    # Autobahn copies each option to each socket, and formats them all for a line of its log that nobody sees.
    names = getattr(protocol, "CONFIG_ATTRS", ())
    if not all(isinstance(name, str) and hasattr(factory, name) for name in names):
        return {}
    values = {name: getattr(factory, name) for name in names}
    # A function among the attributes of a class would be taken for a method.
    return {name: staticmethod(value) if callable(value) else value for name, value in values.items()} | {
        "CONFIG_ATTRS": ()
    }
