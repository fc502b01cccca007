# -*- test-case-name: tests.porting.test_files -*-
"""
Finds the files of an application, reads them without changing a byte, and writes those that changed.
"""

from __future__ import annotations

import os
import re
import tempfile
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from .requirements import hasRequirements

PYTHON: Final = (".py", ".tac")
TEMPLATES: Final = (".html", ".xhtml", ".xml")
SCRIPTS: Final = (".js",)
#: Directories that are no part of an application.
SKIPPED: Final = frozenset(
    (".git", ".hg", ".svn", ".venv", "venv", "__pycache__", "build", "dist", "node_modules")
)  # fmt: skip
_LINE_END: Final = re.compile("\r\n|\n|\r")
_BOM: Final = b"\xef\xbb\xbf"


class Edit(NamedTuple):
    """A part of a text to replace."""

    start: int
    old: str
    new: str


class Source:
    """
    The text of a file.

    :ivar text: without a byte order mark.
    """

    def __init__(self, content: bytes, isPython: bool = False) -> None:
        """
        :raise UnicodeDecodeError: if it is not in its encoding.
        :raise SyntaxError: if it declares an encoding that does not exist.
        """
        self.encoding = "utf-8"
        self._mark = _BOM if content.startswith(_BOM) else b""
        if isPython:
            self.encoding = tokenize.detect_encoding(BytesIO(content).readline)[0].replace("utf-8-sig", "utf-8")
        self.text = content[len(self._mark) :].decode(self.encoding)
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def withText(self, text: str) -> Source:
        """
        :param text: of the same length, with the same lines.
        """
        source = copy(self)
        source.text = text
        return source

    def offset(self, line: int, column: int) -> int:
        """
        :param line: counts from 1.
        :param column: counts characters from 0.
        """
        return self._starts[line - 1] + column

    def offsetOfBytes(self, line: int, column: int) -> int:
        """
        :param column: counts bytes of UTF-8, as those of ``ast`` do.
        """
        start = self.offset(line, 0)
        return start + len(self.text[start : start + column].encode("utf-8")[:column].decode("utf-8", "ignore"))

    def place(self, offset: int) -> tuple[int, int]:
        """
        :return: the line and the column, both from 1.
        """
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def edited(self, edits: Iterable[Edit]) -> str:
        """
        :return: the text with these changes.
        :raise ValueError: if the text is another one where something is to be replaced.
        """
        parts, end = [], 0
        for edit in sorted(edits):
            if edit.start < end or not self.text.startswith(edit.old, edit.start):
                raise ValueError(f"{edit.old!r} is not at {edit.start}")
            parts += [self.text[end : edit.start], edit.new]
            end = edit.start + len(edit.old)
        return "".join([*parts, self.text[end:]])

    def encoded(self, text: str) -> bytes:
        """
        :return: the content of the file with another text.
        """
        return self._mark + text.encode(self.encoding)


def shiftsOf(text: str, parsed: str) -> dict[int, int]:
    """
    :param parsed: what LibCST makes of the text. It forgets form feeds at the beginning of some lines.
    :return: how many characters each line is shorter there.
    """
    pairs = zip(_LINE_END.split(text), _LINE_END.split(parsed), strict=False)
    return {number: len(old) - len(new) for number, (old, new) in enumerate(pairs, 1) if old != new}


def filesOf(path: Path) -> Iterator[Path]:
    """
    :param path: a directory, or one file.
    :return: the files to look at, sorted, and directories that cannot be read. Symbolic links in a directory are not
        followed.
    """
    if not path.is_dir():
        yield path
        return
    failed: list[OSError] = []
    for directory, names, files in os.walk(path, onerror=failed.append):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        for name in sorted(files):
            found = Path(directory, name)
            isRead = found.suffix in (*PYTHON, *TEMPLATES, *SCRIPTS) or hasRequirements(found)
            if isRead and found.is_file() and not found.is_symlink():
                yield found
    yield from (Path(error.filename) for error in failed)


def pluginsIn(path: Path) -> Iterator[Path]:
    """
    :return: the directories for Nevow's plugins in a directory.
    """
    for directory, names, _ in os.walk(path):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        found = Path(directory)
        if found.parts[-2:] == ("nevow", "plugins"):
            yield found


def write(path: Path, content: bytes) -> None:
    """
    Replace a file in one step and keep its mode: a reader gets the old file or the new one.

    :raise OSError: if it cannot be written; the old file stays.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o7777)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
