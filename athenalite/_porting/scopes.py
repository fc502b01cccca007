# -*- test-case-name: tests.porting.test_scopes -*-
"""
Which names a function binds of its own: there they are no imports of the module.
"""

from __future__ import annotations

import libcst as cst


def dotted(node: cst.CSTNode | None) -> str | None:
    """
    :return: ``a.b.c`` for such an expression, however it is laid out; None for any other.
    """
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute) and not node.lpar and not node.value.lpar:
        before = dotted(node.value)
        return before and f"{before}.{node.attr.value}"
    return None


def tokensOf(node: cst.CSTNode) -> list[cst.Name]:
    """
    :return: the parts of such an expression.
    """
    if isinstance(node, cst.Attribute):
        return [*tokensOf(node.value), node.attr]
    assert isinstance(node, cst.Name)
    return [node]


class Frame:
    """
    A function, or the module.

    :ivar imports: what the names that it imports stand for.
    :ivar shared: names that are declared as global.
    """

    def __init__(self, node: cst.CSTNode) -> None:
        self._node = node
        self._bound: dict[str, cst.CSTNode] | None = None
        self.imports: dict[str, str] = {}
        self.shared: set[str] = set()

    def bindingOf(self, name: str) -> cst.CSTNode | None:
        """
        :return: the first place that binds a name otherwise than by an import; None if there is none.
        """
        if self._bound is None:
            bindings = _Bindings()
            # Not visited itself: as a child it would be a function of its own.
            for child in self._node.children:
                child.visit(bindings)
            self._bound = bindings.found
        return self._bound.get(name)


class _Bindings(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, cst.CSTNode] = {}

    def _target(self, node: cst.CSTNode | None) -> None:
        if isinstance(node, cst.Name):
            self.found.setdefault(node.value, node)
        elif isinstance(node, (cst.Tuple, cst.List)):
            for element in node.elements:
                self._target(element.value)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self._target(node.name)
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        self._target(node.name)
        return False

    def visit_Param(self, node: cst.Param) -> None:
        self._target(node.name)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._target(node.target)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self._target(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._target(node.target)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._target(node.target)

    def visit_For(self, node: cst.For) -> None:
        self._target(node.target)

    def visit_CompFor(self, node: cst.CompFor) -> None:
        self._target(node.target)

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def visit_AsName(self, node: cst.AsName) -> None:
        self._target(node.name)
