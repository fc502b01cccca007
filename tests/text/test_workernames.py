# -*- test-case-name: tests.text.test_workernames -*-
"""The names of workers."""

import re

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.firstline import workerIn
from athenalite._core import wire
from athenalite._server.factory import LivePageFactory
from athenalite._text.workernames import WORKER_NAME
from athenalite.errors import ProtocolError


class WorkerNameTests(SynchronousTestCase):
    """A name is one segment of an address, which browsers leave as it is."""

    def test_names(self):
        """Letters, digits and three other characters, up to fifty."""
        for name in ("w1", "a", "-", "_", "...a", "chat-8081", "w" * 50):
            self.assertTrue(re.fullmatch(WORKER_NAME, name), name)
            self.assertEqual(workerIn(f"GET /_athena/at/{name}/transport HTTP/1.1\n".encode()), name)
            self.assertEqual(wire.decode(wire.encodeOpened(1, name).decode()), wire.Opened(1, name))

    def test_others(self):
        """Others are refused, dots alone among them, wherever a name is given."""
        for name in ("", ".", "..", "." * 50, "a b", "a/b", "w1\n", "ä", "w" * 51):
            self.assertIsNone(re.fullmatch(WORKER_NAME, name), name)
            self.assertRaises(ValueError, LivePageFactory, Clock(), name=name)
            self.assertNotEqual(workerIn(f"GET /_athena/at/{name}/transport HTTP/1.1\n".encode()) or None, name)
            self.assertRaises(ProtocolError, wire.decode, f'["opened",1,"{name}"]')
