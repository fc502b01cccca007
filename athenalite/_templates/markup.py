# -*- test-case-name: tests.templates.test_markup -*-
"""
Turns flattened documents into HTML or XHTML.

A template is XML, and Twisted's flattener writes XML: an HTML parser reads some of it otherwise. What it writes is
regular: ``<`` begins a tag, a comment or a CDATA section, and the ``>`` of a tag is the next one, because text and
attributes are escaped. So the differences are corrected in the finished markup, whatever has written its parts.

HTML is used for a page and for the elements that are sent to it later, and its browser parses both alike. XHTML is used
for pages that are served as such, and for renderables that are sent as values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

XHTML_NAMESPACE: Final = "http://www.w3.org/1999/xhtml"
#: The elements at which HTML changes the namespace, and the namespaces.
FOREIGN: Final = {
    b"svg": b"http://www.w3.org/2000/svg",
    b"math": b"http://www.w3.org/1998/Math/MathML",
}
# Elements of SVG and MathML whose content is HTML again. https://html.spec.whatwg.org/#html-integration-point
_INTEGRATION_POINTS: Final = {
    b"svg": (b"foreignobject", b"desc", b"title"),
    b"math": (b"annotation-xml", b"mi", b"mo", b"mn", b"ms", b"mtext"),
}
# Elements whose content HTML takes as it is, without entities. (That of noscript is escaped, because those browsers
# which use it parse it.)
_RAW: Final = (b"style", b"script", b"xmp", b"iframe", b"noembed", b"noframes")
# Elements with text only, in which a comment would be text.
_TEXT_ONLY: Final = (b"textarea", b"title")
# Elements whose first line feed an HTML parser leaves out.
_LEAVES_LINE_FEED: Final = (b"textarea", b"pre", b"listing")
_LINE_FEEDS: Final = (b"\n", b"\r", b"&#10;", b"&#13;", b"<![CDATA[\n", b"<![CDATA[\r")
# Elements without an end tag. An HTML parser makes an element of </br>, and ignores the others' end tags.
_VOID: Final = (b"br",)
# Elements that the flattener takes for void ones, and HTML does not.
_NOT_VOID: Final = (b"command", b"isindex")

_OTHER: Final = rb"<!--(?P<comment>.*?)-->|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
_NAMES: Final = b"|".join(
    sorted({*FOREIGN, *(one for points in _INTEGRATION_POINTS.values() for one in points), *_RAW, *_TEXT_ONLY,
            *_LEAVES_LINE_FEED, *_VOID, *_NOT_VOID}, reverse=True)
)  # fmt: skip
_HTML: Final = re.compile(
    _OTHER + rb"|<(?P<end>/?)(?P<name>" + _NAMES + rb")(?P<attributes>(?=[\s/>])[^>]*)>", re.DOTALL | re.IGNORECASE
)
_XHTML: Final = re.compile(_OTHER + rb"|<(?P<end>/?)(?P<name>[^\s/>!?]+)(?P<attributes>(?=[\s/>])[^>]*)>", re.DOTALL)
# Whether there may be anything to correct: most documents are scanned for this only, in some microseconds.
_SUSPECT: Final = re.compile(
    rb"<(?=[!/A-Zciltnpsx])(?:[A-Z]|!\[|!---?>|/br|style|script|xmp|iframe|isindex|noembed|noframes|"
    rb"textarea|pre|listing|command|title[^>]*>[^<]*<!)"
)
_HTML_CONTENT: Final = re.compile(rb"""\sencoding\s*=\s*"(text/html|application/xhtml\+xml)\"""", re.IGNORECASE)
_DECLARES: Final = re.compile(rb"\sxmlns\s*=")
_BLANKS: Final = re.compile(rb"[\t\n\r]")
_REFERENCE: Final = re.compile(rb"&(amp|lt|gt|quot|#\d+);")
_CHARACTERS: Final = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"'}
_REPLACEMENT: Final = "\ufffd".encode()
# What ends a script, or hides its end: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
_ENDS_SCRIPT: Final = re.compile(rb"<(?=/script)", re.IGNORECASE)
_HIDES_END: Final = re.compile(rb"<(?=!--|/?script)", re.IGNORECASE)
_ENDS_STYLE: Final = re.compile(rb"<(?=/style)", re.IGNORECASE)


def asHTML(markup: bytes) -> bytes:
    """
    :param markup: from the flattener of ``twisted.web.template``.
    :return: markup that an HTML parser reads as that document.
    """
    if b"\0" in markup:
        markup = markup.replace(b"\0", _REPLACEMENT)
    return markup if isPlain(markup) else _HTMLWriter(markup, _HTML).written()


def isPlain(markup: bytes) -> bool:
    """
    :param markup: from the flattener of ``twisted.web.template``.
    :return: whether its tags and comments, and where its text is, are such that :func:`asHTML` corrects nothing but the
        character NUL in it.
    """
    return not (_SUSPECT.search(markup) or b"--!>" in markup)


def asXHTML(markup: bytes) -> bytes:
    """
    :param markup: from the flattener of ``twisted.web.template``.
    :return: well-formed XML in which elements have the namespaces that HTML gives them.
    """
    return _XHTMLWriter(markup, _XHTML).written()


