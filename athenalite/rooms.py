# -*- test-case-name: tests.test_rooms -*-
"""
Rooms: what the pages of several workers and hosts share.

A site of one process needs nothing of this: an object that its elements share is enough. A :class:`Room` is such an
object with a name, of which each worker has its own, and a method that is marked :func:`everywhere` runs in all of
them. With one process it works without any other program; with several, on Redis or Valkey: see ``docs/scaling.rst``.
"""

from __future__ import annotations

from ._rooms.everywhere import everywhere
from ._rooms.members import Members
from ._rooms.room import Room
from .errors import EngineAway

__all__ = ["EngineAway", "Members", "Room", "everywhere"]
