# -*- test-case-name: tests.test_stan -*-
"""
``nevow.stan``: tags in Nevow's notation, ``tag[child, child]``, ``tag(render=directive("name"), pattern="row")`` and
``tag.fillSlots("name", value)``. They are subclasses of Twisted's, so that each kind may contain the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, ValuesView
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final

from twisted.internet.defer import Deferred
from twisted.web.iweb import IRenderable, ITemplateLoader
from twisted.web.template import CDATA, CharRef, Comment
from twisted.web.template import Tag as TwistedTag
from twisted.web.template import slot as TwistedSlot

from ._awaiting.deferreds import branch, follow
from ._awaiting.results import driven
from ._porting.missing import absent
from ._porting.unused import refuseSpecials
from ._text.markup import Flat, FlatText, booleanValue
from ._text.markup import raw as raw
from ._text.nodes import Pattern as Pattern
from ._text.nodes import Scope as Scope
from ._text.nodes import placed as placed
from .interfaces import IRenderer

_NO_DEFAULT: Final[Any] = object()


class NodeNotFound(KeyError):
    """There is no node with a pattern of this name."""

    __str__ = LookupError.__str__


class TooManyNodes(LookupError):
    """There are several nodes with a pattern of this name."""


@dataclass(frozen=True)
class directive:
    """
    Names a renderer in a document: of a tag, ``tags.div(render=directive("items"))``, or of a place in it,
    ``tags.div[directive("items")]``.
    """

    name: str


class Tag(TwistedTag):
    """
    One element of a document.

    Children and values may be of all types that Twisted or Nevow flattened, see :func:`flattenable`.

    :ivar pattern: the name by which :meth:`onePattern` and the like find it.
    :ivar documentType: of markup that began with one, see :func:`athenalite.tags.xml`.
    """

    pattern: str | None = None
    documentType = ""

    # Otherwise Python would iterate by __getitem__, without end.
    __iter__ = None

    def __call__(self, *children: Any, **attributes: Any) -> Tag:
        """
        Add children and attributes. ``class_`` and ``_class`` both mean ``class``; ``render`` is a renderer, its name
        or a :class:`directive`; ``pattern`` is the name by which :meth:`onePattern` finds this tag. An attribute that
        is None or False is left out, and one that is True has no value, ``disabled=True``; except those that have
        words for both, see :func:`attributeValue`.

        :return: this tag.
        :raise TypeError: for ``data``, ``key``, ``macro`` and ``remember``, which were Nevow's.
        """
        self.pattern = attributes.pop("pattern", self.pattern)
        render = attributes.pop("render", self.render)
        self.render = render.name if isinstance(render, directive) else render
        refuseSpecials(self.tagName, attributes)
        if any(child is self for child in children):
            raise ValueError(f"the tag {self.tagName!r} cannot contain itself; put a clone() of it in")
        converted = {(key := name.strip("_")): attributeValue(key, value) for name, value in attributes.items()}
        super().__call__(
            *(placed(flattenable(child)) for child in children),
            **{name: value for name, value in converted.items() if value is not None},
        )
        return self

    def __getitem__(self, children: Any) -> Tag:
        """Add children: one, or several separated by commas."""
        return self(*children) if isinstance(children, tuple) else self(children)

    def fillSlots(self, *slot: Any, **slots: Any) -> Tag:
        """Fill slots of this tag, ``fillSlots("name", value)`` or ``fillSlots(name=value)``, and return it."""
        if slot:
            slots.update([slot])
        # A slot may be in several places, and an iterator has its values once.
        for name, value in slots.items():
            if type(value) is not str:
                slots[name] = placed(flattenable(list(value) if _isSpent(value) else value))
        super().fillSlots(**slots)
        return self

    def clear(self) -> Tag:
        """Remove all children, and return this tag."""
        return adopt(super().clear())

    def clone(self, deep: bool = True) -> Tag:
        """A copy; a shallow one shares its children."""
        cloned = adopt(super().clone(deep))
        cloned.pattern = self.pattern
        return cloned

    def allPatterns(self, name: str) -> list[Tag]:
        """Copies of all nodes in this one that have the pattern ``name``, without those inside of such nodes."""
        return allPatterns(self.children, name)

    def onePattern(self, name: str) -> Tag:
        """
        :return: a copy of the one node in this one that has the pattern ``name``.
        :raise NodeNotFound: if there is none.
        :raise TooManyNodes: if there are several.
        """
        return onePattern(self.children, name)

    def patternGenerator(self, name: str, default: Any = _NO_DEFAULT) -> PatternGenerator:
        """See :class:`PatternGenerator`."""
        return PatternGenerator(self.children, name, default)


class slot(TwistedSlot):
    """
    A place for the value that a tag around it is given by :meth:`Tag.fillSlots`. ``slot("name")[child]`` has children
    that are not shown, in which patterns are found.
    """

    # Otherwise Python would iterate by __getitem__, without end.
    __iter__ = None

    def __init__(self, name: str, default: Any = None, *place: Any, **places: Any) -> None:
        """
        :param default: shown if the slot is not filled.
        """
        super().__init__(name, None if default is None else flattenable(default), *place, **places)

    def __getitem__(self, children: Any) -> slot:
        """Add children."""
        self.children.extend(
            placed(flattenable(one)) for one in (children if isinstance(children, tuple) else [children])
        )
        return self


def flattenable(value: Any) -> Any:
    """
    Convert what Nevow's flattener took and Twisted's does not: numbers; functions, which are renderers at their place,
    and directives, which name one; loaders, for their documents; iterators, and the keys and values of a dict;
    Deferreds and coroutines of all these; and what can be adapted to :class:`athenalite.interfaces.IRenderer`.

    :param value: a part of a document, or the result of a renderer.
    :return: a value for Twisted's flattener.
    """
    if isinstance(value, (str, TwistedTag)):
        return FlatText(value.encode("utf-8")) if isinstance(value, raw) else value
    if isinstance(value, directive):
        return Tag("")(render=value)
    if isinstance(value, (list, tuple)) and not isinstance(value, (Pattern, Scope)):
        converted = [placed(flattenable(one)) for one in value]
        # The application's own list if nothing in it is converted, because it may add to it later.
        return value if all(one is old for one, old in zip(converted, value, strict=True)) else converted
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (FunctionType, MethodType)):
        return Tag("")(render=value)
    if _isSpent(value):
        return (placed(flattenable(one)) for one in value)
    if ITemplateLoader.providedBy(value):
        return value.load()
    if hasattr(type(value), "__await__"):
        # A coroutine starts to run at its place in the document, and not if that is never rendered.
        started = cache(lambda: driven(value))
        return Tag("")(render=lambda request, tag: rendered(started()))
    if type(value) in _FLATTENED or IRenderable.providedBy(value):
        return value
    own = IRenderer(value, None)
    return value if own is None else Tag("")(render=OwnRenderer(own))


def _isSpent(value: Any) -> bool:
    return isinstance(value, (Iterator, KeysView, ValuesView)) and not isinstance(value, PatternTag)


class OwnRenderer:
    """Calls ``rend(ctx, data)`` of an ``IRenderer``: with a context also in elements whose renderers take a tag."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def __call__(self, ctx: Any, data: Any) -> Any:
        return self._original.rend(ctx, data)


