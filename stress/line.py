# -*- test-case-name: tests.project.test_line -*-
"""
Calls in both directions over connections that are cut at random bytes: ``python -m stress.line --calls 1000000``.

There are three processes: this one forwards the connections with faults; ``line_server.py`` is a Twisted site with one
page, ``line_client.mjs`` the session and socket of that page under node. ``README.rst`` lists what is asserted.
"""

import argparse
import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from random import Random, randrange
from typing import Any, Final

from harness.dialects import BrokenPromise
from harness.faultyline import Line
from harness.server import ROOT
from tools.programs import ADVICE, findNode, versionOf

from .line_account import METHODS, SPEED, WINDOW

#: Seconds for which both ends are watched after completion, because a duplicate may still arrive.
_SETTLING: Final = 0.5
#: The first node that has a WebSocket without an option.
_NODE_WITH_WEBSOCKET: Final = 22


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
        """End the process, and return its figures; raise as :meth:`report`."""
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
    version = versionOf(node) if node else None
    if node is None or version is None:
        raise FileNotFoundError(ADVICE["node"])
    hasWebSocket = int(version.lstrip("v").partition(".")[0]) >= _NODE_WITH_WEBSOCKET
    return [node] if hasWebSocket else [node, "--experimental-websocket", "--no-warnings"]


def described(calls: int, served: Any, client: Any, faults: Mapping[str, int], seconds: float) -> str:
    """
    Return the figures of a run in which no guarantee was broken, of which the server and the client report theirs.
    """
    answered = f"{served['answered']:,} to the server, {client['answered']:,} to the browser"
    kinds = ", ".join(f"{count:,} {name}" for name, count in sorted(faults.items()))
    # Each call of the browser, and each result that it sends, is one numbered message.
    resent = client["sent"] - calls - served["answered"] - served["unawaited"]
    figures = {
        "calls": f"{calls:,} in each direction: each run once, and in order",
        "answers": f"{answered}: each once, and right",
        "faults": f"{sum(faults.values()):,} ({kinds})",
        "reconnects": f"{served['resumed']:,}, with {client['sockets']:,} sockets",
        "resent": f"{resent:,} messages of the browser",
        "seconds": f"{seconds:.1f}",
        "calls/second": f"{2 * calls / seconds:,.0f}, both directions together",
    }
    return "\n".join(f"{name:12s}  {figure}" for name, figure in figures.items())


async def run(calls: int, seed: int, meanBytes: int) -> str:
    """
    Let both ends issue ``calls`` calls, over a :class:`~harness.faultyline.Line`.

    :return: the figures, as text.
    :raise BrokenPromise: if a guarantee was broken.
    :raise FileNotFoundError: if there is no node.
    """
    node = _nodeCommand()
    async with _started("server", sys.executable, "-m", "stress.line_server", str(calls)) as server:
        port = (await server.report("port"))["port"]
        forwarder = Line(port, meanBytes, Random(seed))
        await forwarder.start()
        rules = json.dumps({"calls": calls, "speed": SPEED, "window": WINDOW, "methods": METHODS})
        arguments = [*(f"http://127.0.0.1:{each}" for each in (port, forwarder.port)), rules]
        since = time.monotonic()
        async with _started("browser", *node, "stress/line_client.mjs", *arguments) as browser:
            await _bothComplete(server, browser)
            seconds = time.monotonic() - since
            await asyncio.sleep(_SETTLING)
            client = await browser.finish()
        forwarder.stop()
        served = await server.finish()
    for end in (client, served):
        if end["ran"] != calls:
            raise BrokenPromise(f"{end['ran']} of {calls} calls were run")
    return described(calls, served, client, forwarder.faults, seconds)


def main(arguments: list[str]) -> int:
    """Run the command, and return 1 if a guarantee was broken."""
    parser = argparse.ArgumentParser("python -m stress.line", description=__doc__.split("\n\n")[0])
    parser.add_argument("--calls", type=int, default=100_000, help="in each direction (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="of the faults (default: random)")
    parser.add_argument("--bytes", type=int, default=20_000, help="between faults, on average (default: %(default)s)")
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
