# -*- test-case-name: tests.project.test_benchmarks -*-
"""``websockets`` on asyncio, with its ``broadcast``."""

import asyncio
import gc
import json
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve

from . import encode

chatters: set[ServerConnection] = set()


async def chat(chatter: ServerConnection) -> None:
    """One socket: a ``say`` is broadcast, any other call is echoed."""
    chatters.add(chatter)
    calls = 0
    try:
        async for message in chatter:
            _, _, method, args = json.loads(message)
            if method == "say":
                broadcast(chatters, encode(["notify", 1, "displayUserMessage", ["load", args[0]]]))
            else:
                calls += 1
                await chatter.send(encode(["respond", calls, True, args[0]]))
    finally:
        chatters.discard(chatter)


async def main() -> None:
    """Serve until killed."""
    async with serve(chat, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()


if __name__ == "__main__":
    # The same for all Python servers here.
    gc.set_threshold(20_000, 3, 3)
    asyncio.run(main())
