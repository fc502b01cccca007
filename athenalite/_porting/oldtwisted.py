# -*- test-case-name: tests.porting.test_oldtwisted -*-
"""
Finds names that Twisted had in the time of Nevow, and has not any more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

_ASYNC: Final = "write inlineCallbacks, or async def"
_CLIENT: Final = "use twisted.web.client.Agent, or treq"
_PAGES: Final = "use twisted.web.pages: notFound, forbidden, errorPage"
_INTERFACES: Final = "use zope.interface"
_NOTHING: Final = "it has no successor in Twisted"

#: Modules, and names in modules, with what to use instead.
GONE: Final = MappingProxyType(
    {
        "twisted.internet.app": "use twisted.application.service.Application",
        "twisted.internet.defer.deferredGenerator": _ASYNC,
        "twisted.internet.defer.waitForDeferred": _ASYNC,
        "twisted.manhole.telnet": "use twisted.conch.manhole_tap",
        "twisted.news": _NOTHING,
        "twisted.protocols.http": "use twisted.web.http",
        "twisted.python.components.Interface": _INTERFACES,
        "twisted.python.components.getAdapter": _INTERFACES,
        "twisted.python.dispatch": _NOTHING,
        "twisted.python.hashlib": "use hashlib",
        "twisted.python.otp": _NOTHING,
        "twisted.python.reflect.allYourBase": "use inspect.getmro",
        "twisted.python.timeoutqueue": "use queue",
        "twisted.scripts.mktap": "use twistd, with a plugin or a .tac file",
        "twisted.web.client.HTTPClientFactory": _CLIENT,
        "twisted.web.client.downloadPage": _CLIENT,
        "twisted.web.client.getPage": _CLIENT,
        "twisted.web.error.ErrorPage": _PAGES,
        "twisted.web.error.ForbiddenResource": _PAGES,
        "twisted.web.error.NoResource": _PAGES,
        "twisted.web.woven": "use athenalite.rend and athenalite.athena",
        "twisted.web2": "use twisted.web",
    }
)


def goneIn(tree: ast.Module) -> Iterator[tuple[ast.AST, str, str]]:
    """
    :return: a node, a code and a message for each.
    """
    bound: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else "twisted"
                yield from _found(node, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                bound[alias.asname or alias.name] = name = f"{node.module}.{alias.name}"
                yield from _found(node, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, dot, rest = ast.unparse(node).partition(".")
            yield from _found(node, bound[first] + dot + rest, isUse=True) if first in bound else ()


def _found(node: ast.AST, name: str, isUse: bool = False) -> Iterator[tuple[ast.AST, str, str]]:
    for gone, remedy in GONE.items() if name.startswith("twisted.") else ():
        # What is in it was reported where it is imported.
        if name == gone or (name.startswith(f"{gone}.") and not isUse):
            yield node, "P304", f"{gone} is gone from Twisted: {remedy}"
