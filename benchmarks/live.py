# -*- test-case-name: tests.project.test_peers -*-
"""
Measure live templates beside NiceGUI and python-socketio: ``python -m benchmarks.live``.

Each serves the dashboard and the list of ``examples/live``, or the same of ``benchmarks/peers/live``. CPU time is that
of the server with clients that offer no compression; bytes and times are those of Chromium, with whatever compression
the server chooses. ``docs/performance.rst`` has the method.
"""

import argparse
import os
import shlex
import sqlite3
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from harness.browser import chromium
from harness.dialects import Athena, BrokenPromise, Dialect, NiceGUI, SocketIO
from harness.documents import columns, machine, show
from harness.fleet import ignored
from harness.livework import bars
from harness.portforwarder import PortForwarder
from harness.server import ROOT
from harness.subjects import Subject, application, athenalite, separate, serverCore
from harness.watching import Watcher, browsed

from .servers import OURS, PEERS, installNode

#: NiceGUI pins many packages, so that it has an environment of its own, which the first run makes.
NICEGUI: Final = ROOT / "build" / "nicegui"
#: Each kind of application, and a text that shows that its page is there.
KINDS: Final = {"dashboard": "Machine 49", "list": "thing 49"}
#: Seconds between the opening of pages and what is measured.
SETTLED: Final = 2.0
Figures = dict[str, dict[str, list[float]]]


class Library(NamedTuple):
    """
    :ivar packages: those of which the version is published.
    :ivar applications: by kind, the element or script, what is in each message of an update, and patterns of the files.
    """

    dialect: type[Dialect]
    folder: Path
    packages: Sequence[str]
    applications: Mapping[str, tuple[str, bytes, str]]
    python: str = sys.executable


def _scripts(name: str, dashboard: bytes, items: bytes) -> Mapping[str, tuple[str, bytes, str]]:
    """Return the applications of a peer, by what is in the messages of their updates."""
    updates = {"dashboard": dashboard, "list": items}
    return {kind: (f"{name}_{kind}.py", update, f"{name}_{kind}.*") for kind, update in updates.items()}


_OWN: Final = {
    "dashboard": ("dashboard.Dashboard", b'.chart"', "dashboard.*"),
    "list": ("todo.Todo", b'.things"', "todo.* things.*"),
}
_NICEGUI: Final = _scripts("nicegui", b'42["update"', b'42["update"')
_SOCKETIO: Final = _scripts("socketio", b'42["measured"', b'42["first"')
LIBRARIES: Final = {
    OURS: Library(Athena, ROOT / "examples" / "live", ("Twisted", "autobahn"), _OWN),
    "NiceGUI": Library(NiceGUI, PEERS / "live", ("nicegui", "uvicorn"), _NICEGUI, f"{NICEGUI}/bin/python"),
    "Socket.IO": Library(SocketIO, PEERS / "live", ("python-socketio", "aiohttp"), _SOCKETIO),
}


