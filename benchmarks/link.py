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
from typing import Final, Self

SERVER: Final = "10.213.0.1"
BROWSER: Final = "10.213.0.2"
_TUN: Final = "/dev/net/tun"
# linux/if_tun.h
_TUNSETIFF: Final = 0x400454CA
_IFF_TUN_NO_PI: Final = 0x1001
_LARGEST: Final = 65536
_TCP: Final = 6
_SYN, _ACK = 0x02, 0x10
ADVICE: Final = "this needs Linux, root, /dev/net/tun and ip (Debian: apt-get install iproute2)"


class Account:
    """
    What has gone over a line. Only TCP over IPv4 is counted: a device that comes up says other things as well.

    :ivar sent: bytes from the browser, headers of IP and TCP included, and
    :ivar received: bytes to it.
    :ivar connections: how many connections the browser has begun.
    """

    def __init__(self) -> None:
        self.sent = self.received = self.connections = 0

    def add(self, packet: bytes, fromBrowser: bool) -> None:
        """Count a packet."""
        if len(packet) < 20 or packet[0] >> 4 != 4 or packet[9] != _TCP:
            return
        flags = packet[(packet[0] & 15) * 4 + 13]
        if fromBrowser:
            self.sent += len(packet)
            self.connections += flags & (_SYN | _ACK) == _SYN
        else:
            self.received += len(packet)


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
            server: deque[tuple[float, bytes]](),
            browser: deque[tuple[float, bytes]](),
        }
        other = {server: browser, browser: server}
        while not self._stopped:
            readable, _, _ = select.select([server, browser], [], [], self._untilDue(ways.values()))
            now = time.monotonic()
            for device in readable:
                packet = os.read(device, _LARGEST)
                self.account.add(packet, device == browser)
                ways[device].append((now + self._delay, packet))
            for device, way in ways.items():
                while way and way[0][0] <= time.monotonic():
                    os.write(other[device], way.popleft()[1])

    def _untilDue(self, ways: Iterable[deque[tuple[float, bytes]]]) -> float:
        due = [way[0][0] for way in ways if way]
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
