# -*- test-case-name: tests.integration.test_haproxy -*-
"""A real HAProxy in front of the chat, configured by the text of docs/pages.rst, and mistakes in it."""

from harness.proxies import Haproxy
from harness.proxy import replacing
from tests import fronts

SCHEME = "http-request set-header X-Forwarded-Proto https if { ssl_fc }"


class HaproxyTests(fronts.ProxyTests):
    """Handshakes."""

    proxyClass = Haproxy
    changes = {
        "list": replacing(
            (
                SCHEME,
                f"{SCHEME}\n    http-request add-header X-Forwarded-Proto http if {{ ssl_fc }}"
                "\n    http-request set-header X-Forwarded-Port 8080",
            )
        ),
        "upgrade": replacing((SCHEME, f"{SCHEME}\n    http-request del-header Upgrade")),
        "scheme": replacing((SCHEME, "")),
    }

    def test_guide(self) -> None:
        """With the configuration of the guide page and sockets are served over both, and nothing is reported."""
        logged = self.server.logged
        self.assertServed()
        self.server.assertQuiet(since=logged)

    def test_list(self) -> None:
        """A second proxy adds its own scheme and port; the first entry counts."""
        self.assertServed("list")

    def test_upgrade(self) -> None:
        """Without ``Upgrade``."""
        self.assertRefused("upgrade", 426, "removed the header Upgrade", "removes the header Upgrade")

    def test_direct(self) -> None:
        """Without ``--behind-proxy`` none opens over TLS, and the log has the option."""
        self.assertEqual(self.fronts["direct"].handshake(), 101)
        super().test_direct()
