# -*- test-case-name: tests.assets.test_client -*-
"""
The browser's half of athenalite, as one script.

``js/`` is written as small ES modules. A browser that fetched them one by one would pay a round trip for each step of
their imports, so they are linked here, when the site starts: concatenated in the order of their imports, within one
module scope. That is possible without a compiler because all of them keep three rules, which are checked: imports
stand alone on top in the form ``import { a, b } from "./x.js";``, ``export`` is only a prefix of declarations, and no
two modules declare the same name. ``main.js`` may end with one ``export { a, b };``: what it lists is exported by the
linked script, for applications to import.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

DIRECTORY: Final = Path(__file__).parent.parent / "js"
MAIN: Final = DIRECTORY / "main.js"

_IMPORT: Final = re.compile(
    r"^import\s*(?:\{(?:\s*[\w$]+\s*,)*(?:\s*[\w$]+)?\s*\}\s*from\s*)?\"(\.{1,2}/[^\"]+\.js)\";[ \t]*\n", re.MULTILINE
)
# Only whole lines: what is behind code would need a parser to tell from a string. They are two fifths of the size.
_COMMENT: Final = re.compile(r"^[ \t]*(?:/\*\*(?s:.*?)\*/|//[^\n]*)[ \t]*\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
# What the script as a whole exports: main's list, at its end.
_PUBLIC: Final = re.compile(r"^export \{(?:\s*[\w$]+\s*,)*(?:\s*[\w$]+)?\s*\};\s*\Z", re.MULTILINE)
_DECLARED: Final = re.compile(
    r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) +([A-Za-z_$][\w$]*)", re.MULTILINE
)
_FORBIDDEN: Final = re.compile(r"^(?:import|export)\b.*$|^await\b.*$|\bimport\.meta\b", re.MULTILINE)


class LinkError(Exception):
    """A module breaks the rules above."""


def link(main: Path = MAIN) -> bytes:
    """
    :return: ``main`` and all that it imports, as one ES module.
    :raise LinkError: naming the file and the line that cannot be linked.
    """
    ordered: dict[Path, str] = {}
    main = main.resolve()
    _visit(main, ordered)
    _refuseClashes(ordered)
    public = _PUBLIC.search(ordered[main])
    ordered[main] = _PUBLIC.sub("", ordered[main])
    texts = []
    for path, text in ordered.items():
        linked = _EXPORT.sub("", _COMMENT.sub("", _IMPORT.sub("", text)))
        wrong = _FORBIDDEN.search(linked)
        if wrong:
            raise LinkError(f"{path.name}: cannot link {wrong[0]!r}")
        texts.append(f"// {path.name}\n{linked}")
    if public:
        texts.append(public[0])
    return "".join(texts).encode("utf-8")


def _visit(path: Path, ordered: dict[Path, str]) -> None:
    if path in ordered:
        return
    text = path.read_text("utf-8")
    # Held from here on, so that a cycle ends; functions and classes are used only after all modules have run.
    ordered[path] = text
    for match in _IMPORT.finditer(text):
        _visit((path.parent / match[1]).resolve(), ordered)
    # What it imports has to come first.
    ordered[path] = ordered.pop(path)


def _refuseClashes(ordered: dict[Path, str]) -> None:
    declared: dict[str, Path] = {}
    for path, text in ordered.items():
        for match in _DECLARED.finditer(text):
            if match[1] in declared:
                raise LinkError(f"{path.name} and {declared[match[1]].name} both declare {match[1]}")
            declared[match[1]] = path
