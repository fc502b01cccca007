# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What the others are measured against: Autobahn in ``twisted.web``, and by hand the least that a chat needs.

It speaks the same bytes as athenalite's tutorial does, and promises none of what these bytes stand for there: no
delivery, no page, no element. ``python -m benchmarks.raw`` serves it on a free port.
"""

from __future__ import annotations

import gc
import json
from typing import Any

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor
from twisted.web.resource import Resource
from twisted.web.server import Site


def encode(parts: list[Any]) -> bytes:
    """JSON as short as it gets, which is what athenalite sends."""
    return json.dumps(parts, separators=(",", ":")).encode("utf-8")


class Chatter(WebSocketServerProtocol):  # type: ignore[misc]
    """One socket: what it says is told to all, what it calls is echoed."""

    factory: Room
    _calls = 0

    def onOpen(self) -> None:
        self.factory.chatters.add(self)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.factory.chatters.discard(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        _, _, method, args = json.loads(payload)
        if method == "say":
            self.factory.broadcast(args[0])
        elif method == "burst":
            for number in range(args[0]):
                self.factory.broadcast(f"{args[1]} {number}")
        else:
            self._calls += 1
            self.sendMessage(encode(["respond", self._calls, True, args[0]]))


class Room(WebSocketServerFactory):  # type: ignore[misc]
    """Everybody who is there."""

    protocol = Chatter

    def __init__(self) -> None:
        super().__init__()
        self.chatters: set[Chatter] = set()

    def broadcast(self, text: str) -> None:
        """Autobahn's own way to say one thing to many: prepared once."""
        message = self.prepareMessage(encode(["notify", 1, "displayUserMessage", ["load", text]]))
        for chatter in self.chatters:
            chatter.sendPreparedMessage(message)


def main() -> None:
    """Serve until killed; the port is printed."""
    # As athena-widget does.
    gc.set_threshold(20_000, 3, 3)
    root = Resource()
    root.putChild(b"transport", WebSocketResource(Room()))
    site: Any = Site(root)
    host: Any = reactor.listenTCP(0, site, interface="127.0.0.1").getHost()
    print(host.port, flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
