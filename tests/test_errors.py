# -*- test-case-name: tests.test_errors -*-
"""What can be relied on about the error tree."""

from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite import errors
from athenalite.errors import (
    ArgumentError,
    AthenaError,
    ConnectFailed,
    ConnectionLost,
    JSException,
    LivePageError,
    NoSuchMethod,
    ProtocolError,
    TooManyCalls,
    UnknownClass,
)


class ErrorTests(SynchronousTestCase):
    """The classes, and what they carry."""

    def test_tree(self):
        """Every error is an AthenaError, so that an application can catch them all."""
        for value in vars(errors).values():
            if isinstance(value, type) and issubclass(value, Exception):
                self.assertTrue(issubclass(value, AthenaError), value)

    def test_drawn(self):
        """The tree drawn at the top of the module is the real one."""
        assert errors.__doc__ is not None
        above = [AthenaError]
        drawn = set()
        for line in errors.__doc__.splitlines():
            if "+--" in line:
                depth = line.index("+--") // 5
                one = getattr(errors, line.split("+--")[1].split()[0])
                del above[depth:]
                self.assertEqual(one.__bases__[0], above[-1])
                above.append(one)
                drawn.add(one)
        classes = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, AthenaError)}
        self.assertEqual(drawn, classes - {AthenaError})

    def test_neverConnected(self):
        """A page that never connected is lost, too: who catches ConnectionLost catches both."""
        self.assertTrue(issubclass(ConnectFailed, ConnectionLost))

    def test_unknownClass(self):
        """UnknownClass is the RuntimeError that Athena raised."""
        self.assertTrue(issubclass(UnknownClass, RuntimeError))

    def test_protocolError(self):
        """A ProtocolError has the code to close its socket with, 1002 by default."""
        self.assertEqual(ProtocolError("x").closeCode, 1002)
        self.assertEqual(ProtocolError("x", 1007).closeCode, 1007)
        self.assertEqual(str(ProtocolError("x", 1007)), "x")

    def test_noSuchMethod(self):
        """NoSuchMethod crosses the wire as its two arguments, and its text names both."""
        error = NoSuchMethod(3, "steal")
        self.assertEqual((error.args, error.objectID, error.methodName), ((3, "steal"), 3, "steal"))
        self.assertEqual(error.jsClass, "Nevow.Athena.NoSuchMethod")
        self.assertIn("3", str(error))
        self.assertIn("'steal'", str(error))

    def test_argumentError(self):
        """ArgumentError crosses the wire as its text, and knows the argument, if that has a name."""
        error = ArgumentError("name: it is empty", "name")
        self.assertEqual(
            (str(error), error.args, error.argument), ("name: it is empty", ("name: it is empty",), "name")
        )
        self.assertIsNone(ArgumentError("too many").argument)

    def test_mayCross(self):
        """Only LivePageError and its subclasses may cross the wire with their text."""
        for one in (ArgumentError, NoSuchMethod, TooManyCalls):
            self.assertTrue(issubclass(one, LivePageError))
        for one in (ConnectionLost, ProtocolError, JSException):
            self.assertFalse(issubclass(one, LivePageError))

    def test_jsException(self):
        """A JSException keeps the JavaScript class and stack apart from the message."""
        error = JSException("TypeError: x", "TypeError", "at f")
        self.assertEqual((str(error), error.type, error.stack), ("TypeError: x", "TypeError", "at f"))


class JSExceptionTests(SynchronousTestCase):
    """An error that a browser has described."""

    def test_text(self):
        """Its text may be logged and printed by anybody; what the browser wrote is in its arguments."""
        text = "E: \x1b[31m\u202e\r\n[forged]"
        error = JSException(text, "E", "stack")
        self.assertEqual(str(error), r"E: \x1b[31m\u202e\r\n[forged]")
        self.assertTrue(repr(error).isprintable())
        self.assertNotIn("\x1b", Failure(error).getTraceback())
        self.assertEqual(error.args, (text,))
