# -*- test-case-name: tests.test_page -*-
"""
``nevow.page``: elements, the parts of a page that have a template and renderers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from twisted.internet.defer import Deferred
from twisted.web.error import MissingRenderMethod
from twisted.web.iweb import IRequest
from twisted.web.template import Element as TwistedElement
from twisted.web.template import Tag as TwistedTag
from twisted.web.template import renderer

from ._porting.missing import absent
from ._porting.unused import warnOfUnused
from ._templates.blocked import BlockedReport, reportOf
from ._templates.parser import Preprocessor
from ._templates.rewriting import ID_SLOT, copyDocument, refuseEventHandlerNodes, rewriteEventHandlerNodes, tagsIn
from .context import Context, RendererFactory, contextRenderer, renderedBy, within
from .loaders import Loader, loaderOf
from .stan import OwnRenderer, Scope, Tag, placed, rendered

__all__ = ["Element", "renderer"]


class Element(TwistedElement):
    """
    Twisted's element with Nevow's names. All its state is optional: a subclass need not call ``__init__``.

    :cvar docFactory: the template, of :mod:`athenalite.loaders` or of ``twisted.web.template`` (where it is called
        ``loader``).
    :cvar preprocessors: functions applied to the template once; those of base classes come first. A list on the
        instance replaces them all.
    """

    docFactory: Any = None
    preprocessors: ClassVar[Sequence[Preprocessor]] = ()
    # The LiveElement that has rendered it; rewritten ids contain its number.
    _athenaElement: Any = None

    def __init__(self, docFactory: Any = None) -> None:
        super().__init__()
        if docFactory is not None:
            self.docFactory = docFactory

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not issubclass(cls, RendererFactory):
            warnOfUnused(cls, hasContexts=False)

    def render(self, request: IRequest | None) -> Any:
        if type(self).rend is not Element.rend:
            ctx = Context(request, Tag(""))
            shown = within(ctx, rendered(self.rend(ctx, getattr(self, "original", None))))
            return self._take("rend", request, shown)
        return self._document(request)

    def rend(self, ctx: Any, data: Any) -> Any:
        """
        Override it, as in Nevow, to do something before the element is rendered, or to show something else.

        :param ctx: a context with the request.
        :param data: the ``original`` of a fragment; None for other elements.
        :return: what is shown; here, the template's document.
        """
        return self._document(getattr(ctx, "request", None))

    def _document(self, request: Any) -> Any:
        factory = loaderOf(self)
        preprocessors = self._allPreprocessors()
        report = self._athenaReportFor(request)
        if report is not None and report not in preprocessors:
            preprocessors.insert(0, report)
        if isinstance(factory, Loader):
            return factory.flat(preprocessors)
        # A loader of twisted.web.template takes no preprocessors, and its document must not be changed.
        document = copyDocument(factory.load())
        for preprocessor in preprocessors:
            document = preprocessor(document)
        return document

    def placeOfTemplate(self) -> str:
        """
        :return: the file and the line of the template's root node, or of the call of ``loaders.stan``; empty for
            tags of other loaders.
        """
        for tag in tagsIn(self.documentOfTemplate()):
            if tag.filename is not None and tag.lineNumber is not None:
                return f"{tag.filename}:{tag.lineNumber}"
        return ""

    def documentOfTemplate(self) -> Any:
        """
        :return: the template's document as tags, for messages about it.
        """
        factory: Any = self.docFactory or self.loader
        return factory.load(preprocessors=self._allPreprocessors()) if isinstance(factory, Loader) else factory.load()

    def lookupRenderMethod(self, name: Any) -> Any:
        if name == ID_SLOT:
            if self._athenaElement is None:
                raise MissingRenderMethod(self, f"{name}: no renderer of a LiveElement has returned this element")
            return self._athenaElement.lookupRenderMethod(name)
        # A document may contain a renderer itself instead of its name.
        method = contextRenderer(self, name) if isinstance(name, OwnRenderer) else name
        if not callable(method):
            method = self._rendererNamed(name)
        return lambda request, tag: placed(self._take(name, request, rendered(method(request, tag))))

    def _rendererNamed(self, name: str) -> Any:
        if type(self).renderer is Element.renderer:
            return self._exposedRenderer(name)
        found = self.renderer(name)
        # The factory may be a coroutine itself.
        return found if callable(found) else lambda request, tag: renderedBy(found, lambda one: one(request, tag))

    def _exposedRenderer(self, name: str) -> Any:
        return super().lookupRenderMethod(name)

    if TYPE_CHECKING:
        # A fragment's also takes a context, and a class may be both.
        renderer: Any
    else:

        def renderer(self, name: str) -> Any:
            """
            Override it, as in Nevow, to find renderers by other rules.

            :param name: of a directive.
            :return: a function that takes the request and the tag.
            :raise twisted.web.error.MissingRenderMethod: if there is none of this name.
            """
            return self._exposedRenderer(name)

    def _take(self, name: Any, request: Any, result: Any) -> Any:
        """Give the elements that a renderer has returned the widget of this one, for their ids; report its tags."""
        report = self._athenaReportFor(request)
        if report is not None:
            result = report.ofRenderer(self, name, result)
        return result if self._athenaElement is None else _giveWidget(result, self._athenaElement)

    def _athenaOn(self, liveElement: Any) -> Any:
        if self._athenaElement is not self:
            self._athenaElement = liveElement
        return self

    def _athenaReportFor(self, request: Any) -> BlockedReport | None:
        """The report of what the policy of the page blocks; None if there is none."""
        return reportOf(request) if self._athenaElement is None else self._athenaElement._athenaReportFor(request)

    def _allPreprocessors(self) -> list[Preprocessor]:
        if "preprocessors" in self.__dict__:
            return list(self.preprocessors)
        found: dict[int, Preprocessor] = {}
        for base in reversed(type(self).__mro__):
            for one in base.__dict__.get("preprocessors", ()):
                found.setdefault(id(one), one)
        if rewriteEventHandlerNodes not in found.values():
            return [*found.values(), refuseEventHandlerNodes]
        return list(found.values())


def _giveWidget(result: Any, liveElement: Any) -> Any:
    if isinstance(result, (str, bytes)):
        return result
    if isinstance(result, Element):
        return result._athenaOn(liveElement)
    if isinstance(result, TwistedTag):
        result.children = _giveWidget(result.children, liveElement)
    elif isinstance(result, Scope):
        _giveWidget(result.tag, liveElement)
    elif isinstance(result, (list, tuple)):
        given = [_giveWidget(one, liveElement) for one in result]
        # The application's own list, unless something in it has another view on each page.
        return result if all(one is old for one, old in zip(given, result, strict=True)) else given
    elif isinstance(result, Deferred):
        result.addCallback(_giveWidget, liveElement)
    return result


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
