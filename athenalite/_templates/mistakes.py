# -*- test-case-name: tests.templates.test_mistakes -*-
"""
Explains what is wrong with a template and what to write instead, in addition to the XML parser's own message.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from html.entities import html5
from types import MappingProxyType
from typing import Final, NamedTuple
from xml.sax import SAXParseException

#: The prefixes that templates use, and their namespaces.
NAMESPACES: Final = MappingProxyType(
    {
        "nevow": "http://nevow.com/ns/nevow/0.1",
        "athena": "http://divmod.org/ns/athena/0.7",
        "t": "http://twistedmatrix.com/ns/twisted.web.template/0.1",
        "svg": "http://www.w3.org/2000/svg",
        "xlink": "http://www.w3.org/1999/xlink",
        "m": "http://www.w3.org/1998/Math/MathML",
    }
)
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_PREFIXES: Final = re.compile(r"</?([\w.-]+):|\s(?!xmlns:)([\w.-]+):[\w.-]+\s*=")
_LAST_OPENED: Final = re.compile(r"<([\w:.-]+)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*\Z")
_WITHOUT_VALUE: Final = re.compile(r"\s([\w:.-]+)\s*\Z")
_WITHOUT_QUOTES: Final = re.compile(r"\s([\w:.-]+)\s*=\s*\Z")
_END_TAG: Final = re.compile(r"</([\w:.-]+)")
_ENTITY: Final = re.compile(r"&([\w.-]+);")
_ATTRIBUTE: Final = re.compile(r"([\w:.-]+)\s*=")
_UNQUOTED: Final = re.compile(r"[^\s<>]*")
#: What Nevow had in its namespace, and what replaces it.
_REPLACED: Final = MappingProxyType(
    {
        name: f'{what}; see "Missing names" in docs/porting.rst'
        for name, what in {
            "data": "a renderer gets its data itself, so remove it and have the renderer read the data",
            "key": "a renderer gets its data itself, so remove it and have the renderer read the data",
            "remember": "there is no chain of contexts, so give objects what they need",
            "macro": "write a renderer (nevow:render) that returns the markup",
        }.items()
    }
)


class Opened(NamedTuple):
    """A start tag whose element is not closed yet."""

    name: str
    line: int | None


def explain(error: SAXParseException, source: bytes, opened: list[Opened]) -> str:
    """
    :param source: the template.
    :param opened: the elements that contain the place of the error, the outermost first.
    :return: the parser's message, and behind a colon the remedy, if there is one.
    """
    text = source.decode("utf-8", "replace")
    lines = text.split("\n")
    line, column = (error.getLineNumber() or 1) - 1, error.getColumnNumber() or 0
    at = sum(len(one) + 1 for one in lines[:line]) + column
    message = error.getMessage()
    why = _why(message, text[:at], text[at:], opened) if message else ""
    if not why and "not well-formed" in message:
        why = _encoding(source)
    return f"{message}: {why}" if why else message


def unsupported(kind: str, name: str) -> str:
    """
    :param kind: ``attribute`` or ``element``.
    :return: the message for a name in Nevow's or Twisted's namespace that templates do not have.
    """
    known = "render, pattern" if kind == "attribute" else "slot, attr, invisible, transparent"
    return f"the {kind} {name!r} is not supported: {_REPLACED.get(name) or f'this namespace has {known}'}"


def misspelt(prefix: str | None, uri: str) -> str:
    """
    :return: what is wrong with the declaration of a namespace that is nearly one of those that templates use; else an
        empty text. What is in such a namespace would be served as it is, and do nothing.
    """
    known = [NAMESPACES[name] for name in ("nevow", "athena", "t")]
    similar = [] if uri in known else get_close_matches(uri, known, 1, 0.9)
    # Of any other address, the prefix "athena" is Athena's, as it was in Nevow: see the parser.
    if not similar and uri not in known and prefix == "nevow":
        similar = [NAMESPACES[prefix]]
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return f'the namespace {uri!r} means nothing here; write {declared}="{similar[0]}"' if similar else ""


def _why(message: str, before: str, after: str, opened: list[Opened]) -> str:
    if "unbound prefix" in message:
        return _unbound(before, after)
    if "undefined entity" in message:
        # In an attribute, the parser's place is that of the tag.
        return entityRemedy(after) or entityRemedy(_unknownEntity(after))
    if "mismatched tag" in message:
        return _mismatched(before[-2:] + after, opened)
    if "no element found" in message:
        return f"{_shown(opened[-1])} is not closed" if opened else "the template is empty: write one element"
    if "junk after document element" in message:
        return "a template has one root element; put everything into one, such as <nevow:invisible>"
    if "duplicate attribute" in message:
        return "write the attribute once"
    if "declaration not at start" in message:
        return "remove the blanks and line ends in front of <?xml"
    if "reserved prefix" in message:
        return 'the prefixes "xml" and "xmlns" cannot be declared'
    if message == "syntax error":
        return _outside(after)
    if "unclosed token" in message:
        return "the tag, comment or text in quotes that begins here does not end"
    return _malformed(before, after) if "not well-formed" in message else ""


def _outside(after: str) -> str:
    if match := re.match(r"<!(doctype)\b", after, re.IGNORECASE):
        return f"write <!DOCTYPE in capitals, not <!{match[1]}"
    return "put the text into an element, such as <nevow:invisible>: a template has one root element"


def _unknownEntity(tag: str) -> str:
    # Not those of XML.
    found = re.search(r"&(?!(?:amp|lt|gt|quot|apos);)[\w.-]+;", tag.partition(">")[0])
    return found[0] if found else ""


def _unbound(before: str, after: str) -> str:
    for match in _PREFIXES.finditer(after.partition(">")[0]):
        prefix = match[1] or match[2]
        if prefix != "xml" and f"xmlns:{prefix}" not in before:
            namespace = NAMESPACES.get(prefix, "...")
            return f'the prefix {prefix!r} is not declared; add xmlns:{prefix}="{namespace}" to the root element'
    return ""


def entityRemedy(after: str) -> str:
    """
    :param after: a text that begins with ``&``.
    :return: what to write for the named character there, which XML does not have; empty if there is none.
    """
    match = _ENTITY.match(after)
    if match is None:
        return ""
    characters = html5.get(f"{match[1]};")
    if characters is None:
        return f"HTML has no character {match[0]}; write &amp; for &"
    return f"XML does not have HTML's names of characters; write {''.join(f'&#{ord(one)};' for one in characters)}" + (
        f" for {match[0]}"
    )


def _mismatched(after: str, opened: list[Opened]) -> str:
    match = _END_TAG.search(after[:200])
    if not opened:
        return ""
    name = opened[-1].name
    if name in _VOID:
        return f"{_shown(opened[-1])} is not closed; write <{name} />"
    closing = f"</{match[1]}>" if match else "the next end tag"
    if match and match[1].lower() not in [one.name.lower() for one in opened]:
        return f"{closing} closes nothing that is open; remove it, or close {_shown(opened[-1])} before it"
    if match and match[1].lower() == name.lower():
        return f"XML distinguishes capitals; {_shown(opened[-1])} must be closed by </{name}>"
    return f"{_shown(opened[-1])} is not closed before {closing}; write </{name}> there"


def _shown(one: Opened) -> str:
    return f"<{one.name}> of line {one.line}"


def _malformed(before: str, after: str) -> str:
    if re.search(r"<[\w:.-]+\s(?:[^<>]*\s)?[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')\Z", before[-2000:]):
        return "write a blank between attributes, and &quot; for a quote in a value"
    opening = _LAST_OPENED.search(before[-2000:])
    if opening is not None:
        if match := _WITHOUT_QUOTES.search(opening[0]):
            value = _UNQUOTED.match(after)
            return f'the value of the attribute needs quotes; write {match[1]}="{value[0] if value else ""}"'
        if match := _WITHOUT_VALUE.search(opening[0]):
            return f'the attribute {match[1]!r} has no value; write {match[1]}="{match[1]}"'
    if re.search(r"&[\w.-]*\Z", before) or after.startswith("&"):
        return "& is written &amp;, in addresses, too"
    if before.endswith("<!") and after[:7].upper() == "DOCTYPE":
        return "a document type stands before the root element; leave it out, because the page has one of its own"
    if before.endswith("<!["):
        return "only comments are conditional: write <!--[if IE]> and <![endif]-->, or remove it"
    if before.endswith("<?"):
        return "a processing instruction has a name, such as <?php: remove it"
    if before.rstrip().endswith("<") or after.startswith("<"):
        return "< is written &lt;, unless a tag begins with it"
    if before.endswith("--"):
        return "a comment must not contain --"
    return ""


def _encoding(source: bytes) -> str:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"the byte 0x{source[error.start]:02x} is not UTF-8; save the file as UTF-8"
    control = re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", source)
    return f"XML cannot have the character U+{control[0][0]:04X}" if control else ""
