# -*- test-case-name: tests.test_context -*-
"""
What Nevow called a context, as far as its applications looked into it: the request, and the tag that is rendered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .stan import Tag, adopt


class Context:
    """
    The first argument of ``render_name(self, ctx, data)``, ``beforeRender``, ``child_name`` and ``renderHTTP``.
    ``IRequest(ctx)`` is the request.

    :ivar request: the request; None when an element is rendered that comes to the page later.
    :ivar tag: the tag with the directive, a copy; None outside of renderers.
    """

    def __init__(self, request: Any, tag: Tag | None = None) -> None:
        self.request = request
        self.tag = tag

    def fillSlots(self, name: str, value: Any) -> Tag:
        """Say what stands for the slot ``name`` in the tag, which is returned."""
        if self.tag is None:
            raise LookupError("there is no tag to fill slots of outside of renderers")
        return self.tag.fillSlots(name, value)

    def __conform__(self, interface: Any) -> Any:
        return self.request if self.request is not None and interface.providedBy(self.request) else None


def contextRenderer(owner: Any, name: str, data: Any = None) -> Callable[[Any, Tag], Any] | None:
    """
    :param name: of a directive, such as ``title``, or ``row odd,even`` for what ``render_row("odd", "even")`` returns.
    :return: a renderer as ``twisted.web.template`` calls it, that runs ``owner.render_name(ctx, data)``. None if there
        is no such method.
    """
    name, _, arguments = name.partition(" ")
    method = getattr(owner, f"render_{name}", None)
    if method is not None and arguments:
        method = method(*(argument.strip() for argument in arguments.split(",")))
    return None if method is None else lambda request, tag: method(Context(request, adopt(tag)), data)
