# -*- test-case-name: tests.command.test_workerlog -*-
"""
The log of a worker as a part of its parent's: :func:`observer` writes events, and :class:`WorkerLog` reads them.

So an event of a worker has its own level, time and fields there, whatever format the parent's log has.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from twisted.logger import (
    FileLogObserver,
    Logger,
    eventAsJSON,
    eventFromJSON,
)
from twisted.python.failure import Failure

#: twistd's option for it.
OPTION: Final = f"--logger={__name__}.observer"
#: Before an event, as before each of twisted.logger's own JSON; other lines are what something else has written.
_SEPARATOR: Final = "\x1e"
_TRACEBACK: Final = "traceback"
#: Objects, which have no JSON.
_OMITTED: Final = ("log_logger", "log_source", "log_trace")


def observer() -> Any:
    """
    :return: a log observer that writes to standard output.
    """
    return FileLogObserver(sys.stdout, _written)


def _written(event: dict[str, Any]) -> str:
    values = {name: value for name, value in event.items() if name not in _OMITTED}
    failure = event.get("log_failure")
    if failure is not None:
        values[_TRACEBACK] = failure.getTraceback()
    return f"{_SEPARATOR}{eventAsJSON(values)}\n"


class _WorkersFailure(Failure):
    """A failure of another process, with its traceback as that has written it."""

    def __init__(self, failure: Failure, text: str) -> None:
        self.__dict__.update(failure.__dict__)
        self._text = text

    def printTraceback(self, file: Any = None, elideFrameworkCode: Any = 0, detail: str = "default") -> None:
        (sys.stderr if file is None else file).write(self._text)


class WorkerLog:
    """Logs what a worker has written."""

    def __init__(self, name: str, log: Logger) -> None:
        """
        :param name: of the worker.
        :param log: the parent's.
        """
        self._name = name
        self._log = log
        # What has been received of a line, by its descriptor.
        self._begun: dict[int, bytes] = {}

    def received(self, descriptor: int, data: bytes) -> None:
        """Log the lines that are complete."""
        *lines, self._begun[descriptor] = (self._begun.get(descriptor, b"") + data).split(b"\n")
        for line in lines:
            self._line(line.decode("utf-8", "replace"))

    def _line(self, line: str) -> None:
        try:
            event = eventFromJSON(line.removeprefix(_SEPARATOR)) if line.startswith(_SEPARATOR) else None
        except Exception:
            # An application may print anything.
            event = None
        if not isinstance(event, dict):
            self._log.info("{name}: {line}", name=self._name, line=line)
            return
        text = event.pop(_TRACEBACK, None)
        if text is not None and isinstance(event.get("log_failure"), Failure):
            event["log_failure"] = _WorkersFailure(event["log_failure"], text)
        level = getattr(event.get("log_level"), "name", "-")
        system = event.get("log_system") or f"{event.get('log_namespace', '-')}#{level}"
        self._log.observer({**event, "worker": self._name, "log_system": f"{self._name} {system}"})
