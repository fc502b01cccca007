# -*- test-case-name: tests.integration.test_nginx -*-
"""A real nginx in front of the chat, configured by the text of docs/pages.rst."""

import re
import socket
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import TestCase
from urllib.error import HTTPError
from urllib.request import urlopen

from harness.browser import BrowserTestCase
from harness.proxy import Proxy, handshake
from harness.server import Server, selfSigned
from tests.browser.test_chat import CHAT, Person
from tools.programs import ADVICE, findNginx

GUIDE = Path(__file__).parent.parent.parent / "docs" / "pages.rst"
CONFIGURATION = """
daemon off;
# One process, which runs as who started it and can read the directory.
master_process off;
pid nginx.pid;
error_log error.log warn;
events {}
http {
    access_log access.log;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:%(port)d;
        %(location)s
    }
    server {
        listen 127.0.0.1:%(tlsPort)d ssl;
        ssl_certificate %(pem)s;
        ssl_certificate_key %(pem)s;
        %(location)s
    }
}
"""


def location(port: int) -> str:
    """Return the guide's block for nginx, with this port instead of 8080."""
    [block] = re.findall(r"^    location /chat/ \{$.*?^    \}$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    changed = textwrap.dedent(block).replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    assert f":{port}/;" in changed
    return changed


class Nginx(Proxy):
    """
    An nginx with the chat at ``/chat/``.

    :param targetPort: the port of the chat.
    :param changed: makes a mistake in the guide's block.
    """

    def __init__(self, targetPort: int, changed: Callable[[str], str] = lambda block: block) -> None:
        super().__init__()
        self._targetPort = targetPort
        self._changed = changed

    def command(self) -> Sequence[str]:
        # Debian installs it in a directory that only root's PATH has.
        program = findNginx()
        if program is None:
            raise FileNotFoundError(ADVICE["nginx"])
        settings = {
            "port": self.port,
            "tlsPort": self.tlsPort,
            "pem": selfSigned(self.directory),
            "location": self._changed(location(self._targetPort)),
        }
        (self.directory / "nginx.conf").write_text(CONFIGURATION % settings)
        return [program, "-p", str(self.directory), "-c", "nginx.conf", "-e", "error.log"]

    @property
    def requests(self) -> str:
        """Return nginx's access log, in the usual format."""
        return (self.directory / "access.log").read_text()


class NginxTests(BrowserTestCase):
    """A chat of two users through nginx."""

    def startNginx(self, *options: str) -> tuple[Server, Nginx]:
        """Start the chat as the guide describes for a proxy, and nginx in front of it."""
        server = self.startServer(CHAT, "--behind-proxy", "--listen=tcp:0:interface=127.0.0.1", *options)
        return server, self.enterContext(Nginx(server.port))

    def people(self, url: str) -> tuple[Person, Person]:
        """Return two users, the first of whom was notified of the second."""
        alice, bob = (Person(name, self.openPage(url, ignore_https_errors=True)).join() for name in ("alice", "bob"))
        alice.waitFor("* user bob has joined the room")
        return alice, bob

    def converse(self, alice: Person, bob: Person) -> None:
        """Assert that each receives the other's message."""
        alice.say("good <b>morning</b>")
        bob.waitFor("alice: good <b>morning</b>")
        bob.say("good evening")
        alice.waitFor("bob: good evening")

    def test_prefixAndPort(self) -> None:
        """Under the prefix and on the port of nginx, with the configuration of the guide."""
        _, nginx = self.startNginx()
        self.converse(*self.people(f"http://localhost:{nginx.port}/chat/"))

    def test_tls(self) -> None:
        """Behind the TLS of nginx, with the same configuration."""
        _, nginx = self.startNginx()
        self.converse(*self.people(f"https://localhost:{nginx.tlsPort}/chat/"))

    def test_withoutSlash(self) -> None:
        """A request without the slash at the end is redirected to the page."""
        _, nginx = self.startNginx()
        page = self.openPage(f"http://localhost:{nginx.port}/chat")
        self.assertEqual(page.url, f"http://localhost:{nginx.port}/chat/")
        Person("alice", page).join()

    def test_cached(self) -> None:
        """Through nginx too, scripts are compressed, and requested only once."""
        _, nginx = self.startNginx()
        page = self.openPage()
        with page.expect_response(re.compile(r"athenalite\.js$")) as client:
            page.goto(f"http://localhost:{nginx.port}/chat/")
        self.assertEqual(client.value.headers["content-encoding"], "gzip")
        Person("alice", page).join()
        page.reload()
        Person("alice", page).join()
        self.assertEqual(nginx.requests.count('"GET /chat/ HTTP'), 2)
        self.assertEqual(nginx.requests.count(".js HTTP"), 3)

    def test_restarted(self) -> None:
        """No message from either side is lost while nginx restarts."""
        server, nginx = self.startNginx()
        self.expectComplaint("WebSocket connection to .* failed")
        alice, bob = self.people(f"http://localhost:{nginx.port}/chat/")
        self.converse(alice, bob)
        nginx.stop()
        for number in range(5):
            alice.say(f"from alice {number}")
            bob.say(f"from bob {number}")
        nginx.start()
        for person in alice, bob:
            lines = person.waitForLines(": from ", 10)
            for name in "alice", "bob":
                own = [line for line in lines if line.startswith(name)]
                self.assertEqual(own, [f"{name}: from {name} {number}" for number in range(5)])
        self.assertFalse([line for line in alice.lines() if "has left" in line])
        self.assertEqual(server.log.count('"GET / HTTP'), 2)

    def test_otherOrigin(self) -> None:
        """Through nginx, a page of another port of the same host is another origin, and gets no socket."""
        server, nginx = self.startNginx()
        self.expectComplaint("Refused a socket from 'http://localhost:1'")
        request = (
            "GET /chat/_athena/transport HTTP/1.1\r\n"
            f"Host: localhost:{nginx.port}\r\n"
            "Origin: http://localhost:1\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", nginx.port), timeout=10) as client:
            client.sendall(request.encode())
            self.assertIn(b" 403 ", client.recv(1000).split(b"\r\n")[0])
        server.stop()
        self.assertEqual(server.log.count("Refused a socket"), 1)


