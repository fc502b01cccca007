# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Measure how costs grow with pages, messages and elements: ``python -m benchmarks.all --only curves``.

A sudden rise of the cost per delivery would not show in a table of a few points. Each point is the median over the
rounds; in each round, both servers do each point's work one after the other.
"""

import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

from harness.subjects import ELEMENT
from harness.work import Broadcasts, call

from .figures import Curve
from .servers import OURS, together

#: About how many deliveries and calls each point has.
DELIVERIES: Final = 20_000
CALLS: Final = 4000
IN_FLIGHT: Final = 8
MICROSECOND: Final = 1e-6


class Points(NamedTuple):
    """The points of the curves."""

    pages: Sequence[int] = (100, 200, 500, 1000, 2000, 5000)
    sizes: Sequence[int] = (60, 125, 126, 500, 2000, 4000, 16_000)
    burst: Sequence[int] = (1, 2, 4, 8, 16, 32, 64)
    elements: Sequence[int] = (1, 2, 5, 10, 30, 100)
    #: How many pages there are where something else grows.
    company: int = 200
    #: How many pages make calls.
    callers: int = 50


class Curves:
    """Measures all curves; ``curves`` has the results, by a short name."""

    def __init__(self, points: Points) -> None:
        self._points = points
        delivery, growing = "us per delivery", "bytes of text"
        self.curves = {
            "pages": Curve("A delivery, as pages grow", "pages", delivery),
            "sizes": Curve("A delivery, as messages grow", growing, delivery),
            "calls": Curve("A call answered, as messages grow", growing, "us per call"),
            "burst": Curve("A delivery, as messages per batch grow", "messages per batch", delivery),
            "elements": Curve("A delivery, as elements grow", "elements per page", delivery),
            "opening": Curve("Opening a page, as elements grow", "elements per page", "us per page"),
            "memory": Curve("Memory of a page, as elements grow", "elements per page", "KiB per page"),
        }

    def pages(self) -> None:
        """Measure more and more pages, with one message at a time and several in flight."""
        with together(ELEMENT) as both:
            for size in self._points.pages:
                for one in both.values():
                    one.open(size - len(one.fleet))
                for window, label in ((1, ""), (IN_FLIGHT, f", {IN_FLIGHT} in flight")):
                    for name, one in both.items():
                        self._broadcast("pages", f"{name}{label}", size, Broadcasts(one, burst=1), window)

    def _broadcast(self, curve: str, line: str, at: int, sender: Broadcasts, window: int = 1) -> None:
        self.curves[curve].add(line, at, sender.measure(DELIVERIES, window) / MICROSECOND)

    def messages(self) -> None:
        """Measure longer and longer messages, and more and more of them in a batch."""
        with together(ELEMENT, pages=self._points.company) as both:
            for size in self._points.sizes:
                for name, one in both.items():
                    self._broadcast("sizes", name, size, Broadcasts(one, size=size, burst=1))
            for burst in self._points.burst:
                for name, one in both.items():
                    self._broadcast("burst", name, burst, Broadcasts(one, burst=burst))

    def calls(self) -> None:
        """Measure longer and longer calls, with results of the same length."""
        pages = self._points.callers
        with together(ELEMENT, pages=pages) as both:
            for size in self._points.sizes:
                # The rate limit of a page counts bytes, too.
                count = min(max(CALLS // pages, 1), 800_000 // size)
                for name, one in both.items():
                    call(one, 4, 4, size)
                    self.curves["calls"].add(name, size, call(one, count, 8, size) / MICROSECOND)

    def elements(self) -> None:
        """Measure more and more elements per page."""
        for elements in self._points.elements:
            pages = min(self._points.company, max(10, 2000 // elements))
            with together(ELEMENT, peers=(), environment={"ELEMENTS": str(elements)}) as both:
                one = both[OURS]
                one.open(1)
                before = one.memory
                self.curves["opening"].add(OURS, elements, one.open(pages) / MICROSECOND)
                self.curves["memory"].add(OURS, elements, (one.memory - before) / pages / 1024)
                self._broadcast("elements", OURS, elements, Broadcasts(one, burst=1, elements=elements))


def run(rounds: int, points: Points | None = None) -> dict[str, Curve]:
    """Measure all curves, or these points of them."""
    found = Curves(points or Points())
    for number in range(rounds):
        for work in (found.pages, found.messages, found.calls, found.elements):
            work()
        print(f"curves: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return found.curves
