# -*- test-case-name: tests.integration.test_asyncio -*-
"""Real servers of an application that awaits asyncio: it works under its reactor; another one's errors say so."""

import sys
from unittest import TestCase

from harness.rawsocket import TOKEN, RawSocket, request
from harness.server import Server
from harness.waiting import waitUntil

ELEMENT = "tests.applications.asyncthing.asyncbox.box"
TWISTD = (sys.executable, "-c", "from twisted.scripts.twistd import run; run()")


class AsyncioReactorTests(TestCase):
    """``twistd --reactor=asyncio``"""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(ELEMENT, command=(*TWISTD, "--reactor=asyncio", "-n", "--pidfile="))
        cls.server.start()
        cls.addClassCleanup(cls.stop)

    @classmethod
    def stop(cls):
        """Nothing was reported: no task that was never awaited or destroyed while it waited."""
        cls.server.stop()
        cls.server.assertQuiet("ZeroDivisionError", "exposed method failed", "Traceback")
        for part in ("destroyed", "never awaited", "never retrieved"):
            assert part not in cls.server.log, cls.server.log

    def setUp(self):
        self.socket = self.enterContext(RawSocket.connected(self.server.port))

    def result(self, methodName, *args):
        """The result of a call."""
        (success, value), _ = self.socket.call(1, methodName, *args)
        self.assertTrue(success, value)
        return value

    def test_sleep(self):
        """asyncio.sleep works in exposed methods, in hooks, and in the factory of the element; so does a time-out."""
        self.assertEqual(self.result("sleep"), "slept")
        self.assertEqual(self.result("together"), [0, 1, 2])
        self.assertEqual(self.result("limited"), "timed out")
        self.assertTrue(self.result("isMade"))

    def test_renderer(self):
        """A renderer may wait, too."""
        self.assertIn(b"<p>rendered</p>", request(self.server.port)[1])

    def test_database(self):
        """aiosqlite works."""
        self.assertEqual(self.result("store", "a note"), ["a note"])

    def test_http(self):
        """httpx works."""
        self.assertIn("<p>rendered</p>", self.result("fetch", self.server.url))

    def test_failure(self):
        """An error's traceback in the log has the method's frame."""
        (success, error), _ = self.socket.call(1, "fail")
        self.assertEqual((success, error["type"]), (False, "ZeroDivisionError"))
        waitUntil(
            lambda: error["reference"] in self.server.log and "in fail" in self.server.log, lambda: self.server.log
        )


class PageTests(TestCase):
    """A site of pages under the asyncio reactor."""

    def test_pages(self):
        """Children, locateChild, beforeRender, renderHTTP, renderers and authorize may wait for asyncio."""
        command = (sys.executable, "-m", "tests.applications.asyncthing")
        with Server("-", command=command) as server:
            for path, body in (("/", b"main"), ("/text", b"child"), ("/live", b"<p>rendered</p>")):
                self.assertIn(body, request(server.port, path=path)[1])
            token = TOKEN.search(request(server.port, path="/live")[1])[1].decode("ascii")
            with RawSocket.connected(server.port, token) as socket:
                self.assertEqual(socket.call(1, "isMade")[0], [True, True])
        server.assertQuiet()


class OtherReactorTests(TestCase):
    """The default reactor."""

    def test_explained(self):
        """Every failure is typed, and the author and the log read which reactor is needed, and where."""
        with Server(f"{ELEMENT}Plain", "--debug", command=(*TWISTD, "-n", "--pidfile=")) as server:
            socket = self.enterContext(RawSocket.connected(server.port))
            for methodName, args in (("sleep", ()), ("store", ("text",)), ("fetch", (server.url,))):
                (success, error), _ = socket.call(1, methodName, *args)
                self.assertEqual((success, error["type"]), (False, "AsyncioReactorNeeded"), error)
                self.assertIn("twistd --reactor=asyncio", error["message"])
                waitUntil(lambda name=methodName: f"in {name}" in server.log, lambda: server.log)
        self.assertIn("needs Twisted's asyncio reactor", server.log)
