# -*- test-case-name: tests.project.test_ports -*-
"""Ports that stay free for the server of a test."""

import socket
from unittest import TestCase

from harness.ports import freePorts


class PortsTests(TestCase):
    """``freePorts``"""

    def test_listen(self):
        """Each refuses connections until a server listens there, which may end and be started again."""
        for port in freePorts(2):
            for _ in range(2):
                self.assertRaises(ConnectionRefusedError, socket.create_connection, ("127.0.0.1", port))
                with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
                    pass

    def test_held(self):
        """No other program gets such a port meanwhile, not even one that asks for this port."""
        [port] = freePorts(1)
        with socket.socket() as other:
            self.assertRaises(OSError, other.bind, ("127.0.0.1", port))
