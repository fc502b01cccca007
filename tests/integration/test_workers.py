# -*- test-case-name: tests.integration.test_workers -*-
"""Pages of several workers behind one parent, with rooms on a real engine."""

import re
import time
from unittest import TestCase
from urllib.request import urlopen

from harness.rawsocket import RawSocket
from tests.command.test_parent import Parent


class WorkersTests(Parent, TestCase):
    """``--workers=3 --engine=embedded``"""

    def page(self):
        """Open a page; return its token and the path of its socket."""
        with urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as response:
            text = response.read().decode("utf-8")
        path = re.search(r'"\./(_athena/at/w[0-9]+/transport)"', text)[1]
        return re.search(r'"token":\s*"([^"]+)"', text)[1], f"/{path}"

    def connect(self, page):
        """Open a socket of a page."""
        token, path = page
        return self.enterContext(RawSocket.connected(self.port, token, path=path, origin=self.origin))

    def engineFiles(self):
        """Return the engine's socket, and where its data are."""
        return self.directory / "data" / "socket", self.directory / "data" / "appendonlydir"

    def test_pages(self):
        """Each page's sockets come to its worker, again and again, and a call reaches the pages of all workers."""
        self.origin = f"http://127.0.0.1:{self.port}"
        self.start("--workers=3", f"--engine=embedded:{self.directory / 'data'}", f"--origin={self.origin}")
        self.waitReady(3)
        pages = [self.page() for _ in range(6)]
        self.assertEqual(len({path for _, path in pages}), 3)
        processes = [self.connect(page).call(1, "process")[0] for page in pages]
        self.assertEqual(len({number for _, number in processes}), 3)
        for _ in range(3):
            sockets = [self.connect(page) for page in pages]
            answers = [socket.call(1, "process")[0] for socket in sockets]
            self.assertEqual(answers, processes)
        deadline = time.monotonic() + 30
        sockets[0].send("call", 1, "say", ["hello"])
        for socket in sockets:
            message = socket.receive()
            while message[2] != "show":
                self.assertLess(time.monotonic(), deadline)
                message = socket.receive()
            self.assertEqual(message[3], ["hello"])
        self.parent.terminate()
        self.parent.wait(90)
        self.assertEqual([path.exists() for path in self.engineFiles()], [False, True])
        self.assertNotIn("Traceback", self.text())
        self.assertNotIn(pages[0][0], self.text())
