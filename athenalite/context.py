# -*- test-case-name: tests.test_context -*-
"""
The context of a renderer, as Nevow's: the request, and the tag that is rendered.

There is no chain of contexts. The other classes have Nevow's names, for annotations, adapters and unit tests.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import CO_VARARGS
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred
from twisted.web.error import MissingRenderMethod
from twisted.web.iweb import IRequest
from twisted.web.template import Tag as TwistedTag
from twisted.web.template import renderer
from zope.interface import providedBy

from ._awaiting.deferreds import branch
from ._awaiting.results import driven
from ._porting.missing import absent
from ._porting.unused import warnOfUnused
from .stan import NodeNotFound, PatternGenerator, Tag, TooManyNodes, adopt, placed, rendered

__all__ = [
    "Context",
    "NodeNotFound",
    "PageContext",
    "RendererFactory",
    "RequestContext",
    "TooManyNodes",
    "WebContext",
    "WovenContext",
    "contextRenderer",
]

_NO_CHAIN = "there is no chain of contexts in which it could be found later: keep it on the page or the element"


class WebContext:
    """
    Makes a context in a unit test, from parts: ``WovenContext(RequestContext(tag=request), tags.p)``.

    :ivar tag: the tag with the directive, a copy; None outside of renderers.
    """

    tag: Any = None
    parent: WebContext | None = None
    _remembrances: dict[Any, Any] | None = None

    def __init__(self, parent: WebContext | None = None, tag: Any = None, remembrances: Any = None) -> None:
        """
        :param parent: another context, which is asked for what is not remembered by this one.
        """
        self.parent, self.tag, self._remembrances = parent, tag, remembrances

    @property
    def request(self) -> Any:
        """The request; None if there is none, as when an element is rendered to be sent to a page."""
        return IRequest(self, None)

    def remember(self, adapter: Any, interface: Any = None) -> WebContext:
        """
        Let ``interface(context)`` be ``adapter``, for this context and those that have it as their parent.

        :param interface: by default, each interface that it provides.
        :return: this context.
        """
        interfaces = providedBy(adapter) if interface is None else [interface]
        self._remembrances = {**(self._remembrances or {}), **dict.fromkeys(interfaces, adapter)}
        return self

    def locate(self, interface: Any) -> Any:
        """
        The same as ``interface(context)``.

        :raise KeyError: if there is no such thing.
        """
        found = interface(self, None)
        if found is None:
            raise KeyError(f"{interface!r} was not remembered")
        return found

    def fillSlots(self, name: str, value: Any) -> Tag:
        """
        Fill the slot ``name`` of the tag.

        :return: the tag.
        :raise LookupError: outside of renderers, where there is no tag.
        """
        return self._demandTag("fill slots in a renderer or in beforeRender").fillSlots(name, value)

    def onePattern(self, pattern: str) -> Tag:
        """See :meth:`athenalite.stan.Tag.onePattern`, of the tag."""
        return self._demandTag("find patterns in a renderer").onePattern(pattern)

    def allPatterns(self, pattern: str) -> list[Tag]:
        """See :meth:`athenalite.stan.Tag.allPatterns`, of the tag."""
        return self._demandTag("find patterns in a renderer").allPatterns(pattern)

    def patternGenerator(self, pattern: str, *default: Any) -> PatternGenerator:
        """See :class:`athenalite.stan.PatternGenerator`, of the tag."""
        return self._demandTag("find patterns in a renderer").patternGenerator(pattern, *default)

    def _demandTag(self, advice: str) -> Tag:
        if self.tag is None:
            raise LookupError(f"there is no tag: {advice}")
        return adopt(self.tag)

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
        remembered = (self._remembrances or {}).get(interface)
        if remembered is not None:
            return remembered
        return interface(self.parent, None) if self.parent is not None else None


class RequestContext(WebContext):
    """
    The context of a request, which is its ``tag``. An adapter that is registered for this class is called with one, for
    the contexts of renderers as well.
    """

    def __conform__(self, interface: Any) -> Any:
        if self.tag is not None and interface.providedBy(self.tag):
            return self.tag
        return super().__conform__(interface)


class PageContext(WebContext):
    """The context of a page, which is its ``tag``."""


class WovenContext(WebContext):
    """The context of a renderer."""


class Context(WovenContext):
    """
    The first argument of ``render_name(self, ctx, data)``, ``beforeRender``, ``child_name`` and ``renderHTTP``.
    ``IRequest(ctx)`` is the request.

    :ivar prepath: the segments, of bytes, of the resource whose method is called; None for those of the request.
    """

    request: Any = None
    prepath: list[bytes] | None = None

    def __init__(self, request: Any, tag: Tag | None = None, prepath: list[bytes] | None = None) -> None:
        self.request = request
        self.tag = tag
        self.prepath = prepath

    def remember(self, adapter: Any, interface: Any = None) -> WebContext:
        """:raise NotImplementedError: always: there is no chain of contexts."""
        raise NotImplementedError(f"ctx.remember({adapter!r}): {_NO_CHAIN}")

    def __conform__(self, interface: Any) -> Any:
        if self.request is None:
            return None
        if interface.providedBy(self.request):
            return self.request
        remembered = getattr(getattr(self.request, "site", None), "remembered", {}).get(interface)
        return interface(RequestContext(tag=self.request), None) if remembered is None else remembered


class RendererFactory:
    """Finds renderers ``render_name(self, ctx, data)`` by their names; a subclass may find them by other rules."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        warnOfUnused(cls, hasContexts=True)

    def remember(self, adapter: Any, interface: Any = None) -> None:
        """:raise NotImplementedError: always: there is no chain of contexts."""
        raise NotImplementedError(f"remember({adapter!r}): {_NO_CHAIN}")

    def renderer(self, ctx: Any, name: str) -> Any:
        """
        Override it to find renderers by other rules.

        :param name: of a directive, such as ``title``, or ``row odd,even`` for what ``render_row("odd", "even")``
            returns.
        :return: a function that takes a context and the data; or what is to be shown.
        :raise twisted.web.error.MissingRenderMethod: if there is none of this name.
        """
        own = renderer.get(self, name, None)
        if own is not None:
            return lambda ctx, data: own(ctx.request, ctx.tag)
        method = _namedRenderer(self, name)
        if method is None:
            raise MissingRenderMethod(self, name)
        return method


