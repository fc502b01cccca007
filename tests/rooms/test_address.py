# -*- test-case-name: tests.rooms.test_address -*-
"""Addresses of engines."""

import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.address import parseAddress


class AddressTests(SynchronousTestCase):
    """``parseAddress``"""

    def test_tcp(self):
        """A host, with a port and a database."""
        address = parseAddress("redis://127.0.0.1")
        self.assertEqual((address.host, address.port, address.database, address.isTLS), ("127.0.0.1", 6379, 0, False))
        address = parseAddress("rediss://me:s%2Fcret@[::1]:7000/3?site=chat&ca=/etc/ca.pem")
        self.assertEqual((address.host, address.port, address.database, address.isTLS), ("::1", 7000, 3, True))
        self.assertEqual((address.user, address.secret(), address.site), ("me", "s/cret", "chat"))
        self.assertEqual(address.ca, "/etc/ca.pem")
        self.assertEqual(str(address), "rediss://[::1]:7000/3")

    def test_unix(self):
        """A UNIX socket, by its absolute path."""
        for text in ("unix:/run/a%20b.sock?db=2", "unix:///run/a%20b.sock?db=2"):
            address = parseAddress(text)
            self.assertEqual((address.path, address.database, str(address)), ("/run/a b.sock", 2, "unix:/run/a b.sock"))

    def test_password(self):
        """A password can be in a file, which is read when it is needed; it is never shown."""
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "password")
            address = parseAddress(f"redis://localhost?passwordfile={path}")
            self.assertRaises(OSError, address.secret)
            path.write_text("secret\n")
            self.assertEqual(address.secret(), "secret")
        self.assertNotIn("secret", str(parseAddress("redis://:secret@localhost")))

    def test_wrong(self):
        """Anything else is refused, with a reason."""
        for text, reason in (
            ("", "redis://127.0.0.1:6379/0"),
            ("localhost:6379", "redis://"),
            ("http://localhost", "redis://"),
            ("redis://", "redis://"),
            ("redis://localhost:x", "not an address"),
            ("redis://[::1", "not an address"),
            ("redis://localhost/chat", "the database is a number"),
            ("redis://localhost/-1", "the database is a number"),
            ("unix:socket", "absolute path"),
            ("unix://host/socket", "absolute path"),
            ("redis://localhost?sit=chat", "no option 'sit'"),
            ("redis://localhost?site={x}", "a site's name"),
        ):
            self.assertIn(reason, str(self.assertRaises(ValueError, parseAddress, text)))
