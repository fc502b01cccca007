# -*- test-case-name: tests.command.test_signals -*-
"""
Signals that stop a server: :class:`StopSignals`.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any, Final

from twisted.logger import Logger

_STOP: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class StopSignals:
    """
    SIGHUP stops the server as SIGTERM does: by default it would kill the process, and pages would have no reason. While
    the server stops, further signals are ignored: Twisted logs a traceback for each.
    """

    def __init__(self, reactor: Any, log: Logger, hungUp: Callable[[], object] | None = None) -> None:
        """
        :param hungUp: what SIGHUP does instead.
        """
        self._reactor = reactor
        self._log = log
        self._hangUp = hungUp

    def install(self) -> None:
        """Stop at SIGHUP, unless it has a handler or is ignored (as under ``nohup``)."""
        number = getattr(signal, "SIGHUP", None)
        if number is not None and _isMainThread() and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, self._hungUp)

    def stopping(self) -> None:
        """The server stops: ignore further signals to stop."""
        if not _isMainThread():
            return
        for name in _STOP:
            number = getattr(signal, name, None)
            # Handlers of Twisted, or ours. Others, such as those of a test runner, stay.
            if number is not None and _isOurs(signal.getsignal(number), self._reactor, self._hungUp):
                signal.signal(number, self._again)

    def _hungUp(self, number: int, frame: Any) -> None:
        self._reactor.callFromThread(self._hangUp or self._reactor.stop)

    def _again(self, number: int, frame: Any) -> None:
        name = signal.Signals(number).name
        self._reactor.callFromThread(self._log.info, "{name}: the server is stopping already", name=name)


def _isMainThread() -> bool:
    # Python takes handlers from no other thread.
    return threading.current_thread() is threading.main_thread()


def _isOurs(handler: Any, reactor: Any, hungUp: Any) -> bool:
    return handler == hungUp or getattr(handler, "__self__", None) is reactor
