# -*- test-case-name: tests.project.test_line -*-
"""
Calls in both directions over connections that are cut at random bytes: ``python -m stress.line --calls 1000000``.

There are three processes: this one forwards the connections with faults; ``line_server.py`` is a Twisted site with one
page, ``line_client.mjs`` the session and socket of that page under node. Both ends issue numbered calls, and check the
order in which calls run and the result of each Deferred. ``README.rst`` lists what is asserted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random, randrange
from typing import Any, Final

from harness.faultyline import Line
from tools.programs import ADVICE, findNode, versionOf

ROOT: Final = Path(__file__).parent.parent
#: Seconds for which both ends are watched after completion, because a duplicate may still arrive.
_SETTLING: Final = 0.5
#: The first node that has a WebSocket without an option.
_NODE_WITH_WEBSOCKET: Final = 22


class BrokenPromise(Exception):
    """Something was lost, duplicated, out of order or wrongly answered; the text has what and the end that found it."""


class End:
    """One of the two processes."""

    def __init__(self, name: str, process: Process) -> None:
        self._name = name
        self._process = process

    async def report(self, word: str) -> Any:
        """
        Wait for the report that has ``word``, and print progress.

        :return: that report, an object of JSON.
        :raise BrokenPromise: if the process reports one, or ends.
        """
        assert self._process.stdout is not None
        async for text in self._process.stdout:
            report = json.loads(text)
            if "broken" in report:
                raise BrokenPromise(f"{self._name}: {report['broken']}")
            if word in report:
                return report
            print(f"{report['progress']:,} calls of the server were run", file=sys.stderr, flush=True)
        raise BrokenPromise(f"{self._name}: the process has ended")

    async def finish(self) -> Any:
        """
        End the process.

        :return: its figures.
        :raise BrokenPromise: as :meth:`report`.
        """
        assert self._process.stdin is not None
        self._process.stdin.close()
        return await self.report("ran")


@asynccontextmanager
async def _started(name: str, *command: str) -> AsyncIterator[End]:
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    try:
        yield End(name, process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _bothComplete(*ends: End) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for end in ends:
                group.create_task(end.report("complete"))
    except ExceptionGroup as errors:
        # The other end was cancelled, or reports the same.
        raise errors.exceptions[0] from None


def _nodeCommand() -> list[str]:
    node = findNode()
    version = re.match(r"v(\d+)", versionOf(node) or "") if node else None
    if node is None or version is None:
        raise FileNotFoundError(ADVICE["node"])
    if int(version[1]) >= _NODE_WITH_WEBSOCKET:
        return [node]
    return [node, "--experimental-websocket", "--no-warnings"]


@dataclass(frozen=True)
class Figures:
    """The figures of a run in which no guarantee was broken."""

    #: Calls in each direction.
    calls: int
    #: How many calls of the server and of the browser got their results.
    answered: tuple[int, int]
    #: How often each fault happened.
    faults: dict[str, int]
    #: How many sockets the browser made, and how many of them resumed the session.
    sockets: int
    resumed: int
    #: How many numbered messages the browser resent.
    resent: int
    seconds: float

    def __str__(self) -> str:
        faults = ", ".join(f"{count:,} {name}" for name, count in sorted(self.faults.items()))
        return "\n".join(
            (
                f"calls         {self.calls:,} in each direction: each run once, and in order",
                f"answers       {self.answered[0]:,} to the server, {self.answered[1]:,} to the browser: "
                "each once, and right",
                f"faults        {sum(self.faults.values()):,} ({faults})",
                f"reconnects    {self.resumed:,}, with {self.sockets:,} sockets",
                f"resent        {self.resent:,} messages of the browser",
                f"seconds       {self.seconds:.1f}",
                f"calls/second  {2 * self.calls / self.seconds:,.0f}, both directions together",
            )
        )


async def run(calls: int, seed: int, meanBytes: int) -> Figures:
    """
    Let both ends issue ``calls`` calls.

    :param seed: of the faults.
    :param meanBytes: see :class:`~harness.faultyline.Line`.
    :raise BrokenPromise: if a guarantee was broken.
    :raise FileNotFoundError: if there is no node.
    """
    node = _nodeCommand()
    async with _started("server", sys.executable, "-m", "stress.line_server", str(calls)) as server:
        port = (await server.report("port"))["port"]
        forwarder = Line(port, meanBytes, Random(seed))
        await forwarder.start()
        origins = [f"http://127.0.0.1:{each}" for each in (port, forwarder.port)]
        since = time.monotonic()
        async with _started("browser", *node, "stress/line_client.mjs", *origins, str(calls)) as browser:
            await _bothComplete(server, browser)
            seconds = time.monotonic() - since
            await asyncio.sleep(_SETTLING)
            client = await browser.finish()
        forwarder.stop()
        served = await server.finish()
    for end in (client, served):
        if end["ran"] != calls:
            raise BrokenPromise(f"{end['ran']} of {calls} calls were run")
    return Figures(
        calls,
        (served["answered"], client["answered"]),
        dict(forwarder.faults),
        client["sockets"],
        served["resumed"],
        client["sent"] - calls - served["answered"] - served["unawaited"],
        seconds,
    )


def main(arguments: list[str]) -> int:
    """
    Run the command.

    :return: the exit status, 1 if a guarantee was broken.
    """
    parser = argparse.ArgumentParser("python -m stress.line", description=__doc__.split("\n\n")[0])
    parser.add_argument("--calls", type=int, default=100_000, help="in each direction (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="of the faults (default: random)")
    parser.add_argument(
        "--bytes", type=int, default=20_000, help="between two faults, on average (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    seed = randrange(2**32) if options.seed is None else options.seed
    print(f"seed          {seed}", flush=True)
    try:
        print(asyncio.run(run(options.calls, seed, options.bytes)))
    except BrokenPromise as error:
        print(f"broken: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
