"""The messages that tests say in a browser's stead."""

from itertools import count

_sockets = count(1)


def opening(token: str, received: int) -> tuple[str, int, str, int, int]:
    """What opens a socket that is newer than every other in this process."""
    return ("open", 1, token, received, next(_sockets))
