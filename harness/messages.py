"""The messages that tests say in a browser's stead."""

from base64 import urlsafe_b64encode
from itertools import count

_sockets = count(1)


def opening(token: str, received: int) -> tuple[str, int, str, int, int]:
    """What opens a socket that is newer than every other in this process."""
    return ("open", 1, token, received, next(_sockets))


def showing(opening: bytes) -> str:
    """The subprotocol by which a handshake shows this ``open``."""
    return f"open.{urlsafe_b64encode(opening).rstrip(b'=').decode('ascii')}"
