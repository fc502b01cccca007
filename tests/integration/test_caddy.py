# -*- test-case-name: tests.integration.test_caddy -*-
"""A real Caddy in front of the chat, configured by the text of docs/pages.rst, and mistakes in it."""

from harness.proxies import Caddy
from harness.proxy import Changed, replacing
from tests import fronts


def adding(*lines: str) -> Changed:
    """Return what adds subdirectives to ``reverse_proxy``."""

    def changed(text: str) -> str:
        block = "\n".join(("", *lines, "}"))
        return "\n".join(f"{line} {{{block}" if "reverse_proxy" in line else line for line in text.splitlines())

    return changed


class CaddyTests(fronts.ForwardedHostTests):
    """Handshakes."""

    proxyClass = Caddy
    changes = {
        "host": adding("header_up Host {upstream_hostport}"),
        "nothing": adding("header_up Host {upstream_hostport}", "header_up -X-Forwarded-Host"),
        "scheme": adding("header_up -X-Forwarded-Proto"),
        "kept": replacing(("handle_path", "handle")),
    }
