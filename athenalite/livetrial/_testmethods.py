# -*- test-case-name: tests.livetrial.test_testmethods -*-
"""
Finds the test methods of a JavaScript class without running it.

Test runners need the names of tests when they import a module, before there is a browser. So the scripts are searched
for the notation of widgets: ``A = B.subclass("A")``, ``B.subclass(Module, "A")``, and functions with names that are
given to ``A.methods(...)``. When a test runs, the names are compared with those in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from .._assets.jslexer import tokensOf
from .._assets.jstokens import LexicalError
from .._assets.modules import JSPackage, Module
from .._assets.packages import Packages

_DIRECTORY: Final = Path(__file__).parent / "js"

#: The module with the base class of all tests.
TEST_MODULE: Final = "Nevow.Athena.Test"
#: The JavaScript modules for tests. Only the pages of tests load them.
PACKAGE: Final = JSPackage(
    {
        "Divmod.UnitTest": _DIRECTORY / "UnitTest.js",
        "Nevow.Athena.OwnPage": _DIRECTORY / "OwnPage.js",
        TEST_MODULE: _DIRECTORY / "Test.js",
        "Nevow.Test.Util": _DIRECTORY / "Util.js",
        "Nevow.Test.WidgetUtil": _DIRECTORY / "WidgetUtil.js",
    }
)
#: The base class of all tests.
_ROOT: Final = f"{TEST_MODULE}.TestCase"
#: A method that Athena ran as a test besides those named test...
_RUN: Final = "run"

_DOT: Final = ("punctuation", ".")
_END: Final = ("end", "")
_SUBCLASS: Final = ".subclass"
_METHODS: Final = ".methods"


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


def _itemsOf(script: str) -> list[tuple[str, str]]:
    """
    :return: the kinds and texts of the tokens, in which a dotted name is one word; those before the error of a script
        that is not valid, which the browser reports when the tests run.
    """
    items: list[tuple[str, str]] = []
    with suppress(LexicalError):
        for token in tokensOf(script):
            if token.kind == "word" and items[-1:] == [_DOT] and items[-2:-1] and items[-2][0] == "word":
                items[-2:] = [("word", f"{items[-2][1]}.{token.text}")]
            else:
                items.append((token.kind, token.text))
    return items


def _declarations(script: str) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield each class with its base, and each class with each of its methods."""
    items = _itemsOf(script)
    # So that each item has the neighbours that are looked at.
    items = [_END, _END, *items, *[_END] * 5]
    current, depth, inside = "", 0, False
    for index, (kind, text) in enumerate(items[:-5]):
        called = kind == "word" and items[index + 1][1] == "("
        if called and text.endswith(_SUBCLASS):
            name = _classAt(items, index)
            if name is not None:
                current = name
                yield current, text.removesuffix(_SUBCLASS), None
        elif called and (text.endswith(_METHODS) or (text == _METHODS[1:] and items[index - 1] == _DOT)):
            # The next item opens the arguments.
            current, depth, inside = text.removesuffix(_METHODS) if text.endswith(_METHODS) else current, 0, True
        elif (kind, text) == ("word", "function") and inside and depth == 1 and items[index + 1][0] == "word":
            yield current, None, items[index + 1][1]
        elif kind == "punctuation" and text in "([{":
            depth += 1
        elif kind == "punctuation" and text in ")]}":
            depth -= 1
            inside = inside and depth > 0


def _classAt(items: list[tuple[str, str]], index: int) -> str | None:
    """
    :return: the name of the class that ``items[index]``, a call of ``subclass``, declares; None if it has none.
    """
    if items[index - 1] == ("punctuation", "=") and items[index - 2][0] == "word":
        return items[index - 2][1]
    package, comma, inner, end = items[index + 2 : index + 6]
    if package[0] == "word" and (comma[1], inner[0], end[1]) == (",", "string", ")"):
        return f"{package[1]}.{inner[1][1:-1]}"
    return None


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
