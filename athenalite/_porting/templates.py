# -*- test-case-name: tests.porting.test_templates -*-
"""
Finds in templates what cannot be loaded, what Nevow had and templates do not have any more, and what the page's
Content-Security-Policy blocks; all of it at once, where a loader stops at the first mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from xml.sax import SAXParseException, handler, make_parser
from xml.sax.xmlreader import InputSource

from twisted.web.template import Tag

from .._templates.blocked import blockedIn
from .._templates.mistakes import unsupported
from .._templates.parser import ATHENA_NAMESPACE, NEVOW_NAMESPACE, TWISTED_NAMESPACE, TemplateError, parse
from .._templates.vocabulary import EntityResolver

_NAMESPACES: Final = (NEVOW_NAMESPACE, TWISTED_NAMESPACE)
_ATTRIBUTES: Final = frozenset(("render", "pattern"))
_ELEMENTS: Final = frozenset(("slot", "attr", "invisible", "transparent"))
#: Renderers that every page of Nevow's had, and what the application's own does instead.
_RENDERERS: Final = MappingProxyType(
    {
        "sequence": "item = ctx.tag.patternGenerator('item'); "
        "return ctx.tag.clear()[[item.fillSlots(...) for each of the items]]",
        "mapping": "call ctx.tag.fillSlots(name, value) for each item, and return ctx.tag",
        "string": "return ctx.tag.clear()[str(value)]",
        "data": "return ctx.tag.clear()[value]",
        "xml": "return ctx.tag.clear()[xml(value)]",
    }
)
_PLACE: Final = re.compile(r"\A[^:]*:(\d+|None): ")


class Mark(NamedTuple):
    """A finding in a template: line and column from 1."""

    line: int
    column: int
    code: str
    message: str
    #: The finding is none if the application has a renderer of this name.
    renderer: str = ""


def isTemplate(content: bytes) -> bool:
    """
    :return: whether a file is a template, and no page of some other kind.
    """
    return any(one.encode("ascii") in content for one in (*_NAMESPACES, ATHENA_NAMESPACE, "<nevow:", " nevow:"))


def scan(content: bytes, encoding: str | None = None) -> Iterator[Mark]:
    """
    :param content: of a template.
    :param encoding: of the content, whatever its XML declaration says; None if that is to be believed.
    """
    reader = _Reader()
    parser = make_parser()
    parser.setFeature(handler.feature_namespaces, True)
    parser.setProperty(handler.property_lexical_handler, reader)
    parser.setContentHandler(reader)
    parser.setFeature(handler.feature_external_ges, True)
    parser.setEntityResolver(reader)  # type: ignore[arg-type]  # as in the loader's parser
    stream = InputSource()
    stream.setByteStream(BytesIO(content))
    if encoding is not None:
        stream.setEncoding(encoding)
    failed: tuple[int, int] | None = None
    try:
        parser.parse(stream)
    except SAXParseException as error:
        failed = (error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1)
    except (ValueError, LookupError):
        # An encoding that the parser does not have.
        failed = (1, 1)
    yield from reader.marks
    message = _loaderSays(content, encoding)
    # The loader stops at the first attribute that it does not have; there may be more, which are marked already.
    if message and (failed or not any(mark.code == "T402" and mark.line == message[0] for mark in reader.marks)):
        line, column = failed or (message[0], 1)
        yield Mark(line, column, "T401", f"this cannot be loaded: {message[1]}")


def _loaderSays(content: bytes, encoding: str | None) -> tuple[int, str] | None:
    try:
        parse(content, encoding=encoding)
    except TemplateError as error:
        place = _PLACE.match(str(error))
        line = int(place[1]) if place and place[1].isdecimal() else 1
        return line, _PLACE.sub("", str(error))
    except (ValueError, LookupError) as error:
        return 1, str(error)
    return None


class _Reader(EntityResolver, handler.ContentHandler):
    """Marks what is found in each element."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []
        self._where: Any = None

    def setDocumentLocator(self, locator: Any) -> None:
        self._where = locator

    def _mark(self, code: str, message: str, renderer: str = "") -> None:
        line, column = self._where.getLineNumber(), self._where.getColumnNumber()
        self.marks.append(Mark(line or 1, (column or 0) + 1, code, message, renderer))

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:
        directives = {key[1]: value for key, value in attrs.items() if key[0] in _NAMESPACES}
        plain = {key[1]: value for key, value in attrs.items() if key[0] not in _NAMESPACES}
        if name[0] in _NAMESPACES:
            if name[1] not in _ELEMENTS:
                self._mark("T402", unsupported("element", name[1]))
            elif name[1] in ("slot", "attr"):
                return
            elif name[1] in ("invisible", "transparent"):
                directives.update({key: value for key, value in plain.items() if key in ("data", "macro", "key")})
        self._directives(directives)
        if name[0] not in (*_NAMESPACES, ATHENA_NAMESPACE):
            self._blocked(name[1], plain)

    def _directives(self, attributes: dict[str, str]) -> None:
        render = attributes.get("render", "")
        data = attributes.get("data", "").partition(" ")[0]
        for attribute in attributes:
            if attribute not in _ATTRIBUTES:
                self._mark("T402", _unsupported(attribute, data, render))
        if render in _RENDERERS and not data:
            self._mark(
                "T402",
                f"pages have no renderer {render!r}: write def render_{render}(self, ctx, data): {_RENDERERS[render]}",
                render,
            )

    def _blocked(self, name: str, attributes: dict[str, str]) -> None:
        tag = Tag(name)
        tag.attributes.update(attributes)
        for what, remedy in blockedIn(tag):
            self._mark("T403", f"{what} is blocked by the page's Content-Security-Policy: {remedy}")

    # The parser calls these of a lexical handler.

    def comment(self, content: str) -> None:
        """Nothing is looked for in comments."""

    def startCDATA(self) -> None:
        """See ``comment``."""

    def endCDATA(self) -> None:
        """See ``comment``."""

    def endDTD(self) -> None:
        """See ``comment``."""


def _unsupported(attribute: str, data: str, render: str) -> str:
    message = unsupported("attribute", attribute)
    remedy = _renderer(data, render) if attribute == "data" and data.isidentifier() else ""
    return message.partition("; see")[0] + remedy if remedy else message


def _renderer(data: str, render: str) -> str:
    if render in _RENDERERS:
        return f': write nevow:render="{data}" and def render_{data}(self, ctx, data): {_RENDERERS[render]}'
    if render:
        return f": have the renderer {render!r} read what data_{data} returns"
    return f': write nevow:render="{data}" and def render_{data}(self, ctx, data)'
