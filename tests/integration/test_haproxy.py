# -*- test-case-name: tests.integration.test_haproxy -*-
"""A real HAProxy in front of the chat, configured by the text of docs/pages.rst."""

import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import TestCase

from harness.proxy import Proxy, handshake
from harness.server import Server, selfSigned
from tests.browser.test_chat import CHAT
from tests.integration.test_nginx import GUIDE
from tools.programs import ADVICE, findHaproxy

PATH = "/_athena/transport"
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


class Haproxy(Proxy):
    """
    An HAProxy with the chat.

    :param targetPort: where the chat is.
    :param changed: changes the guide's configuration.
    """

    def __init__(self, targetPort: int, changed: Callable[[str], str] = lambda text: text) -> None:
        super().__init__()
        self._targetPort = targetPort
        self._changed = changed

    def command(self) -> Sequence[str]:
        program = findHaproxy()
        if program is None:
            raise FileNotFoundError(ADVICE["haproxy"])
        text = configuration(self.port, self.tlsPort, selfSigned(self.directory), self._targetPort)
        path = self.directory / "haproxy.cfg"
        path.write_text(self._changed(text))
        return [program, "-db", "-f", str(path)]


class HaproxyTests(TestCase):
    """Handshakes through HAProxy, by clients of both of its ports."""

    def statuses(self, *options: str, changed: Callable[[str], str] = lambda text: text) -> tuple[list[int], str]:
        """Return the statuses of a handshake over HTTP, and of one over TLS, and the log."""
        with Server(CHAT, *options) as server, Haproxy(server.port, changed) as proxy:
            statuses = [handshake(proxy.port, PATH), handshake(proxy.tlsPort, PATH, secure=True)]
        return statuses, server.log

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
