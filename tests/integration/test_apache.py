# -*- test-case-name: tests.integration.test_apache -*-
"""A real Apache httpd in front of the chat, configured by the text of docs/pages.rst, and mistakes in it."""

from harness.proxies import Apache
from harness.proxy import replacing
from tests import fronts

SCHEME = "RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}\n"
HOST = "ProxyPreserveHost On"


class ApacheTests(fronts.ForwardedHostTests):
    """Handshakes."""

    proxyClass = Apache
    changes = {
        "upgrade": replacing((" upgrade=websocket", "")),
        "scheme": replacing((SCHEME, "")),
        "host": replacing((HOST, "ProxyPreserveHost Off")),
        "nothing": replacing((HOST, "ProxyPreserveHost Off\nProxyAddHeaders Off")),
        "kept": replacing(("/ upgrade", "/chat/ upgrade")),
    }

    def test_upgrade(self) -> None:
        """Without ``upgrade=websocket``."""
        self.assertRefused("upgrade", 426, "removed the header Upgrade", "removes the header Upgrade")
