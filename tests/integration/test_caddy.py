# -*- test-case-name: tests.integration.test_caddy -*-
"""A real Caddy in front of the chat, configured by the text of docs/pages.rst, and mistakes in it."""

from harness.proxies import Caddy
from harness.proxy import Changed, replacing
from tests.fronts import FrontTestCase


def adding(*lines: str) -> Changed:
    """Return what adds subdirectives to ``reverse_proxy``."""

    def changed(text: str) -> str:
        block = "\n".join(("", *lines, "}"))
        return "\n".join(f"{line} {{{block}" if "reverse_proxy" in line else line for line in text.splitlines())

    return changed


class CaddyTests(FrontTestCase):
    """Handshakes."""

    proxyClass = Caddy
    changes = {
        "host": adding("header_up Host {upstream_hostport}"),
        "nothing": adding("header_up Host {upstream_hostport}", "header_up -X-Forwarded-Host"),
        "scheme": adding("header_up -X-Forwarded-Proto"),
        "kept": replacing(("handle_path", "handle")),
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
