# -*- test-case-name: tests.testing.test_moves -*-
"""
A simulated page goes on in another worker: :func:`movePage`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from twisted.internet.defer import Deferred

from .._core.moving import pageOf
from .._core.registry import SessionRegistry
from .._core.session import Session

#: For how long it is away, in seconds.
AWAY: Final = 0.25


def movePage(sessions: SessionRegistry, page: Any, before: Any, after: Any, advance: Callable[[float], object]) -> None:
    """
    :param page: of :class:`athenalite.testing.StubPage`.
    :param before: the :class:`athenalite._page.moving.PageMover` of its worker.
    :param after: that of the other one.
    :raise ValueError: if the page cannot move.
    """
    session: Session = page.page.session

    def found(moved: Session | None) -> Session | None:
        page.page = page.page if moved is None else pageOf(moved)
        return moved

    Deferred.fromCoroutine(before.leaveAlone(session))
    sessions.finder = lambda token: after.find(token).addCallback(found)
    advance(AWAY)
    page.reconnect()
    advance(AWAY)
    sessions.finder = None
    if page.page.session is session:
        raise ValueError(f"{page.page!r} cannot move: docs/scaling.rst says which pages can")
