# -*- test-case-name: tests.test_inevow -*-
"""
The part of ``nevow.inevow`` that applications of Athena use. ``IRequest(ctx)`` is the request of a context, and
``IQ(x)`` finds the patterns in a document, a loader or a tag.
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
    """Finds the nodes with a pattern in a document."""

    def __init__(self, original: Any) -> None:
        """
        :param original: a loader, a tag, a list of them, or a context, for its tag. In a loader's template, handlers
            and ids are those of the element that it was loaded for last: use this in its renderers.
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
