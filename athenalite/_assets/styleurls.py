# -*- test-case-name: tests.assets.test_styleurls -*-
"""
The addresses in a style sheet: ``url(...)``, and the strings of ``@import`` and ``image-set()`` (css-values-4, "URLs").

A style sheet is served as ``<digest>/<name>.css``, so an address that begins with ``../`` would leave the digest, which
finds the style sheet's directory. In a served style sheet the segment :data:`UP` stands for a parent directory.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

#: The segment of an address that stands for the parent of the style sheet's directory.
UP: Final = "@up"

_STRING: Final = r'"(?:[^"\\\n]|\\.)*"' + "|" + r"'(?:[^'\\\n]|\\.)*'"
_TOKEN: Final = re.compile(
    rf"""
    /\*.*?(?:\*/|\Z)
    | (?<![\w\\-])url\(\s*(?P<url>{_STRING}|(?:[^)"'\s\\]|\\.)*)\s*\)
    | (?P<string>{_STRING})
    | (?P<import>@import(?![\w-]))
    | (?P<function>[\w-]*\()
    | (?P<end>[);{{}}])
    | \\.
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(\n)|(.))", re.DOTALL)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]")
_SETS: Final = ("image-set(", "-webkit-image-set(")


class Address(NamedTuple):
    """One address, as it is written, with its quotes if it has any."""

    start: int
    end: int
    text: str


def addressesIn(text: str) -> Iterator[Address]:
    """
    :param text: of a style sheet. Nothing in a comment or another string is an address.
    """
    isImport = False
    functions: list[str] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "import":
            isImport = True
        elif kind == "function":
            functions.append(match[0].lower())
        elif kind == "end":
            isImport = False
            if match[0] == ")" and functions:
                functions.pop()
            elif match[0] != ")":
                functions.clear()
        elif kind == "url" or (kind == "string" and (isImport or functions[-1:] in ([one] for one in _SETS))):
            isImport = False
            yield Address(*match.span(kind), _unescaped(match[kind]))


def _unescaped(text: str) -> str:
    if text[:1] in ("'", '"'):
        text = text[1:-1]
    return _ESCAPE.sub(lambda match: _character(match[1]) if match[1] else match[3] or "", text)


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


def _parts(address: str) -> tuple[list[str], str]:
    """The segments of a relative address's path, and its query and fragment; no segments of any other address."""
    address = address.strip()
    match = re.search("[?#]", address)
    end = len(address) if match is None else match.start()
    path = "" if _SCHEME.match(address) else address[:end]
    return path.split("/") if path else [], address[end:]


def resolved(segments: Sequence[str], directory: Sequence[str]) -> list[str]:
    """
    :param segments: of a relative path, as an address has them.
    :param directory: that of the file with the address, relative to the style sheet's: :data:`UP` first, and then
        names.
    :return: the path of the file in the same way.
    """
    path = list(directory)
    for segment in segments:
        name = unquote(segment)
        if name == "..":
            if path and path[-1] != UP:
                path.pop()
            else:
                path.append(UP)
        elif name != ".":
            path.append(name)
    return path


def pathsIn(content: bytes) -> list[tuple[int, list[str]]]:
    """
    :param content: of a style sheet.
    :return: the paths of the files that it names, relative to its directory, see :func:`resolved`; each with its line.
    """
    text = _decoded(content)
    found = ((address.start, _parts(address.text)[0]) for address in addressesIn(text))
    return [(text.count("\n", 0, start) + 1, resolved(segments, ())) for start, segments in found if segments]


def served(content: bytes, directory: Sequence[str] = ()) -> bytes:
    """
    :param content: of a style sheet.
    :param directory: see :func:`resolved`.
    :return: the same with addresses that a browser resolves to files that are served. Only those that lead to a parent
        directory are changed.
    """
    text = _decoded(content)
    parts, end = [], 0
    for address in addressesIn(text):
        segments, rest = _parts(address.text)
        path = resolved(segments, directory)
        if path.count(UP) > list(directory).count(UP):
            relative = posixpath.relpath("/".join(path), "/".join(directory) or ".")
            parts += [text[end : address.start], '"', quote(relative, safe="/@!$&'()*+,;=:~", errors="surrogateescape")]
            parts += [rest.replace("\\", "%5C").replace('"', "%22").replace("\n", ""), '"']
            end = address.end
    return content if not parts else "".join([*parts, text[end:]]).encode("utf-8", "surrogateescape")


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
