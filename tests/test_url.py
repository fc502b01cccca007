# -*- test-case-name: tests.test_url -*-
"""``athenalite.url`` is ``nevow.url``, as far as pages use it."""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import IResource
from twisted.web.template import flattenString
from twisted.web.test.requesthelper import DummyRequest

from athenalite import tags as T
from athenalite.context import Context
from athenalite.url import URL, here, root


def request(uri=b"/a/b?x=1"):
    """A request for this."""
    asked = DummyRequest([])
    asked.uri = uri
    return asked


class URLTests(SynchronousTestCase):
    """Addresses."""

    def test_path(self):
        """Steps in the path leave the query and the fragment behind."""
        address = URL.fromString("http://example.org/a/b?x=1#f")
        self.assertEqual(str(address.child("c", "d")), "http://example.org/a/b/c/d")
        self.assertEqual(str(address.sibling("c")), "http://example.org/a/c")
        self.assertEqual(str(address.curdir()), "http://example.org/a/")
        self.assertEqual(str(address.parentdir()), "http://example.org/")
        self.assertEqual(str(address.click("../c")), "http://example.org/c")

    def test_slash(self):
        """An address with a slash at its end is the one of a directory."""
        address = URL.fromString("/a/b/")
        self.assertEqual(str(address.child("c")), "/a/b/c")
        self.assertEqual(str(address.curdir()), "/a/b/")
        self.assertEqual(str(address.parentdir()), "/a/")

    def test_query(self):
        """Parameters are added, replaced and removed; there is a fragment."""
        address = URL.fromString("/a?x=1&y=2")
        self.assertEqual(str(address.add("x", "3").anchor("f")), "/a?x=1&y=2&x=3#f")
        self.assertEqual(str(address.add("z")), "/a?x=1&y=2&z")
        self.assertEqual(str(address.replace("x", "3")), "/a?x=3&y=2")
        self.assertEqual(str(address.remove("x")), "/a?y=2")
        self.assertEqual(str(address.clear("y")), "/a?x=1")
        self.assertEqual(str(address.clear()), "/a")

    def test_escaped(self):
        """Whatever a step is made of, it is one step, and the address is ASCII."""
        self.assertEqual(
            str(URL.fromString("/").child("a/b?c d", "é").add("n", "a&b")), "/a%2Fb%3Fc%20d/%C3%A9?n=a%26b"
        )

    def test_equal(self):
        """URLs with the same text are equal."""
        one, same, other = (URL.fromString(text) for text in ("/a", "/a", "/b"))
        self.assertEqual({one, same}, {one})
        self.assertNotEqual(one, other)
        self.assertNotEqual(one, "/a")
        self.assertEqual(repr(one), "URL.fromString('/a')")

    def test_request(self):
        """The address of a request, or of a context's."""
        self.assertEqual(str(URL.fromRequest(request())), "/a/b?x=1")
        self.assertEqual(str(here.addressFor(request()).add("y")), "/a/b?x=1&y")


class OverlayTests(SynchronousTestCase):
    """URLs that depend on the request."""

    def render(self, document):
        """The HTML of a document, as it is at ``/a/b?x=1``."""
        return self.successResultOf(flattenString(request(), document)).decode("ascii")

    def test_document(self):
        """They stand in documents, as attributes and as text."""
        self.assertEqual(
            self.render(T.a(href=here.child("c").add("y", "2"))[here]), '<a href="/a/b/c?y=2">/a/b?x=1</a>'
        )
        self.assertEqual(self.render([root.child("c"), " ", URL.fromString("/d")]), "/c /d")

    def test_steps(self):
        """They have an address' methods, and nothing else."""
        self.assertEqual(self.render(here.clear().sibling("c").anchor("f")), "/a/c#f")
        self.assertRaises(AttributeError, getattr, here, "port")

    def test_redirection(self):
        """As a resource, one sends the browser there."""
        for address, location in ((here.child("c"), b"/a/b/c"), (URL.fromString("/d"), b"/d")):
            asked = request()
            IResource(address).render(asked)
            self.assertEqual(asked.responseCode, 302)
            self.assertEqual(asked.responseHeaders.getRawHeaders(b"location"), [location])
        self.assertIsNone(IResource(Context(None), None))
