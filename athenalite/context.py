# -*- test-case-name: tests.test_context -*-
"""
The context of a renderer, as Nevow's: the request, and the tag that is rendered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .stan import Tag, adopt, rendered


class Context:
    """
    The first argument of ``render_name(self, ctx, data)``, ``beforeRender``, ``child_name`` and ``renderHTTP``.
    ``IRequest(ctx)`` is the request.

    :ivar request: the request; None when an element is rendered to be sent to a page.
    :ivar tag: the tag with the directive, a copy; None outside of renderers.
    """

    def __init__(self, request: Any, tag: Tag | None = None) -> None:
        self.request = request
        self.tag = tag

    def fillSlots(self, name: str, value: Any) -> Tag:
        """
        Fill the slot ``name`` of the tag.

        :return: the tag.
        :raise LookupError: outside of renderers, where there is no tag.
        """
        if self.tag is None:
            raise LookupError("there is no tag: fill slots in a renderer or in beforeRender")
        return self.tag.fillSlots(name, value)

    def arg(self, name: str | bytes, default: Any = None) -> Any:
        """
        :return: the first value of the request's argument ``name``, as text if ``name`` is text; ``default`` if it has
            none.
        """
        key = name.encode("utf-8") if isinstance(name, str) else name
        values = self.request.args.get(key) if self.request is not None else None
        if not values:
            return default
        return values[0].decode("utf-8", "replace") if isinstance(name, str) else values[0]

    def __conform__(self, interface: Any) -> Any:
        return self.request if self.request is not None and interface.providedBy(self.request) else None


#: Nevow's name, for annotations.
WovenContext = Context


def contextRenderer(owner: Any, name: Any, data: Any = None) -> Callable[[Any, Tag], Any] | None:
    """
    :param name: of a directive, such as ``title``, or ``row odd,even`` for what ``render_row("odd", "even")`` returns;
        or a function that is the renderer itself.
    :return: a renderer as ``twisted.web.template`` calls it, that runs ``owner.render_name(ctx, data)``. None if there
        is no such method.
    """
    method = name if callable(name) else _namedRenderer(owner, name)
    return None if method is None else lambda request, tag: rendered(method(Context(request, adopt(tag)), data))


def _namedRenderer(owner: Any, name: str) -> Any:
    name, _, arguments = name.partition(" ")
    method = getattr(owner, f"render_{name}", None)
    if method is not None and arguments:
        method = method(*(argument.strip() for argument in arguments.split(",")))
    return method
