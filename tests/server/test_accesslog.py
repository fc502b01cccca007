"""
``athenalite._server.accesslog``: the lines of the access log.
"""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http import combinedLogFormatter
from twisted.web.iweb import IAccessLogFormatter
from twisted.web.test.requesthelper import DummyRequest
from zope.interface.verify import verifyObject

from athenalite._server.accesslog import AccessLogFormatter

TIME = "[27/Nov/2026:08:00:00 +0000]"


def requested(uri=b"/chat?room=1", **headers):
    """A request from a browser, responded to."""
    request = DummyRequest([])
    request.method, request.uri, request.clientproto = b"GET", uri, b"HTTP/1.1"
    request.code, request.sentLength = 200, 1234
    request.requestHeaders.removeHeader(b"host")
    for name, value in headers.items():
        request.requestHeaders.addRawHeader(name.replace("_", "-").encode(), value)
    return request


class LineTests(SynchronousTestCase):
    """A line of the log."""

    def test_interface(self):
        verifyObject(IAccessLogFormatter, AccessLogFormatter())

    def test_likeTwisted(self):
        """The format is that of Twisted, for logs that are read by programs."""
        for request in (requested(), requested(user_agent=b"Firefox/140.0 (X11; rv:1)", referer=b"http://a.example/")):
            self.assertEqual(AccessLogFormatter()(TIME, request), combinedLogFormatter(TIME, request))

    def test_nothingSent(self):
        request = requested()
        request.sentLength = 0
        self.assertIn('" 200 - "', AccessLogFormatter()(TIME, request))

    def test_escaped(self):
        """What a peer writes ends neither the line nor a quoted part of it, and is printable."""
        for hostile in (b'/"x', b"/\\", b"/\x00\x1b[2J", b"/\xff\xc3\xa9", b"/'", b"/\x85\x7f"):
            for request in (requested(hostile), requested(user_agent=hostile), requested(referer=hostile)):
                line = AccessLogFormatter()(TIME, request)
                self.assertEqual(line, combinedLogFormatter(TIME, request))
                self.assertTrue(line.isascii() and line.isprintable(), line)

    def test_behindProxy(self):
        """Behind a proxy, the line has the client's address; only the entry that the proxy has added is used."""
        request = requested(x_forwarded_for=b"203.0.113.9, 198.51.100.7")
        self.assertTrue(AccessLogFormatter(True)(TIME, request).startswith('"198.51.100.7" - - ['))
        self.assertNotIn("198.51.100.7", AccessLogFormatter()(TIME, request))
        request = requested(x_forwarded_for=b'"><script>')
        self.assertNotIn("script", AccessLogFormatter(True)(TIME, request))
