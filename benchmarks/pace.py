# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Measure what people do, compared with raw Autobahn doing the same: ``python -m benchmarks.all --only pace``.

Both servers run at the same time on one core, and the CPU time of each is compared. ``README.rst`` has the rows.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from autobahn.websocket import USES_NVX

from harness.documents import machine
from harness.fleet import Fleet
from harness.server import selfSigned
from harness.subjects import ELEMENT, Subject
from harness.work import Broadcasts, call

from .figures import Table
from .servers import OURS, RAW, together, versions

IN_FLIGHT: Final = 8
DELIVERIES: Final = 30_000
CALLS: Final = 10_000
#: For how long pages are open before the pace is measured, so that keep-alives have their rhythm, in seconds.
SETTLED: Final = 21.0
#: Twisted's backlog is 50.
WAITING: Final = 40
WORKS: Final = ("pace", "idle", "data", "tls", "resume")


def _fields(text: str) -> Any:
    return {"who": "load", "text": text, "room": "kitchen", "colour": "blue", "kind": "message"}


def _nested(text: str) -> Any:
    # As the description of an element that the server sends, with numbers.
    child = {"id": 8, "class": "Chat.Name", "initArguments": ["load", 1.5]}
    markup = f'<div><p id="athena:7" class="line">{text}</p></div>'
    return {"id": 7, "class": "Chat.Line", "initArguments": [17, [1, 2.5, None]], "markup": markup, "children": [child]}


@dataclass
class Pace:
    """
    One round of all rows; ``table`` collects the results of several.

    :ivar pages: how many pages each server has, ``idlePages`` of them in the row about idle ones.
    :ivar seconds: how long each pace lasts.
    :ivar pem: the path of the certificate.
    :ivar given: see :func:`harness.subjects.athenalite`.
    """

    table: Table
    pages: int
    idlePages: int
    seconds: float
    pem: Path
    given: Mapping[str, Any]

    @contextmanager
    def _servers(self, pages: int, tls: Path | None = None) -> Iterator[Mapping[str, Subject]]:
        with together(ELEMENT, tls=tls, pages=pages, **self.given) as self._both:
            yield self._both

    def _during(self, seconds: float, every: float = 0) -> tuple[dict[str, float], int]:
        """
        Wait, while one of the pages speaks at an interval.

        :return: the CPU seconds of each server, and how often each page was called.
        """
        before = {name: one.spent for name, one in self._both.items()}
        began, said = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            for one in self._both.values():
                if every and passed >= said * every:
                    one.fleet.say(f"message {said:08d}, as long as a line in a chat")
                one.fleet.attend(0.02)
            if every and passed >= said * every:
                said += 1
        for one in self._both.values():
            one.fleet.catchUp()
        return {name: one.spent - before[name] for name, one in self._both.items()}, said

    def pace(self) -> None:
        """A chat with one message every few seconds, keep-alives included."""
        with self._servers(self.pages):
            self._during(SETTLED, 6)
            for every, goal in ((6, 0.60), (1, 0.50)):
                spent, said = self._during(self.seconds, every)
                found = {name: seconds / said / self.pages for name, seconds in spent.items()}
                self.table.add(f"{self.pages} pages, a say in {every} s, a string", goal, found)

    def idle(self) -> None:
        """Pages that do nothing."""
        with self._servers(self.idlePages):
            self._during(SETTLED)
            spent, _ = self._during(self.seconds)
            found = {name: seconds / self.seconds for name, seconds in spent.items()}
            self.table.add(f"{self.idlePages} idle pages; CPU per second", None, found, "ms")

    def _broadcasts(self, title: str, goals: Sequence[float | None], data: Callable[[str], Any] = str) -> None:
        for window, goal in zip((1, IN_FLIGHT), goals, strict=True):
            deliveries = DELIVERIES * (2 if window > 1 else 1)
            found = {name: Broadcasts(one, data=data).measure(deliveries, window) for name, one in self._both.items()}
            flight = f", {window} in flight" if window > 1 else ""
            self.table.add(f"say to {self.pages}{flight}: {title}", goal, found)

    def _calls(self, title: str, goal: float, data: Callable[[str], Any] = str) -> None:
        found = {}
        for name, one in self._both.items():
            call(one, 8, IN_FLIGHT, data=data)
            found[name] = call(one, CALLS // len(one.fleet), IN_FLIGHT, data=data)
        self.table.add(f"call answered, {len(one.fleet)} pages x {IN_FLIGHT}: {title}", goal, found)

    def data(self) -> None:
        """Broadcasts of strings and objects, and with errbacks; calls with both."""
        with self._servers(self.pages) as both:
            self._broadcasts("a string", (0.35, 0.22))
            self._broadcasts("an object of five fields", (0.45, 0.35), _fields)
            self._broadcasts("numbers, nested, as an element's", (0.50, 0.40), _nested)
            for one in both.values():
                one.fleet.dialect.method = "sayOrLog"
            self._broadcasts("a string, with addErrback", (0.60, 0.50))
        with self._servers(min(50, self.pages)):
            self._calls("a string", 0.35)
            self._calls("an object of five fields", 0.40, _fields)

    def tls(self) -> None:
        """The same over TLS."""
        with self._servers(self.pages, tls=self.pem):
            self._broadcasts("a string, TLS", (0.70, 0.35))
        with self._servers(min(50, self.pages), tls=self.pem):
            self._calls("a string, TLS", 0.50)

    def resume(self) -> None:
        """All pages lose their connections at once, and return at once."""
        with self._servers(self.pages) as both:
            spent, waited = {}, {}
            for name, one in both.items():
                before, began = one.spent, time.monotonic()
                _cut(one.fleet)
                spent[name] = (one.spent - before) / self.pages
                waited[name] = time.monotonic() - began
            self.table.add(f"{self.pages} pages resume at once; CPU of a page", 0.8, spent)
            self.table.add(f"{self.pages} pages resume at once; until all are back", None, waited, "ms")


def _cut(fleet: Fleet) -> None:
    for page in fleet.pages:
        fleet.lose(page)
    # No more at a time than may wait to be accepted: the kernel lets others try again after a second.
    for start in range(0, len(fleet), WAITING):
        some = fleet.pages[start : start + WAITING]
        for page in some:
            page.begin(fleet.port, page.fetched)
        for page in some:
            fleet.resumed(page)


def conditions(reactor: str = "") -> str:
    """Describe what is the same for all rows: where, with what, and who else uses the machine."""
    nvx = "in use" if USES_NVX else "not in use"
    load = f"{os.getloadavg()[1]:.1f} runnable processes on average"
    where = f"{machine()}, {versions(())}, NVX {nvx}, Twisted's {reactor or 'default'} reactor"
    return f"{where}, no TLS where it is not named; {load}"


def run(
    rounds: int, rows: Sequence[str] = WORKS, idle: int = 5000, minutes: float = 2.0, pages: int = 1000, **given: Any
) -> Table:
    """
    :param rows: of :data:`WORKS`, those to run.
    :param minutes: see :class:`Pace`, as for ``given``.
    :return: the results.
    """
    table = Table(RAW, OURS)
    with TemporaryDirectory() as directory:
        one = Pace(table, pages, idle, minutes * 60, selfSigned(Path(directory)), given)
        for number in range(rounds):
            for work in filter(rows.__contains__, WORKS):
                getattr(one, work)()
            print(f"pace: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return table
