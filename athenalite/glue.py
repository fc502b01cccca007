# -*- test-case-name: tests.test_glue -*-
"""
What a page's head needs to come alive: style sheets, scripts, and the page's data.

There is no inline script. The data is a block of JSON, which no browser executes, and the client reads it.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from twisted.web.template import Tag, tags

from .assets import Assets, Roots
from .esmodules import SUFFIX
from .jsmodules import Module

DATA_ID: Final = "athena-page"


class PageData(NamedTuple):
    """What the client is told. The token is the page's secret: it stands here, and nowhere else."""

    token: str
    jsClass: str
    modules: list[Module]
    styles: list[Module]
    maxMessageSize: int
    debug: bool
    roots: Roots = Roots()
    #: Whether the page is served as XML.
    xhtml: bool = False


def glue(data: PageData, assets: Assets) -> list[Any]:
    """
    :return: tags for the page's head.
    """
    scripts = [(module.name, assets.scriptURL(module, data.roots.scripts)) for module in data.modules]
    told = {
        "token": data.token,
        "transport": f"{data.roots.transport}/transport",
        "jsClass": data.jsClass,
        "modules": scripts,
        "maxMessageSize": data.maxMessageSize,
        "debug": data.debug,
    }
    # What an ES module imports is known here, and would be found by the browser one step after the other.
    early = [url for module in data.modules for url in assets.importedURLs(module, data.roots.scripts)]
    return [
        *(tags.link(rel="stylesheet", href=assets.styleURL(module, data.roots.styles)) for module in data.styles),
        tags.script(jsonForScript(told), type="application/json", id=DATA_ID),
        _client(data, assets),
        *(_preload(url) for url in dict.fromkeys([*(url for _, url in scripts), *early])),
    ]


def _client(data: PageData, assets: Assets) -> Tag:
    url = assets.clientURL(data.roots.scripts)
    if data.xhtml:
        return tags.script(src=assets.xhtmlURL(data.roots.scripts), **{"data-client": url})
    return tags.script(type="module", src=url)


def _preload(url: str) -> Tag:
    if url.endswith(SUFFIX):
        return tags.link(rel="modulepreload", href=url)
    return tags.link(rel="preload", href=url, **{"as": "script"})


def jsonForScript(value: Any) -> str:
    """
    :return: JSON without any character that means something in HTML, so that it is the same inside a script element,
        where HTML knows no escapes, as elsewhere.
    """
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
