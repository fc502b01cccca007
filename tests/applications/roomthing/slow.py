"""A page that takes a second to make, if there is a file that says so; it leaves another one, with its process."""

from __future__ import annotations

import os
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.task import deferLater

from athenalite.athena import LiveElement
from tests.applications.roomthing import lobby


async def page() -> LiveElement:
    """Make the element of the lobby."""
    if Path("slow").exists():
        Path("answering").write_text(f"{os.getpid()}\n")
        await deferLater(reactor, 1)
    return lobby.page()
