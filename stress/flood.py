# -*- test-case-name: tests.integration.test_hostile -*-
"""
Open and drop a hundred thousand pages, and measure the memory they leave: ``python -m stress.flood``.

A server in its own process serves the chat to an honest visitor, while pages are opened one after the other: a third
never connect, a third are cut in the middle of a message, a third leave in order. ``README.rst`` has what fails.
"""

import argparse
import struct
import sys
import time
from typing import Final

from harness.rawsocket import CLOSE, RawSocket, frame, message, openPage
from harness.subjects import CHAT, Subject, athenalite, separate, serverCore

#: Seconds until a dropped page is lost: short, so that the run does not wait for minutes at its end.
TIMEOUT: Final = 2
MEBIBYTE: Final = 1024 * 1024
STEPS: Final = 10


def drop(port: int, number: int) -> None:
    """Open a page and drop it in one of three ways."""
    token = openPage(port)
    if number % 3 == 0:
        return
    socket = RawSocket.connected(port, token)
    if number % 3 == 1:
        socket.write(message("call", 1, "say", ["never finished"])[:-3])
        socket.abort()
    else:
        socket.write(frame(struct.pack("!H", 4000) + b"the page was closed", CLOSE))
        socket.close()


def run(server: Subject, honest: RawSocket, pages: int) -> float:
    """Drop ``pages`` pages, print what they cost, and return the MiB that the server then has in use."""
    slowest, began, since = 0.0, time.monotonic(), 0
    for number in range(pages):
        drop(server.fleet.port, number)
        if number % 50 == 0:
            slowest = max(slowest, honest.call(1, "say", "still here")[1])
            honest.acknowledge()
        if (number + 1) % max(1, pages // STEPS) == 0:
            rate = (number + 1 - since) / (time.monotonic() - began)
            cost = f"{rate:6.0f}/s  {server.memory / MEBIBYTE:7.1f} MiB  slowest call {1000 * slowest:.1f} ms"
            print(f"{number + 1:8d} pages  {cost}")
            slowest, began, since = 0.0, time.monotonic(), number + 1
    time.sleep(2 * TIMEOUT)
    return server.memory / MEBIBYTE


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return the exit status."""
    parser = argparse.ArgumentParser(description="Open and drop pages, and measure the memory they leave.")
    parser.add_argument("--pages", type=int, default=100_000, help="number of pages, after a warm-up of a tenth")
    parser.add_argument("--tolerance", type=float, default=10.0, help="MiB that may stay in use at the end")
    options = parser.parse_args(arguments)
    timeouts = (f"--connect-timeout={TIMEOUT}", f"--transportless-timeout={TIMEOUT}")
    core = serverCore()
    separate()
    # It raises an error if there is one in the log.
    with athenalite(core, CHAT, *timeouts) as server, RawSocket.connected(server.fleet.port) as honest:
        honest.call(1, "setUsername", "honest")
        before = run(server, honest, options.pages // 10)
        print(f"after the warm-up: {before:.1f} MiB")
        grown = run(server, honest, options.pages) - before
        print(f"at the end: {before + grown:.1f} MiB, {grown:+.1f}")
        [success, _] = honest.call(1, "say", "and still here")[0]
    return 0 if success and grown <= options.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
