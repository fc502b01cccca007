# -*- test-case-name: tests.templates.test_parser -*-
"""
Parses templates, XML in the namespaces of Nevow, Athena and ``twisted.web.template``, into Twisted's tags.

Names that Nevow and Twisted both have (``render``, ``slot``, ``attr``, ``invisible`` or ``transparent``) mean the same
in both namespaces.
"""

from __future__ import annotations

from collections.abc import Callable
from html.entities import html5
from io import BytesIO
from types import MappingProxyType
from typing import IO, Any, Final, TypeAlias
from xml.sax import SAXParseException, handler, make_parser
from xml.sax.xmlreader import InputSource

from twisted.web.template import CDATA, Comment, slot
from twisted.web.template import Tag as TwistedTag

from ..stan import Tag
from .mistakes import NAMESPACES, Opened, explain, misspelt, unsupported
from .vocabulary import EntityResolver, attributeName, declaration, elementName, nameLanguage

NEVOW_NAMESPACE: Final = NAMESPACES["nevow"]
TWISTED_NAMESPACE: Final = NAMESPACES["t"]
#: The XML namespace of ``athena:handler``.
ATHENA_NAMESPACE: Final = NAMESPACES["athena"]
_XML_NAMESPACE: Final = "http://www.w3.org/XML/1998/namespace"

#: What an element of the namespace cannot have.
_NOT_OF: Final = MappingProxyType({"slot": ("render", "pattern"), "attr": ("pattern",)})

Document: TypeAlias = list[Any]
#: Takes a loaded document and returns another; runs once per template, not once per rendering.
Preprocessor: TypeAlias = Callable[[Document], Document]


class TemplateError(ValueError):
    """A template cannot be parsed; the message names the file and the line."""


def parse(
    source: IO[bytes] | bytes, filename: str | None = None, encoding: str | None = None, origin: str | None = None
) -> Document:
    """
    :param source: well-formed XML.
    :param filename: named in errors.
    :param encoding: of the source, whatever its XML declaration says; None if that is to be believed.
    :param origin: named in errors instead, if the template is in no file of its own.
    :return: a document for the flattener of ``twisted.web.template``; do not change it.
    :raise TemplateError: if it is not a template.
    """
    return parseWithType(source, filename, encoding, origin)[0]


def parseWithType(
    source: IO[bytes] | bytes, filename: str | None = None, encoding: str | None = None, origin: str | None = None
) -> tuple[Document, str]:
    """
    :return: the result of :func:`parse`, and the document type; empty if there is none.
    """
    content = source if isinstance(source, bytes) else source.read()
    builder = _Builder(filename, origin)
    parser = make_parser()
    parser.setFeature(handler.feature_namespaces, True)
    parser.setProperty(handler.property_lexical_handler, builder)
    parser.setContentHandler(builder)
    parser.setFeature(handler.feature_external_ges, True)
    parser.setEntityResolver(builder)  # type: ignore[arg-type]  # typeshed does not know that it may be a source
    stream = InputSource()
    stream.setByteStream(BytesIO(content))
    if encoding is not None:
        stream.setEncoding(encoding)
    try:
        parser.parse(stream)
    except SAXParseException as error:
        raise builder.error(explain(error, content, builder.opened), error.getLineNumber()) from None
    return builder.document, builder.documentType


