# -*- test-case-name: tests.live.test_parts -*-
"""
The decorators of renderers that can be rendered again: :data:`part`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from .each import EachPart
from .parts import Part

F = TypeVar("F", bound=Callable[..., Any])


class PartMaker:
    """The type of :data:`part`."""

    def __call__(self, function: F) -> Part[F]:
        """
        Make a renderer that can be rendered again, by :meth:`athenalite._live.parts.Parts.rerender`::

            @part
            def count(self, request, tag):
                return tag(str(self.value))

        One node of the element's template has it, ``nevow:render="count"``, which is in no pattern. If it returns
        something else than ``tag``, that becomes the node's content. ``request`` is always None, and it must not return
        a Deferred.
        """
        return Part(function)

    def each(self, attribute: str, key: str | None = None) -> Callable[[F], Part[F]]:
        """
        The same for a list whose items are rendered one by one::

            @part.each("rows")
            def table(self, request, tag, row):
                return tag.fillSlots(name=row.name)

        The node contains a node with the pattern ``item``, of which ``tag`` is a copy, and perhaps one with the pattern
        ``empty``, which is shown if there are no items.

        :param attribute: of the element: a mapping from keys to objects, in their order; or a sequence of objects.
        :param key: the attribute of the objects of a sequence that is their key. Keys are different as text.
        """
        return lambda function: EachPart(function, attribute, key)


part: Final = PartMaker()
