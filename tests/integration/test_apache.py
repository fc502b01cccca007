# -*- test-case-name: tests.integration.test_apache -*-
"""A real Apache httpd and a real Caddy in front of the chat, configured by the text of docs/pages.rst."""

import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import TestCase

from harness.proxy import Proxy, handshake
from harness.server import Server, selfSigned
from tests.browser.test_chat import CHAT
from tests.integration.test_nginx import GUIDE
from tools.programs import ADVICE, findApache, findCaddy

APACHE = """
ServerRoot %(directory)s
ServerName localhost
PidFile apache.pid
ErrorLog error.log
DefaultRuntimeDir %(directory)s
Mutex default:%(directory)s
StartServers 1
ServerLimit 1
MaxRequestWorkers 25
Listen 127.0.0.1:%(port)d
<VirtualHost *:%(port)d>
    %(listing)s
</VirtualHost>
Listen 127.0.0.1:%(tlsPort)d
<VirtualHost *:%(tlsPort)d>
    SSLEngine on
    SSLCertificateFile %(pem)s
    %(listing)s
</VirtualHost>
"""
MODULES = ("mpm_event", "authz_core", "alias", "headers", "ssl", "proxy", "proxy_http", "socache_shmcb")
# Those of Debian and of Fedora.
DIRECTORIES = (Path("/usr/lib/apache2/modules"), Path("/usr/lib64/httpd/modules"))

CADDY = """
{
    admin off
    auto_https off
    grace_period 1s
    storage file_system %(directory)s
}
http://:%(port)d {
    bind 127.0.0.1
    %(listing)s
}
https://localhost:%(tlsPort)d {
    bind 127.0.0.1
    tls %(pem)s %(pem)s
    %(listing)s
}
"""


class GuidedProxy(Proxy):
    """
    A proxy with the chat at ``/chat/``.

    :param targetPort: where the chat is.
    :param changed: changes the guide's configuration.
    :cvar caption: that of the guide's listing.
    """

    caption = ""

    def __init__(self, targetPort: int, changed: Callable[[str], str] = lambda text: text) -> None:
        super().__init__()
        self._targetPort = targetPort
        self._changed = changed

    def filled(self, frame: str) -> str:
        """Return ``frame`` with the guide's configuration, changed, and with the ports of this proxy."""
        pattern = rf":caption: {re.escape(self.caption)}\n\n(    .*?)\n\n(?=\S)"
        [block] = re.findall(pattern, GUIDE.read_text("utf-8"), re.DOTALL)
        text = textwrap.dedent(block)
        # The frame has the addresses.
        text = textwrap.dedent(re.sub(r"\Achat\.example\.org \{\n(.*)\}\Z", r"\1", text, flags=re.DOTALL))
        assert text.count("127.0.0.1:8080") == 1, text
        listing = self._changed(text.replace("127.0.0.1:8080", f"127.0.0.1:{self._targetPort}"))
        settings = {"port": self.port, "tlsPort": self.tlsPort, "directory": self.directory, "listing": listing}
        return frame % {**settings, "pem": selfSigned(self.directory)}


class Apache(GuidedProxy):
    """An Apache httpd."""

    caption = "chat.conf"

    def command(self) -> Sequence[str]:
        program = findApache()
        if program is None:
            raise FileNotFoundError(ADVICE["apache"])
        directory = next(filter(Path.is_dir, DIRECTORIES))
        modules = "".join(f"LoadModule {name}_module {directory}/mod_{name}.so\n" for name in MODULES)
        path = self.directory / "apache.conf"
        path.write_text(modules + self.filled(APACHE))
        return [program, "-D", "FOREGROUND", "-f", str(path)]


class Caddy(GuidedProxy):
    """A Caddy."""

    caption = "Caddyfile"

    def command(self) -> Sequence[str]:
        program = findCaddy()
        if program is None:
            raise FileNotFoundError(ADVICE["caddy"])
        path = self.directory / "Caddyfile"
        path.write_text(self.filled(CADDY))
        return [program, "run", "--adapter", "caddyfile", "--config", str(path)]


class HandshakesTestCase(TestCase):
    """Handshakes of clients on both of a proxy's ports."""

    proxy: type[GuidedProxy]

    def statuses(self, *options: str, changed: Callable[[str], str] = lambda text: text) -> tuple[list[int], str]:
        """Return the statuses of a handshake over HTTP, and of one over TLS, and the log."""
        path = "/chat/_athena/transport"
        with Server(CHAT, *options) as server, self.proxy(server.port, changed) as proxy:
            statuses = [handshake(proxy.port, path), handshake(proxy.tlsPort, path, secure=True)]
        return statuses, server.log

    def assertGuided(self) -> None:
        """With the guide's configuration sockets open over both; hosts are checked; TLS needs ``--behind-proxy``."""
        statuses, log = self.statuses("--behind-proxy", "--host=localhost")
        self.assertEqual(statuses, [101, 101])
        self.assertNotIn("#warn", log)
        self.assertEqual(self.statuses("--behind-proxy", "--host=chat.example.org")[0], [421, 421])
        statuses, log = self.statuses()
        self.assertEqual(statuses, [101, 403])
        self.assertIn("use --behind-proxy", log)


class ApacheTests(HandshakesTestCase):
    """Apache httpd."""

    proxy = Apache

    def test_guide(self) -> None:
        """The configuration of the guide"""
        self.assertGuided()

    def test_hostRewritten(self) -> None:
        """Without ``ProxyPreserveHost``, ``X-Forwarded-Host`` has the browser's host, which counts."""
        changed: Callable[[str], str] = lambda text: text.replace("ProxyPreserveHost On", "")  # noqa: E731
        self.assertEqual(self.statuses("--behind-proxy", changed=changed)[0], [101, 101])

    def test_noUpgrade(self) -> None:
        """Without ``upgrade=`` no socket opens, and the log has the cause."""
        statuses, log = self.statuses("--behind-proxy", changed=lambda text: text.replace(" upgrade=websocket", ""))
        self.assertEqual(statuses, [426, 426])
        self.assertIn("Upgrade", log)


class CaddyTests(HandshakesTestCase):
    """Caddy."""

    proxy = Caddy

    def test_guide(self) -> None:
        """The configuration of the guide"""
        self.assertGuided()

    def test_hostRewritten(self) -> None:
        """If ``Host`` is rewritten, ``X-Forwarded-Host`` has the browser's host, which counts."""
        rewritten = "reverse_proxy 127.0.0.1:{0} {{\n    header_up Host chat.internal\n}}"

        def changed(text: str) -> str:
            return re.sub(r"reverse_proxy 127\.0\.0\.1:([0-9]+)", lambda match: rewritten.format(match[1]), text)

        self.assertEqual(self.statuses("--behind-proxy", changed=changed)[0], [101, 101])