@dataclass
class Measuring:
    """One round of one library's dashboard or list."""

    figures: Figures
    name: str
    kind: str
    seconds: float

    def __post_init__(self) -> None:
        self.library, self.text = LIBRARIES[self.name], KINDS[self.kind]
        self.what, self.update, patterns = self.library.applications[self.kind]
        files = [file for pattern in patterns.split() for file in self.library.folder.glob(pattern)]
        self.add("lines", sum(bool(line.strip()) for file in files for line in file.read_text("utf-8").splitlines()))

    def add(self, row: str, value: float) -> None:
        self.figures.setdefault(f"{self.kind}: {row}", {}).setdefault(self.name, []).append(value)

    @contextmanager
    def served(self) -> Iterator[Subject]:
        """Run the application, the list with its items."""
        dialect = self.library.dialect()
        dialect.update = self.update
        with TemporaryDirectory() as directory:
            environment = {"TODO": f"{directory}/todo"}
            with closing(sqlite3.connect(environment["TODO"])) as database, database:
                database.execute("CREATE TABLE thing (key INTEGER PRIMARY KEY, place REAL, text TEXT UNIQUE, due TEXT)")
                rows = [(number, number, f"thing {number}") for number in range(50)]
                database.executemany("INSERT INTO thing (key, place, text) VALUES (?, ?, ?)", rows)
            given: dict[str, Any] = {"cwd": self.library.folder, "dialect": dialect, "environment": environment}
            with (
                athenalite(serverCore(), self.what, **given)
                if self.name == OURS
                else application(serverCore(), (self.library.python, self.what), **given)
            ) as one:
                one.fleet.pageFactory = Watcher
                yield one

    def dashboard(self, pages: int) -> None:
        """The server's CPU time for one update of one page."""
        with self.served() as one:
            one.fleet.growBusily(pages)
            one.fleet.settle(SETTLED, ignored)
            spent, began, before = one.spent, time.monotonic(), _came(one)
            one.fleet.settle(self.seconds, ignored)
            updates, size = (after - earlier for after, earlier in zip(_came(one), before, strict=True))
            due = 2 * pages * (time.monotonic() - began)
            self.add(f"CPU ms of an update, {pages} pages", 1000 * (one.spent - spent) / updates)
            self.add("bytes of an update, not compressed", size / updates)
            if pages > 1:
                self.add(f"updates that came of 100 due, {pages} pages", 100 * updates / due)

    def list(self, pages: int) -> None:
        """The server's CPU time for one change on all pages."""
        changes = max(5, min(50, 2000 // pages))
        with self.served() as one, browsed(one.fleet.port, self.text) as clicker:
            one.fleet.growBusily(pages)
            one.fleet.settle(SETTLED, ignored)
            spent = one.spent
            for _ in range(changes):
                clicker.change()
                # All messages of a change, of which some libraries have several.
                one.fleet.until(lambda: all(page.delivered for page in one.fleet.pages))
                one.fleet.settle(0.2, ignored)
                for page in one.fleet.pages:
                    page.delivered = 0
            self.add(f"CPU ms of a change, {pages} pages", 1000 * (one.spent - spent) / changes)

    def inBrowser(self) -> None:
        """Bytes and times in Chromium."""
        with ExitStack() as stack:
            one = stack.enter_context(self.served())
            line = stack.enter_context(PortForwarder(one.fleet.port))
            page, clicker = (stack.enter_context(browsed(port, self.text)) for port in (line.port, one.fleet.port))
            if self.kind == "list":
                clicker.change()
            page.awaitUpdate()
            before, began = line.carried, time.monotonic()
            while time.monotonic() - began < self.seconds:
                if self.kind == "list":
                    clicker.change()
                clicker.page.wait_for_timeout(1000)
            self.add("bytes in 10 s", 10 * (line.carried - before) / (time.monotonic() - began))
            changed, painted = page.handled()
            self.add("ms from a message to the changed document", changed)
            self.add("ms from a message to the paint", painted)
            if self.kind == "list":
                self.add("ms from a click to the paint on another page", page.since(clicker))


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _came(one: Subject) -> tuple[int, int]:
    watchers = [page for page in one.fleet.pages if isinstance(page, Watcher)]
    return sum(page.delivered for page in watchers), sum(page.size for page in watchers)


def run(rounds: int, seconds: float, sizes: Sequence[int], names: Sequence[str]) -> Figures:
    """Measure each dashboard for so many seconds, and both with all these numbers of pages."""
    figures: Figures = {}
    for number, kind in product(range(rounds), KINDS):
        for name in names[:: -1 if number % 2 else 1]:
            one = Measuring(figures, name, kind, seconds)
            one.inBrowser()
            for pages in sizes:
                try:
                    getattr(one, kind)(pages)
                except BrokenPromise as error:
                    print(f"{name}, {kind}, {pages} pages: {error}", file=sys.stderr, flush=True)
            print(f"round {number + 1}: {kind} of {name}", file=sys.stderr, flush=True)
    for row, value in (found for _ in range(rounds if OURS in names else 0) for found in bars()):
        figures.setdefault(f"bars: {row}", {}).setdefault(OURS, []).append(value)
    return figures


def prepared(names: Sequence[str]) -> list[str]:
    """Install what is missing, and return the packages with their versions."""
    if "Socket.IO" in names:
        installNode()
    if "NiceGUI" in names and not (NICEGUI / "bin" / "uvicorn").exists():
        venv.create(NICEGUI, with_pip=True)
        subprocess.run([NICEGUI / "bin" / "pip", "install", "--quiet", "nicegui>=3"], check=True)
    ask = "import importlib.metadata as m, sys; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep=', ')"
    asked = [(LIBRARIES[name].python, "-c", ask, *LIBRARIES[name].packages) for name in names]
    return [subprocess.check_output(command, text=True).strip() for command in asked]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    for name, default in (("rounds", 5), ("seconds", 10.0)):
        parser.add_argument(f"--{name}", type=type(default), default=default)
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--servers", nargs="+", choices=list(LIBRARIES), default=list(LIBRARIES))
    parser.add_argument("--publish", action="store_true", help="put the table into docs/performance.rst")
    options = parser.parse_args(arguments)
    names, versions = options.servers, ", ".join(prepared(options.servers))
    separate()
    figures = run(options.rounds, options.seconds, options.pages, names)
    command = shlex.join(["python", "-m", "benchmarks.live", *(sys.argv[1:] if arguments is None else arguments)])
    cells = [
        # A cell is empty where pages lost their sockets.
        [row, *(_amount(median(found[name])) if name in found else "" for name in names)]
        for row, found in sorted(figures.items(), key=lambda item: item[0].partition(":")[0])
    ]
    load = f"{os.getloadavg()[2]:.1f} runnable processes on average"
    where = f"{machine()}, {versions}, Chromium {chromium().version}; {load}"
    show("live", command, columns([["", *names], *cells]), options.publish, where)


if __name__ == "__main__":
    main()
