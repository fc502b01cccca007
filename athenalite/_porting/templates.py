# -*- test-case-name: tests.porting.test_templates -*-
"""
Finds in templates what cannot be loaded, what Nevow had and templates do not have any more, and what the page's
Content-Security-Policy blocks; all of it at once, where a loader stops at the first mistake. Behind a mistake in the
XML, the rest is read as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from xml.sax import SAXParseException, handler, make_parser
from xml.sax.xmlreader import InputSource

from twisted.web.template import Tag

from .._templates.blocked import blockedIn
from .._templates.mistakes import NAMESPACES, Opened, entityRemedy, explain, unsupported
from .._templates.parser import ATHENA_NAMESPACE, NEVOW_NAMESPACE, TWISTED_NAMESPACE, TemplateError, parse
from .._templates.vocabulary import EntityResolver
from .scripts import isEarly

_NAMESPACES: Final = (NEVOW_NAMESPACE, TWISTED_NAMESPACE)
_KNOWN: Final = (*_NAMESPACES, ATHENA_NAMESPACE)
_XML_ENTITIES: Final = frozenset(("amp", "lt", "gt", "quot", "apos"))
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
        "debug": "leave out its element, because browsers have a console of their own; or return ''",
    }
)
#: What to say of a document without a document type.
NO_TYPE: Final = (
    "browsers showed a page without a document type in quirks mode, and show a live page in that of the standards: "
    "write <!DOCTYPE html> before <html>, and look at the page"
)
_EARLY: Final = (
    "an inline script is run before Divmod and Nevow are there, with legacyHeaders(), too: move it to a widget's "
    "module, or do it for the window's load event"
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
    try:
        parser.parse(stream)
    except SAXParseException as error:
        place = (error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1)
        reader.mark("T401", f"this cannot be loaded: {explain(error, content, reader.opened)}", place)
        _Rest(reader, place, "undefined entity" in error.getMessage()).feed(
            content.decode(encoding or "utf-8", "replace")
        )
    except (ValueError, LookupError) as error:
        # An encoding that the parser does not have.
        reader.mark("T401", f"this cannot be loaded: {error}", (1, 1))
    else:
        _loaderSays(content, encoding, reader)
    yield from reader.marks


def ofRenderer(name: str, line: int = 1, column: int = 1) -> Iterator[Mark]:
    """
    :param name: of a renderer, in a template or a directive.
    :return: a mark if it is one that Nevow's pages had.
    """
    if name in _RENDERERS:
        message = f"pages have no renderer {name!r}: write def render_{name}(self, ctx, data): {_RENDERERS[name]}"
        yield Mark(line, column, "T402", message, name)


def scanString(text: str, kind: str) -> Iterator[Mark]:
    """
    :param text: of a string in Python.
    :param kind: ``TEMPLATE``; ``PART`` of one, in which mistakes of the XML are none; or ``MARKUP`` that is put into a
        page as it is, in which only what the policy blocks is one.
    """
    if kind == "TEMPLATE":
        return scan(text.encode("utf-8", "replace"), "utf-8")
    reader = _Reader()
    _Rest(reader, (0, 0), False).feed(text)
    return (mark for mark in reader.marks if kind == "PART" or mark.code in ("T403", "S505"))


def _loaderSays(content: bytes, encoding: str | None, reader: _Reader) -> None:
    try:
        parse(content, encoding=encoding)
    except TemplateError as error:
        place = _PLACE.match(str(error))
        line = int(place[1]) if place and place[1].isdecimal() else 1
        # The loader stops at the first attribute that it does not have; all of them are marked already.
        if not any(mark.code == "T402" and mark.line == line for mark in reader.marks):
            reader.mark("T401", f"this cannot be loaded: {_PLACE.sub('', str(error))}", (line, 1))


class _Reader(EntityResolver, handler.ContentHandler):
    """Marks what is found in each element."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []
        self.opened: list[Opened] = []
        self.prefixes: dict[str | None, str | None] = dict(NAMESPACES.items())
        self._where: Any = None
        self._at = (1, 1)
        #: The text of an inline script that is open, and its place.
        self._script: list[str] | None = None
        self._scriptAt = (1, 1)
        #: The place of a document's root, if it has no document type.
        self._untyped: tuple[int, int] | None = None

    def setDocumentLocator(self, locator: Any) -> None:
        self._where = locator

    def mark(self, code: str, message: str, place: tuple[int, int]) -> None:
        """Add a mark."""
        self.marks.append(Mark(*place, code, message))

    def _mark(self, code: str, message: str, renderer: str = "") -> None:
        self.marks.append(Mark(*self._at, code, message, renderer))

    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:
        self.prefixes[prefix] = uri

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:
        place = (self._where.getLineNumber() or 1, (self._where.getColumnNumber() or 0) + 1)
        prefix = next((one for one, uri in self.prefixes.items() if uri == name[0] and one), None)
        if not self.opened and name[1] == "html" and not self.documentType:
            self._untyped = place
        self.opened.append(Opened(f"{prefix}:{name[1]}" if prefix and name[0] in _KNOWN else name[1], place[0]))
        self.element(name, attrs, place)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self.opened.pop()
        self.scriptEnds()

    def characters(self, content: str) -> None:
        if self._script is not None:
            self._script.append(content)

    def scriptEnds(self) -> None:
        """Mark what an inline script does too early; scripts have no elements in them."""
        if self._script is not None and isEarly("".join(self._script)):
            self.mark("S505", _EARLY, self._scriptAt)
        self._script = None

    def element(self, name: tuple[str | None, str], attrs: Any, place: tuple[int, int]) -> None:
        """
        Mark what is found in an element.

        :param attrs: pairs of names, with their namespaces, and values.
        """
        self._at = place
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
        if name[0] not in _KNOWN:
            self._blocked(name[1], plain)
            if name[1].lower() == "script" and "src" not in plain:
                self._script, self._scriptAt = [], place

    def _directives(self, attributes: dict[str, str]) -> None:
        render = attributes.get("render", "")
        data = attributes.get("data", "").partition(" ")[0]
        for attribute in attributes:
            if attribute not in _ATTRIBUTES:
                self._mark("T402", _unsupported(attribute, data, render))
        if render == "liveglue" and self._untyped is not None:
            # Other pages are shown as they were.
            self.mark("T404", NO_TYPE, self._untyped)
            self._untyped = None
        if not data:
            self.marks += ofRenderer(render, *self._at)

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


class _Rest(HTMLParser):
    """Reads what is behind a mistake as HTML, which has none."""

    def __init__(self, reader: _Reader, behind: tuple[int, int], withoutEntities: bool) -> None:
        super().__init__(convert_charrefs=False)
        self._reader = reader
        self._behind = behind
        self._withoutEntities = withoutEntities

    def _place(self) -> tuple[int, int]:
        line, column = self.getpos()
        return line, column + 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key.startswith("xmlns:") and value:
                self._reader.startPrefixMapping(key.removeprefix("xmlns:"), value)
        if self._place() > self._behind:
            named = {self._name(key): value or "" for key, value in attrs}
            self._reader.element(self._name(tag), named, self._place())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self._reader.characters(data)

    def handle_endtag(self, tag: str) -> None:
        self._reader.scriptEnds()

    def handle_entityref(self, name: str) -> None:
        if self._withoutEntities and name not in _XML_ENTITIES and self._place() > self._behind:
            message = entityRemedy(f"&{name};")
            self._reader.mark("T401", f"this cannot be loaded: {message}", self._place())

    def _name(self, name: str) -> tuple[str | None, str]:
        prefix, colon, local = name.partition(":")
        return (self._reader.prefixes.get(prefix), local) if colon else (None, name)


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
