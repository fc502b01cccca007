# -*- test-case-name: tests.test_stan -*-
"""
Tags as Nevow wrote them: ``tag[child, child]``, ``tag(render=directive("name"), pattern="row")``,
``tag.fillSlots("name", value)``.

They are Twisted's tags with these words added, so that both kinds can stand in each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, ValuesView
from dataclasses import dataclass
from types import FunctionType, MethodType
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.web.iweb import ITemplateLoader
from twisted.web.template import Tag as TwistedTag

_NO_DEFAULT: Final[Any] = object()


class NodeNotFound(LookupError):
    """There is no node with a pattern of this name."""


class TooManyNodes(LookupError):
    """There is more than one."""


@dataclass(frozen=True)
class directive:
    """
    Says in a document which renderer to use: ``tags.div(render=directive("items"))``, or, for what stands in the tag,
    ``tags.div[directive("items")]``.
    """

    name: str


class Tag(TwistedTag):
    """
    One element of a document.

    Children and values are what Twisted flattens, and what Nevow did besides, see :func:`flattenable`.

    :ivar pattern: the name by which it can be asked for, see :meth:`onePattern`.
    """

    pattern: str | None = None

    # Python would take __getitem__ for a way to iterate, without end.
    __iter__ = None

    def __call__(self, *children: Any, **attributes: Any) -> Tag:
        """
        Add children and attributes. ``class_`` and ``_class`` both say ``class``; ``render`` names a renderer, or is a
        :class:`directive` or the renderer itself; ``pattern`` is this tag's name for those who look for it. An
        attribute that is None is left out.

        :return: this tag.
        """
        self.pattern = attributes.pop("pattern", self.pattern)
        render = attributes.pop("render", self.render)
        self.render = render.name if isinstance(render, directive) else render
        given = {name.removeprefix("_"): flattenable(value) for name, value in attributes.items() if value is not None}
        super().__call__(*(flattenable(child) for child in children), **given)
        return self

    def __getitem__(self, children: Any) -> Tag:
        """Add children: one, or several separated by commas."""
        return self(*children) if isinstance(children, tuple) else self(children)

    def fillSlots(self, *slot: Any, **slots: Any) -> Tag:
        """
        Say what stands for the slots in this tag: ``fillSlots("name", value)``, or ``fillSlots(name=value)``.

        :return: this tag.
        """
        if slot:
            name, value = slot
            slots[name] = value
        super().fillSlots(**{name: flattenable(value) for name, value in slots.items()})
        return self

    def clone(self, deep: bool = True) -> Tag:
        """A copy; a shallow one shares its children."""
        cloned = adopt(super().clone(deep))
        cloned.pattern = self.pattern
        return cloned

    def allPatterns(self, name: str) -> list[Tag]:
        """All nodes in this one that have the pattern ``name``, copied; nothing in them is looked at."""
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


def flattenable(value: Any) -> Any:
    """
    :param value: what may stand in a document, or what a renderer returns.
    :return: the same for Twisted's flattener, which does not know all that Nevow's knew: numbers; functions, which are
        renderers where they stand, and directives, which name one; loaders, for their documents; iterators, and the
        keys and values of a dict.
    """
    if isinstance(value, (str, TwistedTag)):
        return value
    if isinstance(value, directive):
        return Tag("")(render=value)
    if isinstance(value, (list, tuple)) and not isinstance(value, Pattern):
        converted = [flattenable(one) for one in value]
        # The application's own list as long as that will do, for it may add to it.
        return value if all(one is old for one, old in zip(converted, value, strict=True)) else converted
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (FunctionType, MethodType)):
        return Tag("")(render=value)
    if isinstance(value, (Iterator, KeysView, ValuesView)) and not isinstance(value, PatternGenerator):
        return (flattenable(one) for one in value)
    if ITemplateLoader.providedBy(value):
        return value.load()
    return value


def rendered(result: Any) -> Any:
    """
    :param result: what a renderer has returned, or a Deferred of it.
    :return: the same for Twisted's flattener, see :func:`flattenable`.
    """
    return result.addCallback(flattenable) if isinstance(result, Deferred) else flattenable(result)


_FIELDS: Final = ("tagName", "attributes", "children", "render", "filename", "lineNumber", "columnNumber")


def adopt(tag: TwistedTag) -> Tag:
    """
    :return: ``tag``, or if it is a plain one of Twisted's, one like it that shares its children and attributes.
    """
    if isinstance(tag, Tag):
        return tag
    adopted = Tag(**{name: getattr(tag, name) for name in _FIELDS})
    adopted.slotData = tag.slotData
    return adopted


class Proto(Tag):
    """A tag to begin with: it never changes, and each use of it makes a new one."""

    def __call__(self, *children: Any, **attributes: Any) -> Tag:
        return Tag(self.tagName)(*children, **attributes)

    def fillSlots(self, *slot: Any, **slots: Any) -> Tag:
        return Tag(self.tagName).fillSlots(*slot, **slots)


class Pattern(list[Any]):
    """
    A node with a pattern, at its place in a template: it shows nothing there, and waits to be asked for.
    """

    def __init__(self, tag: TwistedTag) -> None:
        super().__init__()
        self.tag = tag

    def clone(self, deep: bool = True) -> Pattern:
        """Patterns are only read, so this is itself."""
        return self


class PatternGenerator(Iterator[Tag]):
    """
    Copies of the nodes that have a pattern, one after the other and again from the first, without end:
    ``generator()``, ``generator["text"]`` and ``next(generator)`` each give the next one.
    """

    def __init__(self, document: Iterable[Any], name: str, default: Any = _NO_DEFAULT) -> None:
        """
        :param default: what to give where there is no such node.
        :raise NodeNotFound: where there is none, and no default.
        """
        self._nodes = allPatterns(document, name)
        if not self._nodes:
            if default is _NO_DEFAULT:
                raise NodeNotFound(f"there is no pattern {name!r}")
            self._nodes = [default if isinstance(default, Tag) else Tag("", children=[default])]
        self._given = 0

    def __next__(self) -> Tag:
        node = self._nodes[self._given % len(self._nodes)]
        self._given += 1
        return node.clone()

    def __call__(self, *children: Any, **attributes: Any) -> Tag:
        return next(self)(*children, **attributes)

    def __getitem__(self, children: Any) -> Tag:
        return next(self)[children]


def allPatterns(document: Iterable[Any], name: str) -> list[Tag]:
    """Copies of all nodes of ``document`` that have the pattern ``name``, ready to be shown."""
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
    """The nodes themselves, in the order of the document; what is inside of one that is found is not looked at."""
    for node in document:
        if isinstance(node, Pattern):
            node = node.tag
        if isinstance(node, Tag) and node.pattern == name:
            yield node
        elif isinstance(node, TwistedTag):
            yield from patternNodes(node.children, name)
        elif isinstance(node, (list, tuple)):
            yield from patternNodes(node, name)
