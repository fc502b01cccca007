# -*- test-case-name: tests.page.test_reports -*-
"""
What the client of a page reports in debug mode: :class:`Reports`.
"""

from __future__ import annotations

from typing import Any, Final

from .._core.expose import expose
from .._core.objects import ObjectTable
from ..errors import NoSuchMethod
from .element import LiveElement

#: How much of a text is logged, in characters, and how many widgets of a report. The log bounds what a page causes.
_TEXT: Final = 600
_WIDGETS: Final = 20


class Reports:
    """The methods of a page that the client calls in debug mode. Without it they do not exist."""

    debug: bool
    _athenaObjects: ObjectTable

    @expose
    def _athenaReport(self, text: str, widgets: list[int]) -> None:
        """
        Log what the browser has found.

        :param widgets: the numbers of the elements that it is about.
        """
        if not self.debug:
            raise NoSuchMethod(0, "_athenaReport")
        named = [self._described(number) for number in widgets[:_WIDGETS]]
        page: Any = self
        page.session.log.warn(
            "The browser reports: {text}{widgets}",
            text=text[:_TEXT],
            widgets=f": {', '.join(named)}" if named else "",
        )

    def _described(self, number: int) -> str:
        try:
            element = self._athenaObjects[number]
        except KeyError:
            return f"athena:{number}"
        if not isinstance(element, LiveElement):
            return f"athena:{number}"
        place = element.placeOfTemplate()
        return f"{type(element).__name__} (athena:{number}{f', {place}' if place else ''})"
