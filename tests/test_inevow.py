# -*- test-case-name: tests.test_inevow -*-
"""``athenalite.inevow`` is ``nevow.inevow``."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import inevow
from athenalite.context import Context
from athenalite.loaders import xmlstr
from athenalite.page import renderer
from athenalite.tags import b, p
from tests.pages import InMemorySite, Plain, template
from tests.test_loaders import NEVOW
from tests.test_stan import flat


class NamesTests(SynchronousTestCase):
    """What applications import."""

    def test_names(self):
        """The names are there, and are those of Twisted where Twisted has them."""
        from twisted.web.iweb import IRequest
        from twisted.web.resource import IResource

        self.assertIs(inevow.IRequest, IRequest)
        self.assertIs(inevow.IResource, IResource)
        for name in inevow.__all__:
            self.assertTrue(hasattr(inevow, name))


class QueryTests(SynchronousTestCase):
    """IQ."""

    def test_all(self):
        """Loaders, tags and lists of them are asked alike."""
        loader = xmlstr(f'<p {NEVOW}><b nevow:pattern="x">a</b></p>')
        tag = p[b(pattern="x")["a"]]
        for original in (loader, tag, [tag]):
            query = inevow.IQ(original)
            self.assertEqual(flat(self, query.onePattern("x"), query.allPatterns("x")), "<b>a</b><b>a</b>")
            self.assertEqual(flat(self, query.patternGenerator("x")()), "<b>a</b>")
            self.assertEqual(flat(self, query.patternGenerator("y", p)()), "<p></p>")

    def test_context(self):
        """Of a context, the patterns in its tag are found."""
        self.assertEqual(flat(self, inevow.IQ(Context(None, p[b(pattern="x")["a"]])).onePattern("x")), "<b>a</b>")

    def test_handlers(self):
        """In a renderer, the patterns of the element's own document have its handlers and its ids."""

        class Rows(Plain):
            docFactory = template(
                '<p nevow:render="rows"/>'
                '<b nevow:pattern="row" id="r"><athena:handler event="onclick" handler="f"/></b>'
            )

            @renderer
            def rows(self, request, tag):
                return tag[inevow.IQ(self.docFactory).onePattern("row")]

        text = InMemorySite(self, Rows).request().text
        self.assertIn('<p><b id="athenaid:1-r" data-athena-handlers="onclick=f"></b></p>', text)
