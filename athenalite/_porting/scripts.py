# -*- test-case-name: tests.porting.test_scripts -*-
"""
Finds in JavaScript what the page's Content-Security-Policy blocks, and Athena's names that are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from .uses import EVENT, RECONNECT, RECONNECTING, Note

#: Comments, strings, templates and regular expressions, and all else by single characters or words.
_TOKEN: Final = re.compile(
    r"""(?P<comment>//[^\r\n]*|/\*.*?\*/)
    |(?P<string>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
    |(?P<regexp>(?:(?<=[(,=:\[!&|?{};])|(?<=return))\s*/(?![/*])(?:[^/\\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+/\w*)
    |(?P<code>[\w$]+(?:\s*\.\s*[\w$]+)*)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_HANDLER: Final = re.compile(
    r"<[^<>]*?\s(on[a-z]+)\s*=|^\s*(on[a-z]+)\s*=\s*\\?[\"']|\s(on[a-z]+)=\\?[\"']", re.DOTALL | re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"(?:\A\s*|=\s*\\?[\"']?\s*)javascript:", re.IGNORECASE)
_INLINE: Final = re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE)
_MODULE: Final = "make it a method of the widget"
_LONG_POLL: Final = "it belonged to the long poll"
_PLATFORM: Final = "there is one platform, Divmod.Runtime.Platform"
_STARTS: Final = "a page starts by itself, and the address of a script has the hash of its content"
_NIT: Final = "it belonged to nit: tests run in a browser"
_CONSOLE: Final = "browsers have a console of their own"
#: Names that are gone; see "Missing names" in docs/porting.rst.
GONE: Final = MappingProxyType(
    {
        "Divmod.XML": "use DOMParser and XMLSerializer",
        "Divmod.MockBrowser": f"{_NIT}, so leave out its import",
        "Divmod.Module": "nothing used it",
        "Divmod.bootstrap": _STARTS,
        "Divmod.importURL": _STARTS,
        "Divmod.UnitTest.SubunitTestClient": _NIT,
        "Divmod.UnitTest.runRemote": _NIT,
        **{f"Divmod.Runtime.{name}": _PLATFORM for name in ("Firefox", "WebKit", "Opera", "InternetExplorer")},
        **{f"Divmod.Runtime.InternetExplorer{name}": _PLATFORM for name in ("Legacy", "Modern", "SemiModern")},
        "Divmod.Runtime.theRuntimeType": _PLATFORM,
        # Of Nevow 0.6 to 0.8.
        "Nevow.Athena.refByDOM": "use Nevow.Athena.Widget.get(node)",
        "Nevow.Athena.debug": "use Divmod.debug(kind, text)",
        "Nevow.Athena.DOMWalk": "use Divmod.Runtime.theRuntime.traverse(root, visitor)",
        "Nevow.Athena.constructActionURL": _LONG_POLL,
        **{f"Divmod.Runtime.{name}": _PLATFORM for name in ("Spidermonkey", "determinePlatform", "initRuntime")},
        "Nevow.Athena.bootstrap": _STARTS,
        "Nevow.Athena.NAME": "nothing used it",
        "Nevow.Athena.Widget._widgetNodeAdded": _STARTS,
        "Nevow.Athena.IntrospectionWidget": _CONSOLE,
        "Nevow.Athena.consoleDoc": _CONSOLE,
        "Nevow.Athena.ReliableMessageDelivery": _LONG_POLL,
        "Nevow.Athena.AbortableHTTPRequest": _LONG_POLL,
        "Nevow.Athena.HTTPRequestOutput": _LONG_POLL,
        "Nevow.Test": _NIT,
        **{f"Nevow.Athena.Test.{name}": _NIT for name in ("TestRunner", "TestReporter", "TestResult")},
        **{f"Nevow.Athena.Test.{name}": _NIT for name in ("SerialVisitor", "ConcurrentVisitor")},
    }
)
#: What is not gone of them: the pages of tests have it.
_KEPT: Final = ("Nevow.Test.Util", "Nevow.Test.WidgetUtil")
#: Methods that are gone, whatever the object.
GONE_METHODS: Final = MappingProxyType(
    {
        **dict.fromkeys(("attrNameToMangled", "makeHTML", "isThisTheOne"), _PLATFORM),
        **dict.fromkeys(("action_call", "livepageID", "disconnectNotifications"), _LONG_POLL),
    }
)
_NAME: Final = re.compile(r"(?<![\w.])(?:Divmod|Nevow)(?:\.\w+)+")
_IMPORT: Final = re.compile(r"//[ \t]*import[ \t]+([\w.]+)")
#: Methods of a page's own class that are called here, and were not of Nevow's PageWidget.
_CALLED: Final = MappingProxyType(
    {
        "connectionMade": "is called when the page has connected",
        "disconnected": "is called when the connection has dropped",
        "resumed": "is called when the connection is there again",
    }
)
_PAGE_CLASS: Final = "Nevow.Athena.PageWidget.subclass"
#: What does something else than in Athena.
_SERIALIZING: Final = "Divmod.Base.serializeJSON"
_EVENT: Final = ("(", "self", ",", "node")
_CALLS: Final = frozenset(f"{one}.{name}" for one in ("self", "this") for name in ("callRemote", "callRemoteKw"))
_CREATING: Final = frozenset(("createElement", "createElementNS"))
_WRITERS: Final = ("document.write", "document.writeln")
_TIMERS: Final = ("setTimeout", "setInterval", "window.setTimeout", "window.setInterval")


def scan(text: str) -> Iterator[Note]:
    """
    :param text: of a script.
    """
    matches = [match for match in _TOKEN.finditer(text) if not match[0].isspace()]
    for comment in matches:
        imported = _IMPORT.match(comment[0]) if comment.lastgroup == "comment" else None
        yield from _gone(comment.start(), imported[1]) if imported else ()
    tokens = [match for match in matches if match.lastgroup != "comment"]
    called = _CALLED if any(token[0] == _PAGE_CLASS for token in tokens) else {}
    yield from _returned(tokens)
    for index, token in enumerate(tokens):
        before = tokens[index - 1][0] if index else ""
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.lastgroup == "string":
            yield from _string(token)
        elif token.lastgroup == "code":
            if before == "function" and token[0] in called:
                yield Note(token.start(), "S504", f"{token[0]} of a page's own class {called[token[0]]}: rename yours")
            argument = tokens[index + 2] if index + 2 < len(tokens) else None
            yield from _created(tokens[index : index + 5])
            yield from _code(token, before, after[0] if after else "", argument)


def isEarly(text: str) -> bool:
    """
    :param text: of an inline script.
    :return: whether it uses Athena's names when it is run, and not only in its functions.
    """
    depth = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "other":
            depth += (token[0] == "{") - (token[0] == "}")
        elif depth == 0 and token.lastgroup == "code" and token[0].startswith(("Divmod.", "Nevow.")):
            return True
    return False


def inStrings(strings: Iterable[tuple[int, str]]) -> Iterator[Note]:
    """
    :param strings: of Python, by their offsets, which may have JavaScript.
    :return: the names in them that are gone.
    """
    for at, text in strings:
        for match in _NAME.finditer(text):
            yield from _gone(at + match.start(), match[0])


def _string(token: re.Match[str]) -> Iterator[Note]:
    for match in _HANDLER.finditer(token[0][1:-1]):
        name = (match[1] or match[2] or match[3]).lower()
        yield Note(
            token.start() + 1 + match.start(),
            "S502",
            f"the attribute {name!r} in markup is blocked by the page's Content-Security-Policy: "
            f"use addEventListener, or <athena:handler> in a template",
        )
    for match in _ADDRESS.finditer(token[0][1:-1]):
        yield Note(
            token.start() + (1 + match.start() if match.start() else 0),
            "S502",
            "an address javascript: is blocked by the page's Content-Security-Policy: use addEventListener",
        )
    if RECONNECT in token[0]:
        yield Note(token.start(), "S503", f"{RECONNECT} is gone: {RECONNECTING}")
    if inline := _INLINE.search(token[0]):
        yield Note(
            token.start() + inline.start(),
            "S501",
            f"an inline <script> in markup is blocked by the page's Content-Security-Policy: {_MODULE}",
        )


def _code(token: re.Match[str], before: str, after: str, argument: re.Match[str] | None) -> Iterator[Note]:
    name = re.sub(r"\s", "", token[0])
    if name in ("eval", "window.eval") and after == "(" and before != ".":
        yield _blocked(token, "eval(...)", "JSON.parse reads data; " + _MODULE)
    elif name in ("Function", "window.Function") and (before == "new" or after == "(") and before != ".":
        yield _blocked(token, "new Function(...)", _MODULE)
    elif name.endswith(".setAttribute") and argument is not None and EVENT.fullmatch(argument[0][1:-1].lower()):
        yield Note(
            argument.start(),
            "S502",
            f"the attribute {argument[0]} is blocked by the page's Content-Security-Policy: use addEventListener",
        )
    elif name in _TIMERS and after == "(" and argument is not None and argument.lastgroup == "string":
        yield _blocked(token, f"{name} with a string", "give it a function")
    elif name in _WRITERS and after == "(":
        yield Note(token.start(), "S501", f"{name}: a page of XHTML, or one that is loaded, cannot: use DOM nodes")
    if name == "Divmod.Error" and (before == "instanceof" or (before == "(" and after == ")")):
        yield Note(
            token.start(), "S505", "NodeNotFound, FirstError and their like are instances of Error alone: name them"
        )
    elif name == _SERIALIZING:
        yield Note(token.start(), "S505", "serializeJSON writes undefined as null, and refuses functions and the like")
    yield from _gone(token.start(), name)
    last = name.rpartition(".")[2]
    if last in GONE_METHODS and last != name:
        yield Note(token.start(), "S503", f"{last} is gone: {GONE_METHODS[last]}")


def _returned(tokens: list[re.Match[str]]) -> Iterator[Note]:
    """What a method with the parameters of an event handler returns: a Deferred prevents what the browser would do."""
    depth, handler = 0, -1
    for index, token in enumerate(tokens):
        if token[0] == "function" and tuple(one[0] for one in tokens[index + 2 : index + 6]) == _EVENT:
            # Of a name, in methods(...).
            handler = depth + 1 if tokens[index + 1][0] != "__init__" else -1
        depth += (token[0] == "{") - (token[0] == "}")
        if depth < handler and token[0] == "}":
            handler = -1
        following = tokens[index + 1][0] if index + 1 < len(tokens) else ""
        if token[0] == "return" and depth == handler and following in _CALLS:
            yield Note(
                token.start(),
                "S505",
                "an event whose handler returns a Deferred is prevented: the page is not left, as it was with Athena",
            )


def _created(tokens: list[re.Match[str]]) -> Iterator[Note]:
    # document.createElement("script"), createElementNS(namespace, "script")
    if tokens[0][0].rpartition(".")[2] not in _CREATING or tokens[1:2] == [] or tokens[1][0] != "(":
        return
    for token in tokens[2:]:
        if token[0] == ")":
            return
        if token.lastgroup == "string" and token[0][1:-1].lower() == "script":
            yield Note(
                token.start(),
                "S501",
                "a script element without src, or with one of another host, is blocked by the page's "
                f"Content-Security-Policy: {_MODULE}, or load a file with Divmod.Runtime.theRuntime.loadScript",
            )


def _gone(at: int, name: str) -> Iterator[Note]:
    if not name.startswith(("Divmod.", "Nevow.")) or name.startswith(_KEPT):
        return
    for gone, advice in GONE.items():
        if name == gone or name.startswith(f"{gone}."):
            yield Note(at, "S503", f"{gone} is gone: {advice}")


def _blocked(token: re.Match[str], what: str, remedy: str) -> Note:
    return Note(token.start(), "S501", f"{what} is blocked by the page's Content-Security-Policy: {remedy}")
