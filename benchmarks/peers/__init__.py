"""
The same small chat room and echo with other libraries, each as its own documentation would write it.

They send the bytes of ``benchmarks.raw``, except Socket.IO, which has its own protocol. Each serves at the port that is
its argument, and runs until killed.
"""

import json
from typing import Any


def encode(parts: list[Any]) -> str:
    """Encode compact JSON, as athenalite does."""
    return json.dumps(parts, separators=(",", ":"))
