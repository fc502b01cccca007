# -*- test-case-name: tests.project.test_benchmarks -*-
"""python-socketio on aiohttp, the cheaper of its two usual servers."""

import gc
import sys

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


if __name__ == "__main__":
    # The same for all Python servers here.
    gc.set_threshold(20_000, 3, 3)
    application = web.Application()
    server.attach(application)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]))
