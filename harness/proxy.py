"""Proxies in processes of their own, in front of a server."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from .ports import freePorts
from .waiting import LIMIT, waitUntil

GUIDE = Path(__file__).parent.parent / "docs" / "pages.rst"
TARGET = "127.0.0.1:8080"
"""The server behind the proxies of the guide."""

Changed = Callable[[str], str]
"""Changes a configuration."""


def listingOf(caption: str) -> str:
    """Return the listing of the guide that has this caption."""
    text = GUIDE.read_text("utf-8")
    [block] = re.findall(rf":caption: {re.escape(caption)}\n\n((?:    [^\n]*\n|\n)+)", text)
    return textwrap.dedent(block).strip("\n") + "\n"


def replacing(*pairs: tuple[str, str]) -> Changed:
    """Return what makes these replacements, each of a text that must be there."""

    def changed(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text

    return changed


def respond(port: int, head: str, secure: bool = False) -> bytes:
    """Send one request to a port of localhost. Return the response, as far as it has come when its head is complete."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
    with context.wrap_socket(plain, server_hostname="localhost") if secure else plain as client:
        client.sendall(head.encode())
        received = b""
        while chunk := client.recv(1000):
            received += chunk
            if b"\r\n\r\n" in received and b"connection: close" not in received.lower():
                break
        return received


def handshake(port: int, path: str, secure: bool = False, host: str | None = None) -> int:
    """Open a socket as the page of this port does, or of this host. Return the status."""
    host = host or f"localhost:{port}"
    head = (
        f"GET {path} HTTP/1.1\r\n"
        f"Host: {host}\r\nOrigin: http{'s' * secure}://{host}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    return int(respond(port, head, secure).split(b" ")[1])


@dataclass
class Front:
    """
    One configuration of a proxy, plain on one port and with TLS on another.

    :param targetPort: the port of the server behind it.
    :param changed: changes the configuration that the guide lists.
    """

    targetPort: int
    changed: Changed = str
    port: int = 0
    tlsPort: int = 0
    prefix: str = ""

    def handshake(self, secure: bool = False, host: str | None = None) -> int:
        """Open a socket of the page. Return the status."""
        return handshake(self.tlsPort if secure else self.port, f"{self.prefix}_athena/transport", secure, host)

    def get(self, path: str, secure: bool = False) -> tuple[int, str]:
        """Return the status and the text of the response to a request as a browser makes it."""
        head, text = self._request(path, secure)
        return int(head.split(" ")[1]), text

    def whyUnconnected(self, secure: bool = False) -> tuple[str, str]:
        """Ask as a page without a socket does. Return the status of its handshake, and the reason."""
        head, text = self._request(f"{self.prefix}_athena/transport?unconnected=1", secure)
        found = re.search(r"(?im)^athenalite-refused: *([0-9]+)", head)
        return found[1] if found else "", text

    def _request(self, path: str, secure: bool) -> tuple[str, str]:
        port = self.tlsPort if secure else self.port
        origin = f"http{'s' * secure}://localhost:{port}"
        head = (
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/html\r\n"
            f"Athenalite-Page: {origin}\r\nConnection: close\r\n\r\n"
        )
        start, _, body = respond(port, head, secure).partition(b"\r\n\r\n")
        return start.decode(), body.decode()


class Proxy:
    """
    A proxy with TLS and without, configured by a listing of ``docs/pages.rst``; a context manager. It may be stopped
    and started again, with the same ports.

    :param targetPort: the port of the server that it is in front of.
    :param fronts: more configurations, by names, for one process.
    :cvar caption: that of the listing.
    :cvar prefix: where the page is, in the listing.
    :cvar reloads: the signal that has it read its configuration again.
    :ivar directory: a temporary directory, where it runs.
    """

    caption = ""
    prefix = "/chat/"
    reloads = signal.SIGHUP

    def __init__(self, targetPort: int, fronts: Mapping[str, Front] = MappingProxyType({})) -> None:
        self.fronts = {"guide": Front(targetPort), **fronts}
        ports = freePorts(2 * len(self.fronts))
        for front in self.fronts.values():
            front.port, front.tlsPort, front.prefix = ports.pop(), ports.pop(), self.prefix
        self.port, self.tlsPort = self.fronts["guide"].port, self.fronts["guide"].tlsPort

    def command(self) -> Sequence[str]:
        """Write what the proxy reads into :attr:`directory`, and return its command line."""
        raise NotImplementedError

    def listing(self, front: Front) -> str:
        """Return the guide's listing for the server that this one is for, changed."""
        listing = listingOf(self.caption)
        assert listing.count(TARGET) == 1, listing
        text = listing.replace(TARGET, f"127.0.0.1:{front.targetPort}")
        changed = front.changed(text)
        assert changed != text or front.changed is str, "nothing is changed"
        return changed

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
        """Start the proxy, and return when it listens on all of its ports."""
        # Caddy keeps its configuration there.
        environment = {**os.environ, "XDG_CONFIG_HOME": str(self.directory)}
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        try:
            waitUntil(self._listensOrEnded, "it does not listen")
            assert self._process.poll() is None, "it has ended"
        except AssertionError as error:
            raise AssertionError(f"{self._command[0]} did not start: {error}\n{self.stop()}{self.errors}") from None

    def _listensOrEnded(self) -> bool:
        if self._process.poll() is not None:
            return True
        try:
            for front in self.fronts.values():
                for port in (front.port, front.tlsPort):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self) -> str:
        """Stop the proxy at once, and cut every connection through it. Return its output."""
        self._process.terminate()
        try:
            output, _ = self._process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            output, _ = self._process.communicate()
        return output

    def reload(self) -> None:
        """Have the proxy read its configuration again."""
        self._process.send_signal(self.reloads)

    @property
    def errors(self) -> str:
        """Return the file with its errors, if it has one."""
        path = self.directory / "error.log"
        return path.read_text() if path.exists() else ""
