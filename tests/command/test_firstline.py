# -*- test-case-name: tests.command.test_firstline -*-
"""A worker is chosen by the first line of a connection, whatever it is."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.firstline import MAX_LENGTH, workerIn


class WorkerTests(SynchronousTestCase):
    """``workerIn``"""

    def test_name(self):
        """The name in the path of a socket or a script, below any path."""
        for line in (
            b"GET /_athena/at/w1/transport HTTP/1.1\r\n",
            b"GET /a/b/_athena/at/w1/transport?x=1 HTTP/1.1\r\nHost: x\r\n",
            b"POST /_athena/at/w1/transport HTTP/1.1\n",
            b"GET /_athena/at/w1/0123/Chat.js HTTP/1.1\n",
        ):
            self.assertEqual(workerIn(line), "w1")

    def test_none(self):
        """Any other line is for any worker, also one that has a name elsewhere."""
        for line in (
            b"GET / HTTP/1.1\r\n",
            b"\r\n",
            b"\x16\x03\x01\n",
            b"GET /_athena/transport HTTP/1.1\r\n",
            b"GET /?_athena/at/w1/transport HTTP/1.1\r\n",
            b"GET /_athena/at/w1 HTTP/1.1\r\n",
            b"GET /_athena/at/" + b"x" * 51 + b"/transport HTTP/1.1\r\n",
            b"GET / HTTP/1.1\r\nReferer: GET /_athena/at/w1/transport HTTP/1.1\r\n",
        ):
            self.assertEqual(workerIn(line), "", line)

    def test_operator(self):
        """Operators choose a worker by the query of the root; visitors do not."""
        line = b"GET /?worker=w1 HTTP/1.1\r\n"
        self.assertEqual((workerIn(line), workerIn(line, True)), ("", "w1"))
        self.assertEqual(workerIn(b"GET /_athena/at/w1/transport HTTP/1.1\r\n", True), "w1")
        for other in (b"GET /x?worker=w1 HTTP/1.1\r\n", b"GET /?worker=w1&x HTTP/1.1\r\n", b"GET /?worker= HTTP/1.1\n"):
            self.assertEqual(workerIn(other, True), "")

    def test_incomplete(self):
        """A line that has not ended is waited for, up to a length."""
        for line in (b"", b"GET /_athena/at/w1/transport HTTP/1.1", b"x" * (MAX_LENGTH - 1)):
            self.assertIsNone(workerIn(line))
        self.assertEqual(workerIn(b"x" * MAX_LENGTH), "")
        self.assertEqual(workerIn(b"GET /_athena/at/w1/transport " + b"x" * MAX_LENGTH), "w1")
