"""
Odd values and errors, in both directions; a widget that cannot be made; and pages that browsers may cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.web.template import Tag, renderer

from athenalite._page.elementpage import ElementRenderingLivePage
from athenalite.athena import LiveElement, LivePageError, expose
from athenalite.loaders import xmlstr
from chatthing.chatterbox import chat

_log = Logger(namespace="oddthing")

TEMPLATE = '<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">{}</div>'


class Undefined(LivePageError):
    """No JavaScript defines its class."""

    jsClass = "OddThing.IsNot.Defined"


class Speechless(Exception):
    """An exception whose str raises."""

    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


def circular() -> list[Any]:
    """A list that contains itself."""
    value: list[Any] = []
    value.append(value)
    return value


def deep() -> list[Any]:
    """Lists nested deeper than a message may have."""
    value: list[Any] = []
    for _ in range(5000):
        value = [value]
    return value


def throwing(error: Exception) -> Callable[[], Any]:
    """A function that raises ``error``."""

    def throw() -> Any:
        raise error

    return throw


VALUES: dict[str, Callable[[], Any]] = {
    "NaN": lambda: float("nan"),
    "circular": circular,
    "deep": deep,
    "object": object,
    "function": lambda: circular,
    "bytes": lambda: b"bytes",
    "integer": lambda: 2**53,
    "integers": lambda: {"n": [1, -(2**60)]},
    "safe integer": lambda: 2**53 - 1,
    "surrogate": lambda: "\ud800",
    "long": lambda: "x" * 100_000,
    "huge": lambda: "x" * 5_000_000,
    "any script": throwing(LivePageError("Ошибка, 错误, خطأ, 🎉, </script>\u2028\0")),
    "undefined": throwing(Undefined("not defined")),
    "undeclared": throwing(RuntimeError("a secret")),
    "speechless": throwing(Speechless()),
}


def outcome(result: Any) -> str:
    """Describe the result of a call."""
    return f"{type(result).__name__} {str(result)[:200]}"


class OddElement(LiveElement):
    """Receives and returns odd values, and logs when and why its page is lost."""

    docFactory = xmlstr(TEMPLATE.format("odd"))
    jsClass = "OddThing.OddWidget"

    def connectionLost(self, reason: Any) -> None:
        """The page is lost."""
        _log.info("lost: {reason}", reason=reason.value)

    @expose
    def echo(self, value: Any) -> Any:
        """Return the argument."""
        return value

    @expose
    def give(self, name: str) -> Any:
        """Return, or raise, an odd value."""
        return VALUES[name]()

    @expose
    def ask(self, name: str) -> Any:
        """Let the browser return, or throw, an odd value, and describe what arrived."""
        asked = self.callRemote("give", name)
        return asked.addCallbacks(outcome, lambda failure: outcome(failure.value))

    @expose
    def tell(self, name: str) -> Any:
        """Send the browser an odd value, and describe the result."""
        try:
            told = self.callRemote("take", VALUES[name]())
        except Exception as error:
            return outcome(error)
        return told.addCallbacks(outcome, lambda failure: outcome(failure.value))

    @expose
    def wait(self) -> Deferred[None]:
        """Never have a result."""
        return Deferred()


class BrokenElement(LiveElement):
    """Its widget's constructor throws."""

    docFactory = xmlstr(TEMPLATE.format("broken"))
    jsClass = "OddThing.BrokenWidget"


class RoundedElement(LiveElement):
    """Its initial arguments have an integer that JavaScript would round."""

    docFactory = xmlstr(TEMPLATE.format("rounded"))
    jsClass = "OddThing.OddWidget"

    def getInitialArguments(self) -> list[Any]:
        """Return the next integer."""
        return [{"id": 2**53 + 1}]


class NeighboursElement(LiveElement):
    """A broken element, and one that is not."""

    docFactory = xmlstr(TEMPLATE.format('<div nevow:render="broken" /><div nevow:render="odd" />'))

    @renderer
    def broken(self, request: object, tag: Tag) -> LiveElement:
        """The broken one."""
        return self._child(BrokenElement())

    @renderer
    def odd(self, request: object, tag: Tag) -> LiveElement:
        """The other."""
        return self._child(OddElement())

    def _child(self, element: LiveElement) -> LiveElement:
        element.setFragmentParent(self)
        return element


class RoundedNeighboursElement(NeighboursElement):
    """An element whose initial arguments would be rounded, and one that is as usual."""

    @renderer
    def broken(self, request: object, tag: Tag) -> LiveElement:
        """The former."""
        return self._child(RoundedElement())


def keptChat() -> LiveElement:
    """The chat, with headers that let browsers keep a page that is navigated away from, and bring it back alive."""
    # Without Vary, a browser that has not kept the page takes its document from the cache, with a dead token.
    return _chatWith({"Cache-Control": "private, no-cache", "Vary": "*"})


def copiedChat() -> LiveElement:
    """The chat, with headers that no live page should have: the document of one tab is used for another."""
    return _chatWith({"Cache-Control": "private, max-age=60"})


def _chatWith(headers: dict[str, str]) -> LiveElement:
    ElementRenderingLivePage.headers = {**ElementRenderingLivePage.headers, **headers}
    return chat()
