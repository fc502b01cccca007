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
from .._core.states import State

#: For how long it is away, in seconds.
AWAY: Final = 0.25
#: How often it tries to come back.
_TRIES: Final = 40


def movePage(sessions: SessionRegistry, page: Any, before: Any, after: Any, advance: Callable[[float], object]) -> None:
    """
    :param page: of :class:`athenalite.testing.StubPage`.
    :param before: the :class:`athenalite._page.moving.PageMover` of its worker.
    :param after: that of the other one.
    :raise ValueError: if the page cannot move, or is lost.
    """
    session: Session = page.page.session

    def found(moved: Session | None) -> Session | None:
        page.page = page.page if moved is None else pageOf(moved)
        return moved

    Deferred.fromCoroutine(before.leaveAlone(session))
    if session.state is not State.LOST:
        raise ValueError(f"{page.page!r} cannot move: docs/scaling.rst says which pages can")
    sessions.finder = lambda token, worker: after.find(token, worker).addCallback(found)
    for _ in range(_TRIES):
        advance(AWAY)
        if page.lost is not None or page.page.session is not session:
            break
        if not page.connected:
            # As a browser does, after a moment.
            page.reconnect()
    sessions.finder = None
    if page.lost is not None:
        raise ValueError(f"{page.page!r} was lost: {page.lost}")
