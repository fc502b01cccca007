# -*- test-case-name: tests.admin.test_resource -*-
"""
The site of an operator: :class:`AdminResource` makes a page for each request, behind a password if there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.portal import IRealm, Portal
from twisted.web.guard import BasicCredentialFactory, HTTPAuthSessionWrapper
from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from zope.interface import implementer

from .._assets.assets import PREFIX
from .._server.responses import asError

#: What a browser calls the site when it asks for a password.
REALM = b"athenalite"


class AdminResource(Resource):
    """
    Serves ``/``, with a new page for each request. The scripts and sockets below ``_athena`` ask for no password, which
    not every browser sends with a socket: a socket is opened with the secret of its page.
    """

    def __init__(
        self, pageFor: Callable[[Any, str], IResource], assets: Resource, checker: ICredentialsChecker | None
    ) -> None:
        """
        :param pageFor: makes the page of a request, and of the name by which somebody has logged in.
        :param assets: the resource of the factory of its pages.
        :param checker: knows names and passwords; None to let everybody in.
        """
        super().__init__()
        self._pages: IResource = _Pages(pageFor, "")
        if checker is not None:
            portal = Portal(_Realm(pageFor), [checker])
            self._pages = HTTPAuthSessionWrapper(portal, [BasicCredentialFactory(REALM)])
        self.putChild(PREFIX.encode("ascii"), assets)

    def getChildWithDefault(self, path: bytes, request: Any) -> IResource:
        if request.clientproto == b"HTTP/1.1" and not request.requestHeaders.hasHeader(b"upgrade"):
            # A parent passes a connection to one worker, and the next request may be for another.
            request.setHeader(b"connection", b"close")
            request.channel.persistent = False
        child: IResource = super().getChildWithDefault(path, request)
        return child

    def getChild(self, path: bytes, request: Any) -> IResource:
        if path or request.postpath:
            return notFound()
        child: IResource = self._pages.getChildWithDefault(path, request)
        return child


class _Pages(Resource):
    def __init__(self, pageFor: Callable[[Any, str], IResource], name: str) -> None:
        super().__init__()
        self._pageFor = pageFor
        self._name = name

    def getChild(self, path: bytes, request: Any) -> IResource:
        return self._pageFor(request, self._name) if request.method == b"GET" else _OnlyGet()


class _OnlyGet(Resource):
    isLeaf = True

    def render(self, request: Any) -> bytes:
        request.setHeader("allow", "GET")
        return asError(request, HTTPStatus.METHOD_NOT_ALLOWED, b"Ask with GET.\n")


@implementer(IRealm)
class _Realm:
    def __init__(self, pageFor: Callable[[Any, str], IResource]) -> None:
        self._pageFor = pageFor

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> tuple[Any, IResource, Callable[[], None]]:
        name = avatarId.decode("utf-8", "replace") if isinstance(avatarId, bytes) else str(avatarId)
        return IResource, _Pages(self._pageFor, name), lambda: None
