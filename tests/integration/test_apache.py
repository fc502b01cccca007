# -*- test-case-name: tests.integration.test_apache -*-
"""A real Apache httpd in front of the chat, configured by the text of docs/pages.rst, and mistakes in it."""

from harness.proxies import Apache
from harness.proxy import replacing
from tests.fronts import FrontTestCase

SCHEME = "RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}\n"
HOST = "ProxyPreserveHost On"


class ApacheTests(FrontTestCase):
    """Handshakes."""

    proxyClass = Apache
    changes = {
        "upgrade": replacing((" upgrade=websocket", "")),
        "scheme": replacing((SCHEME, "")),
        "host": replacing((HOST, "ProxyPreserveHost Off")),
        "nothing": replacing((HOST, "ProxyPreserveHost Off\nProxyAddHeaders Off")),
        "kept": replacing(("/ upgrade", "/chat/ upgrade")),
    }

    def test_guide(self) -> None:
        """With the guide's configuration page and sockets are served; without its slash the page is found, too."""
        self.assertServed()
        self.assertEqual(self.fronts["guide"].get("/chat")[0], 302)

    def test_host(self) -> None:
        """A changed ``Host`` does no harm where the proxy says the one that was asked for."""
        self.assertServed("host")

    def test_noHost(self) -> None:
        """A changed ``Host``, and nothing that says so."""
        self.assertRefused("nothing", 403, "another host", "let it pass the Host header")

    def test_upgrade(self) -> None:
        """Without ``upgrade=websocket``."""
        self.assertRefused("upgrade", 426, "removed the header Upgrade", "removes the header Upgrade")

    def test_scheme(self) -> None:
        """Without ``X-Forwarded-Proto``, over TLS."""
        self.assertRefused("scheme", 403, "another scheme", "X-Forwarded-Proto", secure=True)

    def test_untold(self) -> None:
        """Without ``--behind-proxy``, over TLS."""
        self.assertRefused("untold", 403, "another scheme", "use --behind-proxy", secure=True)

    def test_prefix(self) -> None:
        """A prefix that is not removed is reported."""
        self.assertMisplaced("kept", "/chat/", "must remove it")

    def test_named(self) -> None:
        """Hosts that are not served are refused."""
        self.assertNamed()
