# -*- test-case-name: tests.integration.test_haproxy -*-
"""A real HAProxy in front of the chat, configured by the text of docs/pages.rst."""

import re
import socket
import ssl
import subprocess
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Self
from unittest import TestCase

from harness.server import Server, selfSigned
from harness.waiting import waitUntil
from tests.browser.test_chat import CHAT
from tests.integration.test_nginx import GUIDE, freePorts
from tools.programs import ADVICE, findHaproxy

BEFORE = """
global
    maxconn 100
defaults
    timeout connect 5s
    timeout client 60s
    timeout server 60s
"""


def configuration(port: int, tlsPort: int, pem: Path, targetPort: int) -> str:
    """Return the guide's configuration, with these ports and this certificate."""
    [block] = re.findall(r":caption: haproxy\.cfg\n\n(    .*?)\n\n(?=\S)", GUIDE.read_text("utf-8"), re.DOTALL)
    text = textwrap.dedent(block)
    for old, new in (
        ("bind :80\n", f"bind 127.0.0.1:{port}\n"),
        ("bind :443 ssl crt /etc/haproxy/chat.pem", f"bind 127.0.0.1:{tlsPort} ssl crt {pem}"),
        ("127.0.0.1:8080", f"127.0.0.1:{targetPort}"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return f"{BEFORE}{text}\n"


class Haproxy:
    """
    An HAProxy with the chat, on one port plain and on another with TLS; a context manager.

    :param targetPort: where the chat is.
    :param changed: changes the guide's configuration.
    """

    def __init__(self, targetPort: int, changed: Callable[[str], str] = lambda text: text) -> None:
        program = findHaproxy()
        if program is None:
            raise FileNotFoundError(ADVICE["haproxy"])
        self._program = program
        self._targetPort = targetPort
        self._changed = changed
        self.port, self.tlsPort = freePorts(2)

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="athenalite-haproxy-")
        directory = Path(self._temporary.name)
        text = configuration(self.port, self.tlsPort, selfSigned(directory), self._targetPort)
        path = directory / "haproxy.cfg"
        path.write_text(self._changed(text))
        command = [self._program, "-db", "-f", str(path)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            waitUntil(self._listensOrEnded, "HAProxy does not listen")
            assert self._process.poll() is None, "HAProxy has ended"
        except AssertionError as error:
            raise AssertionError(f"HAProxy did not start: {error}\n{self._stop()}") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._temporary.cleanup()

    def _stop(self) -> str:
        self._process.terminate()
        output, _ = self._process.communicate(timeout=10)
        return output

    def _listensOrEnded(self) -> bool:
        if self._process.poll() is not None:
            return True
        try:
            socket.create_connection(("127.0.0.1", self.tlsPort), timeout=1).close()
        except OSError:
            return False
        return True


class HaproxyTests(TestCase):
    """Handshakes through HAProxy, by clients of both of its ports."""

    def statuses(self, *options: str, changed: Callable[[str], str] = lambda text: text) -> tuple[list[int], str]:
        """Return the statuses of a handshake over HTTP, and of one over TLS, and the log."""
        with Server(CHAT, *options) as server, Haproxy(server.port, changed) as proxy:
            statuses = [self.handshake(proxy.port), self.handshake(proxy.tlsPort, secure=True)]
        return statuses, server.log

    def handshake(self, port: int, secure: bool = False) -> int:
        """Open a socket as the page of this port does. Return the status."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", port), timeout=10)
        with context.wrap_socket(plain) if secure else plain as client:
            client.sendall(
                "GET /_athena/transport HTTP/1.1\r\n"
                f"Host: localhost:{port}\r\nOrigin: http{'s' * secure}://localhost:{port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
            )
            return int(client.recv(1000).split(b" ")[1])

    def test_guide(self) -> None:
        """With the configuration of the guide sockets open over both."""
        statuses, log = self.statuses("--behind-proxy")
        self.assertEqual(statuses, [101, 101])
        self.assertNotIn("#warn", log)

    def test_notBehindProxy(self) -> None:
        """Without ``--behind-proxy`` none opens over TLS, and the log has the option."""
        statuses, log = self.statuses()
        self.assertEqual(statuses, [101, 403])
        self.assertIn("use --behind-proxy", log)

    def test_list(self) -> None:
        """A second proxy adds its own scheme and port; the first entry counts."""

        def changed(text: str) -> str:
            line = "http-request set-header X-Forwarded-Proto https if { ssl_fc }"
            more = "http-request add-header X-Forwarded-Proto http if { ssl_fc }"
            port = "http-request set-header X-Forwarded-Port 8080"
            return text.replace(line, f"{line}\n    {more}\n    {port}")

        self.assertEqual(self.statuses("--behind-proxy", changed=changed)[0], [101, 101])

    def test_hosts(self) -> None:
        """Hosts that are not served are refused through it, too."""
        self.assertEqual(self.statuses("--behind-proxy", "--host=localhost")[0], [101, 101])
        self.assertEqual(self.statuses("--behind-proxy", "--host=chat.example.org")[0], [421, 421])
