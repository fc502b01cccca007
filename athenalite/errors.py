# -*- test-case-name: tests.test_errors -*-
"""
The exceptions of athenalite, and which side causes them::

    AthenaError
     +-- ConnectionLost        the page is lost; the call will not be answered
     |    +-- ConnectFailed    the page never connected
     |    +-- FallenBehind     more messages were unacknowledged than the limits allow
     +-- OrphanedFragment      an element without a page was to be called or detached
     +-- MessageTooLarge       one call is larger than the limits allow; it was not sent
     +-- UnknownClass          no JavaScript module provides this class
     +-- AsyncioReactorNeeded  asyncio was used, and the reactor is another
     +-- ForeignURL            an address is not one of the site
     +-- ProtocolError         the peer broke the protocol
     +-- LivePageError         may cross the wire to the browser, with its text
     |    +-- NoSuchMethod     the browser called a method that is not exposed
     |    +-- ArgumentError    the browser passed what the annotations do not allow
     |    +-- TooManyCalls     the browser has too many running calls
     |    +-- EngineAway       the engine of rooms did not accept a call in time
     +-- JSException           JavaScript raised it, in the browser

An exposed method raises a subclass of :class:`LivePageError` to report an error to the browser. Any other exception is
logged in full, and the browser receives only its type and a reference to the log.

``delivery.Overflow`` never leaves the core, and is defined there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ._porting.missing import absent
from ._text.printable import printable

#: The close codes of ``docs/protocol.rst``: RFC 6455 section 7.4.1, and three of the private range.
CLOSE_PAGE_LOST: Final = 4000
CLOSE_REPLACED: Final = 4001
#: The page is in another worker, whose name is the reason.
CLOSE_OTHER_WORKER: Final = 4002
#: "Try again later", of RFC 6455's registry of close codes. The page is not lost.
CLOSE_TRY_AGAIN: Final = 1013
#: "Service restart", of the same registry: the page goes on in another worker, or in the next process.
CLOSE_MOVED: Final = 1012
CLOSE_GOING_AWAY: Final = 1001
CLOSE_PROTOCOL_ERROR: Final = 1002
#: Of RFC 6455 section 7.4.1, too, and in no close frame: one without a code, and a connection that ended without one.
CLOSE_NO_CODE: Final = 1005
CLOSE_ABNORMAL: Final = 1006
CLOSE_UNSUPPORTED_DATA: Final = 1003
CLOSE_INVALID_PAYLOAD: Final = 1007
CLOSE_POLICY_VIOLATION: Final = 1008
CLOSE_MESSAGE_TOO_BIG: Final = 1009
CLOSE_INTERNAL_ERROR: Final = 1011


class AthenaError(Exception):
    """The root of every error that athenalite raises on purpose."""


class ConnectionLost(AthenaError):
    """
    The page is lost for good. Calls that were not answered may or may not have run there.

    :ivar args: one string, the reason, which the page receives, too.
    """


class ConnectFailed(ConnectionLost):
    """The page was rendered, and never opened a socket."""


class FallenBehind(ConnectionLost):
    """
    The page was a slow consumer: it had no socket while too much was sent (``Limits.maxMessagesKept``,
    ``Limits.maxBytesKept``), did not read for ``Limits.stallTimeout``, or read much more slowly than was sent
    (``Limits.maxBytesQueued``).
    """


class OrphanedFragment(AthenaError):
    """An element that has no page (no ``setFragmentParent``, or detached) cannot be reached by a browser."""


class UnknownClass(AthenaError, RuntimeError):
    """No JavaScript (or CSS) module has this name. Athena raised a plain ``RuntimeError``."""


class AsyncioReactorNeeded(AthenaError, RuntimeError):
    """
    A method of the application used asyncio, whose event loop does not run. The message says how to start it.

    :ivar args: one string, the message of asyncio.
    """

    def __str__(self) -> str:
        return (
            "asyncio needs Twisted's asyncio reactor: start the server with 'twistd --reactor=asyncio', tests with "
            "'trial --reactor=asyncio', or call twisted.internet.asyncioreactor.install() before any module imports "
            f"the reactor (asyncio: {self.args[0] if self.args else 'no running event loop'})"
        )


class MessageTooLarge(AthenaError):
    """A call, or its result, is larger than ``Limits.maxBytesKept``. It was not sent."""


class ForeignURL(AthenaError, ValueError):
    """An address that a page was to show is not a path, query or fragment of its site."""


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
    An error that is sent to the browser with its text. Subclass it in your application.

    :cvar jsClass: the dotted name of the JavaScript class that the browser makes an instance of, with ``args`` (which
        must be JSON values) as its arguments. The browser uses ``Divmod.Error`` where there is no such class. If it is
        empty, an ES module gets the client's own ``RemoteError``, which has ``type`` and ``message``.
    """

    jsClass = "Divmod.Error"


class NoSuchMethod(LivePageError):
    """The browser called a method that is not exposed: ``NoSuchMethod(objectID, methodName)``."""

    jsClass = "Nevow.Athena.NoSuchMethod"
    #: Returns what the author of the object has to do. It is sent to the browser in debug mode only.
    remedy: Callable[[], str] | None = None

    def __init__(self, objectID: int, methodName: str) -> None:
        super().__init__(objectID, methodName)
        self.objectID = objectID
        self.methodName = methodName

    def __str__(self) -> str:
        return f"object {self.objectID} exposes no method {self.methodName!r}"


class ArgumentError(LivePageError):
    """
    An exposed method was called with arguments that its annotations do not allow, and has not run. A method may raise
    it itself: ``raise ArgumentError("an empty name", "name")``.

    :ivar argument: the name of the argument, which the browser's ``RemoteError`` has, too; None if there are too many
        for them to have names.
    """

    jsClass = ""

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class TooManyCalls(LivePageError):
    """
    The browser has as many running calls as the site allows, in number or in the size of their arguments; or so many
    of its messages are unacknowledged that there is no room for this response.
    """


class EngineAway(LivePageError):
    """
    The engine of rooms has not answered within ``Limits.engineTimeout``, or too much waits for it already. If the call
    was sent, it may still run, once; it is not sent again. A browser gets the text.
    """


class JSException(AthenaError):
    """
    JavaScript raised this in the browser. Its traceback names the modules' own files and lines, where they are known.

    A browser wrote its text. ``str()`` of it has control characters and line ends escaped, so that it may be logged or
    printed, also by Twisted when no errback handles it.

    :ivar args: one string, ``"Type: message"``, as the browser wrote it.
    :ivar type: the name of the JavaScript error's class.
    :ivar stack: the browser's stack trace, or the empty string.
    """

    def __init__(self, message: str = "", type: str = "Error", stack: str = "") -> None:
        super().__init__(message)
        self.type = type
        self.stack = stack

    def __str__(self) -> str:
        return printable(super().__str__())


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
