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
#: Within how many milliseconds a lost page reloads by itself, if that is not as usual.
RELOAD: Final = "athena-reload"
#: The relation of a link to what the opener preloads when it has made the socket.
LATER: Final = "athena-later"
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
    #: Whether a lost page reloads by itself; or, while it is developed, within how many seconds.
    reloads: bool | float = False
    #: Whether the page is the response to a POST, which a reload would repeat.
    posted: bool = False


class _Key(NamedTuple):
    """What a page's head depends on, but its token: most pages of a site have the same."""

    #: Names and addresses.
    modules: tuple[tuple[str, str], ...]
    #: Addresses of what the modules import.
    imported: tuple[str, ...]
    styles: tuple[str, ...]
    jsClass: str
    maxMessageSize: int
    debug: bool
    roots: Roots
    xhtml: bool
    widgets: tuple[int, ...]
    texts: tuple[tuple[str, str], ...]
    reloads: bool | float
    posted: bool


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
            before, _, after = flattened(self._tags(key)).partition(_TOKEN)
            rendered = before + _TOKEN[:-1], b'"' + after
            if self._caches:
                if len(self._rendered) >= _MAX_CACHED:
                    self._rendered.clear()
                self._rendered[key] = rendered
        # JSON and HTML both write a token as it is, see newToken.
        return [rendered[0], data.token.encode("ascii"), rendered[1]]

    def _keyOf(self, data: PageData) -> _Key:
        assets, roots = self._assets, data.roots
        return _Key(
            tuple([(module.name, assets.scriptURL(module, roots.scripts)) for module in data.modules]),
            # A browser would find the imports of ES modules one level after the other.
            tuple([url for module in data.modules for url in assets.importedURLs(module, roots.scripts)]),
            tuple([assets.styleURL(module, roots.styles) for module in data.styles]),
            *(data.jsClass, data.maxMessageSize, data.debug, roots, data.xhtml, data.widgets),
            tuple(data.texts.items()) if data.texts else (),
            *(data.reloads, data.posted),
        )

    def _tags(self, key: _Key) -> list[Tag]:
        early = dict.fromkeys([*(url for _, url in key.modules), *key.imported])
        return [
            # Scripts first: the first request reuses the connection of the document.
            tags.script(jsonForScript(_settings(key)), type="application/json", id=DATA_ID),
            *(tags.script(**dict(attributes)) for attributes in self._scripts(key)),
            *self._imported(key),
            *(tags.link(rel="stylesheet", href=url) for url in key.styles),
            *map(_preload, early),
            # parts/remaking.js reads it.
            *([] if isinstance(key.reloads, bool) else [tags.meta(name=RELOAD, content=f"{1000 * key.reloads:g}")]),
        ]

    def _imported(self, key: _Key) -> list[Tag]:
        links = [tags.link(rel="modulepreload", href=url) for url in self._assets.importedByClient(key.roots.scripts)]
        if links and not key.xhtml:
            # On a slow line, the socket's first packets would have to wait for all that has been requested before.
            links[-1](rel=LATER)
        return links

    def _scripts(self, key: _Key) -> tuple[tuple[tuple[str, str], ...], ...]:
        root = key.roots.scripts
        client = self._assets.clientURL(root)
        # They wait for nothing, so that they run before anything can fail, and before the first socket.
        first = [self._assets.overlayURL(root)] if key.debug else []
        if self._assets.debug is not None:
            first.append(self._assets.recorderURL(root))
        early = tuple((("src", url),) for url in first)
        if key.xhtml:
            return (*early, (("src", self._assets.xhtmlURL(root)), ("data-client", client)))
        # They wait neither for style sheets nor for the document, so that the page connects early.
        modules = self._assets.openerURL(root), client
        return (*early, *((("type", "module"), ("async", ""), ("src", url)) for url in modules))


def _settings(key: _Key) -> dict[str, Any]:
    settings = {
        "token": "",
        "transport": f"{key.roots.transport}/transport",
        "jsClass": key.jsClass,
        "modules": key.modules,
        "maxMessageSize": key.maxMessageSize,
        "debug": key.debug,
    }
    # Most pages have none of these.
    optional = {"widgets": key.widgets, "texts": dict(key.texts), "reloads": key.reloads, "posted": key.posted}
    return settings | {name: value for name, value in optional.items() if value}


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
