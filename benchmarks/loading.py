# -*- test-case-name: tests.test_loading -*-
"""
How soon the chat is there, in Chromium: ``python -m benchmarks.loading``.

A first visit and the next one, over a line with and without added round-trip time (``link.py``: TCP feels it too).
Counted are the requests that reach the network, what they weigh (as the browser accounts for it, compressed and with
heads; and on the line, in IP packets), and the time from the last byte of the HTML until the server has answered
``opened``: with both lines, that tells the round trips. It needs root.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from harness.browser import FLAGS
from harness.server import Server
from tools.programs import ADVICE, findChromium

from .figures import columns, machine, today
from .link import SERVER, Account, Link

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ELEMENT: Final = "chatthing.chatterbox.chat"
PORT: Final = 8080
#: The longer line, in seconds.
ROUND_TRIP: Final = 0.1
PATIENCE: Final = 30.0
_EVENTS: Final = (
    "requestWillBeSent",
    "requestServedFromCache",
    "responseReceived",
    "loadingFinished",
    "webSocketFrameReceived",
)
VISITS: Final = ("first visit", "next visit")


@dataclass(frozen=True)
class Visit:
    """
    One visit, as the browser saw it.

    :ivar requests: which requests went to the network, the socket's not among them.
    :ivar weight: their responses in bytes, with heads, as they came.
    :ivar html: seconds from the click to the last byte of the HTML.
    :ivar connected: seconds from there to the server's ``opened``.
    :ivar packets: bytes of all IP packets to the browser.
    :ivar connections: how many TCP connections it made.
    :ivar roundTrips: from the end of the HTML to ``opened``, as the line has counted them.
    """

    requests: tuple[str, ...]
    weight: int
    html: float
    connected: float
    packets: int = 0
    connections: int = 0
    roundTrips: float = 0.0


def visited(events: Iterable[tuple[str, Mapping[str, Any]]], account: Account) -> Visit:
    """
    :param events: of the domain ``Network`` of Chromium's DevTools protocol.
    :return: what they say.
    :raise ValueError: if it never came to ``opened``.
    """
    urls: dict[str, str] = {}
    cached, finished = set(), {}
    began = document = opened = None
    for name, event in events:
        request = event["requestId"]
        if name == "requestWillBeSent" and event["request"]["url"].startswith("http"):
            urls[request] = event["request"]["url"]
            if began is None:
                began, document = event["timestamp"], request
        elif name == "requestServedFromCache" or (name == "responseReceived" and event["response"]["fromDiskCache"]):
            cached.add(request)
        elif name == "loadingFinished":
            finished[request] = (event["timestamp"], event["encodedDataLength"])
        elif name == "webSocketFrameReceived" and event["response"]["payloadData"].startswith('["opened"'):
            opened = event["timestamp"]
    if opened is None or began is None or document is None:
        raise ValueError("the page has not connected")
    asked = [request for request in urls if request not in cached]
    html = finished[document][0]
    names = tuple(urls[request].rpartition("/")[2] or "HTML" for request in asked)
    weight = sum(int(finished[request][1]) for request in asked)
    return Visit(names, weight, html - began, opened - html, account.received, account.connections, account.roundTrips)


@contextlib.contextmanager
def _browser(link: Link) -> Iterator[Browser]:
    """Chromium where the link says."""
    from playwright.sync_api import sync_playwright

    path = findChromium()
    if path is None:
        raise SystemExit(ADVICE["chromium"])
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        command = Path(directory) / "chromium"
        command.write_text(f'#!/bin/sh\nexec {" ".join(link.inBrowser)} "{path}" "$@"\n', "utf-8")
        command.chmod(0o755)
        browser = playwright.chromium.launch(executable_path=command, args=FLAGS)
        yield browser
        browser.close()


def _visit(context: BrowserContext, link: Link, url: str) -> Visit:
    """Open the page in a new tab, wait until it is connected, and close it."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    events: list[tuple[str, Mapping[str, Any]]] = []
    for name in _EVENTS:
        session.on(f"Network.{name}", lambda event, name=name: events.append((name, event)))
    session.send("Network.enable")
    link.account = Account()
    page.goto(url)
    # Until the server has something to say to the page.
    page.wait_for_function("document.getElementById('athena-page')")
    for _ in range(int(PATIENCE / 0.05)):
        if any(name == "webSocketFrameReceived" for name, _ in events):
            break
        page.wait_for_timeout(50)
    # All that belongs to the visit has come by then.
    page.wait_for_timeout(300)
    page.close()
    return visited(events, link.account)


def measure(roundTrip: float, rounds: int) -> dict[str, list[Visit]]:
    """
    :param roundTrip: to add, in seconds.
    :return: for each of ``VISITS``, what was found.
    """
    found: dict[str, list[Visit]] = {name: [] for name in VISITS}
    with Link(roundTrip) as link:
        command = (*link.inServer, sys.executable, "-m", "twisted", "--log-format=text")
        listen = f"--listen=tcp:{PORT}:interface={SERVER}"
        with Server(ELEMENT, listen, command=command) as server, _browser(link) as browser:
            for _ in range(rounds):
                context = browser.new_context()
                for name in VISITS:
                    found[name].append(_visit(context, link, f"http://{SERVER}:{PORT}/"))
                context.close()
        server.assertQuiet()
    return found


def cells(near: Mapping[str, Sequence[Visit]], far: Mapping[str, Sequence[Visit]]) -> list[list[str]]:
    """A table, with its head."""
    head = ["", *VISITS, "goal"]

    def row(label: str, goal: str, of: Any) -> list[str]:
        return [label, *(of(near[name], far[name]) for name in VISITS), goal]

    def milliseconds(visits: Sequence[Visit], what: str) -> str:
        return f"{1000 * median(getattr(one, what) for one in visits):.0f} ms"

    return [
        head,
        row("requests", "next: 1", lambda near, far: f"{len(far[0].requests)}: {', '.join(far[0].requests)}"),
        row("TCP connections", "", lambda near, far: f"{median(one.connections for one in far):.0f}"),
        row("responses, compressed, with heads", "40 kB", lambda near, far: f"{far[0].weight / 1000:.1f} kB"),
        row("IP packets to the browser", "", lambda near, far: f"{median(v.packets for v in far) / 1000:.1f} kB"),
        row("until the HTML, 0 ms", "", lambda near, far: milliseconds(near, "html")),
        row("until the HTML, 100 ms", "", lambda near, far: milliseconds(far, "html")),
        row("from there to connected, 0 ms", "", lambda near, far: milliseconds(near, "connected")),
        row("from there to connected, 100 ms", "", lambda near, far: milliseconds(far, "connected")),
        row(
            "round trips from there to connected",
            "first: 2",
            lambda near, far: f"{median(v.roundTrips for v in far):g}",
        ),
    ]


def run(rounds: int) -> list[list[str]]:
    """
    :return: the table.
    :raise SystemExit: with advice, where it cannot be measured.
    """
    if os.geteuid() != 0:
        from .link import ADVICE as needs

        raise SystemExit(needs)
    return cells(measure(0, rounds), measure(ROUND_TRIP, rounds))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loading", description=(__doc__ or "").strip())
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    table = run(options.rounds)
    print(f"{today()}, {machine()}; {options.rounds} rounds")
    print("\n".join(columns(table)))


if __name__ == "__main__":
    main()
