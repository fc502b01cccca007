# -*- test-case-name: tests.core.test_wire -*-
"""
Encodes and decodes the messages of ``docs/protocol.rst``.

Decoding trusts nothing: a message has exactly the shape that the document allows, or :class:`ProtocolError` is raised.
Encoding happens once per message, when it is queued, so that a value that is not JSON fails only its own call.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from msgspec import Meta, MsgspecError, Struct, ValidationError, convert
from msgspec.json import Decoder
from msgspec.structs import astuple

from .._text.workernames import WORKER_NAME
from ..errors import CLOSE_INVALID_PAYLOAD, ProtocolError
from .json import (
    HUGE,
    MAX_DEPTH,
    TooDeep,
    encode,
    isTooDeep,
    maybeHuge,
    numberOf,
    parse,
    quoted,
    utf8,
)

VERSION: Final = 1
MAX_NUMBER: Final = 2**53 - 1
MAX_TOKEN: Final = 128

#: Instances of JavaScript classes to make in the browser: the path of each in the arguments, and its class.
Made: TypeAlias = list[tuple[list[str | int], str]]


#: A count, or the number of a message or an object.
Number: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
Token: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_TOKEN)]
# Not in the alias: pydoctor reads no f-string there.
_WORKER: Final = rf"^{WORKER_NAME}\Z"
Worker: TypeAlias = Annotated[str, Meta(pattern=_WORKER)]


class _Message(Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """The array of one kind of message, whose first element is the kind."""


class Open(_Message, tag="open"):
    """The first message on a socket: the page's token, how many messages it has received, and the socket's number."""

    version: Literal[1]
    token: Token
    received: Number
    socket: Number


class Opened(_Message, tag="opened"):
    """The answer to :class:`Open`: how many messages were received, and the worker that the page has moved to."""

    received: Number
    worker: Worker = ""


class Call(_Message, tag="call"):
    """Run an exposed method, and respond; or, if not ``wanted``, respond only if it fails."""

    objectID: Number
    methodName: str
    args: list[Any]
    kwargs: dict[str, Any] = {}
    wanted: ClassVar[bool] = True


class Notify(Call, tag="notify"):
    """A call whose result is not wanted."""

    wanted = False


class Respond(_Message, tag="respond"):
    """The answer to the call ``number``: its value, or (``success`` false) its error."""

    number: Number
    success: bool
    value: Any

    def __post_init__(self) -> None:
        if not self.success:
            _refuseError(self.value)


class Ack(_Message, tag="ack"):
    """Acknowledges the peer's messages up to ``number``."""

    number: Number


class Noop(_Message, tag="noop"):
    """Shows that the connection is alive."""


Message: TypeAlias = Open | Opened | Call | Notify | Respond | Ack | Noop


# Encoding


def encodeNotify(
    objectID: int,
    methodName: str,
    args: Any,
    kwargs: dict[str, Any] | None = None,
    made: Made | None = None,
) -> bytes:
    """
    :return: a call without an answer, unless it fails; see :func:`asCall`.
    :raise TypeError: if an argument is not a JSON value; its text names the reason.
    """
    parts = [objectID, methodName, args]
    if kwargs or made:
        parts.append(kwargs or {})
    if made:
        parts.append(made)
    return _NOTIFY + encode(parts)[1:]


_NOTIFY: Final = b'["notify",'
_CALL: Final = b'["call",'
#: How a call begins, unless there are blanks in it.
CALLS: Final = (_CALL, _NOTIFY)


def asCall(notify: bytes) -> bytes:
    """
    :param notify: from :func:`encodeNotify`.
    :return: the same call, with a request for its answer.
    """
    return _CALL + notify[len(_NOTIFY) :]


def encodeResult(number: int, value: Any, made: Made | None = None) -> bytes:
    """
    :raise TypeError: if ``value`` is not a JSON value; respond with an error then.
    """
    if value is None:
        return b'["respond",%d,true,null]' % number
    if type(value) is str:
        # The call of an encoder takes as long as the rest of such a message.
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
    """The first message of a browser on each socket; see :class:`Open`."""
    return encode(["open", VERSION, token, received, socket])


