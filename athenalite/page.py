# -*- test-case-name: tests.test_page -*-
"""
``nevow.page``: parts of a page that render themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from twisted.internet.defer import Deferred
from twisted.web.error import MissingRenderMethod, MissingTemplateLoader
from twisted.web.iweb import IRequest
from twisted.web.template import Element as TwistedElement
from twisted.web.template import Tag as TwistedTag
from twisted.web.template import renderer

from ._templates.parser import ID_SLOT, Preprocessor, copyDocument
from .loaders import Loader
from .stan import rendered

__all__ = ["Element", "renderer"]


class Element(TwistedElement):
    """
    Twisted's element, with Nevow's words. All its state is optional: a subclass need not call ``__init__``.

    :cvar docFactory: the template, of :mod:`athenalite.loaders` or of ``twisted.web.template`` (where it is called
        ``loader``).
    :cvar preprocessors: what is done to the template once; the lists of all base classes are used, theirs first. An
        instance's own list replaces them.
    """

    docFactory: Any = None
    preprocessors: ClassVar[Sequence[Preprocessor]] = ()
    # Whose number its ids get, if they are rewritten: the LiveElement that has rendered it.
    _liveElement: Any = None

    def __init__(self, docFactory: Any = None) -> None:
        super().__init__()
        if docFactory is not None:
            self.docFactory = docFactory

    def render(self, request: IRequest | None) -> Any:
        factory = self.docFactory or self.loader
        if factory is None:
            raise MissingTemplateLoader(f"{type(self).__name__} has no docFactory")
        preprocessors = self._allPreprocessors()
        if isinstance(factory, Loader):
            return factory.flat(preprocessors)
        # A loader of twisted.web.template knows no preprocessors, and its document is its own.
        document = copyDocument(factory.load())
        for preprocessor in preprocessors:
            document = preprocessor(document)
        return document

    def lookupRenderMethod(self, name: Any) -> Any:
        if name == ID_SLOT:
            if self._liveElement is None:
                raise MissingRenderMethod(self, f"{name}: no renderer of a LiveElement has returned this element")
            return self._liveElement.lookupRenderMethod(name)
        # A renderer may stand in the document itself, instead of its name.
        method = name if callable(name) else super().lookupRenderMethod(name)
        return lambda request, tag: self._take(rendered(method(request, tag)))

    def _take(self, result: Any) -> Any:
        """The ids of the elements in what a renderer has returned are those of the same widget as this one's."""
        return result if self._liveElement is None else _tell(result, self._liveElement)

    def _allPreprocessors(self) -> list[Preprocessor]:
        if "preprocessors" in self.__dict__:
            return list(self.preprocessors)
        found: list[Preprocessor] = []
        for base in reversed(type(self).__mro__):
            found += [one for one in base.__dict__.get("preprocessors", ()) if one not in found]
        return found


def _tell(result: Any, liveElement: Any) -> Any:
    if isinstance(result, Element):
        if result._liveElement is not result:
            result._liveElement = liveElement
    elif isinstance(result, TwistedTag):
        _tell(result.children, liveElement)
    elif isinstance(result, (list, tuple)):
        for one in result:
            _tell(one, liveElement)
    elif isinstance(result, Deferred):
        result.addCallback(_tell, liveElement)
    return result