class _Writer:
    """Rewrites the parts of ``markup`` that ``pattern`` finds."""

    def __init__(self, markup: bytes, pattern: re.Pattern[bytes]) -> None:
        self._markup = markup
        self._found = pattern.finditer(markup)
        #: The open elements that change the rules, innermost last.
        self._open: list[bytes] = []
        self._parts: list[bytes] = []
        self._at = 0

    def written(self) -> bytes:
        for match in self._found:
            self._parts.append(self._markup[self._at : match.start()])
            self._at = match.end()
            self._parts.append(self._one(match))
        return b"".join([*self._parts, self._markup[self._at :]])

    def _one(self, match: re.Match[bytes]) -> bytes:
        if match["comment"] is not None:
            return self._comment(match["comment"])
        if match["cdata"] is not None:
            return _escaped(match["cdata"])
        name = match["name"].lower()
        if match["end"]:
            if self._open and self._open[-1] == name:
                self._open.pop()
            return self._endTag(name, match)
        written = self._startTag(name, match)
        if self._changesRules(name, match):
            self._open.append(name)
        return written

    def _changesRules(self, name: bytes, match: re.Match[bytes]) -> bool:
        if name in FOREIGN:
            return True
        inside = self._open[-1] if self._open else b""
        if name not in _INTEGRATION_POINTS.get(inside, ()):
            # Of the same name as the open one, so that its end is found.
            return name == inside
        return name != b"annotation-xml" or _HTML_CONTENT.search(match["attributes"]) is not None

    def _inForeign(self) -> bool:
        return bool(self._open) and self._open[-1] in FOREIGN

    def _rawText(self, name: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take what is up to the end tag ``name``: parts as they are, and their text without references."""
        for match in self._found:
            text = self._markup[self._at : match.start()]
            yield text, _unescaped(text)
            self._at = match.end()
            if match["end"] and match["name"].lower() == name:
                self._endOfRaw = match.group()
                return
            if match["cdata"] is not None:
                yield _escaped(match["cdata"]), match["cdata"]
            elif match["comment"] is not None:
                yield match.group(), match.group().replace(b"--&gt;", b"-->")
            else:
                yield match.group(), match.group()

    _endOfRaw = b""

    def _comment(self, text: bytes) -> bytes:
        raise NotImplementedError

    def _startTag(self, name: bytes, match: re.Match[bytes]) -> bytes:
        raise NotImplementedError

    def _endTag(self, name: bytes, match: re.Match[bytes]) -> bytes:
        raise NotImplementedError


class _HTMLWriter(_Writer):
    def _comment(self, text: bytes) -> bytes:
        # HTML ends a comment also there.
        if text.startswith((b">", b"->")):
            text = b" " + text
        return b"<!--" + text.replace(b"--!>", b"--!&gt;") + b"-->"

    def _startTag(self, name: bytes, match: re.Match[bytes]) -> bytes:
        tag = match.group()
        if self._inForeign():
            return tag
        if name in _RAW:
            parts = list(self._rawText(name))
            content = _protected(name, b"".join(text for _, text in parts))
            if content is None:
                content = b"".join(escaped for escaped, _ in parts)
            return tag + content + self._endOfRaw
        if name in _NOT_VOID and tag.endswith(b"/>"):
            return tag[:-2].rstrip() + b"></" + name + b">"
        if name in _LEAVES_LINE_FEED and self._markup.startswith(_LINE_FEEDS, match.end()):
            tag += b"\n"
        if name in _TEXT_ONLY:
            tag += b"".join(text for text, _ in self._rawText(name) if not text.startswith(b"<!--")) + self._endOfRaw
        return tag

    def _endTag(self, name: bytes, match: re.Match[bytes]) -> bytes:
        return b"" if name in _VOID and not self._inForeign() else match.group()


class _XHTMLWriter(_Writer):
    def _comment(self, text: bytes) -> bytes:
        while b"--" in text:
            text = text.replace(b"--", b"- -")
        return b"<!--" + text + b"-->"

    def _startTag(self, name: bytes, match: re.Match[bytes]) -> bytes:
        # An XML parser makes blanks of line feeds in attributes.
        tag = _BLANKS.sub(lambda blank: b"&#%d;" % ord(blank.group()), match["attributes"])
        tag = b"<" + match["name"] + tag + b">"
        if not _DECLARES.search(match["attributes"]):
            namespace = FOREIGN.get(name)
            if namespace is None and self._open and not self._inForeign():
                namespace = XHTML_NAMESPACE.encode()
            if namespace is not None:
                tag = b"<" + match["name"] + b' xmlns="' + namespace + b'"' + tag[1 + len(name) :]
        if name in _RAW and not tag.endswith(b"/>") and not self._inForeign():
            # A ">" needs no escape, and a script may put the text into an HTML document.
            tag += b"".join(text.replace(b"&gt;", b">").replace(b"]]>", b"]]&gt;") for text, _ in self._rawText(name))
            tag += self._endOfRaw
        return tag

    def _endTag(self, name: bytes, match: re.Match[bytes]) -> bytes:
        return match.group()


def _escaped(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _unescaped(text: bytes) -> bytes:
    return _REFERENCE.sub(_character, text) if b"&" in text else text


def _character(reference: re.Match[bytes]) -> bytes:
    name = reference[1]
    return _CHARACTERS[name] if name in _CHARACTERS else chr(int(name[1:])).encode("utf-8", "replace")


def _protected(name: bytes, text: bytes) -> bytes | None:
    """
    :param text: of a raw element.
    :return: the text, with an escape of its language for each ``<`` that would end the element; None if it has none.
    """
    if name == b"script":
        # In the strings of JavaScript and of JSON. Where no <script follows it, <!-- hides nothing: as in old scripts,
        # whose first line it is, and a comment.
        return (_HIDES_END if b"<script" in text.lower() else _ENDS_SCRIPT).sub(rb"\\u003c", text)
    if name == b"style":
        return _ENDS_STYLE.sub(rb"\\3c ", text)
    return None if b"</" + name in text.lower() else text
