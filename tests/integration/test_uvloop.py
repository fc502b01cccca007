# -*- test-case-name: tests.integration.test_uvloop -*-
"""Connections that are lost under uvloop, whose event loop forgets them before Twisted does, leave nothing behind."""

import os
import sys
import tempfile
from pathlib import Path
from unittest import TestCase, skipUnless

from harness.honest import ELEMENT
from harness.rawsocket import RawSocket
from harness.server import TWIST, Server, selfSigned
from harness.waiting import waitUntil

ROUNDS = 150
UVLOOP = (sys.executable, "-m", "harness.uvlooping", *TWIST[3:])


@skipUnless(sys.platform == "linux", "the open files of a process are in /proc")
class LossTests(TestCase):
    """A real server, with the asyncio reactor on asyncio's own loop and on uvloop's."""

    def assertNothingLeft(self, *command, options=(), **socketOptions):
        """Sockets are reset while the server sends to them: no descriptor is left open, and the log is quiet."""
        with (
            Server(ELEMENT, *options, command=command) as server,
            RawSocket.connected(server.port, **socketOptions) as honest,
        ):
            opened = Path(f"/proc/{server.process.pid}/fd")
            honest.call(1, "echo", 0)
            before = len(os.listdir(opened))
            for number in range(ROUNDS):
                if number % 10 == 0:
                    # A busy machine may take longer for all than the timeout of its pongs.
                    honest.call(1, "echo", number)
                    honest.acknowledge()
                socket = RawSocket.connected(server.port, **socketOptions)
                socket.send("call", 1, "fill", [40, 5000])
                socket.abort()
            honest.call(1, "echo", 1)
            waitUntil(lambda: len(os.listdir(opened)) <= before, "descriptors are left open")
        self.assertNotIn("critical", server.log)

    def test_asyncio(self):
        """Plain asyncio."""
        self.assertNothingLeft(*TWIST, "--reactor=asyncio")

    def test_uvloop(self):
        """uvloop"""
        self.assertNothingLeft(*UVLOOP)

    def test_uvloopTLS(self):
        """uvloop, with TLS: it sends an alert when a connection is aborted, which fails, too."""
        with tempfile.TemporaryDirectory() as directory:
            pem = selfSigned(Path(directory))
            self.assertNothingLeft(*UVLOOP, options=[f"--listen=ssl:0:privateKey={pem}"], secure=True)
