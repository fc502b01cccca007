# -*- test-case-name: tests.assets.test_sourcemaps -*-
"""
Source maps: the last comment ``sourceMappingURL`` of a script or style sheet names a file, relative to its own
(ECMA-426). A served script names ``<its own name>.map``, because it is not at the address of its file.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

SUFFIX: Final = ".map"
CONTENT_TYPE: Final = "application/json"
#: In bytes. A larger one is not served.
MAX_SIZE: Final = 16 << 20
_COMMENT: Final = re.compile(rb"""^[ \t]*(?://|/\*)[#@][ \t]+sourceMappingURL=([^\s'"*]+)""", re.MULTILINE)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]")


def _named(content: bytes) -> re.Match[bytes] | None:
    found = list(_COMMENT.finditer(content))
    return found[-1] if found and not _SCHEME.match(found[-1][1].decode("utf-8", "replace")) else None


def withMap(content: bytes, name: str) -> bytes:
    """
    :param content: of a script or style sheet.
    :param name: the last segment of its address.
    :return: the same with the address of its source map, if it names a file.
    """
    found = _named(content)
    if found is None:
        return content
    return content[: found.start(1)] + f"{name}{SUFFIX}".encode("ascii") + content[found.end(1) :]


def mapOf(content: bytes, path: str) -> bytes | None:
    """
    :param content: of the script or style sheet at ``path``.
    :return: the content of the source map that it names; None if there is none, or if its name does not end in
        :data:`SUFFIX`.
    """
    found = _named(content)
    relative = "" if found is None else unquote(re.split(rb"[?#]", found[1])[0].decode("utf-8", "surrogateescape"))
    file = Path(os.path.dirname(os.path.abspath(path)), relative)
    if file.suffix != SUFFIX or "\0" in relative:
        return None
    try:
        return file.read_bytes() if file.is_file() and file.stat().st_size <= MAX_SIZE else None
    except OSError:
        return None
