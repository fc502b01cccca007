# -*- test-case-name: tests.test_inevow -*-
"""
``nevow.inevow``, as far as applications of Athena ask for it. ``IRequest(ctx)`` is the request of a context, and
``IQ(x)`` asks a document, a loader or a tag for its patterns.
"""

from __future__ import annotations

from typing import Any

from twisted.web.iweb import IRequest
from twisted.web.resource import IResource

from .context import Context
from .interfaces import IAthenaTransportable, ICSSPackage, IJavascriptPackage
from .loaders import Loader
from .stan import PatternGenerator, Tag, allPatterns, onePattern

__all__ = ["IQ", "IAthenaTransportable", "ICSSPackage", "IJavascriptPackage", "IRequest", "IResource"]


class IQ:
    """Questions to a document about the patterns in it."""

    def __init__(self, original: Any) -> None:
        """
        :param original: a loader, a tag, a list of them, or a context, for its tag. In a loader's template, handlers
            and ids are those of the element that it was loaded for last: ask in its renderers.
        """
        document = original.tag if isinstance(original, Context) else original
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
