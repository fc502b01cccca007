# -*- test-case-name: tests.live.test_parts -*-
"""
Renderers that can be rendered again, and what an element gets by them: :class:`Parts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import iscoroutinefunction
from typing import Any, Final, Generic, TypeVar, overload

from twisted.web.template import renderer

from .._text.markup import Flat
from ..stan import Tag, rendered
from .events import EventTarget
from .onpage import PartOnPage
from .pageparts import Everything, LivePageParts
from .rendering import AWAIT, PART, around, markupOf, nodeOf, refuseWaiting, shallow

F = TypeVar("F", bound=Callable[..., Any])


class Part(Generic[F]):
    """
    A renderer of an element that can be rendered again. :data:`athenalite.live.part` makes it.

    :ivar name: the renderer's name.
    """

    exposedThrough: Final = (renderer,)

    def __init__(self, function: F) -> None:
        if iscoroutinefunction(function):
            raise TypeError(f"the part {function.__name__!r} cannot be 'async def': {AWAIT}")
        self.function = function
        self.name = function.__name__
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Part[F]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> BoundPart: ...

    def __get__(self, instance: object | None, owner: type) -> Part[F] | BoundPart:
        return self if instance is None else BoundPart(self, instance)

    def checkKeys(self, element: Any) -> None:
        """Refuse keys, because this part has no items."""
        raise ValueError(f"the part {self.name!r} of {type(element).__name__} has no keys; decorate it with @part.each")

    def newState(self, onPage: PartOnPage) -> Any:
        """Return what ``onPage`` keeps of this part between renderings."""
        return nodeOf(onPage.element, self.name)

    def first(self, onPage: PartOnPage) -> bytes:
        """Render it for the document; return the markup as Twisted writes it."""
        markup = self._render(onPage)
        onPage.note(None, markup)
        return markup

    def difference(self, onPage: PartOnPage, marks: Any) -> Any:
        """Render it again; return what is sent, or None if nothing has changed."""
        return onPage.changed(None, self._render(onPage))

    def _render(self, onPage: PartOnPage) -> bytes:
        [(_, markup)] = onPage.rendered(self._markup, [(None, None)])
        return markup

    def _markup(self, onPage: PartOnPage, key: None, item: None) -> bytes:
        tag = shallow(onPage.state)
        result = refuseWaiting(onPage.element, self.name, self.function(onPage.element, None, tag))
        tag = around(tag, onPage.element._take(self.name, None, rendered(result)))
        tag.attributes[PART] = onPage.identity
        return markupOf(onPage.element, tag)


class BoundPart:
    """A part of one element: the renderer that the template names."""

    exposedThrough = (renderer,)

    def __init__(self, definition: Part[Any], element: Any) -> None:
        self._definition = definition
        self._element = element

    def __call__(self, request: Any, tag: Tag) -> Any:
        """Render the part for the document. The request is not used, because later there is none."""
        element = self._element
        if not isinstance(element, Parts):
            raise TypeError(
                f"{type(element).__name__} has the part {self._definition.name!r}, and is not a LiveElement or "
                "SharedElement: only these can be rendered again; use @renderer"
            )
        if not hasattr(element, "page"):
            raise TypeError(
                f"{type(element).__name__} is shared, and on no page here: return it from a renderer of a LiveElement"
            )
        shown = element._athenaPart(self._definition).inDocument()
        return Flat(shown) if isinstance(shown, bytes) else shown


class Parts(EventTarget):
    """
    What an element has to be rendered again. Its state is on its page, so an element without parts costs nothing.
    """

    # By name, as soon as one is rendered.
    _athenaParts: dict[str, PartOnPage] | None = None
    # The shared parts that it shows, as they are on its page.
    _athenaShows: dict[Any, Any] | None = None

    def rerender(self, name: str | None = None, *keys: Any) -> None:
        """
        Render parts again and show them on the page. They are rendered once, when the reactor's iteration ends, in
        their state at that time. Calls that are made after this, and the answer of the method that calls it, come after
        what is shown. While the page is disconnected or reads slowly, only its last state is rendered.

        :param name: of the part; None for all of this element.
        :param keys: of the items of an ``each`` that are new, have changed, or are gone; by default all.
        :raise ValueError: if there is no such part, or if it has no keys.
        """
        self._athenaCheck(name, keys)
        parts = self._athenaParts
        if parts is None:
            # It was not rendered yet, and will be in its state at that time; or the page is lost.
            return
        for onPage in parts.values() if name is None else filter(None, [parts.get(name)]):
            onPage.mark(keys or Everything)

    def _athenaCheck(self, name: str | None, keys: Sequence[Any]) -> None:
        if name is not None:
            definition = getattr(type(self), name, None)
            if not isinstance(definition, Part):
                raise ValueError(f"{type(self).__name__} has no part {name!r}; decorate the renderer with @part")
            if keys:
                definition.checkKeys(self)

    def render(self, request: Any) -> Any:
        """The document; within a part, that of an element which the page has is a stub."""
        live = getattr(getattr(self, "page", None), "_athenaLive", None)
        stub = None if live is None or live.seen is None else live.seen.element(self)
        return super().render(request) if stub is None else stub  # type: ignore[misc]

    def _athenaGoOn(self, names: Sequence[str]) -> None:
        """Show these parts, which the page has from another worker."""
        for name in names:
            self._athenaCheck(name, ())
            self._athenaPart(getattr(type(self), name)).goOn()

    def _athenaPart(self, definition: Part[Any]) -> PartOnPage:
        element: Any = self
        if self._athenaParts is None:
            self._athenaParts = {}
        onPage = self._athenaParts.get(definition.name)
        if onPage is None:
            parts = LivePageParts.of(element.page)
            onPage = PartOnPage(definition, element, f"{element.athenaID}.{definition.name}", parts)
            self._athenaParts[definition.name] = onPage
        return onPage
