"""Real proxies in front of the chat, for tests of their handshakes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from unittest import TestCase

from harness.proxy import Changed, Front, Proxy
from harness.server import Server
from tests.browser.test_chat import CHAT


class FrontTestCase(TestCase):
    """
    One process of a proxy with several configurations, in front of a server with ``--behind-proxy``, one without, and
    one that serves a named host, too.

    :cvar changes: by the names of the configurations, what each changes in the guide's.
    """

    proxyClass: type[Proxy]
    fronts: Mapping[str, Front]
    server: Server
    direct: Server
    changes: Mapping[str, Changed] = {}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.server = stack.enter_context(Server(CHAT, "--behind-proxy"))
        cls.direct = stack.enter_context(Server(CHAT))
        named = stack.enter_context(Server(CHAT, "--behind-proxy", "--host=localhost"))
        fronts = {name: Front(cls.server.port, changed) for name, changed in cls.changes.items()}
        fronts["direct"] = Front(cls.direct.port)
        fronts["named"] = Front(named.port)
        cls.fronts = stack.enter_context(cls.proxyClass(cls.server.port, fronts)).fronts

    def statuses(self, name: str = "guide") -> list[int]:
        """Return the statuses of a handshake over HTTP, and of one over TLS, through this configuration."""
        return [self.fronts[name].handshake(secure) for secure in (False, True)]

    def assertServed(self, name: str = "guide") -> None:
        """The page and its sockets are served, over both, and nothing is reported."""
        front, logged = self.fronts[name], self.server.logged
        self.assertEqual([front.get(front.prefix, secure)[0] for secure in (False, True)], [200, 200])
        self.assertEqual(self.statuses(name), [101, 101])
        self.server.assertQuiet(since=logged)

    def assertNamed(self) -> None:
        """Where hosts are named, those are served, over both, and others are refused through the proxy, too."""
        self.assertEqual(self.statuses("named"), [101, 101])
        front = self.fronts["named"]
        self.assertEqual([front.handshake(secure, "chat.example.org") for secure in (False, True)], [421, 421])

    def assertRefused(self, name: str, status: int, reason: str, remedy: str, secure: bool = False) -> None:
        """Each handshake is refused; the page can read why; and the log has the remedy, once."""
        front = self.fronts[name]
        server = self.direct if name == "direct" else self.server
        logged = server.logged
        self.assertEqual({front.handshake(secure) for _ in range(3)}, {status})
        refused, text = front.whyUnconnected(secure)
        self.assertEqual(refused, str(status))
        self.assertIn(reason, text)
        self.assertReported(server, logged, remedy)

    def assertMisplaced(self, name: str, path: str, remedy: str) -> None:
        """The page is not found, and the log has the remedy, once."""
        logged = self.server.logged
        self.assertEqual({self.fronts[name].get(path)[0] for _ in range(3)}, {404})
        self.assertReported(self.server, logged, remedy)

    def assertReported(self, server: Server, since: int, remedy: str) -> None:
        """The log has got one line with this."""
        lines = [line for line in server.log.splitlines()[since:] if "(Logged once an hour" in line]
        self.assertEqual([remedy in line for line in lines], [True], server.log)


class ProxyTests(FrontTestCase):
    """What all proxies do alike. Import its module: an imported class of tests would run again."""

    def test_scheme(self) -> None:
        """Without ``X-Forwarded-Proto``, over TLS."""
        self.assertRefused("scheme", 403, "another scheme", "X-Forwarded-Proto", secure=True)

    def test_direct(self) -> None:
        """Without ``--behind-proxy``, over TLS."""
        self.assertRefused("direct", 403, "another scheme", "use --behind-proxy", secure=True)

    def test_named(self) -> None:
        """Hosts that are not served are refused."""
        self.assertNamed()


class ForwardedHostTests(ProxyTests):
    """What proxies do alike that add ``X-Forwarded-Host`` by themselves."""

    def test_guide(self) -> None:
        """With the guide's configuration page and sockets are served; without its slash the page is found, too."""
        self.assertServed()
        self.assertEqual(self.fronts["guide"].get("/chat")[0], 302)

    def test_host(self) -> None:
        """A changed ``Host`` does no harm where the proxy forwards the original one."""
        self.assertServed("host")

    def test_noHost(self) -> None:
        """A changed ``Host``, and no header with the original one."""
        self.assertRefused("nothing", 403, "another host", "let it pass the Host header")

    def test_prefix(self) -> None:
        """A prefix that is not removed is reported."""
        self.assertMisplaced("kept", "/chat/", "must remove it")
