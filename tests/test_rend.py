# -*- test-case-name: tests.test_rend -*-
"""``athenalite.rend`` has what ``nevow.rend`` had; ``tests/page/test_resource.py`` tests it."""

from twisted.trial.unittest import SynchronousTestCase
from zope.interface import alsoProvides

from athenalite import LivePage, rend
from athenalite.appserver import NevowSite
from athenalite.inevow import IResource
from athenalite.loaders import stan
from tests.pages import InMemorySite


class NamesTests(SynchronousTestCase):
    """The names that applications import."""

    def test_names(self):
        """Each name of ``__all__`` is there, and live pages are pages."""
        for name in rend.__all__:
            self.assertTrue(hasattr(rend, name), name)
        self.assertTrue(issubclass(LivePage, rend.Page))


class Tree(rend.ChildLookupMixin):
    """A resource of Nevow's kind that is no page."""

    def __init__(self, name):
        self.name = name
        alsoProvides(self, IResource)

    def renderHTTP(self, ctx):
        return self.name

    def child_method(self, ctx):
        return Tree("method")

    child_attribute = rend.Page(docFactory=stan("attribute"))

    def childFactory(self, ctx, name):
        return Tree("factory") if name == "made" else None


class ChildLookupTests(SynchronousTestCase):
    """ChildLookupMixin."""

    def test_children(self):
        """Children are found as those of a page."""
        tree = Tree("root")
        tree.putChild("put", Tree("put"))
        site = InMemorySite(self)
        site.site = NevowSite(Root(tree), reactor=site.clock)
        for path, text in (("", "root"), ("/put", "put"), ("/method", "method"), ("/attribute", "attribute")):
            self.assertEqual(site.request(f"/tree{path}").text, text)
        self.assertEqual(site.request("/tree/method/made").text, "factory")
        self.assertEqual(site.request("/tree/none").status, 404)
        self.assertIsNone(Tree.children)


class Root(rend.Page):
    """A page with a tree."""

    def child_tree(self, ctx):
        return self.original
