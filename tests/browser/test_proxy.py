# -*- test-case-name: tests.browser.test_proxy -*-
"""The chat behind proxies, in a real Chromium: a path prefix, another port, TLS at the server and in front of it."""

import contextlib
import select
import socket
import ssl
import tempfile
import threading
from pathlib import Path
from typing import Self

from harness.browser import BrowserTestCase
from harness.portforwarder import CHUNK, PortForwarder, RewriteHead, mountUnder
from harness.server import selfSigned
from tests.browser.test_chat import CHAT, Person


class TLSFront:
    """
    Speaks TLS to browsers and plain text to a port on localhost; a context manager.

    :param targetPort: the port to forward to.
    :param pem: the file with its key and certificate.
    """

    def __init__(self, targetPort: int, pem: Path) -> None:
        self._targetPort = targetPort
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening. A connection ends when one of its ends does."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                incoming, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(incoming,), daemon=True).start()

    def _serve(self, incoming: socket.socket) -> None:
        # One thread for both directions: an SSLSocket must not be read and written at the same time.
        with (
            contextlib.suppress(OSError),
            incoming,
            self._context.wrap_socket(incoming, server_side=True) as outside,
            socket.create_connection(("127.0.0.1", self._targetPort)) as inside,
        ):
            while self._forward(outside, inside):
                pass

    def _forward(self, outside: ssl.SSLSocket, inside: socket.socket) -> bool:
        readable = [outside] if outside.pending() else select.select([outside, inside], [], [])[0]
        for source in readable:
            chunk = source.recv(CHUNK)
            if not chunk:
                return False
            (inside if source is outside else outside).sendall(chunk)
        return True


def overTLS(rewriteHead: RewriteHead) -> RewriteHead:
    """Return a filter that adds the header for TLS, as a proxy behind a ``TLSFront`` does."""

    def rewritten(head: bytes) -> bytes | None:
        plain = rewriteHead(head)
        return plain and plain + b"\r\nX-Forwarded-Proto: https"

    return rewritten


class ProxyTests(BrowserTestCase):
    """Two people find each other, wherever the chat is mounted."""

    def converse(self, url: str) -> None:
        """Assert that two people can chat at this address, and one can return."""
        alice, bob = (Person(name, self.openPage(url, ignore_https_errors=True)).join() for name in ("alice", "bob"))
        alice.waitFor("* user bob has joined the room")
        bob.say("good morning")
        alice.waitFor("bob: good morning")
        alice.say("<b>good</b> morning")
        bob.waitFor("alice: <b>good</b> morning")
        bob.page.reload()
        alice.waitFor("* user bob has left the room")
        bob.join().say("back again")
        alice.waitFor("bob: back again")

    def certificate(self) -> Path:
        """A new certificate."""
        return selfSigned(Path(self.enterContext(tempfile.TemporaryDirectory())))

    def test_port(self) -> None:
        """On another port than its own, without a header that names it."""
        forwarder = self.enterContext(PortForwarder(self.startServer(CHAT).port))
        self.converse(forwarder.url)

    def test_prefix(self) -> None:
        """Under a path prefix, without a header that names it."""
        forwarder = self.enterContext(PortForwarder(self.startServer(CHAT).port, mountUnder("/apps/chat")))
        self.converse(f"{forwarder.url}apps/chat/")

    def test_query(self) -> None:
        """A query and a fragment in the address, as links from elsewhere append them, are no harm."""
        forwarder = self.enterContext(PortForwarder(self.startServer(CHAT).port, mountUnder("/apps/chat")))
        self.converse(f"{forwarder.url}apps/chat/?from=mail&x=/a/b#top")

    def test_tls(self) -> None:
        """Behind TLS, another port and a prefix all at once, with --behind-proxy."""
        server = self.startServer(CHAT, "--behind-proxy")
        forwarder = self.enterContext(PortForwarder(server.port, overTLS(mountUnder("/apps/chat"))))
        front = self.enterContext(TLSFront(forwarder.port, self.certificate()))
        self.converse(f"https://localhost:{front.port}/apps/chat/")

    def test_tlsUnannounced(self) -> None:
        """Behind TLS without a header for it, the socket is refused, and the log names the option that helps."""
        server = self.startServer(CHAT)
        front = self.enterContext(TLSFront(server.port, self.certificate()))
        self.expectComplaint("Unexpected response code: 403")
        self.expectComplaint("Refused a socket from 'https://localhost:.*--behind-proxy")
        page = self.openPage(ignore_https_errors=True)
        with page.expect_console_message(lambda message: "403" in message.text):
            page.goto(f"https://localhost:{front.port}/")
        page.context.close()
        server.stop()
        self.assertIn("--behind-proxy", server.log)

    def test_ownTLS(self) -> None:
        """Without a proxy, on an ssl: endpoint of the server's own."""
        pem = self.certificate()
        server = self.startServer(CHAT, f"--listen=ssl:0:interface=127.0.0.1:privateKey={pem}:certKey={pem}")
        self.assertTrue(server.url.startswith("https://localhost:"))
        self.converse(server.url)
