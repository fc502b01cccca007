# -*- test-case-name: tests.templates.test_parser -*-
"""
Parses templates, XML in the namespaces of Nevow, Athena and ``twisted.web.template``, into Twisted's tags.

Names that Nevow and Twisted both have (``render``, ``slot``, ``attr``, ``invisible`` or ``transparent``) mean the same
in both namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.entities import html5
from io import BytesIO
from typing import IO, Any, Final, TypeAlias
from xml.sax import SAXParseException, handler, make_parser

from twisted.web.template import CDATA, Comment, slot
from twisted.web.template import Tag as TwistedTag

from ..stan import Tag

NEVOW_NAMESPACE: Final = "http://nevow.com/ns/nevow/0.1"
TWISTED_NAMESPACE: Final = "http://twistedmatrix.com/ns/twisted.web.template/0.1"
#: The XML namespace of ``athena:handler``.
ATHENA_NAMESPACE: Final = "http://divmod.org/ns/athena/0.7"
_XML_NAMESPACE: Final = "http://www.w3.org/XML/1998/namespace"

#: The slot in rewritten ids for the number of the widget, and the renderer that fills it.
ID_SLOT: Final = "athena:id"
#: The attribute with the events that the client binds: ``onclick=methodName onsubmit=otherName``.
HANDLERS_ATTRIBUTE: Final = "data-athena-handlers"
_HANDLER: Final = "athena:handler"
#: The attribute with the method of a form that a script-less submit would leave the page for; the client puts it back.
METHOD_ATTRIBUTE: Final = "data-athena-method"
#: Attributes that refer to ids, of any element, and below of some.
_REFERENCES: Final = (
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "form",
    "list",
)
_REFERENCES_OF: Final[dict[Any, tuple[str, ...]]] = {
    "label": ("for",),
    "output": ("for",),
    "td": ("headers",),
    "th": ("headers",),
}
_NAME: Final = re.compile(r"[^\s=]+")

Document: TypeAlias = list[Any]
#: Takes a loaded document and returns another; runs once per template, not once per rendering.
Preprocessor: TypeAlias = Callable[[Document], Document]


class TemplateError(ValueError):
    """A template cannot be parsed; the message names the file and the line."""


def parse(source: IO[bytes] | bytes, filename: str | None = None) -> Document:
    """
    :param source: well-formed XML.
    :param filename: named in errors.
    :return: a document for the flattener of ``twisted.web.template``; do not change it.
    :raise TemplateError: if it is not a template.
    """
    builder = _Builder(filename)
    parser = make_parser()
    parser.setFeature(handler.feature_namespaces, True)
    parser.setProperty(handler.property_lexical_handler, builder)
    parser.setContentHandler(builder)
    try:
        parser.parse(BytesIO(source) if isinstance(source, bytes) else source)
    except SAXParseException as error:
        raise TemplateError(f"{filename or 'template'}:{error.getLineNumber()}: {error.getMessage()}") from None
    return builder.document


class _Builder(handler.ContentHandler):
    """Builds tags from SAX events. ``stack`` holds the open nodes: each a list of children to append to."""

    def __init__(self, filename: str | None) -> None:
        super().__init__()
        self.document: Document = []
        self._filename = filename
        self._stack: list[list[Any]] = [self.document]
        self._open: list[Any] = []
        self._prefixes: dict[str, list[str | None]] = {_XML_NAMESPACE: ["xml"]}
        self._declared: list[tuple[str | None, str]] = []
        self._cdata: list[str] | None = None
        self._where: Any = None

    def setDocumentLocator(self, locator: Any) -> None:
        self._where = locator

    # Namespaces

    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:
        self._prefixes.setdefault(uri or "", []).append(prefix)
        if uri not in (NEVOW_NAMESPACE, TWISTED_NAMESPACE, None):
            self._declared.append((prefix, uri))

    def endPrefixMapping(self, prefix: str | None) -> None:
        for prefixes in self._prefixes.values():
            if prefixes and prefixes[-1] == prefix:
                prefixes.pop()
                break

    def _name(self, namespace: str | None, name: str) -> str:
        prefixes = self._prefixes.get(namespace or "") or [None]
        return f"{prefixes[-1]}:{name}" if namespace and prefixes[-1] else name

    # Elements

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:
        namespace, local = name
        declared, self._declared = self._declared, []
        if namespace in (NEVOW_NAMESPACE, TWISTED_NAMESPACE):
            node = self._directive(local, {key[1]: value for key, value in attrs.items()})
        else:
            node = self._tag(self._name(namespace, local), attrs)
            for prefix, uri in declared:
                node.attributes[f"xmlns:{prefix}" if prefix else "xmlns"] = uri
        self._stack.append(node.children)
        self._open.append(node)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self._stack.pop()
        node = self._open.pop()
        if isinstance(node, _Attribute):
            if not self._open or not isinstance(self._open[-1], TwistedTag):
                raise self._error("attr must be inside of the element whose attribute it is")
            self._open[-1].attributes[node.name] = node.children
        else:
            self._stack[-1].append(node)

    def _tag(self, tagName: str, attrs: Any) -> Tag:
        tag = Tag(tagName, filename=self._filename, lineNumber=self._line())
        for (namespace, name), value in attrs.items():
            if namespace not in (NEVOW_NAMESPACE, TWISTED_NAMESPACE):
                tag.attributes[self._name(namespace, name)] = value
            elif name == "render":
                tag.render = value
            elif name == "pattern":
                tag.pattern = value
            else:
                raise self._error(f"the attribute {name!r} is not supported")
        return tag

    def _directive(self, name: str, attributes: dict[str, str]) -> Any:
        if name == "slot":
            return slot(
                self._required("slot", attributes, "name"),
                attributes.get("default"),
                filename=self._filename,
                lineNumber=self._line(),
            )
        if name == "attr":
            return _Attribute(self._required("attr", attributes, "name"))
        if name in ("invisible", "transparent"):
            tag = Tag("", filename=self._filename, lineNumber=self._line())
            tag.render = attributes.get("render")
            tag.pattern = attributes.get("pattern")
            return tag
        raise self._error(f"the element {name!r} is not supported")

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

    def startDTD(self, name: str, publicID: str | None, systemID: str | None) -> None:
        """Left out: the page has its own document type."""

    def endDTD(self) -> None:
        """See :meth:`startDTD`."""

    # Errors

    def _line(self) -> int | None:
        return self._where.getLineNumber() if self._where else None

    def _error(self, message: str) -> TemplateError:
        return TemplateError(f"{self._filename or 'template'}:{self._line()}: {message}")


class _Attribute:
    """An attribute whose value is made of nodes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.children: list[Any] = []


