# -*- test-case-name: tests.porting.test_uses -*-
"""
Finds in Python what is never called or has no effect any more, and what replaces it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from .bytesof import bytesIn, isRequest, nameOf


class Note(NamedTuple):
    """A finding: where it is in the text, and what."""

    at: int
    code: str
    message: str


_TIMES: Final = MappingProxyType(
    {
        "TRANSPORT_IDLE_TIMEOUT": "Limits(pingInterval=...) is the time",
        "TRANSPORT_CLIENT_IDLE_TIMEOUT": "Limits(pingTimeout=...) is the time",
        "TRANSPORTLESS_DISCONNECT_TIMEOUT": "Limits(transportlessTimeout=...) is the time",
    }
)
_BROWSERS: Final = "browsers are not identified"
#: Attributes that have no effect, with the reason.
ATTRIBUTES: Final = MappingProxyType(
    {
        **{name: f"{limit}, given to the site's LivePageFactory" for name, limit in _TIMES.items()},
        "useActiveChannels": "all calls use the WebSocket",
        "allowedMethods": "write @expose above each of these methods",
        "requiredBrowserVersions": _BROWSERS,
        "unsupportedBrowserLoader": _BROWSERS,
    }
)
#: Attributes of HTML that have no value.
_BOOLEANS: Final = frozenset(("checked", "disabled", "selected", "readonly", "multiple"))
_DECLARATIONS: Final = MappingProxyType(
    {
        "implements": "write @implementer(...) before the class, and import it",
        "classProvides": "write @provider(...) before the class, and import it",
        "implementsOnly": "write @implementer_only(...) before the class, and import it",
    }
)
#: Kinds of methods that are never called, with the remedy.
METHODS: Final = MappingProxyType(
    {
        "data": "write render_{name}(self, ctx, data), which gets the data itself, and fills patterns and slots",
        "macro": "write render_{name}(self, ctx, data), and nevow:render in the template",
    }
)
#: The name of the parameter of those that take one only.
_ALONE: Final = MappingProxyType({"data": "data", "macro": "ctx"})
_ROOTS: Final = frozenset(("jsModuleRoot", "cssModuleRoot", "transportRoot"))
_CONTEXTS: Final = frozenset(("ctx", "context"))
_CHAINED: Final = frozenset(("locate", "remember", "chain"))
_INLINE: Final = frozenset(("inlineGlue", "inlineJS"))
#: Methods and attributes that are gone, and are in no module that could say so.
_GONE: Final = MappingProxyType(
    {
        "action_close": "page.close(reason) ends a page; a unit test needs no end",
        "action_call": "athenalite.testing calls exposed methods as a browser does",
        "finishRequest": "a request of a site is ended by finish()",
        "clientID": "pages have a token, in no address: keep a number of your own",
    }
)
#: The argument of an address that made a new page for an old one.
RECONNECT: Final = "__athena_reconnect__"
RECONNECTING: Final = "pages reconnect by themselves"
_ADDRESSES: Final = frozenset(("href", "src", "action", "formaction"))
#: The attributes that are handlers.
EVENT: Final = re.compile(
    "on(?:abort|blur|change|(?:dbl)?click|error|focus|input|key(?:down|press|up)|load|mouse(?:down|move|out|over|up)"
    "|reset|resize|select|submit|unload)"
)


def isOfNevow(kind: str, parameters: Sequence[str]) -> bool:
    """
    :param kind: the beginning of a method's name.
    :return: whether Nevow called a method with these parameters, and nothing does here.
    """
    return kind in METHODS and (len(parameters) == 3 or parameters[1:] == [_ALONE[kind]])


def usesIn(tree: ast.AST, written: Collection[ast.AST] = ()) -> Iterator[tuple[ast.AST, str, str]]:
    """
    :param written: declarations of interfaces that the command writes otherwise.
    :return: a node, a code and a message for each.
    """
    yield from bytesIn(tree)
    yield from (one for one in _unusedIn(tree) if one[0] not in written)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _class(node)
        elif isinstance(node, ast.Call) and node not in written:
            yield from _call(node)
        elif isinstance(node, ast.Subscript):
            yield from _subscript(node)
        elif isinstance(node, ast.Attribute):
            yield from _attribute(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and RECONNECT in node.value:
            yield node, "A209", f"{RECONNECT} is gone: {RECONNECTING}"
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                name = nameOf(target)
                if name == "__implements__":
                    yield target, "A203", f"{name} has no effect: {_DECLARATIONS['implements']}"
                elif name in ATTRIBUTES:
                    yield target, "A202", f"{name} has no effect: {ATTRIBUTES[name]}"


def _unusedIn(tree: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    # Those that are called are found there.
    nodes = list(ast.walk(tree))
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    for node in nodes:
        names = node.names if isinstance(node, ast.ImportFrom) and node.module == "zope.interface" else ()
        for alias in names:
            if alias.name in _DECLARATIONS and alias.name not in called:
                yield alias, "A203", f"{alias.name} is gone from zope.interface: leave out the import"


def _class(node: ast.ClassDef) -> Iterator[tuple[ast.AST, str, str]]:
    for one in node.body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            kind, _, name = one.name.partition("_")
            if name and isOfNevow(kind, [argument.arg for argument in one.args.args]):
                yield one, "A201", f"{one.name} is never called: {METHODS[kind].format(name=name)}"


def _call(node: ast.Call) -> Iterator[tuple[ast.AST, str, str]]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in _DECLARATIONS:
        yield node, "A203", f"{function.id}(...) fails on Python 3: {_DECLARATIONS[function.id]}"
    if isinstance(function, ast.Attribute):
        yield from _callOf(node, function)
    for place, attribute, value in _attributes(node):
        if attribute in _ROOTS and not _isNone(value):
            yield place, "A210", f"{attribute}: have the site's livePageFactory.resource at this address"
        elif attribute in _BOOLEANS and isinstance(value, ast.Constant) and value.value is False:
            yield (
                place,
                "A202",
                f'{attribute}=False is left out, where Nevow wrote {attribute}="False", and browsers took it for '
                f"{attribute}: write None",
            )
        elif EVENT.fullmatch(attribute) and _isMarkup(value):
            yield place, "A205", handlerRemedy(attribute)
        elif attribute in _ADDRESSES and _isScriptAddress(value):
            yield (
                place,
                "A205",
                f"the address javascript: in {attribute!r} is blocked by the page's Content-Security-Policy: "
                "write a handler and a method of the widget",
            )


def handlerRemedy(attribute: str) -> str:
    """
    :return: the message for a handler of a tag.
    """
    return (
        f"{attribute} is blocked by the page's Content-Security-Policy: "
        f'write handler(event="{attribute}", handler="...") in a document of loaders.stan, '
        "of which a renderer may copy patterns, and a method of the widget"
    )


def _callOf(node: ast.Call, method: ast.Attribute) -> Iterator[tuple[ast.AST, str, str]]:
    isPage = method.attr == "remember" and isinstance(method.value, ast.Name) and method.value.id in ("self", "page")
    # A context has its request, and one that a test makes remembers it, as before.
    isFound = any(nameOf(argument) == "IRequest" for argument in node.args)
    if isPage or (method.attr in _CHAINED and _isContext(method.value) and not isFound):
        yield node, "A204", f"{ast.unparse(method)}: there is no chain of contexts; give objects what they need"


def _subscript(node: ast.Subscript) -> Iterator[tuple[ast.AST, str, str]]:
    # script(type="text/javascript")[...] or script["..."], of from nevow.tags import *
    isCall, text = isinstance(node.value, ast.Call), node.slice
    isText = isinstance(text, ast.Constant) and isinstance(text.value, str)
    if _isScript(node.value, isBare=isCall or isText):
        yield node, "A205", "an inline script is blocked by the page's Content-Security-Policy: move it into a module"


def _attribute(node: ast.Attribute) -> Iterator[tuple[ast.AST, str, str]]:
    if node.attr in _GONE:
        yield node, "A209", f"{node.attr} is gone: {_GONE[node.attr]}"
    elif node.attr == "clients" and nameOf(node.value) == "factory":
        yield (
            node,
            "A209",
            "factory.clients is gone: keep the pages that you need yourself, in a set, from connectionMade on",
        )
    elif node.attr == "received_headers" and isRequest(node.value):
        yield node, "A209", "received_headers is gone: request.getHeader(name), or request.requestHeaders"
    elif node.attr == "fields" and isRequest(node.value):
        yield node, "A209", "fields is gone: request.args has them, and of a file its content, as bytes"
    elif node.attr in _INLINE and nameOf(node.value) == "tabbedPaneGlue":
        yield (
            node,
            "A205",
            f"{node.attr} is an inline script, which the page's Content-Security-Policy blocks: a TabbedPaneFragment "
            "needs none; for tabbedPane, use fileGlue, with fileJS and fileCSS at /tabbedPane.js and /tabbedPane.css",
        )


def _attributes(node: ast.Call) -> Iterator[tuple[ast.AST, str, ast.expr]]:
    # Keywords, and those in **{"class": "x"}.
    for keyword in node.keywords:
        if keyword.arg:
            yield keyword, keyword.arg, keyword.value
        elif isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key, key.value, value


def _isScript(node: ast.expr, isBare: bool) -> bool:
    # tags.script[...] or tags.script(type="text/javascript")[...]
    if isinstance(node, ast.Call):
        return not any(keyword.arg in (None, "src") for keyword in node.keywords) and _isScript(node.func, isBare)
    if isinstance(node, ast.Name):
        return isBare and node.id == "script"
    return isinstance(node, ast.Attribute) and node.attr == "script" and isinstance(node.value, ast.Name)


def _isContext(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _CONTEXTS


def _isScriptAddress(node: ast.expr) -> bool:
    # Also the beginning of an address that is put together: "javascript:f(%s)" % x, f"javascript:f({x})".
    while isinstance(node, (ast.BinOp, ast.JoinedStr)):
        parts = [node.left] if isinstance(node, ast.BinOp) else node.values[:1]
        if not parts:
            return False
        node = parts[0]
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and text.strip().lower().startswith("javascript:")


def _isMarkup(node: ast.expr) -> bool:
    # Functions of Python are no handlers, as in rmtree(onerror=failed.append); None is no attribute.
    isFunction = isinstance(node, (ast.Lambda, ast.Name, ast.Attribute))
    return not isFunction and not _isNone(node)


def _isNone(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
