# -*- test-case-name: tests.porting.test_application -*-
"""
Looks at all files of an application.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final, NamedTuple

from . import classes, members, oldtwisted, otherwise, python2, requirements, scripts, templates, uses
from .declarations import Declarations, messageOf
from .files import PYTHON, SCRIPTS, TEMPLATES, Source, filesOf, pluginsIn, write
from .lookup import NEW, OLD
from .report import Finding, Report
from .requirements import hasRequirements

#: A name of a file in the arguments of a loader.
_LOADED: Final = re.compile(
    r"\b(?:xml|html)file\s*\((?:(?!(?:xml|html)file).){0,200}?[\"']([^\"'\n]+\.(?:html|xhtml|xml))[\"']", re.DOTALL
)
#: What other frameworks have, too: it is looked for where Nevow is imported.
_OURS_ONLY: Final = frozenset(("A205", "A208", "A209", "A210"))
_SERVED: Final = re.compile(r"(?i:factory)(?:\(.{0,80}\))?\.resource\b")
_RENDERER: Final = re.compile(r"\bdef render_(\w+)")


class Change(NamedTuple):
    """A file with names to rename."""

    path: Path
    old: str
    new: str
    content: bytes

    def diff(self) -> str:
        """
        :return: a unified diff.
        """
        old, new = (text.splitlines(keepends=True) for text in (self.old, self.new))
        lines = unified_diff(old, new, str(self.path), str(self.path))
        return "".join(
            line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines
        )


class Application:
    """
    The files, and what was found.

    :ivar changes: the files with names to rename.
    """

    def __init__(self, parser: Any) -> None:
        """
        :param parser: the module :mod:`athenalite._porting.python`, which needs LibCST.
        """
        self.changes: list[Change] = []
        self._parser = parser
        self._findings: set[Finding] = set()
        self._files = 0
        #: The renderers that the application's classes have.
        self._renderers: set[str] = set()
        self._marks: list[tuple[Path, int, int, templates.Mark]] = []
        #: Files without Nevow's namespaces, and the names of those that Python loads as templates.
        self._pages: list[Path] = []
        self._loaded: set[str] = set()
        #: Whether it serves the resource that A210 asks for.
        self._servesParts = False
        #: Its classes, and their base classes by the names of the classes.
        self._classes: list[tuple[Path, classes.Class]] = []
        self._bases: dict[str, frozenset[str]] = {}

    def look(self, paths: Iterable[Path]) -> None:
        """
        Read all files of these directories. A file that several of them have is read once.
        """
        seen: set[Path] = set()
        for path in paths:
            for directory in pluginsIn(path):
                self._add(
                    directory, 1, 1, "A206", "athenalite finds plugins in athenalite/plugins: rename nevow/plugins"
                )
            for one in filesOf(path):
                if (resolved := one.resolve()) not in seen:
                    seen.add(resolved)
                    self._file(one)
        for path in self._pages:
            # It was read before; if it is gone since, it is no template of the application's.
            with suppress(OSError):
                if path.name in self._loaded:
                    self._page(path, path.read_bytes())
        for path, found in self._classes:
            for note in classes.notesOn(found, self._bases):
                self._add(path, *note)
        if self._servesParts:
            self._findings = {one for one in self._findings if one.code != "A210"}
        for path, line, column, mark in self._marks:
            if mark.renderer not in self._renderers:
                self._add(path, line, column, mark.code, mark.message)

    def write(self) -> None:
        """Write the changed files."""
        for change in self.changes:
            try:
                # If a link was named, it stays one.
                write(change.path.resolve(), change.content)
            except OSError as error:
                self._add(change.path, 1, 1, "F601", f"this cannot be written: {error.strerror}")

    def report(self, written: bool) -> Report:
        """
        :param written: whether the changes were.
        """
        changed = tuple(str(change.path) for change in self.changes)
        return Report(tuple(sorted(self._findings)), self._files, changed, written)

    def _add(self, path: Path, line: int, column: int, code: str, message: str) -> None:
        self._findings.add(Finding(str(path), line, column, code, message))

    def _file(self, path: Path) -> None:
        self._files += 1
        try:
            content = path.read_bytes()
            if path.suffix in TEMPLATES:
                if templates.isTemplate(content):
                    self._page(path, content)
                else:
                    self._pages.append(path)
                return
            source = Source(content, path.suffix in PYTHON)
        except OSError as error:
            self._add(path, 1, 1, "F601", f"this cannot be read: {error.strerror}")
        except (UnicodeDecodeError, SyntaxError) as error:
            self._add(path, 1, 1, "F601", f"this cannot be decoded: {error}")
        else:
            if hasRequirements(path):
                self._notes(path, source, requirements.scan(source.text))
            if path.suffix in PYTHON:
                self._python(path, source)
            elif path.suffix in SCRIPTS or not hasRequirements(path):
                self._notes(path, source, scripts.scan(source.text))

    def _page(self, path: Path, content: bytes) -> None:
        self._marks += [(path, mark.line, mark.column, mark) for mark in templates.scan(content)]

    def _notes(self, path: Path, source: Source, notes: Iterable[uses.Note | python2.LeftOver]) -> None:
        for note in notes:
            self._add(path, *source.place(note.at), note.code, note.message)

    def _python(self, path: Path, source: Source) -> None:
        self._renderers.update(_RENDERER.findall(source.text))
        self._servesParts = self._servesParts or _SERVED.search(source.text) is not None
        self._loaded.update(os.path.basename(name) for name in _LOADED.findall(source.text))
        leftOvers = tuple(python2.leftOvers(source.text))
        self._notes(path, source, leftOvers)
        self._notes(path, source, scripts.inStrings(python2.stringsIn(source.text)))
        tree = _tree(source.text)
        isOld = not isinstance(tree, ast.Module)
        if not isinstance(tree, ast.Module):
            self._invalid(path, source, tree, leftOvers)
            source = source.withText(python2.readable(source.text, leftOvers))
            tree = _tree(source.text)
        if not isinstance(tree, ast.Module):
            self._notes(path, source, python2.namesIn(source.text))
            return
        ours = any(word in source.text for word in (*OLD, NEW))
        self._collect(path, source, tree, ours)
        self._notes(path, source, _notesOf(otherwise.relative(tree, path), source))
        self._notes(path, source, _notesOf(otherwise.inputs(tree), source))
        self._notes(path, source, _notesOf(oldtwisted.goneIn(tree), source))
        if leftOvers:
            self._notes(path, source, _notesOf(otherwise.otherwise(tree), source))
        # A base class of Nevow's may be imported from another file, but other things have other names.
        found = frozenset() if isOld else Declarations(tree, source).nodes
        notes = [*_notesOf(uses.usesIn(tree, found), source)]
        self._notes(path, source, notes if ours else (note for note in notes if note.code not in _OURS_ONLY))
        text = self._names(path, source, isOld) if ours else source.text
        if found:
            self._notes(path, source, _notesOf(((node, "N107", messageOf(node)) for node in found), source))
            # Names were renamed in their arguments, too.
            renamed = Source(text.encode("utf-8"))
            text = renamed.edited(Declarations(ast.parse(text), renamed).edits)
        if text != source.text:
            self.changes.append(Change(path, source.text, text, source.encoded(text)))

    def _collect(self, path: Path, source: Source, tree: ast.Module, ours: bool) -> None:
        for one in classes.classesIn(tree, lambda node: source.place(_offset(node, source))):
            self._bases[one.name] = self._bases.get(one.name, frozenset()).union(one.bases)
            # Elsewhere, a class Page is some other one, unless it is the application's.
            bases = one.bases if ours else tuple(base for base in one.bases if base not in members.BASES)
            self._classes.append((path, one._replace(bases=bases)))

    def _invalid(self, path: Path, source: Source, error: Exception, leftOvers: Iterable[python2.LeftOver]) -> None:
        place = max(getattr(error, "lineno", 1) or 1, 1), max(getattr(error, "offset", 1) or 1, 1)
        # Python reads all tokens of a file before its statements, so its first error may be behind others.
        first = min([place, *(source.place(one.at) for one in leftOvers if one.instead)])
        reason = f" ({getattr(error, 'msg', error)})" if first[0] == place[0] else ""
        isMixed = isinstance(error, IndentationError) and "\t" in source.text and first == place
        remedy = python2.BLANKS if isMixed else python2.TOOLS
        self._add(path, *first, "P301", f"this is not valid Python 3{reason}: {remedy}, then run this again")

    def _names(self, path: Path, source: Source, isOld: bool) -> str:
        """Report the names of a file, and return its text with the new ones."""
        parsed = self._parser.parsed(source)
        if parsed is None:
            if not isOld:
                self._add(path, 1, 1, "P301", "LibCST cannot parse this, so its names are not renamed")
            self._notes(path, source, python2.namesIn(source.text))
            return source.text
        self._notes(path, source, map(python2.later, parsed.notes) if isOld else parsed.notes)
        for one in parsed.embedded:
            self._embedded(path, *source.place(parsed.offset(one.node)), one)
        for node, name in parsed.directives:
            self._marks += [(path, *source.place(parsed.offset(node)), mark) for mark in templates.ofRenderer(name)]
        if parsed.edits and not isOld:
            try:
                return source.edited(parsed.edits)
            except ValueError as error:
                self._add(path, 1, 1, "N105", f"this stays as it is, because {error}")
        return source.text

    def _embedded(self, path: Path, line: int, column: int, markup: Any) -> None:
        for mark in templates.scanString(markup.text, markup.kind.name):
            if markup.isLiteral and mark.line > 1:
                self._marks.append((path, line + mark.line - 1, mark.column, mark))
            else:
                self._marks.append((path, line, column, mark))


def _tree(text: str) -> ast.Module | Exception:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return error


def _notesOf(found: Iterable[tuple[ast.AST, str, str]], source: Source) -> Iterator[uses.Note]:
    for node, code, message in found:
        yield uses.Note(_offset(node, source), code, message)


def _offset(node: ast.AST, source: Source) -> int:
    return source.offsetOfBytes(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
