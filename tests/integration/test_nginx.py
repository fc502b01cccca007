# -*- test-case-name: tests.integration.test_nginx -*-
"""A real nginx in front of the chat, configured by the text of docs/pages.rst."""

import re
import socket

from harness.browser import BrowserTestCase
from harness.proxies import Nginx
from harness.proxy import replacing
from harness.server import Server
from harness.waiting import LIMIT, waitUntil
from tests import fronts
from tests.browser.test_chat import CHAT, Person


def withoutUpgrade(block: str) -> str:
    """Return the configuration without its two lines for WebSockets."""
    return "\n".join(line for line in block.splitlines() if "pgrade" not in line)


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
        # nginx logs a request after its response.
        waitUntil(lambda: nginx.requests.count('"GET /chat/ HTTP') >= 2, lambda: nginx.requests)
        self.assertEqual(nginx.requests.count('"GET /chat/ HTTP'), 2)
        self.assertEqual(len(re.findall(r"\.m?js HTTP", nginx.requests)), 7)

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
        with socket.create_connection(("127.0.0.1", nginx.port), timeout=LIMIT) as client:
            client.sendall(request.encode())
            self.assertIn(b" 403 ", client.recv(1000).split(b"\r\n")[0])
        server.stop()
        self.assertEqual(server.log.count("Refused a socket"), 1)


class MistakeTests(fronts.ProxyTests):
    """Handshakes with the guide's configuration, and with the usual mistakes in it."""

    proxyClass = Nginx
    changes = {
        "port": replacing(("$http_host", "$host")),
        "upgrade": withoutUpgrade,
        "scheme": replacing(("proxy_set_header X-Forwarded-Proto $scheme;", "")),
        "connection": replacing(('proxy_set_header Connection "upgrade"', "proxy_set_header Connection $http_accept")),
        "kept": replacing(("/;\n    proxy_http_version", ";\n    proxy_http_version")),
        "slashes": replacing(("location /chat/ {", "location /chat {")),
    }

    def test_guide(self) -> None:
        """With the configuration of the guide."""
        self.assertServed()

    def test_port(self) -> None:
        """``$host`` leaves out the port."""
        self.assertRefused("port", 403, "another port", "proxy_set_header Host $http_host")

    def test_upgrade(self) -> None:
        """Without its two lines nginx removes ``Upgrade``."""
        self.assertRefused("upgrade", 426, "removed the header Upgrade", "proxy_set_header Upgrade $http_upgrade")

    def test_connection(self) -> None:
        """``Upgrade`` without ``Connection: upgrade``."""
        self.assertRefused("connection", 400, "malformed", 'proxy_set_header Connection "upgrade"')

    def test_prefix(self) -> None:
        """A prefix that is not removed is reported."""
        self.assertMisplaced("kept", "/chat/", "location /chat/ { proxy_pass http://127.0.0.1:8080/; }")

    def test_slashes(self) -> None:
        """A prefix that is removed without its slash leaves two, and is reported."""
        self.assertMisplaced("slashes", "/chat/", "begins with two slashes")
