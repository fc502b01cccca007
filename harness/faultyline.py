# -*- test-case-name: tests.project.test_line -*-
"""
A line that fails at random bytes: a TCP forwarder in which every connection carries so many bytes, and then a fault.

asyncio, because what stands in for the network should share no code with what it carries.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")

#: SO_LINGER for a close that sends RST, as a line does that is gone.
_RESET: Final = struct.pack("ii", 1, 0)
#: The faults, each the name of a method below, and their shares in percent.
FAULTS: Final = {"reset": 50, "close": 14, "oneSided": 14, "swallow": 14, "late": 7, "dead": 1}
#: How long a fault lasts at most, in seconds, and the shares in percent. The client's clock is fast: it gives up a
#: socket that is not opened within 0.5 seconds, or that is silent for 2; so some of these are longer.
_DURATIONS: Final = {0.02: 50, 0.1: 35, 0.8: 12, 3.0: 3}
#: So many percent of the connections end as soon as this, in bytes: within the handshake, or a little after it.
_SHORT: Final = 30
_SHORT_BYTES: Final = 800


class Line:
    """
    Forwards a port of localhost, :attr:`port`, to another.

    :ivar faults: how many there were of each kind.
    """

    port: int

    def __init__(self, targetPort: int, meanBytes: int, random: Random) -> None:
        """
        :param meanBytes: how many bytes a connection carries on average, both directions together, before its fault;
            but three in ten have it at once, within the handshake or a little after it.
        :param random: decides everything. The same seed gives the same faults, though they meet other bytes.
        """
        self.targetPort = targetPort
        self.faults: Counter[str] = Counter()
        self._meanBytes = meanBytes
        self._random = random

    async def start(self) -> None:
        """Listen, until :meth:`stop`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self).browser, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Listen no more. Connections end when one of their ends does."""
        self._server.close()

    def drawAllowance(self) -> int:
        """
        :return: after how many bytes a connection has its fault.
        """
        if self._random.randrange(100) < _SHORT:
            return self._random.randint(1, _SHORT_BYTES)
        return 1 + int(self._random.expovariate(1 / self._meanBytes))

    def drawFault(self) -> str:
        """
        :return: the name of a method of :class:`Connection`.
        """
        fault = self._draw(FAULTS)
        self.faults[fault] += 1
        return fault

    def drawDuration(self) -> float:
        """
        :return: how long a fault lasts, in seconds.
        """
        return self._draw(_DURATIONS) * self._random.uniform(0.5, 1)

    def drawLegs(self, legs: list[Leg]) -> list[Leg]:
        """
        :return: one of the two, or both, in any order.
        """
        return self._random.sample(legs, self._random.randint(1, 2))

    def _draw(self, shares: Mapping[T, int]) -> T:
        return self._random.choices(list(shares), list(shares.values()))[0]


class Leg(asyncio.Protocol):
    """A connection's TCP connection to one of its two ends. It has no write buffer to speak of: windows bound it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connection.legMade(self)

    def data_received(self, data: bytes) -> None:
        self._connection.dataReceived(self, data)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._connection.legLost()

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def setReading(self, reading: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if reading:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def close(self) -> None:
        """End it in order: what was written arrives."""
        if self._transport is not None:
            self._transport.close()

    def reset(self) -> None:
        """End it at once: what was written may be lost."""
        if self._transport is not None:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()


class Connection:
    """One connection through the line, and its faults."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._allowance = line.drawAllowance()
        self.browser = Leg(self)
        self.server = Leg(self)
        self._legs = [self.browser, self.server]
        # Whose words go nowhere.
        self._swallowed: list[Leg] = []
        # Whether the end of one leg is kept from the other.
        self._concealing = False

    def legMade(self, leg: Leg) -> None:
        if leg is self.browser:
            leg.setReading(False)
            self._connecting = self._loop.create_task(self._connect())
        else:
            self.browser.setReading(True)

    async def _connect(self) -> None:
        try:
            await self._loop.create_connection(lambda: self.server, "127.0.0.1", self._line.targetPort)
        except OSError:
            self.reset()

    def legLost(self) -> None:
        if not self._concealing:
            self.close()

    def dataReceived(self, leg: Leg, data: bytes) -> None:
        if leg in self._swallowed:
            return
        now, rest = data[: self._allowance], data[self._allowance :]
        self._allowance -= len(now)
        self._other(leg).write(now)
        if self._allowance == 0:
            self._allowance = self._line.drawAllowance()
            fault = self._line.drawFault()
            if fault == "late":
                self.late(leg, rest)
            else:
                # Nothing may follow what is left out here.
                self._swallowed.append(leg)
                getattr(self, fault)()

    def _other(self, leg: Leg) -> Leg:
        return self.server if leg is self.browser else self.browser

    def _later(self, function: Callable[..., object], *args: object) -> None:
        self._loop.call_later(self._line.drawDuration(), function, *args)

    # Faults

    def reset(self) -> None:
        """Both ends learn at once that the line is gone."""
        for leg in self._legs:
            leg.reset()

    def close(self) -> None:
        """The line is closed in order."""
        for leg in self._legs:
            leg.close()

    def oneSided(self) -> None:
        """One end learns it, the other a while later."""
        self._swallowed = self._legs
        self._concealing = True
        first, *_ = self._line.drawLegs(self._legs)
        first.reset()
        self._later(self._other(first).reset)

    def swallow(self) -> None:
        """What one end says, or both, goes nowhere; a while later the line is gone."""
        self._swallowed += self._line.drawLegs(self._legs)
        self._later(self.reset)

    def dead(self) -> None:
        """Nothing arrives any more, and nobody is told. One end must give up."""
        self._swallowed = self._legs

    def late(self, leg: Leg, rest: bytes) -> None:
        """Everything is held for a while, arrives then, and the line goes on."""
        for each in self._legs:
            each.setReading(False)
        self._later(self._resume, leg, rest)

    def _resume(self, leg: Leg, rest: bytes) -> None:
        for each in self._legs:
            each.setReading(True)
        self.dataReceived(leg, rest)
