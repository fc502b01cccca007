# -*- test-case-name: tests.test_errors -*-
"""
What can go wrong, and whose fault it is::

    AthenaError
     +-- ConnectionLost        the page is gone; the call will not be answered
     |    +-- ConnectFailed    the page never connected
     |    +-- FallenBehind     more was said to the page than is kept for one
     +-- OrphanedFragment      an element without a page was asked to speak or to leave
     +-- MessageTooLarge       one call is more than is kept for a page; it was not made
     +-- UnknownClass          no JavaScript module provides this class
     +-- ProtocolError         the peer said what the protocol does not allow
     +-- LivePageError         may cross the wire to the browser, with its text
     |    +-- NoSuchMethod     the browser named a method that is not exposed
     |    +-- ArgumentError    the browser gave a method what its annotations do not allow
     |    +-- TooManyCalls     the browser has too many calls waiting for their answers
     +-- JSException           JavaScript raised it, in the browser

An exposed method raises a subclass of :class:`LivePageError` to tell the browser what went wrong. Any other exception
is logged here in full, and the browser learns only its type and where in the log it stands.

``delivery.Overflow`` never leaves the core, and stands there.
"""

from __future__ import annotations

from typing import Final

from ._text.printable import printable

#: The close codes of ``docs/protocol.rst``: RFC 6455 section 7.4.1, and two of the private range.
CLOSE_PAGE_LOST: Final = 4000
CLOSE_REPLACED: Final = 4001
#: RFC 6455's registry of close codes: come again. The page is not lost.
CLOSE_TRY_AGAIN: Final = 1013
CLOSE_GOING_AWAY: Final = 1001
CLOSE_PROTOCOL_ERROR: Final = 1002
CLOSE_UNSUPPORTED_DATA: Final = 1003
CLOSE_INVALID_PAYLOAD: Final = 1007
CLOSE_POLICY_VIOLATION: Final = 1008
CLOSE_MESSAGE_TOO_BIG: Final = 1009
CLOSE_INTERNAL_ERROR: Final = 1011


class AthenaError(Exception):
    """The root of every error that athenalite raises on purpose."""


class ConnectionLost(AthenaError):
    """
    The page is gone for good. What it had been asked may or may not have happened there.

    :ivar args: one string, the reason, the same that the page learns.
    """


class ConnectFailed(ConnectionLost):
    """The page was rendered, and no socket of it ever came."""


class FallenBehind(ConnectionLost):
    """
    More waited for the page than the limits allow: it was away (``Limits.maxMessagesKept``, ``Limits.maxBytesKept``),
    did not read for ``Limits.stallTimeout``, or was sent much faster than it reads (``Limits.maxBytesQueued``).
    """


class OrphanedFragment(AthenaError):
    """An element that has no page (no ``setFragmentParent``, or detached) cannot be reached by a browser."""


class UnknownClass(AthenaError, RuntimeError):
    """No JavaScript (or CSS) module has this name. Athena raised a plain ``RuntimeError``."""


class MessageTooLarge(AthenaError):
    """A call, or its result, is larger than what is kept for a page (``Limits.maxBytesKept``). It was not sent."""


class ProtocolError(AthenaError):
    """
    The peer broke the protocol; its socket is to be closed.

    :ivar closeCode: the code to close it with, see ``docs/protocol.rst``.
    """

    def __init__(self, message: str, closeCode: int = CLOSE_PROTOCOL_ERROR) -> None:
        super().__init__(message)
        self.closeCode = closeCode


class LivePageError(AthenaError):
    """
    An error that the browser may see. Subclass it in your application.

    :cvar jsClass: the dotted name of the JavaScript class that the browser makes an instance of, with ``args`` (which
        must be JSON values) as its arguments. The browser uses ``Divmod.Error`` where there is no such class. If it is
        empty, an ES module gets the client's own ``RemoteError``, which has ``type`` and ``message``.
    """

    jsClass = "Divmod.Error"


class NoSuchMethod(LivePageError):
    """The browser called what is not exposed: ``NoSuchMethod(objectID, methodName)``."""

    jsClass = "Nevow.Athena.NoSuchMethod"

    def __init__(self, objectID: int, methodName: str) -> None:
        super().__init__(objectID, methodName)
        self.objectID = objectID
        self.methodName = methodName

    def __str__(self) -> str:
        return f"object {self.objectID} exposes no method {self.methodName!r}"


class ArgumentError(LivePageError):
    """
    An exposed method was called with what its annotations do not allow, and has not run. A method may raise it itself:
    ``raise ArgumentError("an empty name", "name")``.

    :ivar argument: the name of the argument, which the browser's ``RemoteError`` has, too; None if there are too many
        for them to have names.
    """

    jsClass = ""

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class TooManyCalls(LivePageError):
    """
    The browser has as many calls waiting for their answers as the site allows, in number or in the size of their
    arguments; or so much waits for it that there is no room for this answer.
    """


class JSException(AthenaError):
    """
    JavaScript raised this in the browser. Its traceback names the modules' own files and lines, where it is known.

    A browser wrote its text. ``str()`` of it has control characters and line ends escaped, so that it may be logged or
    printed, also by Twisted when no errback handles it.

    :ivar args: one string, ``"Type: message"``, as the browser wrote it.
    :ivar type: the name of the JavaScript error's class.
    :ivar stack: the browser's own account of where, or the empty string.
    """

    def __init__(self, message: str = "", type: str = "Error", stack: str = "") -> None:
        super().__init__(message)
        self.type = type
        self.stack = stack

    def __str__(self) -> str:
        return printable(super().__str__())
