# -*- test-case-name: tests.assets.test_beside -*-
"""
The images and fonts beside style sheets, which ``url(background.png)`` in a style sheet names.

Their addresses are relative to that of the style sheet, ``<digest>/<name>.css``: its digest finds its directory.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final, NamedTuple

from .modules import Module, Modules

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
_FORBIDDEN: Final = ("/", "\\", "\0", ":")


class BesideFile(NamedTuple):
    """A file to be served."""

    path: str
    contentType: str


class Beside:
    """Finds the files beside the style sheets of one site."""

    def __init__(self, styles: Modules) -> None:
        self._styles = styles
        # By digest and by the style sheet's path: those of the same content may be in several directories.
        self._directories: dict[str, dict[str, str]] = {}

    def register(self, style: Module) -> None:
        """Let :meth:`file` find the directory of a style sheet by its digest. Called for each page that needs it."""
        path = self._styles.mapping.get(style.name)
        if path:
            directories = self._directories.setdefault(style.digest, {})
            if path not in directories:
                directories[path] = os.path.dirname(os.path.abspath(path))

    def file(self, digest: str, segments: Sequence[str]) -> BesideFile | None:
        """
        :param digest: of a style sheet.
        :param segments: of a path relative to that.
        :return: the file; None if there is none in the directory of the style sheet or below, or if its suffix is not
            among :data:`CONTENT_TYPES`, it is larger than :data:`MAX_SIZE`, or a name in the path begins with a dot.
        """
        contentType = CONTENT_TYPES.get(os.path.splitext(segments[-1])[1].lower())
        if contentType is None or not all(map(_isName, segments)):
            return None
        for directory in self._directories.get(digest, {}).values():
            path = os.path.realpath(os.path.join(directory, *segments))
            # A symbolic link may lead elsewhere.
            isInside = path.startswith(os.path.realpath(directory) + os.sep)
            if isInside and os.path.isfile(path) and os.path.getsize(path) <= MAX_SIZE:
                return BesideFile(path, contentType)
        return None


def _isName(segment: str) -> bool:
    return bool(segment) and not segment.startswith(".") and not any(one in segment for one in _FORBIDDEN)
