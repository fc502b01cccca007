# -*- test-case-name: tests.test_page -*-
"""
``nevow.page``: parts of a page that render themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from twisted.web.error import MissingTemplateLoader
from twisted.web.iweb import IRequest
from twisted.web.template import Element as TwistedElement
from twisted.web.template import renderer

from .loaders import Loader
from .template import Preprocessor, copyDocument

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
    preprocessors: ClassVar[Iterable[Preprocessor]] = ()

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
            return factory.load(preprocessors)
        # A loader of twisted.web.template knows no preprocessors, and its document is its own.
        document = copyDocument(factory.load())
        for preprocessor in preprocessors:
            document = preprocessor(document)
        return document

    def _allPreprocessors(self) -> list[Preprocessor]:
        if "preprocessors" in self.__dict__:
            return list(self.preprocessors)
        found: list[Preprocessor] = []
        for base in reversed(type(self).__mro__):
            found += [one for one in base.__dict__.get("preprocessors", ()) if one not in found]
        return found
