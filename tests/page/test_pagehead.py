"""The head of a live page's document."""

from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase

from athenalite import tags
from athenalite._page.livepage import LivePage
from athenalite._page.pagehead import rangesOf
from athenalite.athena import LiveElement
from athenalite.loaders import stan, xmlstr
from athenalite.page import renderer
from tests.pages import NAMESPACES, InMemorySite, Plain, template


class Unmarked(LiveElement):
    """An element whose template lacks the renderer."""

    docFactory = xmlstr("<p>no widget</p>")


class Outer(LiveElement):
    """An element with children."""

    docFactory = template('<b nevow:render="inner"/>')
    kinds = (Plain, Plain)

    @renderer
    def inner(self, request, tag):
        children = [kind() for kind in self.kinds]
        for child in children:
            child.setFragmentParent(self)
        return children


class Hiding(LiveElement):
    """An element that leaves out its own node."""

    docFactory = xmlstr(f'<p {NAMESPACES} nevow:render="hide"><b nevow:render="liveElement"/></p>')

    @renderer
    def hide(self, request, tag):
        return ""


class WidgetTests(SynchronousTestCase):
    """The numbers of the widgets, which the client compares with the nodes that it finds."""

    def test_ranges(self):
        """Numbers are sent as the first and the last of each run."""
        self.assertEqual(rangesOf([]), ())
        self.assertEqual(rangesOf([3, 1, 2, 7]), (1, 3, 7, 7))

    def test_settings(self):
        """The settings have the elements of the document, and not those that were only sent."""
        site = InMemorySite(self, Outer)
        self.assertEqual(site.request().island["widgets"], [1, 3])
        self.assertNotIn("widgets", InMemorySite(self, Unmarked).request().island)


class PolicyTests(SynchronousTestCase):
    """The policy of a page that loads from another origin."""

    def test_several(self):
        """Each of several policies allows it, and all of them are sent."""

        class Page(LivePage):
            docFactory = stan(tags.html(tags.head(render="liveglue")))

            def beforeRender(self, ctx):
                policies = ["default-src 'self'", "script-src 'self'"]
                ctx.request.responseHeaders.setRawHeaders("content-security-policy", policies)

        site = InMemorySite(self)
        site.site.livePageFactory = site.factory
        site.site.resource.getChild = lambda path, request: Page(jsModuleRoot="https://js.example/a")
        response = site.request()
        self.assertEqual(
            response.headers.getRawHeaders("content-security-policy"),
            ["default-src 'self'; script-src 'self' https://js.example", "script-src 'self' https://js.example"],
        )


class UnmarkedTests(SynchronousTestCase):
    """Elements whose templates have no node for the widget."""

    def logOf(self, kind):
        """What is logged when such an element is requested."""
        logged = []
        site = InMemorySite(self, kind, log=Logger("tests", observer=logged.append))
        self.assertEqual(site.request().status, 200)
        return [eventAsText(event) for event in logged]

    def test_warning(self):
        """The log has the place of the template, the class, and the attribute to add."""
        [text] = self.logOf(Unmarked)
        self.assertRegex(text, r"test_pagehead\.py:\d+:1: the template of Unmarked has no node")
        self.assertIn('add nevow:render="liveElement" to its root node', text)

    def test_child(self):
        """A child is found, too."""
        [text] = self.logOf(type("Parent", (Outer,), {"kinds": (Plain, Unmarked)}))
        self.assertIn("the template of Unmarked", text)

    def test_tags(self):
        """A template of tags has no place."""
        [text] = self.logOf(lambda: LiveElement(stan("text")))
        self.assertIn("the template of LiveElement has no node", text)

    def test_leftOut(self):
        """An element that leaves out its node on purpose is no mistake."""
        self.assertEqual(self.logOf(Hiding), [])

    def test_sent(self):
        """A child of an element that is sent is found."""
        logged = []
        site = InMemorySite(self, log=Logger("tests", observer=logged.append))
        element, _ = site.page()
        sent = type("Parent", (Outer,), {"kinds": (Plain, Unmarked)})()
        sent.setFragmentParent(element)
        element.callRemote("f", sent)
        [text] = [eventAsText(event) for event in logged]
        self.assertIn("the template of Unmarked", text)
