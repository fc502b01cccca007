# -*- test-case-name: tests.test_loading -*-
"""
A line of any length on one machine: two network namespaces, and IP packets that take their time from one to the other.

Each namespace has a TUN device, whose packets this process reads, keeps for half a round trip, and writes to the
other. So TCP itself feels the distance: the handshake of each connection, its slow start, its acknowledgements. A
proxy would delay bytes only, and netem, which does the same as this, is not in every kernel. It needs root, and
Linux.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Final, NamedTuple, Self

SERVER: Final = "10.213.0.1"
BROWSER: Final = "10.213.0.2"
_TUN: Final = "/dev/net/tun"
# linux/if_tun.h
_TUNSETIFF: Final = 0x400454CA
_IFF_TUN_NO_PI: Final = 0x1001
_LARGEST: Final = 65536
_TCP: Final = 6
_SYN, _ACK = 0x02, 0x10
_OPENED: Final = b'["opened"'
ADVICE: Final = "this needs Linux, root, /dev/net/tun and ip (Debian: apt-get install iproute2)"


class Account:
    """
    What has gone over a line. Only TCP over IPv4 is counted: a device that comes up says other things as well.

    How many times somebody had to wait for the other end is counted as Lamport's clocks do: a packet's stamp is one
    more than the largest of those that had come where it was sent. What the machine does besides makes packets late,
    and no stamp larger.

    :ivar sent: bytes from the browser, headers of IP and TCP included, and
    :ivar received: bytes to it.
    :ivar connections: how many connections the browser has begun.
    :ivar first: the stamp of the end of the first response, which is the HTML: of what the server said last before the
        browser asked for more.
    :ivar opened: the stamp of the server's ``opened``; 0 if it has not come.
    """

    def __init__(self) -> None:
        self.sent = self.received = self.connections = 0
        self.first = self.opened = 0
        self._asked = 0
        self._come = {True: 0, False: 0}

    @property
    def roundTrips(self) -> float:
        """From the end of the HTML to ``opened``."""
        return (self.opened - self.first) / 2

    def add(self, packet: bytes, fromBrowser: bool) -> int:
        """
        Count a packet that was sent.

        :return: its stamp, for :meth:`arrived`.
        """
        if len(packet) < 20 or packet[0] >> 4 != 4 or packet[9] != _TCP:
            return 0
        stamp = self._come[fromBrowser] + 1
        segment = packet[(packet[0] & 15) * 4 :]
        said = segment[(segment[12] >> 4) * 4 :]
        if fromBrowser:
            self.sent += len(packet)
            self.connections += segment[13] & (_SYN | _ACK) == _SYN
            self._asked += said.startswith(b"GET ")
        else:
            self.received += len(packet)
            if said and self._asked == 1:
                self.first = stamp
            if _OPENED in said:
                self.opened = self.opened or stamp
        return stamp

    def arrived(self, stamp: int, fromBrowser: bool) -> None:
        """It has come to the other end."""
        self._come[not fromBrowser] = max(self._come[not fromBrowser], stamp)


class _Carried(NamedTuple):
    """A packet on its way."""

    due: float
    packet: bytes
    account: Account
    stamp: int


class Link:
    """
    A context manager.

    :ivar account: what goes over it; may be replaced by a new one at any time.
    """

    def __init__(self, roundTrip: float) -> None:
        """
        :param roundTrip: in seconds.
        """
        self.account = Account()
        self._delay = roundTrip / 2
        # The name of a device has 15 characters at most.
        self._names = [f"live{os.getpid()}{end}" for end in ("s", "b")]
        self._devices: list[int] = []
        self._stopped = False

    @property
    def inServer(self) -> list[str]:
        """What stands before a command for it to run where the server is."""
        return ["ip", "netns", "exec", self._names[0]]

    @property
    def inBrowser(self) -> list[str]:
        """And where the browser is."""
        return ["ip", "netns", "exec", self._names[1]]

    def __enter__(self) -> Self:
        """
        :raise SystemExit: with advice, where this cannot be had.
        """
        try:
            for name, address in zip(self._names, (SERVER, BROWSER), strict=True):
                self._devices.append(_device(name))
                _ip("netns", "add", name)
                _ip("link", "set", name, "netns", name)
                for command in (f"addr add {address}/24 dev {name}", f"link set {name} up", "link set lo up"):
                    _ip("-n", name, *command.split())
        except OSError as error:
            self.__exit__()
            raise SystemExit(f"{ADVICE}: {error}") from None
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        if hasattr(self, "_thread"):
            self._thread.join()
        for device in self._devices:
            os.close(device)
        for name in self._names[: len(self._devices)]:
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)

    def _carry(self) -> None:
        server, browser = self._devices
        ways = {
            server: deque[_Carried](),
            browser: deque[_Carried](),
        }
        other = {server: browser, browser: server}
        while not self._stopped:
            readable, _, _ = select.select([server, browser], [], [], self._untilDue(ways.values()))
            now = time.monotonic()
            for device in readable:
                packet = os.read(device, _LARGEST)
                account = self.account
                stamp = account.add(packet, device == browser)
                ways[device].append(_Carried(now + self._delay, packet, account, stamp))
            for device, way in ways.items():
                while way and way[0].due <= time.monotonic():
                    carried = way.popleft()
                    os.write(other[device], carried.packet)
                    carried.account.arrived(carried.stamp, device == browser)

    def _untilDue(self, ways: Iterable[deque[_Carried]]) -> float:
        due = [way[0].due for way in ways if way]
        # Not for ever: somebody may want to stop.
        return max(0.0, min([*due, time.monotonic() + 0.2]) - time.monotonic())


def _device(name: str) -> int:
    device = os.open(_TUN, os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode("ascii"), _IFF_TUN_NO_PI))
    return device


def _ip(*arguments: str) -> None:
    ran = subprocess.run(["ip", *arguments], stderr=subprocess.PIPE, text=True, check=False)
    if ran.returncode:
        raise OSError(f"ip {' '.join(arguments)}: {ran.stderr.strip()}")
