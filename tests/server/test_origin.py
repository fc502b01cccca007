# -*- test-case-name: tests.server.test_origin -*-
"""An origin is allowed if it is exactly the page's own, or exactly one of the list."""

from hypothesis import assume, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.origin import Origin, isAllowed, ownOrigin, parseOrigin

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
HOSTS = st.lists(LABELS, min_size=1, max_size=3).map(".".join)
ORIGINS = st.builds(Origin, st.sampled_from(["http", "https"]), HOSTS, st.integers(1, 65535))


def text(origin):
    """Return an origin with its port, also if that is the scheme's default."""
    return f"{origin.scheme}://{origin.host}:{origin.port}"


class ParseTests(SynchronousTestCase):
    """``parseOrigin`` and ``ownOrigin``."""

    def test_ports(self):
        """Without a port, an origin has its scheme's default port."""
        self.assertEqual(parseOrigin("http://chat.example"), Origin("http", "chat.example", 80))
        self.assertEqual(parseOrigin("https://chat.example"), Origin("https", "chat.example", 443))
        self.assertEqual(parseOrigin("https://chat.example:8443"), Origin("https", "chat.example", 8443))

    def test_case(self):
        """Scheme and host are compared without case (RFC 6454 section 4)."""
        self.assertEqual(parseOrigin("HTTP://Chat.Example"), parseOrigin("http://chat.example"))

    def test_ipv6(self):
        """An IPv6 address stands in brackets."""
        self.assertEqual(parseOrigin("http://[::1]:8080"), Origin("http", "[::1]", 8080))

    def test_nothingElse(self):
        """Other texts are not origins: opaque ones, paths, users, several, odd ports, odd characters."""
        for odd in (
            *("", "null", "http://", "chat.example", "ws://chat.example", "file://", "ftp://chat.example"),
            *("http://a/", "http://a/path", "http://u@a", "http://u:p@a", "http://a http://b", "http://a, http://b"),
            *("http://a:0", "http://a:65536", "http://a:", "http://a:-1", "http://a:8o", "http://a:\u0661"),
            *("http://a\n", "\nhttp://a", "http://a\x00", "http://a?x", "http://a#x", "http://a\\b", "http://*"),
            *("http://\u212a.example", "http://\u00e9.example", "http://[::1", "http://::1", "http://[x]"),
        ):
            self.assertIsNone(parseOrigin(odd), odd)

    def test_own(self):
        """The site's own origin follows from the Host header and the transport."""
        self.assertEqual(ownOrigin(False, "chat.example:8080"), Origin("http", "chat.example", 8080))
        self.assertEqual(ownOrigin(True, "chat.example"), Origin("https", "chat.example", 443))
        self.assertIsNone(ownOrigin(True, ""))
        self.assertIsNone(ownOrigin(True, "chat.example/path"))


class AllowedTests(SynchronousTestCase):
    """``isAllowed``."""

    def test_own(self):
        """The site's own origin may open sockets, with or without its port."""
        own = ownOrigin(True, "chat.example")
        self.assertTrue(isAllowed("https://chat.example", [own]))
        self.assertTrue(isAllowed("https://chat.example:443", [own]))

    def test_listed(self):
        """So may the listed ones, also where the site's own is unknown."""
        listed = [Origin("https", "other.example", 443)]
        self.assertTrue(isAllowed("https://other.example", listed))
        self.assertFalse(isAllowed("http://other.example", listed))

    def test_none(self):
        """A handshake without an origin is refused, and so is every origin where none is allowed."""
        self.assertFalse(isAllowed(None, [ownOrigin(True, "chat.example")]))
        self.assertFalse(isAllowed("null", [None]))
        self.assertFalse(isAllowed("https://chat.example", [None]))
        self.assertFalse(isAllowed("null", iter(())))

    @given(ORIGINS, ORIGINS)
    def test_exactly(self, asked, own):
        """Of any two origins, one is allowed for the other if and only if they are the same."""
        self.assertEqual(isAllowed(text(asked), [own]), asked == own)

    @given(ORIGINS)
    def test_itself(self, own):
        """Every origin is allowed for itself, in any case."""
        self.assertTrue(isAllowed(text(own), [own]))
        self.assertTrue(isAllowed(text(own).upper(), [own]))

    @given(ORIGINS, st.text(min_size=1, max_size=8), st.booleans())
    def test_longer(self, own, more, before):
        """A host that has the own one as a prefix or suffix is not allowed."""
        host = more + own.host if before else own.host + more
        assume(host.lower() != own.host)
        self.assertFalse(isAllowed(f"{own.scheme}://{host}:{own.port}", [own]))

    @given(ORIGINS, st.data())
    def test_near(self, own, data):
        """An origin that differs by one character is refused, except for zeros before the port."""
        whole = text(own)
        at = data.draw(st.integers(0, len(whole) - 1))
        other = whole[:at] + data.draw(st.sampled_from(["", "x", ".", "*", "@", "/", "0", " "])) + whole[at + 1 :]
        before, _, port = other.rpartition(":")
        same = before == f"{own.scheme}://{own.host}" and port.isdigit() and int(port) == own.port
        self.assertEqual(isAllowed(other, [own]), same)

    @given(st.text())
    def test_anything(self, asked):
        """For any header, nothing is raised, and only the own origin is allowed."""
        own = Origin("https", "chat.example", 443)
        self.assertEqual(isAllowed(asked, [own]), asked.lower() in ("https://chat.example", "https://chat.example:443"))
