# -*- test-case-name: tests.assets.test_faultpage -*-
"""
The page that a browser gets in debug mode instead of one that could not be made: the error, the place in the template,
and the source lines of the application's frames.

It has neither scripts nor styles, and a policy that allows none. It shows files and lines, and no values.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from twisted.web.template import Tag, tags

from .._templates.precompile import flattened
from .document import DOCTYPE
from .fault import Fault, Place

HEADERS: Final = MappingProxyType(
    {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
#: How many lines are shown before and after the one.
_AROUND: Final = 3
_LONGEST_LINE: Final = 300


def faultPage(fault: Fault, reference: str, safe: Callable[[str], str]) -> bytes:
    """
    :param reference: of the event in the log.
    :param safe: removes pages' secrets from a text.
    :return: the HTML document.
    """
    kind, _, text = fault.cause.partition(": ")
    body = [
        tags.h1(kind),
        tags.p(tags.strong(safe(text))),
        tags.p("This page could not be made. The server's log has the whole traceback: reference ", reference, "."),
    ]
    if fault.template is not None:
        body += [tags.h2("Template"), _section(fault.template, f"<{fault.template.name}>", safe)]
    if fault.renderer:
        body += [tags.h2("Renderer"), tags.p(fault.renderer)]
    body += [tags.h2("Traceback (most recent call last)")]
    body += [_section(place, place.name, safe) for place in fault.frames]
    body += [tags.p("This is shown because debug mode is on. Switch it off where others can reach the server.")]
    document = tags.html(
        tags.head(
            tags.meta(charset="utf-8"),
            tags.meta(name="color-scheme", content="light dark"),
            tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
            tags.title(f"{kind}: this page could not be made"),
        ),
        tags.body(Tag("main")(body)),
        lang="en",
    )
    return DOCTYPE + flattened(document)


def _section(place: Place, name: str, safe: Callable[[str], str]) -> Tag:
    heading = tags.p(tags.code(f"{place.filename}:{place.line}"), " in ", tags.code(name))
    lines = [tags.mark(safe(line)) if isIt else safe(line) for line, isIt in sourceLines(place)]
    return tags.section(heading, tags.pre([[line, "\n"] for line in lines]) if lines else "")


def sourceLines(place: Place) -> list[tuple[str, bool]]:
    """
    :return: numbered lines of the file around the place, each with whether it is the one; none if there is no file.
    """
    linecache.checkcache(place.filename)
    lines = linecache.getlines(place.filename)
    first = max(place.line - _AROUND, 1)
    shown = enumerate(lines[first - 1 : place.line + _AROUND], first)
    return [(f"{number:>5}  {line.rstrip()[:_LONGEST_LINE]}", number == place.line) for number, line in shown]
