# -*- test-case-name: tests.project.test_unittests -*-
"""
Tell the unit tests from those that start a process, a browser or a server: ``python -m tools.unittests`` prints the
names of their modules, for trial.

A unit test runs in this process, by a clock of its own. A test module's imports decide, so that no list has to be
kept: :data:`OUTSIDE` names modules that lead out of the process; a module that imports such a test module has none.
"""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).parent.parent

OUTSIDE = (
    "athenalite.livetrial._chromium",
    "benchmarks",
    "harness.browser",
    "harness.firefox",
    "harness.portforwarder",
    "harness.rawsocket",
    "harness.redis",
    "harness.server",
    "playwright",
    "stress",
    "subprocess",
    # tests of the tools, which are the same on each interpreter
    "tools",
)
"""Modules and packages that a unit test does not import."""


def imports(path: Path) -> set[str]:
    """
    Return the dotted names that a module imports anywhere in it, and those of what it imports from them.

    :param path: of a module in the tree, absolute.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            around = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join((*around, *([node.module] if node.module else [])))
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


@functools.cache
def isUnitTest(path: Path) -> bool:
    """
    Return whether a test module has unit tests only.

    :param path: of a module within ``tests``, absolute.
    """
    for name in imports(path):
        if any(name == outside or name.startswith(f"{outside}.") for outside in OUTSIDE):
            return False
        imported = ROOT.joinpath(*name.split(".")).with_suffix(".py")
        if name.startswith("tests.") and imported.exists() and not isUnitTest(imported):
            return False
    return True


def unitTests() -> list[str]:
    """Return the dotted names of the modules with unit tests, sorted."""
    found = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "tests").rglob("test_*.py") if isUnitTest(path)]
    return sorted(".".join(path.parts) for path in found)


if __name__ == "__main__":
    print(*unitTests(), sep="\n")
