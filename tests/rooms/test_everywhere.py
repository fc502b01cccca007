# -*- test-case-name: tests.rooms.test_everywhere -*-
"""Which methods run in every worker, and how they are found by the names in an engine."""

from twisted.internet.defer import Deferred, fail, inlineCallbacks
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.everywhere import bodyOf
from athenalite.errors import ArgumentError
from athenalite.rooms import Room, everywhere


class Lobby(Room):
    """A room that records what is called."""

    def __init__(self, name="lobby"):
        Room.__init__(self, name)
        self.calls = []

    @everywhere
    def wall(self, message: str, *, loud: bool = False):
        """Show it."""
        self.calls.append((message, loud))

    def plain(self, anything):
        self.calls.append(anything)

    plain = everywhere(plain)

    @everywhere
    async def later(self, deferred=None):
        self.calls.append("begun")
        await fail(ValueError("later"))

    def private(self):
        self.calls.append("private")


class EverywhereTests(SynchronousTestCase):
    """``everywhere``"""

    def test_call(self):
        """A call runs the method, and returns a Deferred that has fired."""
        room = Lobby()
        self.assertIsNone(self.successResultOf(room.wall("hi", loud=True)))
        self.assertEqual(room.calls, [("hi", True)])

    def test_wrapped(self):
        """The method keeps its name and docstring."""
        self.assertEqual((Lobby.wall.__name__, Lobby.wall.__doc__), ("wall", "Show it."))

    def test_json(self):
        """Arguments arrive as other workers get them, and those that are not JSON raise an error in the caller."""
        room = Lobby()
        given = ["a"]
        room.plain((1, given))
        given.append("b")
        self.assertEqual(room.calls, [[1, ["a"]]])
        error = self.assertRaises(TypeError, room.plain, room)
        self.assertIn("Lobby", str(error))

    def test_annotations(self):
        """Arguments that the annotations do not allow raise an error in the caller; nothing runs."""
        room = Lobby()
        for args in ((7,), (), ("a", "b")):
            self.assertRaises(ArgumentError, room.wall, *args)
        self.assertRaises(ArgumentError, room.wall, "a", quiet=True)
        self.assertEqual(room.calls, [])

    def test_failures(self):
        """What a method raises is logged, the result of a coroutine as well, and is no error of the caller."""
        room = Lobby()
        self.successResultOf(room.later())
        self.assertEqual(room.calls, ["begun"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_notAFunction(self):
        """Only functions can be marked."""
        for thing in (7, Lobby, property(len), staticmethod(len)):
            self.assertRaises(TypeError, everywhere, thing)

    def test_generators(self):
        """A generator would not run; inlineCallbacks makes one that does."""

        def generator(self):
            yield

        self.assertRaises(TypeError, everywhere, generator)
        waiting = Deferred()

        def body(self):
            self.got = yield waiting

        body.__name__ = "good"
        Good = type("Good", (Room,), {"good": everywhere(inlineCallbacks(body))})
        room = Good("good")
        room.good()
        waiting.callback(7)
        self.assertEqual(room.got, 7)

    def test_otherName(self):
        """A method is found by its name in the class, so it can have no other."""
        with self.assertRaises(TypeError) as caught:
            type("Bad", (Lobby,), {"shout": Lobby.wall})
        self.assertIn("Bad.shout is the method wall", str(caught.exception))

    def test_noRoom(self):
        """It is a method of a room that has been initialized."""

        class Uninitialized(Lobby):
            def __init__(self):
                pass

        class NoRoom:
            wall = everywhere(lambda self: None)

        for cls in (Uninitialized, NoRoom):
            error = self.assertRaises(TypeError, cls().wall)
            self.assertIn("Room.__init__", str(error))

    def test_super(self):
        """A method that runs everywhere may call the one that it overrides, which runs as a part of it."""

        class Heir(Lobby):
            def wall(self, message, *, loud=False):
                super().wall(message.upper(), loud=loud)

            wall = everywhere(wall)

        room = Heir()
        room.wall("hi")
        self.assertEqual(room.calls, [("HI", False)])

    def test_hidden(self):
        """A method that overrides one, and is not marked, does not run everywhere, nor does the other through it."""

        class Heir(Lobby):
            def wall(self, message):
                super().wall(message)

        error = self.assertRaises(TypeError, Heir().wall, "hi")
        self.assertIn("wall = everywhere(wall)", str(error))
        self.assertIsNone(bodyOf(Heir(), "wall"))


class BodyTests(SynchronousTestCase):
    """``bodyOf``: an engine chooses the name."""

    def test_names(self):
        """Only marked methods are found, and nothing is run to find out."""

        class Trap(Lobby):
            @property
            def trap(self):
                raise AssertionError("it was run")

            def __getattr__(self, name):
                if name.startswith("_athena"):
                    raise AttributeError(name)
                raise AssertionError("it was asked")

        room = Trap()
        room.wall2 = Lobby.wall
        for name in ("trap", "private", "wall2", "__init__", "nothing", "claim", "", "calls", "__class__"):
            self.assertIsNone(bodyOf(room, name), name)
        bodyOf(room, "wall")("hi")
        self.assertEqual(room.calls, [("hi", False)])
