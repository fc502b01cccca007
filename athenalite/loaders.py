# -*- test-case-name: tests.test_loaders -*-
"""
Where documents come from: ``nevow.loaders``' names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from twisted.web.iweb import ITemplateLoader
from twisted.web.template import Tag as TwistedTag
from zope.interface import implementer

from .stan import Pattern, Tag, patternNodes
from .template import Document, Preprocessor, TemplateError, copyDocument, parse


class Loader:
    """The base of all: remembers the document for each list of preprocessors, until it changes."""

    def __init__(self, pattern: str | None = None) -> None:
        self._pattern = pattern
        self._stamp: object = None
        self._documents: dict[tuple[Preprocessor, ...], Document] = {}

    def load(self, preprocessors: Iterable[Preprocessor] = ()) -> Document:
        """
        Read the document, or use what was read before as long as it has not changed.

        :param preprocessors: what to do to the document once, before a ``pattern`` is looked for.
        :return: the document, to be flattened. It is shared: do not change it.
        :raise athenalite.template.TemplateError: if it cannot be read.
        """
        stamp = self._changed()
        if stamp != self._stamp:
            self._documents.clear()
            self._stamp = stamp
        key = tuple(preprocessors)
        if key not in self._documents:
            document = copyDocument(self._read())
            for preprocessor in key:
                document = preprocessor(document)
            self._documents[key] = _hidePatterns(
                document if self._pattern is None else [_onePattern(document, self._pattern)]
            )
        return self._documents[key]

    def _changed(self) -> object:
        return True

    def _read(self) -> Document:
        raise NotImplementedError


@implementer(ITemplateLoader)
class xmlfile(Loader):
    """A template in an XML file, read again when it has changed."""

    def __init__(
        self,
        template: str | os.PathLike[str],
        templateDir: str | os.PathLike[str] | None = None,
        pattern: str | None = None,
    ) -> None:
        """
        :param template: the file's name.
        :param templateDir: where it is, if not in the current directory.
        :param pattern: load only the node with this ``nevow:pattern``.
        """
        super().__init__(pattern)
        self.path = os.path.join(templateDir or "", template)

    def _changed(self) -> object:
        status = os.stat(self.path)
        return status.st_mtime_ns, status.st_size

    def _read(self) -> Document:
        with open(self.path, "rb") as file:
            return parse(file, self.path)


@implementer(ITemplateLoader)
class xmlstr(Loader):
    """A template in a string."""

    def __init__(self, template: str | bytes, pattern: str | None = None) -> None:
        super().__init__(pattern)
        self._template = template.encode("utf-8") if isinstance(template, str) else template

    def _read(self) -> Document:
        return parse(self._template)


@implementer(ITemplateLoader)
class stan(Loader):
    """A document of ``twisted.web.template`` tags."""

    def __init__(self, stan: Any = None, pattern: str | None = None) -> None:
        super().__init__(pattern)
        self.stan = stan

    def _read(self) -> Document:
        return [self.stan]


def _onePattern(document: Document, name: str) -> Tag:
    found = list(patternNodes(document, name))
    if len(found) != 1:
        raise TemplateError(f"the template has {len(found) or 'no'} nodes with the pattern {name!r}, not one")
    found[0].pattern = None
    return found[0]


def _hidePatterns(nodes: list[Any]) -> list[Any]:
    # What has a pattern is there to be asked for, and not shown where it stands.
    for index, node in enumerate(nodes):
        if isinstance(node, TwistedTag):
            node.children = _hidePatterns(node.children)
        elif isinstance(node, list) and not isinstance(node, Pattern):
            _hidePatterns(node)
        if isinstance(node, Tag) and node.pattern is not None:
            nodes[index] = Pattern(node)
    return nodes
