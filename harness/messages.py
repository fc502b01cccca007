"""Messages that tests send in place of a browser."""

from base64 import urlsafe_b64encode
from itertools import count

_sockets = count(1)


def opening(token: str, received: int) -> tuple[str, int, str, int, int]:
    """The message that opens a socket newer than every other in this process."""
    return ("open", 1, token, received, next(_sockets))


def showing(opening: bytes) -> str:
    """The subprotocol by which a handshake carries this ``open``."""
    return f"open.{urlsafe_b64encode(opening).rstrip(b'=').decode('ascii')}"
