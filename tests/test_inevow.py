# -*- test-case-name: tests.test_inevow -*-
"""``athenalite.inevow`` is ``nevow.inevow``."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import inevow
from athenalite.loaders import xmlstr
from athenalite.tags import b, p
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
