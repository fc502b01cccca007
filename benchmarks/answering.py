# -*- test-case-name: tests.project.test_benchmarks -*-
"""
The page of the calls: it answers, and asks all others. ``--element=benchmarks.answering.answering``.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred, gatherResults

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr

TEMPLATE = '<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement" />'


class Answering(LiveElement):
    """One of the pages."""

    docFactory = xmlstr(TEMPLATE)

    def __init__(self, pages: list[Answering]) -> None:
        self._pages = pages

    def connectionMade(self) -> None:
        self._pages.append(self)

    def connectionLost(self, reason: Any) -> None:
        self._pages.remove(self)

    @expose
    def echo(self, value: Any) -> Any:
        """The same again."""
        return value

    @expose
    def ask(self, value: Any) -> Deferred[int]:
        """
        Ask every page for ``value``, and wait for them all.

        :return: how many gave it back.
        """
        answers = gatherResults([page.callRemote("answer", value) for page in self._pages])
        return answers.addCallback(lambda given: sum(one == value for one in given))


_pages: list[Answering] = []


def answering() -> Answering:
    """A page more."""
    return Answering(_pages)
