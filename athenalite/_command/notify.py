# -*- test-case-name: tests.command.test_notify -*-
"""
Tells systemd that the server is ready, alive, or about to stop (``sd_notify(3)``): :class:`Notifier`.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from ..interfaces import IClock

#: What systemd sets in the environment of the process that it asks.
NAMES: Final = frozenset({"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"})
_MICROSECONDS: Final = 1_000_000


class Notifier:
    """
    Sends notifications to the socket that a service manager names in the environment; without one it does nothing. A
    reactor that is blocked for longer than ``WatchdogSec=`` sends no sign of life, and systemd ends the service.
    """

    def __init__(self, clock: IClock, environment: Mapping[str, str] = os.environ) -> None:
        self._clock = clock
        self._log = Logger(namespace="athena-widget")
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._interval = _interval(environment) if self._address else None
        self._timer: IDelayedCall | None = None

    def ready(self, text: str) -> None:
        """
        The server takes visitors.

        :param text: shown by ``systemctl status``.
        """
        self._send(f"READY=1\nSTATUS={text}\nMAINPID={os.getpid()}")
        self._live()

    def stopping(self, seconds: float) -> None:
        """The server begins to stop, which may take so many seconds. Signs of life go on until :meth:`stopped`."""
        microseconds = round(seconds * _MICROSECONDS)
        self._send(f"STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC={microseconds}")

    def stopped(self) -> None:
        """The process ends."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _live(self) -> None:
        if self._interval is not None:
            self._send("WATCHDOG=1")
            self._timer = self._clock.callLater(self._interval, self._live)

    def _send(self, text: str) -> None:
        if not self._address:
            return
        address = self._address
        if address.startswith("@"):
            # An abstract name, as containers have.
            address = "\0" + address[1:]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
                sender.sendto(text.encode("utf-8"), address)
        except (OSError, ValueError) as error:
            self._log.warn("cannot notify {address}: {error}", address=self._address, error=str(error))


def _interval(environment: Mapping[str, str]) -> float | None:
    """How often to send a sign of life: twice as often as asked for, if this process is the one that is asked."""
    text: Any = environment.get("WATCHDOG_USEC", "")
    pid = environment.get("WATCHDOG_PID", "")
    if not text.isascii() or not text.isdigit() or not int(text) or (pid and pid != str(os.getpid())):
        return None
    return int(text) / _MICROSECONDS / 2
