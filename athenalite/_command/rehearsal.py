# -*- test-case-name: tests.command.test_rehearsal -*-
"""
Whether a worker of ``--workers`` can start: :func:`rehearse` lets a process import the application, before there are
workers.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from .options import NAME, CannotServe

_PREFIX: Final = f"{NAME}: "
#: Of what the process has written, in characters.
_MOST_SHOWN: Final = 50_000


def rehearse(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """
    Wait until a process has imported the application, as each worker will.

    :param command: of a process that ends after that.
    :raise CannotServe: if it cannot, with the reason that a process without ``--workers`` gives. Its traceback, if it
        has one, is written to ``sys.stderr``: with twist the log begins later.
    """
    with _endedBySignal():
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if not done.returncode:
        return
    errors = done.stderr.decode("utf-8", "replace").strip()
    reason = errors.rpartition("\n")[2]
    if reason.startswith(_PREFIX):
        raise CannotServe(reason.removeprefix(_PREFIX))
    output = f"{done.stdout.decode('utf-8', 'replace')}{errors}\n"
    sys.stderr.write(output[-_MOST_SHOWN:])
    if done.returncode < 0:
        reason = f"the process has ended by signal {-done.returncode}"
    raise CannotServe(f"--element: no worker can import it: {reason or 'it ends the process'}; see above")


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
