# -*- test-case-name: tests.templates.test_blocked -*-
"""
Finds what the policy of live pages blocks in a template: inline scripts and handlers, what is loaded from other hosts,
and some elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from twisted.logger import Logger
from twisted.web.template import Tag as TwistedTag

from .parser import Document
from .rewriting import tagsIn

_log: Final = Logger(namespace="athenalite")
#: Types of script elements that browsers do not run.
_DATA: Final = ("json", "template", "html", "text/plain", "x-")
_ADDRESSES: Final = ("href", "src", "action", "formaction", "xlink:href")
#: Attributes of custom elements that are no handlers.
_NO_EVENTS: Final = ("once", "one", "online", "only")
#: Elements that the policy blocks, with the directive.
_ELEMENTS: Final = (("base", "base-uri 'none'"), ("object", "object-src 'none'"), ("embed", "object-src 'none'"))
#: Elements with addresses of other hosts that the policy blocks, their attribute, and the directive.
_FETCHED: Final = MappingProxyType(
    {
        "script": ("src", "script-src"),
        "link": ("href", "style-src"),
        "img": ("src", "img-src"),
        "iframe": ("src", "frame-src"),
        "form": ("action", "form-action"),
        "audio": ("src", "media-src"),
        "video": ("src", "media-src"),
        "source": ("src", "media-src"),
    }
)
_OTHER_HOST: Final = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
#: How many places one site reports.
_MOST: Final = 1000


def warnOfBlocked(document: Document) -> Document:
    """
    A preprocessor, which runs once for each template: logs each place that the default Content-Security-Policy blocks,
    with the file and line and what to write instead, and changes nothing.
    """
    for place in _placesIn(document):
        _warn(_log, *place)
    return document


class BlockedReport:
    """
    :func:`warnOfBlocked` for the templates of one site: each place is reported once, however many loaders of its file
    there are, because applications make one for each page.

    All are equal, so that a loader keeps its document once and not for each site.
    """

    def __init__(self, log: Logger) -> None:
        self._log = log
        self._reported: set[tuple[str, int, str]] = set()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BlockedReport)

    def __hash__(self) -> int:
        return hash(BlockedReport)

    def __call__(self, document: Document) -> Document:
        """
        :return: the document, unchanged.
        """
        for file, line, what, remedy in _placesIn(document):
            place = file, line, what
            if place not in self._reported and len(self._reported) < _MOST:
                self._reported.add(place)
                _warn(self._log, *place, remedy)
        return document


def _placesIn(document: Document) -> Iterator[tuple[str, int, str, str]]:
    for tag in tagsIn(document):
        for what, remedy in blockedIn(tag):
            yield tag.filename or "template", tag.lineNumber or 1, what, remedy


def _warn(log: Logger, file: str, line: int, what: str, remedy: str) -> None:
    log.warn(
        "{file}:{line}: {what} is blocked by the page's Content-Security-Policy: {remedy}",
        file=file,
        line=line,
        what=what,
        remedy=remedy,
    )


def blockedIn(tag: TwistedTag) -> list[tuple[str, str]]:
    """
    :return: what the policy blocks in this tag alone, and what to write instead.
    """
    name = tag.tagName.lower() if isinstance(tag.tagName, str) else ""
    attributes: dict[str, Any] = {str(key).lower(): value for key, value in tag.attributes.items()}
    found = [
        (f"the attribute {key!r}", f'write <athena:handler event="{key}" handler="..." /> and a method of the widget')
        for key in attributes
        if key.startswith("on") and key[2:].isalpha() and key not in _NO_EVENTS
    ]
    found += [
        (f"the address javascript: in {key!r}", "write <athena:handler> and a method of the widget")
        for key in _ADDRESSES
        if _isScriptAddress(attributes.get(key))
    ]
    if name == "script" and "src" not in attributes and not _isData(attributes.get("type")):
        found.append(("an inline <script>", "move its code to the widget's module, a file in js/"))
    found += [
        (f"<{element}>", f"it is refused by {directive}; give the page other headers if you need it")
        for element, directive in _ELEMENTS
        if name == element
    ]
    return found + _fetchedBy(name, attributes)


def _fetchedBy(name: str, attributes: dict[str, Any]) -> list[tuple[str, str]]:
    attribute, directive = _FETCHED.get(name, ("", ""))
    address = attributes.get(attribute)
    # The other links load nothing, or nothing that matters.
    isLoaded = name != "link" or "stylesheet" in str(attributes.get("rel", "")).lower()
    if not (isLoaded and isinstance(address, str) and _OTHER_HOST.match(address)):
        return []
    remedy = f"serve it yourself, or allow the host in {directive} of the page's headers"
    return [(f"<{name}> with {address.strip()} of another host", remedy)]


def _isScriptAddress(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower().startswith("javascript:")


def _isData(kind: Any) -> bool:
    return isinstance(kind, str) and any(part in kind.lower() for part in _DATA)
