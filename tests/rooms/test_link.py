# -*- test-case-name: tests.rooms.test_link -*-
"""The interfaces of an engine."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.client import EngineClient
from athenalite._rooms.link import NOWHERE, Engine, EngineUser, Link
from athenalite._rooms.memory import MemoryDoor, MemoryLink


class InterfaceTests(SynchronousTestCase):
    """The engine in memory, and the client of engines, have what the interfaces ask for."""

    def test_methods(self):
        """Each method exists, with the same parameters."""
        for interface, cls in ((Link, MemoryLink), (Engine, MemoryDoor), (EngineUser, EngineClient)):
            for name, method in vars(interface).items():
                if not name.startswith("_"):
                    code = getattr(cls, name).__code__
                    self.assertEqual(code.co_varnames[: code.co_argcount], method.__code__.co_varnames, name)

    def test_nowhere(self):
        """A room without entries has no epoch."""
        self.assertEqual(NOWHERE, ("", 0))