def attributeValue(name: str, value: Any) -> Any:
    """
    :param name: of an attribute.
    :return: a value for Twisted's flattener; None if the attribute is to be left out.
    """
    if isinstance(value, bool):
        return booleanValue(name, value)
    return None if value is None else placed(flattenable(value))


def rendered(result: Any) -> Any:
    """
    :param result: what a renderer has returned, or a Deferred or a coroutine of it.
    :return: :func:`flattenable` of it, or a Deferred of that.
    """
    result = driven(result)
    if not isinstance(result, Deferred):
        return flattenable(result)
    # A branch, because the application may return the same Deferred to other renderers.
    waiting = branch(result).addCallback(flattenable)
    # Twisted's flattener raises a failure, and leaves it in the Deferred, which would report it once more.
    follow(waiting, lambda outcome: None)
    return waiting


#: Other types that Twisted's flattener takes.
_FLATTENED: Final = frozenset((bytes, Flat, FlatText, CDATA, CharRef, Comment, slot, TwistedSlot, Deferred))


def adopt(tag: TwistedTag) -> Tag:
    """
    :return: ``tag``, or for a tag of Twisted's a :class:`Tag` that shares its children and attributes.
    """
    if isinstance(tag, Tag):
        return tag
    # As much as copying its fields one by one does, in less time: patterns are cloned for each row of a table.
    adopted = Tag.__new__(Tag)
    adopted.__dict__.update(tag.__dict__)
    return adopted


