# -*- test-case-name: tests.command.test_unavailable -*-
"""A visitor whose connection no worker takes gets a whole answer."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.unavailable import unavailable


class UnavailableTests(SynchronousTestCase):
    """``unavailable``"""

    def test_request(self):
        """A request, also of a WebSocket, gets status 503, when to try again, and a text for people."""
        for line in (b"GET / HTTP/1.1\r\n", b"POST /x?y HTTP/1.0\n", b"GET /_athena/at/w1/transport HTTP/1.1\r\n"):
            head, _, body = unavailable(line + b"Host: x\r\nUpgrade: websocket\r\n\r\n").partition(b"\r\n\r\n")
            first, *headers = head.split(b"\r\n")
            self.assertEqual(first, b"HTTP/1.1 503 Service Unavailable")
            for header in (b"Retry-After: 10", b"Connection: close", b"Cache-Control: no-store"):
                self.assertIn(header, headers)
            self.assertIn(b"Content-Length: %d" % len(body), headers)
            self.assertEqual(body, b"This site cannot answer at the moment. Please try again in a few seconds.\n")

    def test_head(self):
        """HEAD gets the headers only."""
        answer = unavailable(b"HEAD / HTTP/1.1\r\n")
        self.assertEqual((answer[:12], answer[-4:]), (b"HTTP/1.1 503", b"\r\n\r\n"))

    def test_nonsense(self):
        """What is no request of HTTP/1 gets nothing."""
        for line in (b"", b"\r\n", b"\x16\x03\x01\n", b"GET / HTTP/1.1", b"PRI * HTTP/2.0\r\n", b"get / HTTP/1.1\n"):
            self.assertEqual(unavailable(line), b"", line)
