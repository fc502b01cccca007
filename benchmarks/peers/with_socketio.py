# -*- test-case-name: tests.project.test_benchmarks -*-
"""python-socketio on aiohttp, the cheaper of its two usual servers."""

from __future__ import annotations

import asyncio
import gc

import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp")


@server.event  # type: ignore[untyped-decorator]
async def say(sid: str, text: str) -> None:
    """Broadcast a message."""
    await server.emit("displayUserMessage", ("load", text))


@server.event  # type: ignore[untyped-decorator]
async def echo(sid: str, text: str) -> str:
    """Return the argument, as the acknowledgement."""
    return text


async def main() -> None:
    """Serve until killed."""
    application = web.Application()
    server.attach(application)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    # The same for all Python servers here.
    gc.set_threshold(20_000, 3, 3)
    asyncio.run(main())