class _Builder(EntityResolver, handler.ContentHandler):
    """Builds tags from SAX events. ``stack`` holds the open nodes: each a list of children to append to."""

    def __init__(self, filename: str | None, origin: str | None) -> None:
        super().__init__()
        self.document: Document = []
        self.opened: list[Opened] = []
        self._filename = filename
        self._origin = origin
        self._stack: list[list[Any]] = [self.document]
        self._open: list[Any] = []
        self._prefixes: dict[str, list[str | None]] = {_XML_NAMESPACE: ["xml"]}
        self._declared: list[tuple[str | None, str]] = []
        self._athena: set[str | None] = {ATHENA_NAMESPACE}
        self._cdata: list[str] | None = None
        self._where: Any = None

    def setDocumentLocator(self, locator: Any) -> None:
        self._where = locator

    # Namespaces

    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:
        if why := misspelt(prefix, uri or ""):
            raise self._error(why)
        self._prefixes.setdefault(uri or "", []).append(prefix)
        if prefix == "athena" and uri not in (NEVOW_NAMESPACE, TWISTED_NAMESPACE):
            # Nevow looked at this prefix alone, and real templates have wrong namespaces for it.
            self._athena.add(uri)
            uri = ATHENA_NAMESPACE
        if uri not in (NEVOW_NAMESPACE, TWISTED_NAMESPACE, None):
            self._declared.append((prefix, uri))

    def endPrefixMapping(self, prefix: str | None) -> None:
        for prefixes in self._prefixes.values():
            if prefixes and prefixes[-1] == prefix:
                prefixes.pop()
                break

    def _name(self, namespace: str | None, name: str) -> str:
        if namespace in self._athena:
            # The client knows these names by this prefix.
            return f"athena:{name}"
        prefixes = self._prefixes.get(namespace or "") or [None]
        return f"{prefixes[-1]}:{name}" if namespace and prefixes[-1] else name

    # Elements

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:
        namespace, local = name
        declared, self._declared = self._declared, []
        self.opened.append(Opened(self._name(namespace, local), self._line()))
        if namespace in (NEVOW_NAMESPACE, TWISTED_NAMESPACE):
            node = self._directive(local, self._attributesOfDirective(local, attrs))
        else:
            if namespace in self._athena and local != "handler":
                raise self._error(f"the element {local!r} is not supported: the namespace athena has handler")
            node = self._tag(elementName(namespace, local, self._name(namespace, local)), attrs)
            for prefix, uri in declared:
                if (attribute := declaration(prefix, uri)) is not None:
                    node.attributes[attribute] = uri
        self._stack.append(node.children)
        self._open.append(node)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self._stack.pop()
        self.opened.pop()
        node = self._open.pop()
        if isinstance(node, _Attribute):
            if not self._open or not isinstance(self._open[-1], TwistedTag) or not self._open[-1].tagName:
                raise self._error("attr must be inside of the element whose attribute it is")
            self._open[-1].attributes[node.name] = node.children if node.value.render is None else [node.value]
        else:
            self._stack[-1].append(node)

    def _tag(self, tagName: str, attrs: Any) -> Tag:
        tag = Tag(tagName, **self._place())
        for (namespace, name), value in attrs.items():
            if namespace not in (NEVOW_NAMESPACE, TWISTED_NAMESPACE):
                tag.attributes[attributeName(namespace, name, self._name(namespace, name))] = value
            elif name == "render":
                tag.render = value
            elif name == "pattern":
                tag.pattern = value
            else:
                raise self._error(unsupported("attribute", name))
        nameLanguage(tag, self._open)
        return tag

    def _attributesOfDirective(self, element: str, attrs: Any) -> dict[str, str]:
        for (namespace, name), _ in attrs.items():
            if namespace is not None and name not in ("name", "default", "render", "pattern"):
                raise self._error(unsupported("attribute", name))
            if name in _NOT_OF.get(element, ()):
                raise self._error(f"{element} has no {name}: put it at an element, or at invisible")
        return {key[1]: value for key, value in attrs.items()}

    def _directive(self, name: str, attributes: dict[str, str]) -> Any:
        if name == "slot":
            return slot(
                self._required("slot", attributes, "name"),
                attributes.get("default"),
                **self._place(),
            )
        if name == "attr":
            value = Tag("", **self._place())
            value.render = attributes.get("render")
            return _Attribute(self._required("attr", attributes, "name"), value)
        if name in ("invisible", "transparent"):
            tag = Tag("", **self._place())
            tag.render = attributes.get("render")
            tag.pattern = attributes.get("pattern")
            return tag
        raise self._error(unsupported("element", name))

    def _required(self, element: str, attributes: dict[str, str], name: str) -> str:
        if name not in attributes:
            raise self._error(f"{element} needs the attribute {name!r}")
        return attributes[name]

    # Text

    def characters(self, content: str) -> None:
        if self._cdata is not None:
            self._cdata.append(content)
        else:
            self._stack[-1].append(content)

    def ignorableWhitespace(self, whitespace: str) -> None:
        self._stack[-1].append(whitespace)

    def skippedEntity(self, name: str) -> None:
        # With a document type, which is not read, the parser skips HTML's named characters; without one it fails.
        character = html5.get(f"{name};")
        if character is None:
            raise self._error(f"the entity &{name}; is not known")
        self.characters(character)

    def startCDATA(self) -> None:
        self._cdata = []

    def endCDATA(self) -> None:
        content, self._cdata = self._cdata or [], None
        self._stack[-1].append(CDATA("".join(content)))

    def comment(self, content: str) -> None:
        self._stack[-1].append(Comment(content))

    def endDTD(self) -> None:
        """See ``startDTD``."""

    # Errors

    def _line(self) -> int | None:
        return self._where.getLineNumber() if self._where else None

    def _place(self) -> dict[str, Any]:
        # Twisted formats all three, or none.
        if self._where is None:
            return {}
        where = {"lineNumber": self._line(), "columnNumber": self._where.getColumnNumber()}
        return {"filename": self._filename or self._origin, **where}

    def error(self, message: str, line: int | None) -> TemplateError:
        """
        :return: an error that names the file, or where the text is from, and the line.
        """
        origin = f" ({self._origin})" if self._origin and not self._filename else ""
        return TemplateError(f"{self._filename or 'template'}:{line}: {message}{origin}")

    def _error(self, message: str) -> TemplateError:
        return self.error(message, self._line())


class _Attribute:
    """An attribute whose value is made of nodes."""

    def __init__(self, name: str, value: Tag) -> None:
        self.name = name
        self.value = value
        self.children = value.children
