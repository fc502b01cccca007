# -*- test-case-name: tests.test_static -*-
"""``athenalite.static`` is ``nevow.static``."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import getChildForRequest
from twisted.web.test.requesthelper import DummyRequest

from athenalite import static
from athenalite.rend import Page


class StaticTests(SynchronousTestCase):
    """Files below pages."""

    def setUp(self):
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        self.path = directory / "a.css"
        self.path.write_text("b {}")
        self.root = Page()
        self.root.child_files = static.File(str(directory))
        self.root.child_data = static.Data(b"bytes", "text/plain")
        self.root.child_named = static.MappingResource({"A.B": str(self.path)})

    def resource(self, path):
        """What is at this address."""
        return getChildForRequest(self.root, DummyRequest(path.encode().split(b"/")))

    def test_file(self):
        """A directory of files, and data, are children as any other."""
        self.assertEqual(self.resource("files/a.css").path, str(self.path))
        self.assertIsInstance(self.resource("data"), static.Data)

    def test_text(self):
        """Data may be text, which is sent as UTF-8."""
        self.assertEqual(static.Data("é", "text/plain").data, "é".encode())

    def test_mapping(self):
        """Files are served by the names that they are given, and by no others."""
        self.assertEqual(self.resource("named/A.B").path, str(self.path))
        for path in ("named", "named/", "named/a.css", "named/.."):
            request = DummyRequest([])
            self.resource(path).render(request)
            self.assertEqual(request.responseCode, 404, path)
