# -*- test-case-name: tests.project.test_benchmarks -*-
"""
The page for the calls: its methods return their argument, and call all pages.

``--element=benchmarks.answering.answering``.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred, gatherResults

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr

TEMPLATE = '<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement" />'


class Answering(LiveElement):
    """The element of a page."""

    docFactory = xmlstr(TEMPLATE)

    def __init__(self, pages: list[Answering]) -> None:
        self._pages = pages

    def connectionMade(self) -> None:
        self._pages.append(self)

    def connectionLost(self, reason: Any) -> None:
        self._pages.remove(self)

    @expose
    def echo(self, value: Any) -> Any:
        """Return the argument."""
        return value

    @expose
    def ask(self, value: Any) -> Deferred[int]:
        """
        Call every page with ``value``, and wait for all results.

        :return: how many pages returned ``value``.
        """
        answers = gatherResults([page.callRemote("answer", value) for page in self._pages])
        return answers.addCallback(lambda given: sum(one == value for one in given))


_pages: list[Answering] = []


def answering() -> Answering:
    """Make the element of another page."""
    return Answering(_pages)
