# -*- test-case-name: tests.command.test_importcheck -*-
"""
Imports the application of ``--workers`` in a process that ends after that, before workers are started:
:func:`checkImport`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, NoReturn

from .options import NAME, CannotServe

_PREFIX: Final = f"{NAME}: "
#: How much of the output of the process is written again, in characters.
_MOST_SHOWN: Final = 50_000
#: The interval of the checks whether it has ended, and for how long its output is read after that, in seconds.
_LOOK: Final = 0.1
_LAST_WORDS: Final = 2.0


def checkImport(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """
    Wait until a process has imported the application, as each worker will.

    :param command: of a process that ends after that.
    :raise CannotServe: if it cannot, with the reason that a process without ``--workers`` gives. Its traceback, if it
        has one, is written to ``sys.stderr``: with twist the log begins later.
    """
    with _endedBySignal():
        status, written, raised = _run(command, environment)
    if not status:
        return
    errors = raised.decode("utf-8", "replace").strip()
    reason = errors.rpartition("\n")[2]
    if reason.startswith(_PREFIX):
        raise CannotServe(reason.removeprefix(_PREFIX))
    output = f"{written.decode('utf-8', 'replace')}{errors}\n"
    sys.stderr.write(output[-_MOST_SHOWN:])
    if status < 0:
        reason = f"the process has ended by signal {-status}"
    raise CannotServe(f"--element: no worker can import it: {reason or 'it ends the process'}; see above")


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, bytes, bytes]:
    """:return: the exit status of a process, and what it has written to stdout and stderr."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
        try:
            written, raised = _outputOf(process)
        except BaseException:
            process.kill()
            raise
    return process.returncode, written, raised


def _outputOf(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=_LOOK)
    try:
        # Processes that it has started may hold its output open.
        return process.communicate(timeout=_LAST_WORDS if process.returncode else 0)
    except subprocess.TimeoutExpired as held:
        return held.output or b"", held.stderr or b""


@contextmanager
def _endedBySignal() -> Iterator[None]:
    """Within this context SIGTERM first ends the process that is waited for, and then this one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except _Stopped:
        signal.signal(signal.SIGTERM, before)
        os.kill(os.getpid(), signal.SIGTERM)
        raise CannotServe("it was stopped while the application was imported") from None
    finally:
        signal.signal(signal.SIGTERM, before)


class _Stopped(BaseException):
    """SIGTERM has come."""


def _stop(number: int, frame: Any) -> NoReturn:
    raise _Stopped
