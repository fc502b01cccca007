# -*- test-case-name: tests.project.test_benchmarks -*-
"""
The base of all comparisons: Autobahn in ``twisted.web``, with the minimum that a chat needs.

It sends the same bytes as the tutorial on athenalite, without their guarantees: it has no delivery, no pages and no
elements. ``python -m benchmarks.raw PORT`` serves it; with the path of a PEM file before the port, over TLS.
"""

import gc
import json
import sys
from typing import Any

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor
from twisted.internet.endpoints import serverFromString
from twisted.web.resource import Resource
from twisted.web.server import Site
from twisted.web.static import Data

from .peers import encode


class Chatter(WebSocketServerProtocol):  # type: ignore[misc]
    """One socket: a ``say`` is broadcast, any other call is echoed."""

    factory: "Room"
    _calls = 0

    def onOpen(self) -> None:
        self.factory.chatters.add(self)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.factory.chatters.discard(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        _, _, method, args = json.loads(payload)
        if method in ("say", "sayOrLog"):
            self.factory.broadcast(args[0])
        elif method == "burst":
            for number in range(args[0]):
                self.factory.broadcast(f"{args[1]} {number}")
        else:
            self._calls += 1
            self.sendMessage(encode(["respond", self._calls, True, args[0]]).encode("utf-8"))


class Room(WebSocketServerFactory):  # type: ignore[misc]
    """All sockets."""

    protocol = Chatter

    def __init__(self) -> None:
        super().__init__()
        # As athenalite: a socket whose peer is silent for as long is dropped.
        self.setProtocolOptions(autoPingInterval=20, autoPingTimeout=20)
        self.chatters: set[Chatter] = set()

    def broadcast(self, value: Any) -> None:
        """Send one prepared message to all sockets, as Autobahn's documentation does."""
        message = self.prepareMessage(encode(["notify", 1, "displayUserMessage", ["load", value]]).encode("utf-8"))
        for chatter in self.chatters:
            chatter.sendPreparedMessage(message)


def main() -> None:
    """Serve until killed."""
    # As athena-widget sets it.
    gc.set_threshold(20_000, 3, 3)
    root = Resource()
    # As long as a page of the chat.
    root.putChild(b"", Data(b"<!DOCTYPE html>" + b"x" * 1600, "text/html"))
    root.putChild(b"transport", WebSocketResource(Room()))
    *pem, port = sys.argv[1:]
    description = f"ssl:{port}:privateKey={pem[0]}" if pem else f"tcp:{port}"
    serverFromString(reactor, f"{description}:interface=127.0.0.1").listen(Site(root))
    reactor.run()


if __name__ == "__main__":
    main()
