# -*- test-case-name: tests.rooms.test_notifications -*-
"""
Reads notifications, the messages that Redis publishes, from what a connection has received: :func:`notificationsIn`.
"""

from __future__ import annotations

import re
from typing import Final

_CHANNEL: Final = re.compile(rb"\*3\r\n\$7\r\nmessage\r\n\$([0-9]{1,7})\r\n")
_TEXT: Final = re.compile(rb"\r\n\$([0-9]{1,7})\r\n")
_END: Final = b"\r\n"


def notificationsIn(data: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """
    :param data: from the beginning of an answer on.
    :return: the whole notifications at the beginning of ``data``, each with its channel and text; and the rest, from
        what is something else or is not all there.
    """
    found: list[tuple[str, str]] = []
    at = 0
    while (channel := _CHANNEL.match(data, at)) is not None:
        start, end = channel.end(), channel.end() + int(channel[1])
        text = _TEXT.match(data, end)
        if text is None:
            break
        last = text.end() + int(text[1])
        if data[last : last + len(_END)] != _END:
            break
        try:
            found.append((data[start:end].decode("utf-8"), data[text.end() : last].decode("utf-8")))
        except UnicodeDecodeError:
            break
        at = last + len(_END)
    return found, data[at:]
