# -*- test-case-name: tests.command.test_firstline -*-
"""
The first line of a connection, by which a worker is chosen: :func:`workerIn`.
"""

from __future__ import annotations

import re
from typing import Final

#: A longer first line is passed on as it is: the worker refuses it.
MAX_LENGTH: Final = 8192
_WORKER: Final = re.compile(rb"[A-Z]+ [^ ?]*/_athena/at/([A-Za-z0-9_.-]{1,50})/")


def workerIn(received: bytes) -> str | None:
    """
    :param received: what has been received on a connection so far.
    :return: the name of the worker that the request is for; the empty string for any; None if the line has not ended.
    """
    end = received.find(b"\n")
    if end < 0 and len(received) < MAX_LENGTH:
        return None
    match = _WORKER.match(received[: end if end >= 0 else MAX_LENGTH])
    return match[1].decode("ascii") if match else ""
