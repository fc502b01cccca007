# -*- test-case-name: tests.assets.test_beside -*-
"""
The images, fonts and style sheets that ``url(background.png)`` and ``@import`` in a style sheet name.

Their addresses are relative to that of the style sheet, ``<digest>/<name>.css``: its digest finds its directory. What
is in that directory and below is served by suffix; what is elsewhere, only if the style sheet, or one that it imports,
names just that file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from .modules import Module, Modules
from .styleurls import UP, pathsIn, served

#: By suffix. No other files are served.
CONTENT_TYPES: Final = {
    ".apng": "image/apng",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".css": "text/css; charset=utf-8",
    ".cur": "image/x-icon",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
#: In bytes, because a file is sent from memory. A larger one is not served.
MAX_SIZE: Final = 4 << 20
_CSS: Final = ".css"
#: How many files a style sheet, together with those that it imports, may name.
_MOST_NAMED: Final = 1000
_FORBIDDEN: Final = ("/", "\\", "\0", ":")


class BesideFile(NamedTuple):
    """A file to be served."""

    path: str
    contentType: str
    #: Its directory, relative to the style sheet's; see :func:`athenalite._assets.styleurls.resolved`.
    directory: tuple[str, ...] = ()

    def read(self) -> bytes:
        """
        :return: what is sent. A style sheet's addresses are those that are served.
        :raise OSError: if the file cannot be read.
        """
        content = Path(self.path).read_bytes()
        return served(content, self.directory) if self.path.endswith(_CSS) else content


class Beside:
    """Finds the files beside the style sheets of one site."""

    def __init__(self, styles: Modules, warn: Callable[[str], object] | None = None) -> None:
        """
        :param warn: called with a line for each file that a style sheet names and that is not served, once for each
            content of the style sheet.
        """
        self._styles = styles
        self._warn = warn
        # By digest and by the style sheet's path: those of the same content may be in several directories.
        self._directories: dict[str, dict[str, str]] = {}
        # By path: the time and size of a style sheet, and the paths that it names.
        self._named: dict[str, tuple[tuple[int, int], list[tuple[int, list[str]]]]] = {}

    def register(self, style: Module) -> None:
        """Let :meth:`file` find the directory of a style sheet by its digest. Called for each page that needs it."""
        path = self._styles.mapping.get(style.name)
        if path:
            directories = self._directories.setdefault(style.digest, {})
            if path not in directories:
                directories[path] = os.path.dirname(os.path.abspath(path))
                if self._warn is not None:
                    for text in self._missing(os.path.abspath(path)):
                        self._warn(text)

    def file(self, digest: str, segments: Sequence[str]) -> BesideFile | None:
        """
        :param digest: of a style sheet.
        :param segments: of a path relative to that.
        :return: the file; None if there is none in the directory of the style sheet or below, nor named by it, or if
            its suffix is not among :data:`CONTENT_TYPES`, it is larger than :data:`MAX_SIZE`, or a name in the path
            begins with a dot.
        """
        contentType = CONTENT_TYPES.get(os.path.splitext(segments[-1])[1].lower())
        ups = next((index for index, one in enumerate(segments) if one != UP), 0)
        if contentType is None or not all(map(_isName, segments)):
            return None
        for style, directory in self._directories.get(digest, {}).items():
            path = self._found(style, directory, segments, ups)
            if path is not None and os.path.isfile(path) and os.path.getsize(path) <= MAX_SIZE:
                return BesideFile(path, contentType, tuple(segments[:-1]))
        return None

    def _found(self, style: str, directory: str, segments: Sequence[str], ups: int) -> str | None:
        path = os.path.realpath(os.path.join(directory, *segments))
        if not ups:
            # A symbolic link may lead elsewhere.
            return path if path.startswith(os.path.realpath(directory) + os.sep) else None
        named = _joined(directory, segments)
        return os.path.realpath(named) if named in self._allNamed(os.path.abspath(style)) else None

    def _allNamed(self, style: str) -> set[str]:
        """The files that a style sheet names, and those that it imports."""
        found: set[str] = set()
        waiting = [style]
        while waiting and len(found) < _MOST_NAMED:
            one = waiting.pop()
            new = {_joined(os.path.dirname(one), path) for _, path in self._pathsIn(one) if all(map(_isName, path))}
            new -= found
            found |= new
            waiting.extend(path for path in new if path.endswith(_CSS))
        return found

    def _missing(self, style: str) -> Iterator[str]:
        for one in (style, *sorted(path for path in self._allNamed(style) if path.endswith(_CSS))):
            for line, path in self._pathsIn(one):
                file = _joined(os.path.dirname(one), path)
                why = _whyNotServed(file, path)
                if why:
                    yield f"{one}:{line}: {'/'.join(path).replace(UP, '..')} is not served: {why}"

    def _pathsIn(self, style: str) -> list[tuple[int, list[str]]]:
        try:
            status = os.stat(style)
            state = status.st_mtime_ns, status.st_size
            if self._named.get(style, (None,))[0] != state:
                self._named[style] = state, pathsIn(Path(style).read_bytes()) if status.st_size <= MAX_SIZE else []
        except OSError:
            return []
        return self._named[style][1]


def _whyNotServed(file: str, path: Sequence[str]) -> str:
    if not all(map(_isName, path)):
        return "a part of its name begins with a dot, or has a character that is not served"
    if os.path.splitext(file)[1].lower() not in CONTENT_TYPES:
        return "it is not an image, font or style sheet by its suffix; serve it at an address of your own"
    if not os.path.isfile(file):
        return f"there is no file {file}"
    return f"it is larger than {MAX_SIZE >> 20} MiB" if os.path.getsize(file) > MAX_SIZE else ""


def _joined(directory: str, path: Sequence[str]) -> str:
    return os.path.normpath(os.path.join(directory, *(os.pardir if one == UP else one for one in path)))


def _isName(segment: str) -> bool:
    return bool(segment) and not segment.startswith(".") and not any(one in segment for one in _FORBIDDEN)
