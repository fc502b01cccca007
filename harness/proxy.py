"""A proxy in a process of its own, in front of a server."""

from __future__ import annotations

import socket
import ssl
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from .waiting import waitUntil


def freePorts(count: int) -> list[int]:
    """Return free ports of localhost."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def handshake(port: int, path: str, secure: bool = False) -> int:
    """Open a socket as the page of this port does. Return the status."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with context.wrap_socket(plain, server_hostname="localhost") if secure else plain as client:
        client.sendall(
            f"GET {path} HTTP/1.1\r\n"
            f"Host: localhost:{port}\r\nOrigin: http{'s' * secure}://localhost:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        return int(client.recv(1000).split(b" ")[1])


class Proxy:
    """
    A proxy on one port plain and on another with TLS; a context manager. It may be stopped and started again, with the
    same ports.

    :ivar directory: a temporary directory, where it runs.
    """

    def __init__(self) -> None:
        self.port, self.tlsPort = freePorts(2)

    def command(self) -> Sequence[str]:
        """Write what the proxy reads into :attr:`directory`, and return its command line."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="athenalite-proxy-")
        self.directory = Path(self._temporary.name)
        self._command = self.command()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._temporary.cleanup()

    def start(self) -> None:
        """Start the proxy, and return when it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            waitUntil(self._listensOrEnded, "it does not listen")
            assert self._process.poll() is None, "it has ended"
        except AssertionError as error:
            raise AssertionError(f"{self._command[0]} did not start: {error}\n{self.stop()}{self.log}") from None

    def _listensOrEnded(self) -> bool:
        if self._process.poll() is not None:
            return True
        try:
            socket.create_connection(("127.0.0.1", self.tlsPort), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self) -> str:
        """Stop the proxy at once, and cut every connection through it. Return its output."""
        self._process.terminate()
        try:
            output, _ = self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            output, _ = self._process.communicate()
        return output

    @property
    def log(self) -> str:
        """Return the file with its errors, if it has one."""
        path = self.directory / "error.log"
        return path.read_text() if path.exists() else ""
