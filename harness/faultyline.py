# -*- test-case-name: tests.project.test_line -*-
"""
A faulty network: a TCP forwarder in which every connection has a fault after a random number of bytes.

Uses asyncio, so that the simulated network shares no code with what it carries.
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

#: SO_LINGER for a close that sends RST, as when a connection is cut.
_RESET: Final = struct.pack("ii", 1, 0)
#: The faults, each the name of a method below, and their frequencies in percent.
FAULTS: Final = {"reset": 50, "close": 14, "oneSided": 14, "swallow": 14, "late": 7, "dead": 1}
#: Maximum durations of a fault, in seconds, and their frequencies in percent. The client's timeouts are short: 0.5
#: seconds for a socket to open, 2 seconds of silence; so some of these are longer.
_DURATIONS: Final = {0.02: 50, 0.1: 35, 0.8: 12, 3.0: 3}
#: The percentage of connections that fail this early, in bytes: within the handshake, or a little after it.
_SHORT: Final = 30
_SHORT_BYTES: Final = 800


class Line:
    """
    Forwards a port of localhost, :attr:`port`, to another port, with faults.

    :ivar faults: the number of faults of each kind.
    """

    port: int

    def __init__(self, targetPort: int, meanBytes: int, random: Random) -> None:
        """
        :param meanBytes: how many bytes a connection carries before its fault, on average both directions together; but
            three in ten fail at once, within the handshake or a little after it.
        :param random: the source of all choices. The same seed gives the same faults, though at other bytes.
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
        """Stop listening. A connection ends when one of its ends closes it."""
        self._server.close()

    def drawAllowance(self) -> int:
        """
        :return: the number of bytes after which a connection has its fault.
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
        :return: the duration of a fault, in seconds.
        """
        return self._draw(_DURATIONS) * self._random.uniform(0.5, 1)

    def drawLegs(self, legs: list[Leg]) -> list[Leg]:
        """
        :return: one of the two legs, or both, in any order.
        """
        return self._random.sample(legs, self._random.randint(1, 2))

    def _draw(self, shares: Mapping[T, int]) -> T:
        return self._random.choices(list(shares), list(shares.values()))[0]


class Leg(asyncio.Protocol):
    """A forwarded connection's TCP connection to one of its ends. TCP windows bound its write buffer."""

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
        """Close it in order: written bytes arrive."""
        if self._transport is not None:
            self._transport.close()

    def reset(self) -> None:
        """Reset it: written bytes may be lost."""
        if self._transport is not None:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()


class Connection:
    """One forwarded connection, and its faults."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._allowance = line.drawAllowance()
        self.browser = Leg(self)
        self.server = Leg(self)
        self._legs = [self.browser, self.server]
        # The legs whose bytes are discarded.
        self._swallowed: list[Leg] = []
        # Whether the end of one leg is not forwarded to the other.
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
                # After bytes are discarded, nothing may follow.
                self._swallowed.append(leg)
                getattr(self, fault)()

    def _other(self, leg: Leg) -> Leg:
        return self.server if leg is self.browser else self.browser

    def _later(self, function: Callable[..., object], *args: object) -> None:
        self._loop.call_later(self._line.drawDuration(), function, *args)

    # Faults

    def reset(self) -> None:
        """Reset both ends at once."""
        for leg in self._legs:
            leg.reset()

    def close(self) -> None:
        """Close both ends in order."""
        for leg in self._legs:
            leg.close()

    def oneSided(self) -> None:
        """End one leg, and the other a while later."""
        self._swallowed = self._legs
        self._concealing = True
        first, *_ = self._line.drawLegs(self._legs)
        first.reset()
        self._later(self._other(first).reset)

    def swallow(self) -> None:
        """Discard what one end or both send; reset both a while later."""
        self._swallowed += self._line.drawLegs(self._legs)
        self._later(self.reset)

    def dead(self) -> None:
        """Discard all bytes, and close nothing. One end must time out."""
        self._swallowed = self._legs

    def late(self, leg: Leg, rest: bytes) -> None:
        """Hold all bytes for a while, forward them, and go on."""
        for each in self._legs:
            each.setReading(False)
        self._later(self._resume, leg, rest)

    def _resume(self, leg: Leg, rest: bytes) -> None:
        for each in self._legs:
            each.setReading(True)
        self.dataReceived(leg, rest)
