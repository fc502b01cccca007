# -*- test-case-name: tests.porting.test_python -*-
"""
Nevow's names in Python that can be parsed. LibCST knows the place of each token; names are replaced in the text itself,
so nothing else of it can change.
"""

from __future__ import annotations

from typing import Final

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from .embedded import Embedded, embeddedOf, hasNamespace, otherEmbedded
from .files import Edit, Source, shiftsOf
from .lookup import NEW, OLD, Fate, Found, importedOf, isMissing, isMoved, keptOf, lookUp, rootOf, within
from .scopes import Frame, dotted, tokensOf
from .strings import importedBy, inString
from .tagcalls import directivesOf, findingsOf, starred, untypedIn
from .uses import Note

ROOTS: Final = (*OLD, NEW)
#: What a name stands for that is imported from several places.
_SEVERAL: Final = "?"


class Parsed:
    """
    What was found in a file.

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
        self.places = wrapper.resolve(PositionProvider)
        visitor = _Visitor(self, wrapper.module)
        wrapper.module.visit(visitor)
        visitor.finish()

    def offset(self, node: cst.CSTNode) -> int:
        """Return where a node begins."""
        start = self.places[node].start
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


class _Visitor(cst.CSTVisitor):
    """Collects imports and uses; uses are resolved when all imports are known."""

    def __init__(self, parsed: Parsed, module: cst.Module) -> None:
        super().__init__()
        self._parsed = parsed
        self._frames = [Frame(module)]
        self._uses: list[tuple[cst.BaseExpression, tuple[Frame, ...]]] = []
        self._calls: list[tuple[cst.Call, tuple[Frame, ...]]] = []
        self._roots: list[tuple[cst.BaseExpression, str]] = []
        #: Values of variables, and strings with a namespace of templates.
        self._values: list[cst.BaseExpression] = []
        self._namespaced: list[cst.BaseExpression] = []
        #: Modules whose imports are not renamed, so that their uses are not either.
        self._staying: list[str] = []
        self._stars: list[str] = []

    # Scopes

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        # Outside of the function: defaults, for instance.
        for one in (*node.decorators, node.params, node.returns):
            if one is not None:
                one.visit(self)
        self._inside(node)
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        node.params.visit(self)
        self._inside(node)
        return False

    def _inside(self, node: cst.FunctionDef | cst.Lambda) -> None:
        self._frames.append(Frame(node))
        node.body.visit(self)
        self._frames.pop()

    def visit_Global(self, node: cst.Global) -> None:
        self._frames[-1].shared.update(item.name.value for item in node.names)

    # Imports

    def _bind(self, name: str, to: str) -> None:
        frame = self._frames[0] if name in self._frames[-1].shared else self._frames[-1]
        frame.imports[name] = to if frame.imports.get(name, to) == to else _SEVERAL

    def visit_Import(self, node: cst.Import) -> bool:
        for alias in node.names:
            name = dotted(alias.name) or ""
            root = rootOf(name)
            self._bind(alias.evaluated_alias or root, name if alias.asname else root)
            if root in ROOTS:
                self._import(alias, name)
        return False

    def _import(self, alias: cst.ImportAlias, name: str) -> None:
        found = lookUp(name)
        if found.fate is not Fate.KEPT:
            self._report(alias.name, name, found)
            self._staying += [name] if alias.asname is None else []
        elif alias.asname is None and rootOf(found.new) != NEW:
            self._staying.append(name)
            self._parsed.note(alias.name, "N103", f"{name} is {found.new} now: import that")
        elif alias.asname is None:
            if name.startswith(OLD[0]):
                self._roots.append((alias.name, name))
        else:
            self._parsed.rename(alias.name, found.new, name, found)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        module = "." * len(node.relative) + (dotted(node.module) or "")
        if isinstance(node.names, cst.ImportStar):
            if rootOf(module) in ROOTS:
                self._module(node, module)
                self._stars.append(module)
            return False
        for alias in node.names:
            self._bind(alias.evaluated_alias or alias.evaluated_name, f"{module}.{alias.evaluated_name}")
        if rootOf(module) in ROOTS:
            self._importFrom(node, module, list(node.names))
        return False

    def _module(self, node: cst.ImportFrom, module: str) -> None:
        found, name = lookUp(module), node.module
        assert name is not None
        if found.fate is Fate.KEPT:
            self._parsed.rename(name, found.new, module, found)
        else:
            self._report(name, module, found)

    def _importFrom(self, node: cst.ImportFrom, module: str, aliases: list[cst.ImportAlias]) -> None:
        found = {alias.evaluated_name: lookUp(f"{module}.{alias.evaluated_name}") for alias in aliases}
        targets = [one.new.rpartition(".")[0] for one in found.values() if one.fate is Fate.KEPT]
        own = lookUp(module)
        target = own.new if own.new in targets or not targets else targets[0] if len(set(targets)) == 1 else ""
        for alias in aliases:
            one = found[alias.evaluated_name]
            if one.fate is not Fate.KEPT:
                self._report(alias.name, f"{module}.{alias.evaluated_name}", one)
                continue
            place, _, last = one.new.rpartition(".")
            if place != target:
                self._parsed.note(
                    alias.name, "N103", f"{module}.{alias.evaluated_name} is {one.new} now: import it from {place}"
                )
            elif last != alias.evaluated_name:
                new = last if alias.asname else f"{last} as {alias.evaluated_name}"
                self._parsed.rename(alias.name, new, f"{module}.{alias.evaluated_name}", one)
        if targets and target and node.module is not None:
            self._parsed.rename(node.module, target, module, Found(Fate.KEPT, target))

    # Uses

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        if dotted(node) is None:
            node.value.visit(self)
        else:
            self._uses.append((node, tuple(self._frames)))
        return False

    def visit_Name(self, node: cst.Name) -> None:
        if node.value == OLD[0]:
            self._uses.append((node, tuple(self._frames)))

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_Param(self, node: cst.Param) -> bool:
        for child in (node.annotation, node.default):
            if child is not None:
                child.visit(self)
        return False

    def visit_Call(self, node: cst.Call) -> None:
        self._calls.append((node, tuple(self._frames)))

    # Strings

    def visit_Assign(self, node: cst.Assign) -> None:
        self._values.append(node.value)

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:
        value = node.evaluated_value
        if isinstance(value, str):
            self._string(node, value, "")
        return value is None

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        # Evaluating each string would take as long as all the rest.
        value = node.evaluated_value if any(root in node.value for root in OLD) else None
        if isinstance(value, str):
            self._string(node, value, node.value)

    def visit_FormattedStringText(self, node: cst.FormattedStringText) -> None:
        self._string(node, node.value, "")

    def visit_Expr(self, node: cst.Expr) -> bool:
        # A docstring.
        return not isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString))

    def _string(self, node: cst.CSTNode, value: str, written: str) -> None:
        if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)) and hasNamespace(value):
            self._namespaced.append(node)
        found = inString(value, written)
        if found is not None:
            self._parsed.note(node, found.code, found.message)
        if found is not None and found.old:
            at = self._parsed.offset(node) + written.index(found.old)
            self._parsed.edits.append(Edit(at, found.old, found.new))

    # The end

    def finish(self) -> None:
        """Resolve the uses."""
        bound = self._frames[0].bindingOf(OLD[0]) if self._roots else None
        if bound is None and self._frames[0].imports.get(OLD[0]) == _SEVERAL and self._roots:
            bound = self._roots[0][0]
        if bound is not None:
            self._parsed.note(bound, "N105", "nevow is something else, too: rename it and its uses by hand")
        else:
            for node, name in self._roots:
                self._parsed.rename(node, lookUp(name).new, name, lookUp(name))
        for use, frames in self._uses:
            name = self._resolve(written := dotted(use) or "", frames) or ""
            # What is gone was reported where it is imported.
            if rootOf(name) in ROOTS and lookUp(importedOf(name, written)).fate is Fate.KEPT:
                literal = bound is None and bool(self._roots) and rootOf(written) in OLD
                self._use(use, written, name, literal, importedOf(name, written).count(".") + 1)
        for call, frames in self._calls:
            self._call(call, frames)
        self._parsed.embedded += otherEmbedded(self._namespaced, self._values, self._parsed.embedded)

    def _resolve(self, written: str, frames: tuple[Frame, ...]) -> str | None:
        root, dot, rest = written.partition(".")
        for frame in reversed(frames):
            if root in frame.imports:
                return frame.imports[root] + dot + rest
            if root not in frame.shared and frame.bindingOf(root) is not None:
                return None
        return None

    def _use(self, node: cst.BaseExpression, written: str, name: str, literal: bool, ofImport: int) -> None:
        found = lookUp(name)
        isHere = found.fate is Fate.KEPT and rootOf(found.new) == NEW
        if found.fate is not Fate.KEPT:
            self._report(node, name, found)
        elif isMoved(name, found) and (not isHere if literal else found.parts[0] > ofImport):
            self._parsed.note(node, "N103", f"{name} is {found.new} now: import it from there")
        elif isHere and rootOf(written) in OLD and not self._roots and not within(name, self._staying):
            self._parsed.note(node, "N105", f"{name} stays, because no import of nevow here is renamed")
        if literal and not within(name, self._staying):
            # What is imported is renamed; so a use must be, even if a part of it is gone.
            self._shorten(node, name if isHere else keptOf(name), written.count(".") + 1)

    def _shorten(self, node: cst.BaseExpression, name: str, length: int) -> None:
        found = lookUp(name)
        count = found.parts[0]
        for _ in range(length - count):
            assert isinstance(node, cst.Attribute)
            node = node.value
        new = ".".join(found.new.split(".")[: found.parts[1]])
        self._parsed.rename(node, new, ".".join(name.split(".")[:count]), found._replace(new=new, advice=""))

    def _call(self, call: cst.Call, frames: tuple[Frame, ...]) -> None:
        written = dotted(call.func) or ""
        function = self._resolve(written, frames) or starred(written, self._stars, frames)
        value = call.args[0].value if call.args else None
        for node, code, message in (*findingsOf(function, call), *untypedIn(function, value)):
            self._parsed.note(node, code, message)
        self._parsed.embedded += embeddedOf(function, value)
        self._parsed.directives += directivesOf(function, value)
        found = importedBy(written, value.evaluated_value if isinstance(value, cst.SimpleString) else None)
        if found is not None and value is not None:
            self._parsed.note(value, found.code, found.message)

    def _report(self, node: cst.CSTNode, name: str, found: Found) -> None:
        if found.fate is Fate.GONE:
            self._parsed.note(node, "N102", f"{name} is gone: {found.advice}")
        elif rootOf(name) in OLD or isMissing(name):
            self._parsed.note(node, "N104", f"{name} is not in athenalite, and nothing is known about it")


def parsed(source: Source) -> Parsed | None:
    """
    :return: what is in the file; None if LibCST cannot parse it.
    """
    try:
        return Parsed(source)
    except (cst.ParserSyntaxError, RecursionError):
        return None
