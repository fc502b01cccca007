# -*- test-case-name: tests.templates.test_blocked -*-
"""
Finds what the policy of live pages blocks in templates, and in tags that renderers return: inline scripts and handlers,
what is loaded from other hosts, and some elements.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from types import CodeType, GeneratorType, MappingProxyType
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.web.template import Tag as TwistedTag

from .parser import Document
from .rewriting import HANDLER, tagsIn

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
#: How many places one site reports, and in how many renderers it looks for them.
_MOST: Final = 1000
#: How many results of one renderer are searched: it may return others each time, but a page should not pay for it.
_RESULTS: Final = 20
#: The attribute of a request by which elements find the report of its page.
_REPORT: Final = "_athenaBlocked"
_BLOCKED: Final = "is blocked by the page's Content-Security-Policy: "


def warnOfBlocked(document: Document) -> Document:
    """
    A preprocessor, which runs once for each template: logs each place that the default Content-Security-Policy blocks,
    with the file and line and what to write instead, and changes nothing.
    """
    for file, line, what, remedy in _placesIn(document):
        _warn(_log, file, line, what, _BLOCKED + remedy)
    return document


class BlockedReport:
    """
    :func:`warnOfBlocked` for one site, and the same for what its renderers return: each place is reported once, however
    many loaders of its file there are, because applications make one for each page.

    All are equal, so that a loader keeps its document once and not for each site.
    """

    def __init__(self, log: Logger) -> None:
        self._log = log
        self._reported: set[tuple[str, int, str]] = set()
        self._looks: dict[Any, int] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BlockedReport)

    def __hash__(self) -> int:
        return hash(BlockedReport)

    def __call__(self, document: Document) -> Document:
        """
        :return: the document, unchanged.
        """
        for file, line, what, remedy in _placesIn(document):
            self._report(file, line, what, _BLOCKED + remedy)
        return document

    def ofRenderer(self, owner: Any, name: Any, result: Any) -> Any:
        """
        Report what is blocked in the tags that a renderer has made, at the renderer's file and line.

        :param owner: the object that has the renderer.
        :param name: of the renderer, or a function that is one.
        :param result: for Twisted's flattener; a Deferred is not the application's own.
        :return: the result.
        """
        if isinstance(result, str):
            return result
        key = name if isinstance(name, str) else _codeOf(name), type(owner)
        looks = self._looks.get(key, 0)
        if looks == _RESULTS or (not looks and len(self._looks) == _MOST):
            return result
        self._looks[key] = looks + 1
        if isinstance(result, Deferred):
            return result.addCallback(lambda value: self._inMade(owner, name, value))
        return self._inMade(owner, name, result)

    def _inMade(self, owner: Any, name: Any, value: Any) -> Any:
        if isinstance(value, GeneratorType):
            return (self._inMade(owner, name, one) for one in value)
        waiting = [value]
        while waiting:
            node = waiting.pop()
            if isinstance(node, TwistedTag):
                self._ofTag(owner, name, node)
                waiting += (node.slotData or {}).values()
                node = node.children
            if not isinstance(node, list):
                waiting += node if isinstance(node, tuple) else ()
                continue
            # By index, because a Scope yields a copy of its tag.
            for index in range(len(node)):
                child = node[index]
                if isinstance(child, GeneratorType):
                    node[index] = self._inMade(owner, name, child)
                else:
                    waiting.append(child)
        return value

    def _ofTag(self, owner: Any, name: Any, tag: TwistedTag) -> None:
        for what, problem in _problemsOf(tag):
            # What the template has of it was reported with its own place.
            if (tag.filename, tag.lineNumber, what) not in self._reported:
                self._report(*_placeOf(owner, name), f"{what}, in a tag that this method makes,", problem)

    def _report(self, file: str, line: int, what: str, problem: str) -> None:
        place = file, line, what
        if place not in self._reported and len(self._reported) < _MOST:
            self._reported.add(place)
            _warn(self._log, *place, problem)


def giveReport(request: Any, report: BlockedReport | None) -> None:
    """
    Let the elements of a request's page find its report.

    :param request: None if there is none.
    :param report: None for a page without one, which may be in the document of another page.
    """
    if request is not None and report is not None:
        setattr(request, _REPORT, report)


def reportOf(request: Any) -> BlockedReport | None:
    """
    :return: what :func:`giveReport` has given the request.
    """
    report: BlockedReport | None = getattr(request, _REPORT, None)
    return report


def _problemsOf(tag: TwistedTag) -> Iterable[tuple[str, str]]:
    # The preprocessors of elements see the template's tags alone.
    copied = "; a renderer returns copies of a pattern of the template that has it"
    if tag.tagName == HANDLER:
        return [(f"<{HANDLER}>", f"binds nothing: write it in the template{copied}")]
    return [(what, _BLOCKED + remedy + (copied if HANDLER in remedy else "")) for what, remedy in blockedIn(tag)]


def _codeOf(function: Any) -> Any:
    return getattr(getattr(function, "__func__", function), "__code__", type(function))


def _placeOf(owner: Any, name: Any) -> tuple[str, int]:
    method = name
    if isinstance(name, str):
        method = getattr(owner, f"render_{name.partition(' ')[0]}", getattr(owner, name, None))
    code = _codeOf(inspect.unwrap(method) if callable(method) else method)
    if isinstance(code, CodeType):
        return code.co_filename, code.co_firstlineno
    module = type(owner).__module__
    return str(getattr(sys.modules.get(module), "__file__", module)), 1


def _placesIn(document: Document) -> Iterator[tuple[str, int, str, str]]:
    for tag in tagsIn(document):
        for what, remedy in blockedIn(tag):
            yield tag.filename or "template", tag.lineNumber or 1, what, remedy


def _warn(log: Logger, file: str, line: int, what: str, problem: str) -> None:
    log.warn("{file}:{line}: {what} {problem}", file=file, line=line, what=what, problem=problem)


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
