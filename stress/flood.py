# -*- test-case-name: tests.integration.test_hostile -*-
"""
A hundred thousand pages opened and dropped, and what is left of them: ``python -m stress.flood``.

A server in a process of its own serves the chat to an honest visitor, while pages are opened one after the other: a
third never connect, a third are cut in the midst of a message, a third leave in order. Printed as it goes: pages per
second, the server's memory, and how long the honest visitor's calls take. The exit status is 1 if the honest one was
not served, the log has a traceback, or more memory stays occupied than ``--tolerance`` allows.
"""

from __future__ import annotations

import argparse
import struct
import sys
import time
from typing import Final

from harness.rawsocket import CLOSE, RawSocket, frame, message, openPage, residentMemory
from harness.server import Server

ELEMENT: Final = "chatthing.chatterbox.chat"
#: Pages are lost this many seconds after they were left, so that the run need not wait for minutes at its end.
TIMEOUT: Final = 2
MEBIBYTE: Final = 1024 * 1024
STEPS: Final = 10


def drop(port: int, number: int) -> None:
    """Open a page, and drop it in one of three ways."""
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


def memory(server: Server) -> float:
    """
    What the server occupies, in MiB.

    :raise SystemExit: where the system does not tell.
    """
    size: int | None = residentMemory(server.process.pid)
    if size is None:
        raise SystemExit("this system does not tell how much memory a process occupies")
    return size / MEBIBYTE


def run(server: Server, honest: RawSocket, pages: int) -> None:
    """Drop so many pages, and say what they cost."""
    slowest, began, since = 0.0, time.monotonic(), 0
    for number in range(pages):
        drop(server.port, number)
        if number % 50 == 0:
            slowest = max(slowest, honest.call(1, "say", "still here")[1])
            honest.acknowledge()
        if (number + 1) % max(1, pages // STEPS) == 0:
            rate = (number + 1 - since) / (time.monotonic() - began)
            cost = f"{rate:6.0f}/s  {memory(server):7.1f} MiB  slowest call {1000 * slowest:.1f} ms"
            print(f"{number + 1:8d} pages  {cost}")
            slowest, began, since = 0.0, time.monotonic(), number + 1


def main(arguments: list[str] | None = None) -> int:
    """
    :return: the exit status.
    """
    parser = argparse.ArgumentParser(description="Open and drop pages, and look what is left of them.")
    parser.add_argument("--pages", type=int, default=100_000, help="how many; a tenth as many go before as a warm-up")
    parser.add_argument("--tolerance", type=float, default=10.0, help="how many MiB more may be occupied at the end")
    options = parser.parse_args(arguments)
    timeouts = (f"--connect-timeout={TIMEOUT}", f"--transportless-timeout={TIMEOUT}")
    with Server(ELEMENT, *timeouts) as server, RawSocket.connected(server.port) as honest:
        honest.call(1, "setUsername", "honest")
        run(server, honest, options.pages // 10)
        time.sleep(2 * TIMEOUT)
        before = memory(server)
        print(f"after the warm-up: {before:.1f} MiB")
        run(server, honest, options.pages)
        time.sleep(2 * TIMEOUT)
        grown = memory(server) - before
        print(f"at the end: {before + grown:.1f} MiB, {grown:+.1f}")
        [success, _] = honest.call(1, "say", "and still here")[0]
    server.assertQuiet()
    return 0 if success and grown <= options.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
