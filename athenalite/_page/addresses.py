# -*- test-case-name: tests.page.test_addresses -*-
"""
The address that the browser shows for a page, and changes of it without a new document: :class:`Addresses`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urljoin

from twisted.internet.defer import Deferred

from .._assets.assets import ADDRESSES
from .._awaiting.results import driven
from .._core.expose import expose
from ..context import Context
from ..errors import ArgumentError, ForeignURL, NoSuchMethod
from .nevowresource import ofDocument
from .requirements import ModuleURLs

#: The function of the browser that shows an address.
SHOW: Final = f"{ADDRESSES}.showURL"
#: The longest address, in characters.
_LONGEST: Final = 4000
#: Browsers read a backslash as a slash, and leave out some of the others.
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
_QUOTED: Final = 80


class Addresses(ModuleURLs):
    """
    Methods of a page that change its address. The page, or its element if it shows one, has a method
    ``addressChanged(url)``, which is called when the person goes back or forward.
    """

    _athenaURL: str | None = None
    # The path of the document: the browser's may have a prefix before it.
    _athenaPath = ""
    # How often the person has changed the address.
    _athenaMoves = 0

    def _athenaAddressChanged(self) -> Callable[[str], Any] | None:
        """Return the method that is called when the person goes back or forward, or None."""
        found = getattr(self, "addressChanged", None)
        return found if callable(found) else None

    def _athenaAddress(self) -> list[Any]:
        """Return the state that goes to another worker with the page."""
        return [self._athenaURL, self._athenaPath, self._athenaMoves]

    @ofDocument
    def renderHTTP(self, ctx: Context) -> Any:
        self._athenaURL = ctx.request.uri.decode("latin-1")
        self._athenaPath = self._athenaURL.partition("?")[0]
        self._athenaRequirements.hasAddresses = self._athenaAddressChanged() is not None
        return super().renderHTTP(ctx)

    @property
    def currentURL(self) -> str:
        """
        The address that the browser shows, as far as the server knows: the path, the query and the fragment, quoted. A
        prefix that a proxy removes is not in it.

        :raise RuntimeError: before the page is requested.
        """
        if self._athenaURL is None:
            raise RuntimeError("the page has no address before it is requested")
        return self._athenaURL

    def pushURL(self, url: str) -> None:
        """
        Show another address, to which the person can go back. If the person has gone elsewhere meanwhile, nothing
        happens, and ``addressChanged`` is called.

        :param url: with path, query and fragment, or some of them, quoted; relative to :attr:`currentURL`.
        :raise athenalite.errors.ForeignURL: if it is anything else, or leads to another site.
        :raise RuntimeError: if there is no method ``addressChanged``.
        """
        self._athenaShow(url, True)

    def replaceURL(self, url: str) -> None:
        """Show another address in the place of this one. See :meth:`pushURL`."""
        self._athenaShow(url, False)

    def _athenaShow(self, url: str, isNew: bool) -> None:
        page: Any = self
        if self._athenaAddressChanged() is None:
            owner = type(getattr(self, "element", self)).__name__
            raise RuntimeError(f"{owner} has no method addressChanged(url), which is called when the person goes back")
        self._athenaURL = resolved(self.currentURL, url)
        # Without the result, what fails is logged.
        page.session.callRemote(0, SHOW, (self._athenaURL, isNew, self._athenaMoves, self._athenaPath), {})

    @expose
    def _athenaMoved(self, url: str, start: str, moves: int) -> Deferred[None] | None:
        """
        The person has changed the address.

        :param start: the path that the document has in the browser.
        :param moves: how often.
        """
        changed = self._athenaAddressChanged()
        if changed is None:
            raise NoSuchMethod(0, "_athenaMoved")
        prefix = start.removesuffix(self._athenaPath) if start.endswith(self._athenaPath) else ""
        try:
            self._athenaURL = resolved("/", url.removeprefix(prefix))
        except ForeignURL as error:
            raise ArgumentError(str(error), "url") from None
        self._athenaMoves = moves
        result = driven(changed(self._athenaURL))
        return result.addCallback(_nothing) if isinstance(result, Deferred) else None


def _nothing(result: Any) -> None:
    """The result is not sent."""


def resolved(base: str, url: str) -> str:
    """
    :param base: an address of this site.
    :param url: one relative to it.
    :return: the path with the query and the fragment.
    :raise ForeignURL: if ``url`` has a scheme, a host, what is not quoted, or is too long.
    """
    try:
        joined = "" if _FORBIDDEN.search(url) else urljoin(base, url)
    except ValueError:
        # Brackets that belong to a host.
        joined = ""
    # One with a scheme stays as it is, and one with a host begins with two slashes.
    if not joined.startswith("/") or joined.startswith("//") or len(joined) > _LONGEST:
        raise ForeignURL(
            f"{url[:_QUOTED]!r} is not an address of this site: a path, a query or a fragment, quoted, of at most "
            f"{_LONGEST} characters"
        )
    return joined
