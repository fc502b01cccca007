# -*- test-case-name: tests.test_admin -*-
"""
Lists the open pages of a site for its operator, and serves a page that shows them. ``athena-widget`` has it with
``--admin``; a site of your own has it so::

    factory = LivePageFactory(reactor)
    admin = Admin(reactor, factory)

``admin.pages`` has the open pages. ``admin.resource`` is the root of a site that must be
reachable by operators only, because its visitors can end pages. ``docs/deploying.rst`` describes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from twisted.cred.checkers import ICredentialsChecker
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.web.resource import Resource

from ._admin.element import STYLES, AdminElement
from ._admin.openpages import OpenPage, OpenPages, PageEvent
from ._admin.resource import AdminResource
from ._page.elementpage import ElementRenderingLivePage
from ._server.factory import LivePageFactory
from ._server.peer import hostOf
from .interfaces import IClock

__all__ = ["Admin", "OpenPage", "OpenPages", "PageEvent"]


def _nothing(draining: bool) -> None:
    """The default of ``Admin.drained``."""


class Admin:
    """
    What the operator of one site sees and does.

    :ivar pages: the open pages of the site, an :class:`OpenPages`.
    :ivar resource: the root of the operators' own site.
    :ivar factory: the factory of the operators' own pages, which are not among ``pages``.
    """

    pages: OpenPages
    resource: Resource
    factory: LivePageFactory

    def __init__(
        self,
        reactor: IClock,
        factory: LivePageFactory,
        checker: ICredentialsChecker | None = None,
        others: Sequence[str] = (),
    ) -> None:
        """
        Make it before the first page is made: it has only pages that are rendered afterwards.

        :param factory: of the site.
        :param checker: knows the names and passwords of operators, a checker of ``twisted.cred`` for
            ``IUsernamePassword``. None if only operators can reach the resource.
        :param others: the names of the other workers, for links to ``/?worker=NAME``.
        """
        self.pages = OpenPages(reactor, factory.behindProxy)
        factory.sessions.watch(self.pages)
        self.others = [(name, f"?worker={name}") for name in others]
        self._site = factory
        self._reactor = reactor
        self._isStopping = False
        #: Is called with whether the site drains, when an operator has changed that.
        self.drained: Callable[[bool], object] = _nothing
        self.factory = LivePageFactory(reactor, factory.limits, debug=factory.debug, name=factory.name)
        self.factory.packages.choose({}, STYLES)
        self.resource = AdminResource(self._pageFor, self.factory.resource, checker)

    @property
    def name(self) -> str:
        """The name of this worker; empty if there is only one."""
        return self._site.name or ""

    @property
    def log(self) -> Logger:
        """The log of the site."""
        return self._site.log

    @property
    def isDraining(self) -> bool:
        """Whether new visitors are to go elsewhere."""
        return self._site.isDraining

    def drain(self) -> None:
        """Let new visitors go elsewhere, see :meth:`LivePageFactory.drain`. Open pages stay."""
        self._site.drain()
        self.drained(True)

    def undrain(self) -> None:
        """Take new visitors again. Does nothing while the server stops."""
        self._site.drain(self._isStopping)
        self.drained(self._isStopping)

    def stopping(self) -> None:
        """Refuse to end the draining from now on: the server is about to stop."""
        self._isStopping = True

    def close(self) -> Deferred[None]:
        """
        Close the operators' pages.

        :return: fires when they are closed.
        """
        return self.factory.close("the server has stopped")

    def _pageFor(self, request: Any, user: str) -> ElementRenderingLivePage:
        peer = hostOf(request, False)
        element = AdminElement(self, self._reactor, f"{user} at {peer}" if user else peer)
        return ElementRenderingLivePage(element, self.factory)
