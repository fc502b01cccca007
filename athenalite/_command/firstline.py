# -*- test-case-name: tests.command.test_firstline -*-
"""
The first line of a connection, by which a worker is chosen: :func:`workerIn`.
"""

from __future__ import annotations

import re
from typing import Final

from .._text.workernames import WORKER_NAME

#: A longer first line is passed on as it is: the worker refuses it.
MAX_LENGTH: Final = 8192
#: What an operator asks for, to see the pages of one worker.
_CHOSEN: Final = re.compile(rf"[A-Z]+ /\?worker=({WORKER_NAME}) ".encode("ascii"))
_WORKER: Final = re.compile(rf"[A-Z]+ [^ ?]*/_athena/at/({WORKER_NAME})/".encode("ascii"))


def workerIn(received: bytes, isOperator: bool = False) -> str | None:
    """
    :param received: what has been received on a connection so far.
    :param isOperator: whether it is to the operators' pages, where one may choose a worker.
    :return: the name of the worker that the request is for; the empty string for any; None if the line has not ended.
    """
    end = received.find(b"\n")
    if end < 0 and len(received) < MAX_LENGTH:
        return None
    line = received[: end if end >= 0 else MAX_LENGTH]
    match = _WORKER.match(line) or (_CHOSEN.match(line) if isOperator else None)
    return match[1].decode("ascii") if match else ""