class Proto(Tag):
    """A prototype of tags: it does not change, and each use makes a new tag."""

    def __call__(self, *children: Any, **attributes: Any) -> Tag:
        return Tag(self.tagName)(*children, **attributes)

    def fillSlots(self, *slot: Any, **slots: Any) -> Tag:
        return Tag(self.tagName).fillSlots(*slot, **slots)


class PatternTag(Iterator[Tag]):
    """
    Tags, one after the other: ``tags()``, ``tags["text"]``, ``tags.fillSlots("name", value)`` and ``next(tags)`` each
    return the next one.
    """

    def __init__(self, patterner: Iterator[Tag]) -> None:
        self._patterner = patterner

    def __next__(self) -> Tag:
        return next(self._patterner)

    def __call__(self, *children: Any, **attributes: Any) -> Tag:
        return next(self)(*children, **attributes)

    def __getitem__(self, children: Any) -> Tag:
        return next(self)[children]

    def fillSlots(self, *slot: Any, **slots: Any) -> Tag:
        """See :meth:`Tag.fillSlots`, of the next tag."""
        return next(self).fillSlots(*slot, **slots)


class PatternGenerator(PatternTag):
    """Copies of the nodes that have a pattern, in order and then again from the first, without end."""

    def __init__(self, document: Iterable[Any], name: str, default: Any = _NO_DEFAULT) -> None:
        """
        :param default: used if there is no such node.
        :raise NodeNotFound: if there is none, and no default.
        """
        self._nodes = allPatterns(document, name)
        if not self._nodes:
            if default is _NO_DEFAULT:
                raise NodeNotFound(f"there is no pattern {name!r}")
            self._nodes = [default if isinstance(default, Tag) else Tag("", children=[default])]
        super().__init__(node.clone() for node in cycle(self._nodes))


def allPatterns(document: Iterable[Any], name: str) -> list[Tag]:
    """Copies of all nodes of ``document`` that have the pattern ``name``, without the pattern, so that they render."""
    copies = [node.clone() for node in patternNodes(document, name)]
    for copied in copies:
        copied.pattern = None
    return copies


def onePattern(document: Iterable[Any], name: str) -> Tag:
    """See :meth:`Tag.onePattern`."""
    found = allPatterns(document, name)
    if not found:
        raise NodeNotFound(f"there is no pattern {name!r}")
    if len(found) > 1:
        raise TooManyNodes(f"there are {len(found)} patterns {name!r}")
    return found[0]


def patternNodes(document: Iterable[Any], name: str) -> Iterator[Tag]:
    """The nodes themselves, in document order, without those inside of such nodes."""
    for node in document:
        node = node.tag if isinstance(node, (Pattern, Scope)) else node
        if isinstance(node, Tag) and node.pattern == name:
            yield node
        elif isinstance(node, TwistedSlot):
            yield from patternNodes([*node.children, node.default], name)
        elif isinstance(node, (TwistedTag, list, tuple)):
            yield from patternNodes(node.children if isinstance(node, TwistedTag) else node, name)


if not TYPE_CHECKING:
    __getattr__ = absent(__name__)
