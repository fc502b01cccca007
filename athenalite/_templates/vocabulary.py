# -*- test-case-name: tests.templates.test_vocabulary -*-
"""
The names of HTML in templates, which are XML: namespaces, languages and named characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from html.entities import html5
from io import BytesIO
from typing import Final
from xml.sax.xmlreader import InputSource

from twisted.web.template import Tag

from .markup import FOREIGN, XHTML_NAMESPACE

# An HTML parser knows the elements of these namespaces without a prefix, and attributes of XLink by one prefix.
_UNPREFIXED: Final = frozenset((XHTML_NAMESPACE, *(uri.decode("ascii") for uri in FOREIGN.values())))
_PREFIXES: Final = {"http://www.w3.org/XML/1998/namespace": "xml", "http://www.w3.org/1999/xlink": "xlink"}
_FOREIGN_NAMES: Final = tuple(name.decode("ascii") for name in FOREIGN)
#: A document type that declares HTML's named characters.
_ENTITIES: Final = "".join(
    f'<!ENTITY {name[:-1]} "{"".join(f"&#38;#{ord(one)};" for one in text)}">'
    for name, text in html5.items()
    if name.endswith(";") and name not in ("amp;", "lt;", "gt;", "quot;", "apos;")
).encode("ascii")


def elementName(namespace: str | None, local: str, prefixed: str) -> str:
    """
    :param prefixed: the name with the prefix of the template.
    :return: the name by which an HTML parser makes this element.
    """
    return local if namespace in _UNPREFIXED else prefixed


def attributeName(namespace: str | None, local: str, prefixed: str) -> str:
    """
    :return: the same for an attribute.
    """
    return f"{_PREFIXES[namespace]}:{local}" if namespace in _PREFIXES else prefixed


def declaration(prefix: str | None, uri: str) -> str | None:
    """
    :return: the attribute that declares a namespace in the markup; None if no name has its prefix there.
    """
    if prefix is None:
        return "xmlns"
    return None if uri in _UNPREFIXED else f"xmlns:{_PREFIXES.get(uri, prefix)}"


def nameLanguage(tag: Tag, around: Iterable[object]) -> None:
    """
    Make ``lang`` of ``xml:lang``, which means nothing in HTML outside of SVG and MathML.

    :param around: the tags that contain it.
    """
    language = tag.attributes.get("xml:lang")
    if language is not None and not any(getattr(one, "tagName", None) in _FOREIGN_NAMES for one in (tag, *around)):
        tag.attributes.setdefault("lang", language)
        del tag.attributes["xml:lang"]


class EntityResolver:
    """
    Gives an XML parser HTML's named characters in the place of a document type, and nothing in the place of any other
    file. Without it, those in attributes vanish. Nothing is read from a disk or a network.
    """

    #: The document type; empty if there is none.
    documentType = ""
    _documentType: tuple[str | None, str | None] = None, None

    def startDTD(self, name: str, publicID: str | None, systemID: str | None) -> None:
        """Called by the parser for the document type, without what is declared in it."""
        self._documentType = publicID, systemID
        kind = f' PUBLIC "{publicID}"' if publicID else " SYSTEM" if systemID else ""
        self.documentType = f"<!DOCTYPE {name}{kind}{_quoted(systemID) if systemID else ''}>"

    def resolveEntity(self, publicID: str | None, systemID: str | None) -> InputSource:
        """Called by the parser."""
        stream = InputSource(systemID)
        stream.setByteStream(BytesIO(_ENTITIES if (publicID, systemID) == self._documentType else b""))
        return stream


def _quoted(identifier: str) -> str:
    return f" '{identifier}'" if '"' in identifier else f' "{identifier}"'
