# -*- test-case-name: tests.test_wire -*-
"""
What is said: every message of ``docs/protocol.rst`` as a value, and the text that carries it.

Decoding trusts nothing: a message has exactly the shape that the document allows, or :class:`ProtocolError` is raised.
Encoding happens once per message, when it is said, so that a value that JSON cannot hold fails the one call that
brought it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeAlias

from .errors import CLOSE_INVALID_PAYLOAD, ProtocolError
from .jsontext import TooDeep, encode, parse, quoted, utf8

VERSION: Final = 1
MAX_NUMBER: Final = 2**53 - 1
MAX_TOKEN: Final = 128
#: The longest body, in bytes, that :func:`decodeLeft` has to take.
MAX_LEFT: Final = 512

#: Values to make in the browser: where, and of which JavaScript class.
Made: TypeAlias = list[tuple[list[str | int], str]]


class Open(NamedTuple):
    """The first message on a socket: which page this is, how much it has received, and which of its sockets this is."""

    token: str
    received: int
    socket: int


class Left(NamedTuple):
    """The body of the HTTP request by which a page reports its end: which page, and its newest socket."""

    token: str
    socket: int


class Opened(NamedTuple):
    """The answer to :class:`Open`."""

    received: int


class Call(NamedTuple):
    """Run an exposed method, and respond (``wanted``) or respond only if it fails."""

    objectID: int
    methodName: str
    args: list[Any]
    kwargs: dict[str, Any]
    wanted: bool = True


class Respond(NamedTuple):
    """The answer to the call ``number``: its value, or (``success`` false) its error."""

    number: int
    success: bool
    value: Any


class Ack(NamedTuple):
    """I have run your messages up to ``number``."""

    number: int


class Noop(NamedTuple):
    """The line is alive."""


Message: TypeAlias = Open | Opened | Call | Respond | Ack | Noop


# Encoding


def encodeNotify(
    objectID: int,
    methodName: str,
    args: Any,
    kwargs: dict[str, Any] | None = None,
    made: Made | None = None,
) -> bytes:
    """
    :return: a call whose answer nobody waits for; :func:`asCall` makes it one that is answered.
    :raise TypeError: if an argument is not a JSON value; the text says what is wrong.
    """
    parts = [objectID, methodName, args]
    if kwargs or made:
        parts.append(kwargs or {})
    if made:
        parts.append(made)
    return _NOTIFY + encode(parts)[1:]


_NOTIFY: Final = b'["notify",'
_CALL: Final = b'["call",'


def asCall(notify: bytes) -> bytes:
    """
    :param notify: from :func:`encodeNotify`.
    :return: the same call, with a wish for its answer.
    """
    return _CALL + notify[len(_NOTIFY) :]


def encodeResult(number: int, value: Any, made: Made | None = None) -> bytes:
    """
    :raise TypeError: if ``value`` is not a JSON value; respond with an error then.
    """
    if value is None:
        return b'["respond",%d,true,null]' % number
    if type(value) is str:
        # An encoder takes as long to begin as it takes for such a message.
        return utf8(f'["respond",{number},true,{quoted(value)}]')
    parts = ["respond", number, True, value]
    if made:
        parts.append(made)
    return encode(parts)


def encodeArguments(args: list[Any]) -> str:
    """Initial arguments of a widget, as the text that its node carries. Raises TypeError like :func:`encodeNotify`."""
    return encode(args).decode("utf-8")


def encodeError(number: int, error: dict[str, Any]) -> bytes:
    """Like :func:`encodeResult`, for an error object of ``docs/protocol.rst``."""
    return encode(["respond", number, False, error])


def encodeOpen(token: str, received: int, socket: int) -> bytes:
    """What a browser says first on each socket; see :class:`Open`."""
    return encode(["open", VERSION, token, received, socket])


def openingIn(protocols: Iterable[str]) -> bytes | None:
    """
    :param protocols: the subprotocols that a browser offers in the handshake of a socket.
    :return: the ``open`` that one of them is, in base64url, to be decoded as if it had come first; None if none is.
        What is not base64url is nothing that :func:`decode` takes.
    """
    for protocol in protocols:
        name, _, opening = protocol.partition(".")
        if name == "open":
            try:
                return b64decode(opening + "=" * (-len(opening) % 4), b"-_", validate=True)
            except ValueError:
                return b""
    return None


def encodeOpened(received: int) -> bytes:
    """The answer to it; see :class:`Opened`."""
    return b'["opened",%d]' % received


def encodeAck(number: int) -> bytes:
    """I have run your messages up to ``number``."""
    return b'["ack",%d]' % number


NOOP: Final = b'["noop"]'


# Decoding


def decode(text: str | bytes) -> Message:
    """
    :param text: one text frame's payload.
    :raise ProtocolError: if it is no message of ``docs/protocol.rst``. The error's text quotes nothing of the message.
    """
    parts = _parts(text)
    shape = _shapes.get(parts[0])
    if shape is None:
        raise ProtocolError("a message of unknown kind")
    return shape(parts)


def decodeLeft(body: bytes) -> Left:
    """
    :param body: the body of a POST to the transport.
    :raise ProtocolError: if it is not the ``left`` of ``docs/protocol.rst``. The error's text quotes nothing of it.
    """
    parts = _parts(body)
    _length(parts, 4)
    if parts[0] != "left":
        raise ProtocolError("a message of unknown kind")
    return Left(_token(parts), _number(parts[3]))


def _parts(text: str | bytes) -> list[Any]:
    try:
        # Left to itself, json takes bytes of other encodings too, and surrogates in UTF-8.
        parts = parse(text if isinstance(text, str) else text.decode("utf-8"))
    except UnicodeDecodeError:
        raise ProtocolError("text that is not UTF-8", CLOSE_INVALID_PAYLOAD) from None
    except TooDeep:
        raise ProtocolError("nested too deep") from None
    except ValueError:
        raise ProtocolError("not JSON") from None
    if type(parts) is not list or not parts or type(parts[0]) is not str:
        raise ProtocolError("not a message")
    return parts


def _number(value: Any) -> int:
    # bool is an int in Python, and not a number in JSON.
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise ProtocolError("a number out of range")
    return value


def _length(parts: list[Any], *lengths: int) -> None:
    if len(parts) not in lengths:
        raise ProtocolError("a message of wrong length")


def _open(parts: list[Any]) -> Open:
    _length(parts, 5)
    return Open(_token(parts), _number(parts[3]), _number(parts[4]))


def _token(parts: list[Any]) -> str:
    if type(parts[1]) is not int or parts[1] != VERSION:
        raise ProtocolError("a protocol version that this server does not speak; reload the page")
    token = parts[2]
    if type(token) is not str or not 0 < len(token) <= MAX_TOKEN:
        raise ProtocolError("a token of wrong form")
    return token


def _opened(parts: list[Any]) -> Opened:
    _length(parts, 2)
    return Opened(_number(parts[1]))


def _call(parts: list[Any]) -> Call:
    if len(parts) == 4:
        kind, objectID, methodName, args = parts
        kwargs = {}
    else:
        _length(parts, 5)
        kind, objectID, methodName, args, kwargs = parts
    if type(methodName) is not str or type(args) is not list or type(kwargs) is not dict:
        raise ProtocolError("a call of wrong form")
    return Call(_number(objectID), methodName, args, kwargs, kind == "call")


def _respond(parts: list[Any]) -> Respond:
    _length(parts, 4)
    number, success, value = parts[1:]
    if type(success) is not bool:
        raise ProtocolError("a response of wrong form")
    if not success:
        _refuseError(value)
    return Respond(_number(number), success, value)


def _refuseError(value: Any) -> None:
    if type(value) is not dict:
        raise ProtocolError("an error that is not an object")
    required = all(type(value.get(key)) is str for key in ("type", "message"))
    optional = all(type(value.get(key, "")) is str for key in ("jsClass", "reference", "stack", "argument"))
    if not required or not optional or type(value.get("args", [])) is not list:
        raise ProtocolError("an error of wrong form")


def _ack(parts: list[Any]) -> Ack:
    _length(parts, 2)
    return Ack(_number(parts[1]))


def _noop(parts: list[Any]) -> Noop:
    _length(parts, 1)
    return Noop()


_shapes: Final[dict[str, Callable[[list[Any]], Message]]] = {
    "open": _open,
    "opened": _opened,
    "call": _call,
    "notify": _call,
    "respond": _respond,
    "ack": _ack,
    "noop": _noop,
}
