# -*- test-case-name: tests.livetrial.test_testmethods -*-
"""
Finds the test methods of a JavaScript class without running it.

Test runners need the names of tests when they import a module, before there is a browser. So the scripts are searched
for the notation of widgets: ``A = B.subclass("A")``, ``B.subclass(Module, "A")``, and functions with names that are
given to ``A.methods(...)``. When a test runs, the names are compared with those in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .._assets.modules import JSPackage, Module
from .._assets.packages import Packages

_DIRECTORY: Final = Path(__file__).parent / "js"

#: The JavaScript modules for tests. Only the pages of tests load them.
PACKAGE: Final = JSPackage({"Divmod.UnitTest": _DIRECTORY / "UnitTest.js", "Nevow.Athena.Test": _DIRECTORY / "Test.js"})
#: The base class of all tests.
_ROOT: Final = "Nevow.Athena.Test.TestCase"
#: A method that Athena ran as a test besides those named test...
_RUN: Final = "run"

_NAME: Final = r"[\w$]+(?:\.[\w$]+)*"
_TOKEN: Final = re.compile(
    rf"""
      (?P<skipped> //[^\n]* | /\*.*?\*/
        | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*`
        | (?<=[(,=:\[!&|?{{;]) \s* /(?![*/]) (?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/ )
    | (?P<base>{_NAME}) \s* \. \s* subclass \s* \( \s* (?P<package>{_NAME}) \s* , \s* ["'](?P<inner>\w+)["'] \s* \)
    | (?P<assigned>{_NAME}) \s* = \s* (?P<assignedBase>{_NAME}) \s* \. \s* subclass \s* \(
    | (?P<methods>(?P<class>{_NAME})? \s* \. \s* methods \s* \()
    | (?<![\w$.]) function \s+ (?P<function>[\w$]+)
    | (?P<open>[(\[{{]) | (?P<close>[)\]}}])
    | {_NAME}
    """,
    re.VERBOSE | re.DOTALL,
)


class JSClass:
    """A JavaScript class: its base and its methods."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.methods: list[str] = []


def readClasses(scripts: Iterable[str]) -> dict[str, JSClass]:
    """
    :param scripts: the texts of modules, in the order in which a page would load them.
    :return: their classes by their dotted names.
    """
    classes: dict[str, JSClass] = {}
    for script in scripts:
        for name, base, method in _declarations(script):
            if base is not None:
                classes[name] = JSClass(base)
            elif method is not None and name in classes:
                classes[name].methods.append(method)
    return classes


def _declarations(script: str) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield each class with its base, and each class with each of its methods."""
    current, depth, inside = "", 0, False
    for token in _TOKEN.finditer(script):
        if token["package"]:
            current = f"{token['package']}.{token['inner']}"
            yield current, token["base"], None
        elif token["assigned"]:
            # The match includes the opening parenthesis.
            current, depth = token["assigned"], depth + 1
            yield current, token["assignedBase"], None
        elif token["methods"]:
            current, depth, inside = token["class"] or current, 1, True
        elif token["function"] and inside and depth == 1:
            yield current, None, token["function"]
        elif token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
            inside = inside and depth > 0


def readTestMethods(jsClass: str, packages: Packages) -> list[str]:
    """
    :param packages: where scripts are found; the modules of :data:`PACKAGE` are added.
    :return: the names of the test methods of ``jsClass``, inherited ones included, sorted.
    :raise athenalite.errors.UnknownClass: if no module provides the class or an import.
    """
    packages.scripts.mapping.update(PACKAGE.mapping)
    module = packages.scripts.moduleOf(jsClass)
    modules: list[Module] = packages.scripts.inOrder([module] if module else [])
    classes = readClasses(one.content.decode("utf-8", "replace") for one in modules)
    found: set[str] = set()
    name = jsClass
    while name in classes and name != _ROOT:
        found.update(method for method in classes[name].methods if method.startswith("test") or method == _RUN)
        name = classes[name].base
    return sorted(found)