class MistakeTests(TestCase):
    """Mistakes in the configuration: what a browser gets, and what the log says, once, that the operator should do."""

    def handshakes(self, changed: Callable[[str], str], *options: str, secure: bool = False) -> tuple[int, str]:
        """Try to open a socket three times. Return the status of the last response, and the log."""
        with Server(CHAT, *options) as server, Nginx(server.port, changed) as nginx:
            port = nginx.tlsPort if secure else nginx.port
            for _ in range(3):
                status = handshake(port, "/chat/_athena/transport", secure)
        return status, server.log

    def assertReported(self, log: str, text: str) -> None:
        """The log has this once."""
        self.assertEqual(log.count("(Logged once an hour"), 1, log)
        self.assertIn(text, log)

    def test_port(self) -> None:
        """``$host`` leaves out the port."""
        status, log = self.handshakes(lambda block: block.replace("$http_host", "$host"), "--behind-proxy")
        self.assertEqual(status, 403)
        self.assertReported(log, "proxy_set_header Host $http_host")

    def test_upgrade(self) -> None:
        """Without its two lines nginx removes ``Upgrade``."""

        def changed(block: str) -> str:
            return "\n".join(line for line in block.splitlines() if "pgrade" not in line)

        status, log = self.handshakes(changed, "--behind-proxy")
        self.assertEqual(status, 426)
        self.assertReported(log, "proxy_set_header Upgrade $http_upgrade")

    def test_tls(self) -> None:
        """TLS in front, and no ``--behind-proxy``."""
        status, log = self.handshakes(lambda block: block, secure=True)
        self.assertEqual(status, 403)
        self.assertReported(log, "use --behind-proxy")

    def test_prefix(self) -> None:
        """Without the slash at its end, nginx passes the prefix on; with one in the place of none, two remain."""
        for replaced, by, remedy in (
            ("/;", ";", "location /chat/ { proxy_pass http://127.0.0.1:8080/; }, both with a slash"),
            ("location /chat/ {", "location /chat {", "begins with two slashes"),
        ):

            def changed(block: str, replaced: str = replaced, by: str = by) -> str:
                return block.replace(replaced, by)

            with Server(CHAT, "--behind-proxy") as server, Nginx(server.port, changed) as nginx:
                for _ in range(2):
                    with self.assertRaises(HTTPError) as caught:
                        urlopen(f"http://localhost:{nginx.port}/chat/", timeout=10)
                    self.assertEqual(caught.exception.code, 404)
                    caught.exception.close()
            self.assertReported(server.log, remedy)
