"""
An element for servers that are attacked, and the honest pages whose calls are measured meanwhile.
"""

from __future__ import annotations

import random
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

from twisted.internet.defer import Deferred

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr

from .attacks import Attacker
from .rawsocket import RawSocket

ELEMENT: Final = "harness.honest.Visitor"
#: Seconds between two calls of each honest page.
INTERVAL: Final = 0.025


@cache
def words(length: int) -> str:
    """Return so many characters, which compression does not make much fewer."""
    return b64encode(random.Random(1).randbytes(length)).decode("ascii")[:length]


class Visitor(LiveElement):
    """The element that the servers serve."""

    docFactory = xmlstr('<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement"></div>')

    @expose
    def echo(self, value: Any) -> Any:
        return value

    @expose
    async def hold(self, value: Any) -> None:
        await Deferred()

    @expose
    def fill(self, count: int, length: int) -> None:
        for _ in range(count):
            self.callRemote("hear", words(length))

    @expose
    def ask(self, count: int) -> None:
        for _ in range(count):
            self.callRemote("answer").addErrback(lambda failure: None)


class Latency(NamedTuple):
    """
    How long the calls of honest pages took, in seconds.

    :ivar lost: the number of pages that were lost.
    """

    p50: float
    p99: float
    lost: int


class HonestPages:
    """Pages that call at fixed times, each 40 times a second. A context manager."""

    def __init__(self, port: int, count: int = 20) -> None:
        self._port = port
        self._sockets = [RawSocket.connected(port) for _ in range(count)]

    def __enter__(self) -> HonestPages:
        return self

    def __exit__(self, *_: object) -> None:
        for socket in self._sockets:
            socket.close()

    def measure(self, attack: Callable[[Attacker], None] | None = None, seconds: float = 4.0) -> Latency:
        """
        Measure the pages' calls while one peer attacks the server.

        :param attack: of :mod:`harness.attacks`; None for none.
        """
        attacker = Attacker(self._port, seconds=seconds)
        running = threading.Thread(target=attacker.run, args=(attack or (lambda attacker: None),))
        running.start()
        times: list[float] = []
        alive, due, number = list(self._sockets), time.monotonic(), 0
        while attacker.running:
            # All pages call at fixed times: a late result does not delay the next call.
            due, number = due + INTERVAL, number + 1
            time.sleep(max(0, due - time.monotonic()))
            called = [socket for socket in alive if self._calls(socket, number)]
            alive = [socket for socket in called if self._gets(socket, number)]
            times += [time.monotonic() - due] * len(alive)
        running.join()
        attacker.leave()
        times.sort()
        lost = len(self._sockets) - len(alive)
        return Latency(times[len(times) // 2], times[len(times) * 99 // 100], lost)

    def _calls(self, socket: RawSocket, number: int) -> bool:
        try:
            socket.send("call", 1, "echo", [number])
        except OSError:
            return False
        return True

    def _gets(self, socket: RawSocket, number: int) -> bool:
        try:
            answer = next(one for one in iter(socket.receive, None) if one[0] == "respond")
        except (OSError, EOFError, StopIteration):
            return False
        return bool(answer[2:] == [True, number])
