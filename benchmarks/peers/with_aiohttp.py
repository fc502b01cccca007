# -*- test-case-name: tests.project.test_benchmarks -*-
"""aiohttp's WebSockets, with the loop of its chat example."""

import gc
import json
import sys

from aiohttp import WSMsgType, web

from . import encode

chatters: set[web.WebSocketResponse] = set()


async def chat(request: web.Request) -> web.WebSocketResponse:
    """One socket: a ``say`` is broadcast, any other call is echoed."""
    chatter = web.WebSocketResponse()
    await chatter.prepare(request)
    chatters.add(chatter)
    calls = 0
    try:
        async for message in chatter:
            if message.type != WSMsgType.TEXT:
                break
            _, _, method, args = json.loads(message.data)
            if method == "say":
                text = encode(["notify", 1, "displayUserMessage", ["load", args[0]]])
                for one in list(chatters):
                    await one.send_str(text)
            else:
                calls += 1
                await chatter.send_str(encode(["respond", calls, True, args[0]]))
    finally:
        chatters.discard(chatter)
    return chatter


async def document(request: web.Request) -> web.Response:
    """A document as long as that of athenalite's pages."""
    return web.Response(text=f"<!DOCTYPE html>{'x' * 1600}", content_type="text/html")


if __name__ == "__main__":
    # The same for all Python servers here.
    gc.set_threshold(20_000, 3, 3)
    application = web.Application()
    application.router.add_get("/", document)
    application.router.add_get("/transport", chat)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]))