# The preprocessors of LiveElement


def rewriteEventHandlerNodes(document: Document) -> Document:
    """
    Replace each ``<athena:handler event="onclick" handler="method"/>`` by an attribute of the element that contains it.
    The client binds the events, so that the page's HTML has no script.
    """
    for tag in _tags(document):
        bindings = []
        for child in list(tag.children):
            if isinstance(child, TwistedTag) and child.tagName == _HANDLER:
                tag.children.remove(child)
                bindings.append(_binding(child))
        if bindings:
            present = tag.attributes.get(HANDLERS_ATTRIBUTE)
            tag.attributes[HANDLERS_ATTRIBUTE] = " ".join(
                [present, *bindings] if isinstance(present, str) else bindings
            )
            _hold(tag, bindings)
    return document


def _hold(tag: TwistedTag, bindings: list[str]) -> None:
    """
    Have the browser submit nothing before there is a script to call ``onsubmit``. A form without an address would be
    sent to the page's own, with the fields in it, for logs and histories to keep. ``method="dialog"`` sends nothing.
    """
    action, method = tag.attributes.get("action", ""), tag.attributes.get("method", "")
    isOwn = isinstance(action, str) and action.partition("#")[0] == ""
    submits = any(binding.startswith("onsubmit=") for binding in bindings)
    if submits and tag.tagName == "form" and isOwn and isinstance(method, str) and method != "dialog":
        tag.attributes.update({"method": "dialog", METHOD_ATTRIBUTE: method})


def _binding(tag: TwistedTag) -> str:
    values = [tag.attributes.get(name) for name in ("event", "handler")]
    names = [value for value in values if isinstance(value, str) and _NAME.fullmatch(value)]
    where = f"{tag.filename or 'template'}:{tag.lineNumber}"
    if len(names) != 2:
        raise TemplateError(f"{where}: athena:handler needs an event and a handler")
    if not names[0].startswith("on"):
        raise TemplateError(f'{where}: the event of an athena:handler begins with "on": write event="on{names[0]}"')
    return "=".join(names)


def rewriteAthenaIds(document: Document) -> Document:
    """
    Add the widget's number to the ids in a template and to references to them, so that two widgets of one class on a
    page have different ids, and ``nodeById`` finds those of its widget.
    """
    for tag in _tags(document):
        for name in ("id", *_REFERENCES, *_REFERENCES_OF.get(tag.tagName, ())):
            _rewrite(tag, name)
    return document


def _rewrite(tag: TwistedTag, name: str) -> None:
    value = tag.attributes.get(name)
    if isinstance(value, str):
        ids: list[Any] = []
        for one in value.split():
            # A renderer has the element at hand; a slot of Twisted's, once filled, stays filled in what follows.
            ids += [" ", "athenaid:", slot(ID_SLOT, Tag("", render=ID_SLOT)), "-", one]
        tag.attributes[name] = ids[1:]


def _tags(node: Any) -> Iterator[TwistedTag]:
    # A document is a list; an application may also preprocess a tag that its renderer has made.
    if isinstance(node, TwistedTag):
        yield node
    if isinstance(node, (TwistedTag, slot)):
        node = node.children
    if isinstance(node, (list, tuple)):
        for child in list(node):
            yield from _tags(child)


def copyDocument(document: Document) -> Document:
    """A copy deep enough for a :data:`Preprocessor` to change."""
    return [_copy(node) for node in document]


def _copy(node: Any) -> Any:
    if isinstance(node, (list, tuple)):
        return [_copy(child) for child in node]
    if not isinstance(node, TwistedTag):
        return node
    tag = node.clone(deep=False)
    tag.children = [_copy(child) for child in node.children]
    return tag
