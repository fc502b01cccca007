# -*- test-case-name: tests.project.test_forking -*-
"""A forked server is as one that was started by itself."""

import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path
from unittest import TestCase

from harness.forking import ForkedProcess
from harness.rawsocket import RawSocket
from harness.server import TWIST, Server

CHAT = "chatthing.chatterbox.chat"
HERE = """
import os, sys
from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr

class Hello(LiveElement):
    docFactory = xmlstr('<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement" />')

    @expose
    def look(self):
        return [os.getcwd(), os.environ.get("COLOUR"), "HOME" in os.environ, sys.path]
"""


class ForkingTests(TestCase):
    """Servers of one test process."""

    def server(self, *options, **keywords):
        """Start a server, in a directory with ``here.py``."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (directory / "here.py").write_text(HERE)
        return self.enterContext(Server("here.Hello", *options, cwd=directory, **keywords)), directory

    def test_same(self):
        """Directory, environment and path are the server's own; its log is the same but for numbers and times."""
        logs, paths = [], []
        for changes in ({"COLOUR": "red"}, {"COLOUR": "blue"}, {"COLOUR": "green", "PYTHONHASHSEED": "1"}):
            server, directory = self.server(environment=changes)
            with RawSocket.connected(server.port) as page:
                [_, (cwd, colour, hasHome, path)], _ = page.call(1, "look")
            self.assertEqual((Path(cwd).resolve(), colour), (directory.resolve(), changes["COLOUR"]))
            self.assertEqual(hasHome, "HOME" in os.environ)
            paths.append([one for one in path if one not in ("", cwd)])
            server.stop()
            server.assertQuiet()
            self.assertEqual(isinstance(server.process, ForkedProcess), len(changes) == 1)
            # Without times, ports and processes' numbers.
            logs.append(re.sub("0x[0-9a-f]+|[0-9]+", "", server.log))
        self.assertEqual(logs[0], logs[2])
        self.assertEqual(paths[0], paths[2])

    def test_end(self):
        """The status of one that is stopped, of one that is killed, and of one that does not start."""
        server, _ = self.server()
        self.assertIsNone(server.process.poll())
        with self.assertRaises(subprocess.TimeoutExpired):
            server.process.wait(0.01)
        server.process.send_signal(signal.SIGTERM)
        self.assertIn(server.process.wait(60), (0, -signal.SIGTERM))
        server.process.kill()
        server.stop()
        killed, _ = self.server()
        killed.kill()
        self.assertEqual(killed.process.returncode, -signal.SIGKILL)
        with self.assertRaisesRegex(AssertionError, "cannot find 'nowhere.thing'"):
            Server("nowhere.thing").start()

    def test_own(self):
        """Another command, and variables that Python reads, need a process of its own."""
        for keywords in ({"command": [*TWIST, "--reactor=asyncio"]}, {"environment": {"PYTHONHASHSEED": "1"}}):
            with Server(CHAT, **keywords) as server:
                self.assertIsInstance(server.process, subprocess.Popen)
