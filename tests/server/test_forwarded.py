# -*- test-case-name: tests.server.test_forwarded -*-
"""What proxies say of a request."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.forwarded import addressOf, entriesOf, hostsOf, portOf, schemeIsSecure


class ForwardedTests(SynchronousTestCase):
    """The functions of the module."""

    def test_scheme(self):
        """The first scheme counts; what is no scheme is none, and without any the request's own counts."""
        for value, secure in (
            *(("https", True), ("HTTPS, http", True), ("wss", True), ("http,https", False), ("ws", False)),
            *(("", None), (",https", None), ("ftp", None), ("https;", None), ("on", None)),
        ):
            self.assertIs(schemeIsSecure({"x-forwarded-proto": value}, False), secure, value)
        self.assertEqual([schemeIsSecure({}, secure) for secure in (True, False)], [True, False])

    def test_hosts(self):
        """The first host is the browser's; without one of a proxy it is ``Host``."""
        self.assertEqual(hostsOf({"host": "inner", "x-forwarded-host": "a.example:8443, b"}), ["a.example:8443", "b"])
        self.assertEqual(hostsOf({"host": "inner"}), ["inner"])
        self.assertEqual(hostsOf({}), [])

    def test_port(self):
        """The first port."""
        self.assertEqual((portOf({"x-forwarded-port": "443, 80"}), portOf({})), ("443", ""))

    def test_address(self):
        """The last address, without the port that some proxies add."""
        for value, address in (
            *(("10.0.0.1, 192.0.2.1", "192.0.2.1"), ("192.0.2.1:4711", "192.0.2.1"), ("2001:db8::1", "2001:db8::1")),
            *(("[2001:db8::1]:4711", "[2001:db8::1]"), ("[2001:db8::1]", "[2001:db8::1]"), ("", ""), ("a,", "")),
        ):
            self.assertEqual(addressOf({"x-forwarded-for": value}), address, value)

    def test_forwarded(self):
        """``Forwarded`` has all of it, with quotes where they are needed."""
        headers = {"forwarded": 'For="[2001:db8::1]:4711";Proto=https;host="a.example:8443", for=10.0.0.2;proto=http'}
        self.assertIs(schemeIsSecure(headers, False), True)
        self.assertEqual(hostsOf(headers), ["a.example:8443"])
        self.assertEqual(addressOf(headers), "10.0.0.2")
        self.assertEqual(hostsOf({"forwarded": r'host="a\.example";by=x'}), ["a.example"])

    def test_others(self):
        """It is ignored where a proxy sets the other headers, and so is a very long one."""
        forwarded = "proto=https;host=evil.example;for=192.0.2.9"
        for other in ("x-forwarded-proto", "x-forwarded-host", "x-forwarded-for"):
            headers = {"forwarded": forwarded, other: "http", "host": "a"}
            self.assertIs(schemeIsSecure(headers, False), False)
            self.assertNotIn("evil.example", hostsOf(headers))
            self.assertNotEqual(addressOf(headers), "192.0.2.9")
        self.assertIs(schemeIsSecure({"forwarded": forwarded + ";x=" + "y" * 1000}, False), False)

    @given(st.text())
    def test_anything(self, text):
        """No text raises an error."""
        for name in ("forwarded", "x-forwarded-proto", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port"):
            headers = {name: text}
            schemeIsSecure(headers, False), hostsOf(headers), addressOf(headers), portOf(headers)

    def test_entries(self):
        """A header that is there has at least one entry."""
        self.assertEqual((entriesOf({"x": ""}, "x"), entriesOf({}, "x")), ([""], []))
