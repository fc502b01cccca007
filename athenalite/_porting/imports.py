# -*- test-case-name: tests.porting.test_imports -*-
"""
The imports of a Python file, which are renamed, and what the names stand for that they bind: :class:`Imports`.
"""

from __future__ import annotations

from typing import Final

import libcst as cst

from .lookup import NEW, OLD, Fate, Found, isMissing, lookUp, rootOf
from .parsed import Parsed
from .scopes import Frame, dotted

ROOTS: Final = (*OLD, NEW)
#: What a name stands for that is imported from several places.
_SEVERAL: Final = "?"


class Imports(cst.CSTVisitor):
    """Renames the names that are imported, and keeps in which function each is bound."""

    def __init__(self, parsed: Parsed, module: cst.Module) -> None:
        super().__init__()
        self._parsed = parsed
        self._frames = [Frame(module)]
        #: Modules that are imported as ``nevow.name``. They are renamed if ``nevow`` is nothing else in this file.
        self._roots: list[tuple[cst.BaseExpression, str]] = []
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
        targets = {one.new.rpartition(".")[0] for one in found.values() if one.fate is Fate.KEPT}
        # One statement imports from one module: where the old module is now, or else where all of its names are.
        target = lookUp(module).new
        if targets and target not in targets:
            target = min(targets) if len(targets) == 1 else ""
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

    def renameRoots(self) -> bool:
        """
        Rename the modules that are imported as ``nevow.name``, and so are used by that name.

        :return: whether that was done. Otherwise there are none, or ``nevow`` is something else in this file, too.
        """
        if not self._roots:
            return False
        other = self._frames[0].bindingOf(OLD[0])
        if other is None and self._frames[0].imports.get(OLD[0]) == _SEVERAL:
            other = self._roots[0][0]
        if other is not None:
            self._parsed.note(other, "N105", "nevow is something else, too: rename it and its uses by hand")
            return False
        for node, name in self._roots:
            self._parsed.rename(node, lookUp(name).new, name, lookUp(name))
        return True

    def _resolve(self, written: str, frames: tuple[Frame, ...]) -> str | None:
        root, dot, rest = written.partition(".")
        for frame in reversed(frames):
            if root in frame.imports:
                return frame.imports[root] + dot + rest
            if root not in frame.shared and frame.bindingOf(root) is not None:
                return None
        return None

    def _report(self, node: cst.CSTNode, name: str, found: Found) -> None:
        if found.fate is Fate.GONE:
            self._parsed.note(node, "N102", f"{name} is gone: {found.advice}")
        elif rootOf(name) in OLD or isMissing(name):
            self._parsed.note(node, "N104", f"{name} is not in athenalite, and nothing is known about it")
