# -*- test-case-name: tests.assets.test_head -*-
"""
The markup that a live page adds to its document's head: style sheets, scripts, and the page's settings.

There is no inline script. The settings are a block of JSON, which browsers do not execute and the client reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from twisted.web.template import Tag, tags

from .._templates.precompile import flattened
from .assets import Assets, Roots
from .esm import SUFFIX
from .modules import Module

DATA_ID: Final = "athena-page"
#: How the settings begin, before the token is filled in.
_TOKEN: Final = b'{"token":""'
#: How many heads are cached. The pages of one site have few different ones.
_MAX_CACHED: Final = 1000


class PageData(NamedTuple):
    """The settings that the client reads. The token is the page's secret, and is sent nowhere else."""

    token: str
    jsClass: str
    modules: list[Module]
    styles: list[Module]
    maxMessageSize: int
    debug: bool
    roots: Roots = Roots()
    #: Whether the page is served as XML.
    xhtml: bool = False
    #: The numbers of the elements in the document: the first and the last of each run.
    widgets: tuple[int, ...] = ()
    #: Texts about the connection in place of the client's.
    texts: Mapping[str, str] = MappingProxyType({})
    #: Whether a lost page reloads by itself.
    reloads: bool = False
    #: Whether the page is the response to a POST, which a reload would repeat.
    posted: bool = False


class _Key(NamedTuple):
    """All of a page's head but its token: most pages of a site have the same."""

    styles: tuple[str, ...]
    settings: str
    scripts: tuple[tuple[tuple[str, str], ...], ...]
    early: tuple[str, ...]


class Head:
    """Renders the heads of the pages of one site, and caches the markup."""

    def __init__(self, assets: Assets, caches: bool = True) -> None:
        """
        :param caches: False to render each head anew.
        """
        self._assets = assets
        self._caches = caches
        self._rendered: dict[_Key, tuple[bytes, bytes]] = {}

    def markup(self, data: PageData) -> list[bytes]:
        """
        :return: the markup for a page's head.
        """
        key = self._keyOf(data)
        rendered = self._rendered.get(key)
        if rendered is None:
            before, _, after = flattened(_tags(key, "")).partition(_TOKEN)
            rendered = before + _TOKEN[:-1], b'"' + after
            if self._caches:
                if len(self._rendered) >= _MAX_CACHED:
                    self._rendered.clear()
                self._rendered[key] = rendered
        # JSON and HTML both write a token as it is, see newToken.
        return [rendered[0], data.token.encode("ascii"), rendered[1]]

    def _keyOf(self, data: PageData) -> _Key:
        assets, roots = self._assets, data.roots
        scripts = [(module.name, assets.scriptURL(module, roots.scripts)) for module in data.modules]
        settings = {
            "transport": f"{roots.transport}/transport",
            "jsClass": data.jsClass,
            "modules": scripts,
            "maxMessageSize": data.maxMessageSize,
            "debug": data.debug,
        }
        # Most pages have none of these.
        settings |= {name: value for name, value in _optional(data) if value}
        # A browser would find the imports of ES modules one level after the other.
        early = [url for module in data.modules for url in assets.importedURLs(module, roots.scripts)]
        return _Key(
            tuple(assets.styleURL(module, roots.styles) for module in data.styles),
            json.dumps(settings),
            self._scripts(data),
            tuple(dict.fromkeys([*(url for _, url in scripts), *early])),
        )

    def _scripts(self, data: PageData) -> tuple[tuple[tuple[str, str], ...], ...]:
        root = data.roots.scripts
        client = self._assets.clientURL(root)
        # It waits for nothing, so that it runs before anything can fail.
        overlay = ((("src", self._assets.overlayURL(root)),),) if data.debug else ()
        if data.xhtml:
            return (*overlay, (("src", self._assets.xhtmlURL(root)), ("data-client", client)))
        # They wait neither for style sheets nor for the document, so that the page connects early.
        modules = self._assets.openerURL(root), client
        return (*overlay, *((("type", "module"), ("async", ""), ("src", url)) for url in modules))


def _optional(data: PageData) -> tuple[tuple[str, Any], ...]:
    return (
        *(("widgets", data.widgets), ("texts", dict(data.texts))),
        *(("reloads", data.reloads), ("posted", data.posted)),
    )


def _tags(key: _Key, token: str) -> list[Tag]:
    settings = {"token": token, **json.loads(key.settings)}
    return [
        # Scripts first: the first request reuses the connection of the document.
        tags.script(jsonForScript(settings), type="application/json", id=DATA_ID),
        *(tags.script(**dict(attributes)) for attributes in key.scripts),
        *(tags.link(rel="stylesheet", href=url) for url in key.styles),
        *map(_preload, key.early),
    ]


def _preload(url: str) -> Tag:
    if url.endswith(SUFFIX):
        return tags.link(rel="modulepreload", href=url)
    return tags.link(rel="preload", href=url, **{"as": "script"})


def jsonForScript(value: Any) -> str:
    """
    :return: JSON without characters that are special in HTML, because a script element has no escapes.
    """
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
