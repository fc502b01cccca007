# -*- test-case-name: tests.test_rooms -*-
"""
Rooms: what the pages of several workers and hosts share.

A site of one process needs nothing of this: an object that its elements share is enough. A :class:`Room` is such an
object with a name, of which each worker has its own, and a method that is marked :func:`everywhere` runs in all of
them. With one process it works without any other program; with several, on Redis or Valkey: see ``docs/scaling.rst``.
"""

from __future__ import annotations

from typing import Any

from ._page.moving import PageMover
from ._rooms.address import parseAddress
from ._rooms.everywhere import everywhere
from ._rooms.home import Rooms
from ._rooms.members import Members
from ._rooms.room import Room
from .errors import EngineAway

__all__ = ["EngineAway", "Members", "PageMover", "Room", "Rooms", "engineAt", "everywhere"]


def engineAt(address: str, history: int = 10_000) -> Any:
    """
    Make what connects :class:`Rooms` to a server. ``athena-widget --engine`` does this by itself.

    :param address: such as ``redis://127.0.0.1:6379/0``; see ``docs/scaling.rst``, "An engine".
    :param history: how many calls of each room the server keeps.
    :raise ValueError: for what is no address.
    :raise ImportError: without the package that it needs, ``athenalite[scale]``.
    """
    from ._rooms.redis import RedisEngine

    return RedisEngine(parseAddress(address), history)
