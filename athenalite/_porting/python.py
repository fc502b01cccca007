# -*- test-case-name: tests.porting.test_python -*-
"""
Nevow's names in Python that can be parsed. LibCST knows the place of each token; names are replaced in the text itself,
so nothing else of it can change.
"""

from __future__ import annotations

import libcst as cst

from .embedded import embeddedOf, hasNamespace, otherEmbedded
from .files import Edit, Source
from .imports import ROOTS, Imports
from .lookup import NEW, OLD, Fate, importedOf, isMoved, keptOf, lookUp, rootOf, within
from .parsed import Parsed
from .scopes import Frame, dotted
from .strings import importedBy, inString
from .tagcalls import directivesOf, findingsOf, starred, untypedIn


class _Visitor(Imports):
    """Renames imports, and collects uses, which are resolved when all imports are known."""

    def __init__(self, parsed: Parsed, module: cst.Module) -> None:
        super().__init__(parsed, module)
        self._uses: list[tuple[cst.BaseExpression, tuple[Frame, ...]]] = []
        self._calls: list[tuple[cst.Call, tuple[Frame, ...]]] = []
        #: Values of variables, and strings with a namespace of templates.
        self._values: list[cst.BaseExpression] = []
        self._namespaced: list[cst.BaseExpression] = []

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
        isRenamed = self.renameRoots()
        for use, frames in self._uses:
            written = dotted(use) or ""
            name = self._resolve(written, frames) or ""
            # What is gone was reported where it is imported.
            if rootOf(name) in ROOTS and lookUp(importedOf(name, written)).fate is Fate.KEPT:
                literal = isRenamed and rootOf(written) in OLD
                self._use(use, written, name, importedOf(name, written).count(".") + 1, literal=literal)
        for call, frames in self._calls:
            self._call(call, frames)
        self._parsed.embedded += otherEmbedded(self._namespaced, self._values, self._parsed.embedded)

    def _use(self, node: cst.BaseExpression, written: str, name: str, ofImport: int, *, literal: bool) -> None:
        """
        :param ofImport: how many parts of the name its import has; what those name was renamed, or reported, there.
        :param literal: whether it begins with ``nevow``, and is renamed, as the imports are.
        """
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


def parsed(source: Source) -> Parsed | None:
    """
    :return: what is in the file; None if LibCST cannot parse it.
    """
    try:
        found = Parsed(source)
        visitor = _Visitor(found, found.module)
        found.module.visit(visitor)
        visitor.finish()
    except (cst.ParserSyntaxError, RecursionError):
        return None
    return found
