# -*- test-case-name: tests.test_interfaces -*-
"""
Interfaces between the layers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, overload

from twisted.internet.interfaces import IDelayedCall
from zope.interface import Attribute, Interface

from ._text.cookies import cookieIn


class ITransport(Interface):
    """One socket, as a session sees it."""

    def sendFrames(messages: list[bytes]) -> None:
        """
        Send each message as one text frame, in order. Never raises: messages that cannot be sent are lost with the
        socket, and resent on the next one.
        """

    def sendKeepAlive() -> None:
        """
        Send a ``noop`` and a ping (RFC 6455 section 5.5.2), in one write. What arrives in answer is reported as any
        other frame. Never raises.
        """

    def pauseReading() -> None:
        """Stop reading, so that TCP slows the peer down, until :meth:`resumeReading`."""

    def resumeReading() -> None:
        """Read again after :meth:`pauseReading`."""

    def closeSocket(code: int, reason: str) -> None:
        """
        Start the closing handshake (RFC 6455 section 7); if the peer does not read, :meth:`abortSocket` instead.
        Sending afterwards does nothing.
        """

    def abortSocket() -> None:
        """End the connection at once, and drop unsent data."""


class Handshake(NamedTuple):
    """The HTTP request by which a browser opens a socket (RFC 6455 section 4.1)."""

    #: By lower-case name, decoded as ISO 8859-1; a repeated header is joined by commas, cookies by semicolons.
    headers: Mapping[str, str]
    #: The address of the peer, such as ``tcp4:127.0.0.1:40312``; that of a proxy, if there is one.
    peer: str
    #: The worker that the socket's address names; empty if it names none (``docs/scaling.rst``, "Routing").
    worker: str = ""

    @overload
    def getCookie(self, name: str) -> str | None: ...

    @overload
    def getCookie(self, name: bytes) -> bytes | None: ...

    def getCookie(self, name: str | bytes) -> str | bytes | None:
        """
        Find a cookie as the request of a page does, by the same parser: where a name is repeated, the last one counts.

        :param name: the cookie's name, text or bytes.
        :return: what ``request.getCookie`` of ``twisted.web`` returns for the same headers, which may be None.
            It is of the type of ``name``; text is ISO 8859-1, in which each byte is a character.
        """
        header = _encoded(self.headers.get("cookie", ""))
        if isinstance(name, bytes):
            return cookieIn(header, name)
        value = cookieIn(header, _encoded(name))
        return None if value is None else value.decode("latin-1")


def _encoded(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        # A received header has no such characters, but one that an application made may have.
        return text.encode("utf-8", "replace")


class IPage(Interface):
    """The page of a session, as the session uses it."""

    def authorize(handshake: Handshake) -> Any:
        """
        Decide whether a socket that has identified itself by the page's token may be the page's socket. It may raise.

        :return: a bool, a Deferred or a coroutine; only ``True`` lets the socket in (``_core/admission.py``).
        """

    def locateExposed(objectID: int, methodName: str) -> Callable[..., Any]:
        """
        :return: the exposed method that the browser calls by an object's number and a name.
        :raise NoSuchMethod: if there is none.
        """

    def convertValue(value: Any) -> tuple[Any, Any]:
        """
        Convert what the session could not encode as JSON: elements and other objects, or lists and mappings of them.

        :return: the value with JSON in their places, and the instances of JavaScript classes among it
            (:data:`athenalite._core.wire.Made`).
        :raise TypeError: if it cannot be sent.
        """

    def fileOfModule(moduleName: str) -> str | None:
        """
        :return: the file of a JavaScript module, for the traceback of an error in it; None if it is not known.
        """

    def sessionConnected() -> None:
        """Called once, when the first socket is opened, before any call of the browser is run."""

    def sessionEnding(reason: Any) -> None:
        """
        Called once when the page is lost, before the outstanding calls fail.

        :param reason: a ``twisted.python.failure.Failure``.
        """

    def sessionLost(reason: Any) -> None:
        """
        Called once when the page is lost, after all outstanding calls have failed.

        :param reason: a ``twisted.python.failure.Failure``.
        """

    def sessionDisconnected() -> None:
        """Called when the socket is lost. The page may reconnect."""

    def sessionResumed() -> None:
        """Called when the page has reconnected on a new socket."""


class IClock(Interface):
    """The part of ``IReactorTime`` that is used."""

    def seconds() -> float:
        """Seconds since some fixed moment, by a monotonic clock: it never goes back, and never jumps."""

    def callLater(delay: float, function: Callable[..., object], *args: object) -> IDelayedCall:
        """Call ``function`` after ``delay`` seconds."""


class IJavascriptPackage(Interface):
    """A plugin that provides JavaScript modules; see :class:`AutoJSPackage`."""

    mapping = Attribute("A dict of module names to the names of the files that hold them.")


class ICSSPackage(Interface):
    """A plugin that provides style sheets."""

    mapping = Attribute("A dict of module names to the names of the files that hold them.")


class IAthenaTransportable(Interface):
    """An object that crosses to the browser as an instance of a JavaScript class."""

    jsClass = Attribute("The dotted name of the class.")

    def getInitialArguments() -> Any:
        """A list of JSON values, the arguments of the class."""


class IRenderer(Interface):
    """What an object provides, or is adapted to, that a document may contain: Nevow's ``inevow.IRenderer``."""

    def rend(ctx: Any, data: Any) -> Any:
        """
        :param ctx: the context, with the request.
        :param data: the data of the page or the fragment around it; None in other elements.
        :return: what is shown in its place, or a Deferred or a coroutine of it.
        """


class II18NConfig(Interface):
    """Where translations are: :class:`athenalite.i18n.I18NConfig`."""

    domain = Attribute("The domain of gettext: the name of the files; or None.")
    localeDir = Attribute("Their directory; None for that of the system.")
