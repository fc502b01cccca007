# -*- test-case-name: tests.core.test_watching -*-
"""
Watching the lives of pages, for a site's operator: a :class:`WatchedPage` stands between a session and its page.

A site without a :class:`Watcher` has no object of this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from twisted.python.failure import Failure

from ..interfaces import IClock, IPage
from .outbox import Parts
from .session import Session


class Life:
    """
    The life of one page.

    :ivar number: counts the pages of a site, from 1: a name for the page that is no secret.
    :ivar session: its session.
    :ivar peer: the peer that it was rendered for, from coarse to fine.
    :ivar page: the application's page.
    :ivar began: when it was rendered, in seconds of the site's clock.
    :ivar since: when its state has changed last.
    :ivar resumptions: how many times it has reconnected.
    """

    __slots__ = ("began", "number", "page", "peer", "resumptions", "session", "since")

    def __init__(self, number: int, session: Session, peer: tuple[str, ...], page: IPage, now: float) -> None:
        self.number = number
        self.session = session
        self.peer = peer
        self.page = page
        self.began = self.since = now
        self.resumptions = 0

    @property
    def pageClass(self) -> str:
        """The name of the class of the page, or of its only element."""
        element = getattr(self.page, "element", None)
        return type(self.page if element is None else element).__name__

    @property
    def user(self) -> str | None:
        """The attribute ``user`` of the page, or of its only element, if that is a text."""
        return _userOf(self.page) or _userOf(getattr(self.page, "element", None))

    def address(self, behindProxy: bool) -> str:
        """
        :param behindProxy: whether the peers of the site's pages have no ports.
        :return: the address of the browser; empty if it is not known.
        """
        place = -1 if behindProxy else -2
        return self.peer[place] if len(self.peer) >= -place else ""


def _userOf(subject: Any) -> str | None:
    # The text of another object may contain secrets.
    user = getattr(subject, "user", None)
    return user if isinstance(user, str) else None


class Watcher(Protocol):
    """Called for the changes of each page of a site. ``life.since`` is still the time at which the last state began."""

    def pageRendered(self, life: Life) -> None:
        """The page is about to be rendered."""

    def pageConnected(self, life: Life) -> None:
        """The page has connected for the first time."""

    def pageDisconnected(self, life: Life) -> None:
        """The page has no socket at present."""

    def pageResumed(self, life: Life) -> None:
        """The page has reconnected; what was unacknowledged has been sent again."""

    def pageLost(self, life: Life) -> None:
        """The page is lost, for ``life.session.reason``."""


class Tracer(Protocol):
    """Records the calls of a site, in both directions, for what collects traces."""

    def parts(self, page: IPage, usual: Parts) -> Parts:
        """
        :param page: the page whose calls are traced.
        :return: what makes parts of its session that trace them, by those that are made otherwise.
        """

    def requested(self, page: Any, headers: Mapping[str, str]) -> None:
        """
        Note what came with the request for ``page``.

        :param headers: by lower-case name.
        """


class WatchedPage:
    """An :class:`athenalite.interfaces.IPage` in front of another. It notifies watchers of what the session reports."""

    def __init__(self, page: IPage, watchers: Sequence[Watcher], clock: IClock) -> None:
        self._page = page
        self._watchers = watchers
        self._clock = clock
        # What is called for each call and each socket goes to the page itself.
        self.locateExposed = page.locateExposed
        self.convertValue = page.convertValue
        self.fileOfModule = page.fileOfModule
        self.authorize = page.authorize

    def rendered(self, number: int, session: Session, peer: tuple[str, ...]) -> None:
        """Begin the page's life."""
        self._life = Life(number, session, peer, self._page, self._clock.seconds())
        for watcher in self._watchers:
            watcher.pageRendered(self._life)

    def _changed(self) -> None:
        self._life.since = self._clock.seconds()

    def sessionConnected(self) -> None:
        for watcher in self._watchers:
            watcher.pageConnected(self._life)
        self._changed()
        self._page.sessionConnected()

    def sessionDisconnected(self) -> None:
        for watcher in self._watchers:
            watcher.pageDisconnected(self._life)
        self._changed()
        self._page.sessionDisconnected()

    def sessionResumed(self) -> None:
        self._life.resumptions += 1
        for watcher in self._watchers:
            watcher.pageResumed(self._life)
        self._changed()
        self._page.sessionResumed()

    def sessionEnding(self, reason: Failure) -> None:
        self._page.sessionEnding(reason)

    def sessionLost(self, reason: Failure) -> None:
        for watcher in self._watchers:
            watcher.pageLost(self._life)
        self._page.sessionLost(reason)
