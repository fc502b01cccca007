# -*- test-case-name: tests.test_page -*-
"""``athenalite.page`` is ``nevow.page``."""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import MissingTemplateLoader
from twisted.web.template import TagLoader

from athenalite.athena import LiveElement
from athenalite.loaders import stan, xmlstr
from athenalite.page import Element, renderer
from athenalite.tags import directive, p
from athenalite.template import HANDLERS_ATTRIBUTE
from tests.pages import NAMESPACES
from tests.test_stan import flat


class Greeting(Element):
    """An element in Nevow's words."""

    docFactory = stan(p(render=directive("name")))

    def name(self, request, tag):
        return tag["Alice"]

    renderer(name)


class ElementTests(SynchronousTestCase):
    """Elements without widgets."""

    def test_render(self):
        """Its docFactory is rendered with its renderers; an instance may have a document of its own."""
        self.assertEqual(flat(self, Greeting()), "<p>Alice</p>")
        self.assertEqual(flat(self, Greeting(docFactory=xmlstr("<b/>"))), "<b></b>")

    def test_loader(self):
        """Twisted's word for the template works too, and Twisted's loaders."""
        self.assertEqual(flat(self, type("Own", (Element,), {"loader": TagLoader(p("x"))})()), "<p>x</p>")

    def test_none(self):
        """Without a template, the error says whose it is."""
        self.assertIn("Element", str(self.assertRaises(MissingTemplateLoader, Element().render, None)))

    def test_preprocessors(self):
        """With the preprocessors of a LiveElement, its handlers are those of the widget around it."""

        class Handling(Element):
            docFactory = xmlstr(f'<b {NAMESPACES}><athena:handler event="onclick" handler="f"/></b>')
            preprocessors = LiveElement.preprocessors

        self.assertIn(f'{HANDLERS_ATTRIBUTE}="onclick=f"', flat(self, Handling()))
