"""A page that blocks its worker, once, if there is a file that says so."""

from __future__ import annotations

import time
from pathlib import Path

from athenalite.athena import LiveElement
from tests.applications.roomthing import lobby


def page() -> LiveElement:
    """Make the element of the lobby."""
    hang = Path("hang")
    if hang.exists():
        hang.unlink()
        time.sleep(3600)
    return lobby.page()
