# -*- test-case-name: tests.templates.test_blocked -*-
"""
Finds what the policy of live pages blocks in a template: inline scripts and handlers, and some elements.
"""

from __future__ import annotations

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


def warnOfBlocked(document: Document) -> Document:
    """
    A preprocessor, which runs once for each template: logs each place that the default Content-Security-Policy blocks,
    with the file and line and what to write instead, and changes nothing.
    """
    for tag in tagsIn(document):
        for what, remedy in blockedIn(tag):
            _log.warn(
                "{file}:{line}: {what} is blocked by the page's Content-Security-Policy: {remedy}",
                file=tag.filename or "template",
                line=tag.lineNumber or 1,
                what=what,
                remedy=remedy,
            )
    return document


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
    return found


def _isScriptAddress(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower().startswith("javascript:")


def _isData(kind: Any) -> bool:
    return isinstance(kind, str) and any(part in kind.lower() for part in _DATA)
