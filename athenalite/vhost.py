# -*- test-case-name: tests.test_vhost -*-
"""
``nevow.vhost``: sites by the name of the host, on ``twisted.web.vhost``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.web.vhost import NameVirtualHost as TwistedNameVirtualHost
from twisted.web.vhost import VHostMonsterResource

from ._porting.missing import absent
from .loaders import stan
from .rend import Page, asResource
from .tags import a, body, directive, h1, head, html, li, style, title, ul
from .url import URL

__all__ = ["NameVirtualHost", "VHostMonsterResource", "VirtualHostList"]


class NameVirtualHost(TwistedNameVirtualHost):
    """
    A resource whose children are those of the host that the request is for.

    :cvar supportNested: whether a host stands for all names below it, too, that have no resource of their own.
    """

    supportNested = True
    default: Any = None

    def __init__(self, default: Any = None, listHosts: bool = True) -> None:
        """
        :param default: a resource for other hosts; or what can be adapted to one.
        :param listHosts: whether other hosts get a list of these, if there is no default.
        """
        super().__init__()
        if default is not None:
            self.default = asResource(default)
        elif listHosts:
            self.default = VirtualHostList(self)

    def addHost(self, name: str | bytes, resrc: Any) -> None:
        """
        :param name: of the host, without a port.
        :param resrc: its resource, or what can be adapted to one.
        """
        super().addHost(_bytes(name), asResource(resrc))

    def removeHost(self, name: str | bytes) -> None:
        """
        :raise KeyError: if it was not added.
        """
        super().removeHost(_bytes(name))

    def _getResourceForRequest(self, request: Any) -> Any:
        host = (request.getHeader(b"host") or b"").lower().partition(b":")[0]
        while self.supportNested and host and host not in self.hosts:
            host = host.partition(b".")[2]
        return self.hosts[host] if host in self.hosts else super()._getResourceForRequest(request)


class VirtualHostList(Page):
    """A page with links to the hosts of a :class:`NameVirtualHost`."""

    docFactory = stan(
        html[
            head[title[directive("title")], style[directive("stylesheet")]],
            body[h1[directive("title")], ul[directive("hosts")]],
        ]
    )
    stylesheet = "h1 { padding: 0.1em; border-bottom: thin dashed; }"

    def __init__(self, nvh: NameVirtualHost) -> None:
        """
        :param nvh: has the hosts.
        """
        super().__init__()
        self.nvh = nvh

    def getStyleSheet(self) -> str:
        """
        :return: the text of the page's style sheet.
        """
        return self.stylesheet

    def render_stylesheet(self, ctx: Any, data: Any) -> Any:
        """The style sheet."""
        return self.getStyleSheet()

    def render_title(self, ctx: Any, data: Any) -> Any:
        """The heading."""
        asked = URL.fromContext(ctx)
        return f"Virtual Host Listing for {asked.scheme}://{asked.netloc}"

    def render_hosts(self, ctx: Any, data: Any) -> Any:
        """The links."""
        asked = URL.fromRequestAbsolute(ctx.request)
        _, colon, port = asked.netloc.partition(":")
        for name in sorted(host.decode("ascii", "replace") for host in self.nvh.hosts):
            yield li[a(href=URL(asked.scheme, name + colon + port, asked.pathList()))[name]]


def _bytes(name: str | bytes) -> bytes:
    return name.encode("idna") if isinstance(name, str) else name


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
