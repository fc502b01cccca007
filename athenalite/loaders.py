# -*- test-case-name: tests.test_loaders -*-
"""
``nevow.loaders``: templates from XML files, from strings and from tags.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from twisted.python.filepath import FilePath
from twisted.web.error import MissingTemplateLoader
from twisted.web.iweb import ITemplateLoader
from twisted.web.template import Comment
from twisted.web.template import Tag as TwistedTag
from zope.interface import implementer

from ._porting.missing import absent
from ._templates.parser import Document, Preprocessor, TemplateError, parseWithType
from ._templates.precompile import flattenStatic
from ._templates.rewriting import copyDocument, tagsIn
from .stan import Pattern, Scope, Tag, flattenable, patternNodes, placed


class Loader:
    """Base class: caches the document for each list of preprocessors until it changes."""

    def __init__(
        self, pattern: str | None = None, ignoreComment: bool | None = None, ignoreDocType: bool | None = None
    ) -> None:
        self._pattern = pattern
        self._ignoreComment = ignoreComment
        self._ignoreDocType = ignoreDocType
        self._type = ""
        self._stamp: object = None
        self._documents: dict[tuple[Preprocessor, ...], Document] = {}
        self._flat: dict[tuple[Preprocessor, ...], Document] = {}
        self._preprocessors: tuple[Preprocessor, ...] = ()

    def load(self, ctx: object = None, preprocessors: Iterable[Preprocessor] = ()) -> Document:
        """
        Read the document, or use the cached one if it has not changed.

        :param ctx: unused; Nevow's context.
        :param preprocessors: applied to the document once, before a ``pattern`` is looked up.
        :return: the document, to be flattened. It is shared: do not change it.
        :raise athenalite._templates.parser.TemplateError: if it cannot be read.
        """
        stamp = self._changed()
        if stamp != self._stamp:
            self._documents.clear()
            self._flat.clear()
            self._stamp = stamp
        key = tuple(preprocessors)
        self._preprocessors = key or self._preprocessors
        if key not in self._documents:
            document = self._placed(copyDocument(self._read()))
            if self._ignoreComment:
                document = _withoutComments(document)
            for preprocessor in key:
                document = preprocessor(document)
            self._documents[key] = _hidePatterns(
                document if self._pattern is None else [_onePattern(document, self._pattern)]
            )
        return self._documents[key]

    @property
    def documentType(self) -> str:
        """The document type of the document that was loaded; empty if a page has to have its own."""
        return "" if self._ignoreDocType or self._pattern is not None else self._type

    def flat(self, preprocessors: Iterable[Preprocessor] = ()) -> Document:
        """
        :return: the document of :meth:`load` with its static parts as markup, see
            :mod:`athenalite._templates.precompile`.
        """
        key = tuple(preprocessors)
        document = self.load(None, key)
        if key not in self._flat:
            self._flat[key] = flattenStatic(document)
        return self._flat[key]

    def query(self) -> Document:
        """
        :return: the document to find patterns in: with the preprocessors of the element that loaded it last, or none if
            no element has loaded it.
        """
        return self.load(preprocessors=self._preprocessors)

    def _changed(self) -> object:
        return True

    def _read(self) -> Document:
        raise NotImplementedError

    def _placed(self, document: Document) -> Document:
        return document


def loaderOf(owner: object) -> Any:
    """
    :return: the ``docFactory`` of an element or a page, or Twisted's ``loader`` of an element.
    :raise twisted.web.error.MissingTemplateLoader: if it has none, or what it has is no loader.
    """
    factory: Any = getattr(owner, "docFactory", None) or getattr(owner, "loader", None)
    if not callable(getattr(factory, "load", None)) or isinstance(factory, type):
        name = type(owner).__name__
        has = f"{name} has no docFactory" if factory is None else f"the docFactory of {name} is {_shown(factory)}"
        raise MissingTemplateLoader(f"{has}: set it to a loader of athenalite.loaders, such as xmlfile or xmlstr")
    return factory


def _shown(factory: Any) -> str:
    return factory.__name__ if isinstance(factory, type) else f"a {type(factory).__name__}"


@implementer(ITemplateLoader)
class xmlfile(Loader):
    """A template in an XML file, read again when it has changed."""

    def __init__(
        self,
        template: str | os.PathLike[str] | FilePath[str],
        pattern: str | None = None,
        templateDir: str | os.PathLike[str] | FilePath[str] | None = None,
        ignoreDocType: bool | None = None,
        ignoreComment: bool | None = None,
    ) -> None:
        """
        :param template: the file's name.
        :param pattern: load only the node with this ``nevow:pattern``.
        :param templateDir: its directory; by default the current one.
        :param ignoreDocType: leave out the document type. Otherwise it is the one of a page that has this template.
        :param ignoreComment: leave out comments.
        """
        super().__init__(pattern, ignoreComment, ignoreDocType)
        self.path = os.path.join(_pathOf(templateDir or ""), _pathOf(template))

    def _changed(self) -> object:
        status = os.stat(self.path)
        return status.st_mtime_ns, status.st_size

    def _read(self) -> Document:
        with open(self.path, "rb") as file:
            document, self._type = parseWithType(file, self.path)
        return document


@implementer(ITemplateLoader)
class xmlstr(Loader):
    """A template in a string."""

    def __init__(
        self,
        template: str | bytes,
        pattern: str | None = None,
        ignoreDocType: bool | None = None,
        ignoreComment: bool | None = None,
    ) -> None:
        """See :class:`xmlfile`."""
        super().__init__(pattern, ignoreComment, ignoreDocType)
        self._template = template
        caller = sys._getframe(1)
        self._origin = f"xmlstr in {caller.f_code.co_filename}:{caller.f_lineno}"

    def _read(self) -> Document:
        # An encoding that a text declares was that of its file.
        isText = isinstance(self._template, str)
        content = self._template.encode("utf-8") if isinstance(self._template, str) else self._template
        document, self._type = parseWithType(content, encoding="utf-8" if isText else None, origin=self._origin)
        return document


@implementer(ITemplateLoader)
class stan(Loader):
    """A document of tags, ours or those of ``twisted.web.template``; or a list of them."""

    def __init__(self, stan: Any = None, pattern: str | None = None) -> None:
        super().__init__(pattern)
        self.stan = stan
        caller = sys._getframe(1)
        self._place = caller.f_code.co_filename, caller.f_lineno

    def _read(self) -> Document:
        document = [placed(flattenable(self.stan))]
        self._type = typeOfDocument(document)
        return document

    def _placed(self, document: Document) -> Document:
        # For messages: a tag does not know its own place.
        for tag in tagsIn(document):
            if tag.filename is None:
                tag.filename, tag.lineNumber, tag.columnNumber = *self._place, 0
        return document


def typeOfDocument(document: Document) -> str:
    """
    :return: what :func:`athenalite.tags.xml` has found before markup that the document begins with.
    """
    before = takewhile(lambda tag: not tag.tagName, tagsIn(document))
    return "".join(getattr(tag, "documentType", "") for tag in before)


def _pathOf(file: str | os.PathLike[str] | FilePath[str]) -> str:
    return file.path if isinstance(file, FilePath) else os.fspath(file)


def _withoutComments(nodes: list[Any]) -> list[Any]:
    for node in nodes:
        if isinstance(node, TwistedTag):
            node.children = _withoutComments(node.children)
    return [node for node in nodes if not isinstance(node, Comment)]


def _onePattern(document: Document, name: str) -> Tag:
    found = list(patternNodes(document, name))
    if len(found) != 1:
        raise TemplateError(f"the template has {len(found) or 'no'} nodes with the pattern {name!r}, not one")
    found[0].pattern = None
    return found[0]


def _hidePatterns(nodes: list[Any]) -> list[Any]:
    # A node with a pattern is used by renderers, and not shown at its own place.
    for index, node in enumerate(nodes):
        if isinstance(node, TwistedTag):
            node.children = _hidePatterns(node.children)
        elif isinstance(node, Scope):
            node.tag.children = _hidePatterns(node.tag.children)
        elif isinstance(node, list) and not isinstance(node, Pattern):
            _hidePatterns(node)
        if isinstance(node, Tag) and node.pattern is not None:
            nodes[index] = Pattern(node)
    return nodes


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
