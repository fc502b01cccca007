# -*- test-case-name: tests.porting.test_parsed -*-
"""
A Python file that LibCST has parsed, with what was found in it: :class:`Parsed`.
"""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from .embedded import Embedded
from .files import Edit, Source, shiftsOf
from .lookup import Found
from .scopes import tokensOf
from .uses import Note


class Parsed:
    """
    :ivar module: the syntax tree.
    :ivar edits: of names.
    :ivar notes: all findings.
    :ivar embedded: markup in strings.
    :ivar directives: the names of renderers in tags.
    """

    def __init__(self, source: Source) -> None:
        """
        :raise libcst.ParserSyntaxError: if it is not valid Python.
        """
        self.source = source
        self.edits: list[Edit] = []
        self.notes: list[Note] = []
        self.embedded: list[Embedded] = []
        self.directives: list[tuple[cst.CSTNode, str]] = []
        wrapper = MetadataWrapper(cst.parse_module(source.text), unsafe_skip_copy=True)
        self._shifts = shiftsOf(source.text, wrapper.module.code) if "\f" in source.text else {}
        self._places = wrapper.resolve(PositionProvider)
        self.module = wrapper.module

    def offset(self, node: cst.CSTNode) -> int:
        """Return where a node begins."""
        start = self._places[node].start
        return self.source.offset(start.line, start.column + self._shifts.get(start.line, 0))

    def note(self, node: cst.CSTNode, code: str, message: str) -> None:
        """Add a finding."""
        self.notes.append(Note(self.offset(node), code, message))

    def rename(self, node: cst.CSTNode, new: str, name: str, found: Found) -> bool:
        """Replace a name, part by part if it has as many as before; so what is between them stays."""
        old = tokensOf(node)
        parts = new.split(".")
        whole = ".".join(one.value for one in old)
        edits = [Edit(self.offset(node), whole, new)]
        if len(old) == len(parts):
            edits = [Edit(self.offset(one), one.value, part) for one, part in zip(old, parts, strict=True)]
        if not all(self.source.text.startswith(edit.old, edit.start) for edit in edits):
            self.note(node, "N105", f"{name} is {found.new} now: write it in one line, or rename it by hand")
            return False
        changes = [edit for edit in edits if edit.old != edit.new]
        self.edits += changes
        if changes:
            self.note(node, "N101", f"{name} becomes {found.new}" + (f": {found.advice}" if found.advice else ""))
        return True
