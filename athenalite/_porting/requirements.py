# -*- test-case-name: tests.porting.test_requirements -*-
"""
Finds where an application requires Nevow to be installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .uses import Note

#: The files that may have requirements.
_FILES: Final = re.compile(
    r"setup\.py|setup\.cfg|pyproject\.toml|tox\.ini|Pipfile|[\w.-]*requirements[\w.-]*\.(?:txt|in)"
)
#: Nevow in a line of its own, behind the name of an option, or in quotes.
_REQUIRED: Final = re.compile(
    r"^(?:[ \t]*|[\w.-]+[ \t]*=[ \t]*|[^#\r\n]*[\"'])(nevow)(?=[ \t]*(?:[<>=!~;,\[\"'#@]|\r?$))",
    re.IGNORECASE | re.MULTILINE,
)
#: The key of package_data.
_DATA: Final = re.compile(r"[\"'](nevow)[\"']\s*:")


def hasRequirements(path: Path) -> bool:
    """
    :return: whether a file of this name may have requirements.
    """
    return _FILES.fullmatch(path.name) is not None


def scan(text: str) -> Iterator[Note]:
    """
    :param text: of such a file.
    """
    for match in _DATA.finditer(text):
        yield Note(
            match.start(1), "A206", "package_data names nevow/plugins, which are athenalite/plugins: rename it, too"
        )
    for match in _REQUIRED.finditer(text):
        yield Note(match.start(1), "A207", "the application requires Nevow: require athenalite")
