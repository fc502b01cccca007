# -*- test-case-name: tests.test_inevow -*-
"""
The part of ``nevow.inevow`` that applications of Athena use. ``IRequest(ctx)`` is the request of a context, and
``IQ(x)`` finds the patterns in a document, a loader or a tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from zope.interface import Interface

from ._porting.missing import absent
from .context import WebContext
from .interfaces import IAthenaTransportable, ICSSPackage, II18NConfig, IJavascriptPackage, IRenderer
from .loaders import Loader
from .stan import PatternGenerator, Tag, allPatterns, onePattern

__all__ = [
    "IQ",
    "IAthenaTransportable",
    "ICSSPackage",
    "II18NConfig",
    "IJavascriptPackage",
    "ILanguages",
    "IRenderer",
    "IRequest",
    "IResource",
]


class ILanguages(Interface):
    """The languages that a request accepts, the preferred one first: ``ILanguages(ctx)``."""


class IQ:
    """Finds the nodes with a pattern in a document."""

    def __init__(self, original: Any) -> None:
        """
        :param original: a loader, a tag, a list of them, or a context, for its tag. In a loader's template, handlers
            and ids are those of the element that it was loaded for last: use this in its renderers.
        """
        document = original.tag if isinstance(original, WebContext) else original
        if isinstance(document, Loader):
            document = document.query()
        self._document = document if isinstance(document, list) else [document]

    def onePattern(self, pattern: str) -> Tag:
        """See :meth:`athenalite.stan.Tag.onePattern`."""
        return onePattern(self._document, pattern)

    def allPatterns(self, pattern: str) -> list[Tag]:
        """See :meth:`athenalite.stan.Tag.allPatterns`."""
        return allPatterns(self._document, pattern)

    def patternGenerator(self, pattern: str, *default: Any) -> PatternGenerator:
        """See :class:`athenalite.stan.PatternGenerator`."""
        return PatternGenerator(self._document, pattern, *default)


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