_NOT_BASE64URL: Final = re.compile("[+/=]").search


def openingIn(protocols: Iterable[str]) -> bytes | None:
    """
    :param protocols: the subprotocols that a browser offers in the handshake of a socket.
    :return: the ``open`` that one of them is, in base64url, to be decoded as if it had come first; None if none is.
        What is not base64url without padding is nothing that :func:`decode` takes.
    """
    for protocol in protocols:
        name, _, opening = protocol.partition(".")
        if name == "open":
            try:
                # Python takes the characters of plain base64, and padding, as well.
                accepted = "" if _NOT_BASE64URL(opening) else opening + "=" * (-len(opening) % 4)
                return b64decode(accepted, b"-_", validate=True)
            except ValueError:
                return b""
    return None


def encodeOpened(received: int, worker: str = "") -> bytes:
    """The answer to :func:`encodeOpen`; see :class:`Opened`."""
    if not worker:
        return b'["opened",%d]' % received
    return b'["opened",%d,"%s"]' % (received, worker.encode("ascii"))


def encodeAck(number: int) -> bytes:
    """An acknowledgement of the peer's messages up to ``number``."""
    return b'["ack",%d]' % number


NOOP: Final = b'["noop"]'


# Decoding

_decode: Final = Decoder(Message, float_hook=numberOf).decode

KINDS: Final = frozenset(("open", "opened", "call", "notify", "respond", "ack", "noop"))


def decode(text: str | bytes) -> Message:
    """
    :param text: one text frame's payload.
    :raise ProtocolError: if it is no message of ``docs/protocol.rst``. The error's text quotes nothing of the message.
    """
    try:
        payload = text.encode("utf-8") if isinstance(text, str) else text
        message: Message = _decode(payload)
    except RecursionError:
        raise ProtocolError("nested too deep") from None
    except (MsgspecError, UnicodeError):
        # This includes lone surrogates, which JSON can spell and msgspec does not decode; they become U+FFFD.
        return _decodeSlowly(text)
    # Most messages have fewer bytes than so many pairs of brackets, or fewer brackets.
    if (
        len(payload) > 2 * MAX_DEPTH
        and payload.count(b"[") + payload.count(b"{") > MAX_DEPTH
        and isTooDeep(list(astuple(message)))
    ):
        raise ProtocolError("nested too deep")
    if len(payload) >= HUGE and maybeHuge(payload):
        # msgspec takes integers of any size.
        return _decodeSlowly(text)
    return message


def _decodeSlowly(text: str | bytes) -> Message:
    try:
        # Left to itself, json takes bytes of other encodings too, and surrogates in UTF-8.
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        parts = parse(decoded)
        # What is written with a fraction or an exponent is no number of the protocol's, even where it is an integer.
        convert(parse(decoded, float), Message)
        message: Message = convert(parts, Message)
    except UnicodeDecodeError:
        raise ProtocolError("text that is not UTF-8", CLOSE_INVALID_PAYLOAD) from None
    except TooDeep:
        raise ProtocolError("nested too deep") from None
    except ValidationError:
        raise ProtocolError(_whatIsWrong(parts)) from None
    except ValueError:
        raise ProtocolError("not JSON") from None
    return message


def _whatIsWrong(parts: Any) -> str:
    if type(parts) is not list or not parts or type(parts[0]) is not str:
        return "not a message"
    kind = parts[0]
    if kind not in KINDS:
        return "a message of unknown kind"
    if kind == "open" and parts[1:] and parts[1] != VERSION:
        return "a protocol version that this server does not speak; reload the page"
    return f"{kind} of wrong form"


def _refuseError(value: Any) -> None:
    if type(value) is not dict:
        raise ProtocolError("an error that is not an object")
    required = all(type(value.get(key)) is str for key in ("type", "message"))
    optional = all(type(value.get(key, "")) is str for key in ("jsClass", "reference", "stack", "argument"))
    if not required or not optional or type(value.get("args", [])) is not list:
        raise ProtocolError("an error of wrong form")