def contextRenderer(owner: Any, name: Any, data: Any = None) -> Callable[[Any, Tag], Any] | None:
    """
    :param name: of a directive; or a function that is the renderer itself.
    :return: a renderer as ``twisted.web.template`` calls it, that runs ``owner.render_name(ctx, data)``, or what
        ``owner.renderer(ctx, name)`` returns if that is overridden. A renderer may also take the data alone, and a
        function the owner first: ``(self, ctx, data)``. None if there is no such method.
    """
    if not callable(name) and isinstance(owner, RendererFactory) and _overrides(owner):
        return lambda request, tag: within(ctx := Context(request, adopt(tag)), _found(owner, ctx, name, data))
    method = name if callable(name) else _namedRenderer(owner, name)
    if method is None:
        return None
    return lambda request, tag: within(ctx := Context(request, adopt(tag)), rendered(_called(owner, method, ctx, data)))


def within(ctx: Context, shown: Any) -> Any:
    """
    :param shown: the result of a renderer, for Twisted's flattener.
    :return: it, with the slots that were filled by the context, also if it is not the context's tag.
    """
    if isinstance(shown, Deferred):
        return shown.addCallback(lambda result: within(ctx, result))
    if shown is ctx.tag or not ctx.tag.slotData:
        return placed(shown)
    around = Tag("", children=[shown])
    around.slotData = ctx.tag.slotData
    return placed(around)


def renderedBy(found: Any, use: Callable[[Any], Any]) -> Any:
    """
    :param found: a renderer that an application has returned, or a Deferred or a coroutine of it.
    :param use: calls the renderer.
    :return: :func:`rendered` of what ``use`` returns.
    """
    found = driven(found)
    if isinstance(found, Deferred):
        return rendered(branch(found).addCallback(lambda renderer: driven(use(renderer))))
    return rendered(use(found))


def _overrides(owner: RendererFactory) -> bool:
    return type(owner).renderer is not RendererFactory.renderer


def _found(owner: RendererFactory, ctx: Context, name: str, data: Any) -> Any:
    # A tag can be called, too.
    return renderedBy(
        owner.renderer(ctx, name),
        lambda found: (
            found if isinstance(found, TwistedTag) or not callable(found) else _called(owner, found, ctx, data)
        ),
    )


def _called(owner: Any, method: Any, ctx: Context, data: Any) -> Any:
    # As in Nevow, one that takes one argument gets the data alone, and a function of three the owner, too.
    isBound = hasattr(method, "__func__")
    code = getattr(method, "__code__", None)
    if code is None or code.co_flags & CO_VARARGS or code.co_argcount - isBound not in (1, 3):
        return method(ctx, data)
    if code.co_argcount - isBound == 1:
        return method(data)
    return method(ctx, data) if isBound or method.__defaults__ else method(owner, ctx, data)


def _namedRenderer(owner: Any, name: str) -> Any:
    name, _, arguments = name.partition(" ")
    method = getattr(owner, f"render_{name}", None)
    if method is None or not arguments:
        return method
    given = [argument.strip() for argument in arguments.split(",")]

    def use(found: Any, ctx: Context, data: Any) -> Any:
        if isinstance(found, TwistedTag) or not callable(found):
            raise TypeError(
                f"render_{name} of {type(owner).__name__} has returned a value of type {type(found).__name__} for the "
                f"directive {f'{name} {arguments}'!r}: a renderer with arguments returns a function that takes the "
                "context and the data"
            )
        return found(ctx, data)

    return lambda ctx, data: renderedBy(method(*given), lambda found: use(found, ctx, data))


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
