# -*- test-case-name: tests.project.test_portforwarder -*-
"""The TCP forwarder has the faults that the tests using it expect."""

import contextlib
import socket
import threading
import time
from unittest import TestCase, mock

from harness.portforwarder import PortForwarder, mountUnder
from harness.ports import freePorts


class EchoServer:
    """Echoes what it receives, once it is called."""

    def __init__(self, greeting=b""):
        self.greeting = greeting
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.echo, args=(connection,), daemon=True).start()

    def echo(self, connection):
        with contextlib.suppress(OSError), connection:
            while received := connection.recv(65536):
                connection.sendall(self.greeting + received)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class PortForwarderTests(TestCase):
    """Each test has an echo server behind the forwarder."""

    def setUp(self):
        self.server = EchoServer()
        self.addCleanup(self.server.close)
        self.line = self.enterContext(PortForwarder(self.server.port))

    def connect(self):
        """Return a new connection through the forwarder."""
        return self.enterContext(socket.create_connection(("127.0.0.1", self.line.port), timeout=60))

    def receive(self, connection, count):
        """Return that many bytes, or fewer if the connection ends."""
        received = b""
        while len(received) < count and (chunk := connection.recv(count - len(received))):
            received += chunk
        return received

    def exchange(self, connection, data=b"hello"):
        """Send bytes, and return as many of the response."""
        connection.sendall(data)
        return self.receive(connection, len(data))

    def test_forward(self):
        """Bytes are forwarded both ways, and closing one side closes the other."""
        connection = self.connect()
        data = bytes(range(256)) * 1000
        self.assertEqual(self.exchange(connection, data), data)
        connection.shutdown(socket.SHUT_WR)
        self.assertEqual(connection.recv(1), b"")

    def test_cut(self):
        """A cut resets open connections; new ones are served."""
        connection = self.connect()
        self.exchange(connection)
        self.line.cut()
        with self.assertRaises(ConnectionResetError):
            connection.recv(1)
        self.assertEqual(self.exchange(self.connect()), b"hello")
        self.assertEqual(self.line.connections, 2)

    def test_cutAtOnce(self):
        """A cut resets a connection that was accepted and is not forwarded yet."""
        connect = socket.create_connection

        def late(*address):
            self.line.down()
            self.line.up()
            return connect(*address)

        connection = self.enterContext(socket.socket())
        connection.settimeout(30)
        with mock.patch("socket.create_connection", late), self.assertRaises(ConnectionResetError):
            connection.connect(("127.0.0.1", self.line.port))
            connection.recv(1)

    def test_cutAfter(self):
        """Connections are cut after the given number of bytes, and only once."""
        connection = self.connect()
        self.line.cutAfter(8)
        received = b""
        with self.assertRaises(ConnectionResetError):
            connection.sendall(b"hello")
            while chunk := connection.recv(1):
                received += chunk
        self.assertTrue(b"hel".startswith(received), received)
        self.assertEqual(self.exchange(self.connect(), b"x" * 100), b"x" * 100)

    def test_carried(self):
        """It counts the bytes that come from the other port."""
        self.exchange(self.connect(), b"x" * 100)
        self.assertEqual(self.line.carried, 100)

    def test_pause(self):
        """While paused, nothing arrives and nothing ends; then everything arrives."""
        connection = self.connect()
        self.exchange(connection)
        self.line.pause()
        connection.sendall(b"later")
        connection.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            connection.recv(1)
        connection.settimeout(30)
        self.line.resume()
        self.assertEqual(self.receive(connection, 5), b"later")

    def test_down(self):
        """While the forwarder is down, new connections are reset."""
        self.line.down()
        with self.assertRaises(ConnectionError):
            self.exchange(self.connect())
        self.line.up()
        self.assertEqual(self.exchange(self.connect()), b"hello")

    def test_delay(self):
        """The delay applies in each direction."""
        connection = self.connect()
        self.line.delay = 0.1
        begun = time.monotonic()
        self.exchange(connection)
        self.assertGreaterEqual(time.monotonic() - begun, 0.2)

    def test_noServer(self):
        """If no server listens, the connection is reset."""
        [self.line.targetPort] = freePorts(1)
        with self.assertRaises(ConnectionResetError):
            self.exchange(self.connect())


class MountUnderTests(TestCase):
    """Heads of requests, as the reverse proxy forwards them."""

    def test_prefix(self):
        """The prefix is removed, other headers stay, and the connection ends with the response."""
        rewrite = mountUnder("/chat")
        self.assertEqual(
            rewrite(b"GET /chat/a?b HTTP/1.1\r\nHost: x:1\r\nConnection: keep-alive"),
            b"GET /a?b HTTP/1.1\r\nHost: x:1\r\nConnection: close",
        )

    def test_upgrade(self):
        """A request for a WebSocket keeps its Connection header."""
        head = b"GET %s HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade"
        self.assertEqual(mountUnder("/chat")(head % b"/chat/ws"), head % b"/ws")

    def test_outside(self):
        """A path outside the prefix is not forwarded."""
        self.assertIsNone(mountUnder("/chat")(b"GET /chats/ HTTP/1.1"))
        self.assertIsNone(mountUnder("/chat")(b"GET / HTTP/1.1"))

    def test_notFound(self):
        """A request outside the prefix is answered with 404."""
        server = EchoServer()
        self.addCleanup(server.close)
        with (
            PortForwarder(server.port, mountUnder("/chat")) as line,
            socket.create_connection(("127.0.0.1", line.port), timeout=60) as connection,
        ):
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            self.assertTrue(connection.recv(1000).startswith(b"HTTP/1.1 404 "))
