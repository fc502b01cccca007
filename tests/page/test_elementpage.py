# -*- test-case-name: tests.page.test_elementpage -*-
"""A page that shows one element."""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import tags

from athenalite._assets.document import NOSCRIPT, documentOf, frameOf
from athenalite._page.element import LiveElement
from athenalite._page.elementpage import ElementRenderingLivePage
from athenalite.loaders import stan, xmlstr
from tests.pages import InMemorySite

TEMPLATE = '<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">shown</p>'


class Shown(LiveElement):
    """An element with a template."""

    docFactory = xmlstr(TEMPLATE)


class ElementPageTests(SynchronousTestCase):
    """``ElementRenderingLivePage``."""

    def html(self, page):
        """Return the page's HTML after its token, which is the same for all pages."""
        site = InMemorySite(self)
        site.site.resource = page
        response = site.request()
        self.assertEqual(response.status, 200)
        before, _, after = response.text.partition('"token":"')
        return before + after.partition('"')[2]

    def test_frame(self):
        """The shared markup for all pages is the same as the flattened document of this one."""
        for title in ("Shown", "<Odd> & \u00e9"):
            shown = type(title, (Shown,), {})
            whole = ElementRenderingLivePage(shown())
            whole.docFactory = documentOf(whole.element, title, noscript=NOSCRIPT["en"])
            self.assertEqual(self.html(ElementRenderingLivePage(shown())), self.html(whole))

    def test_once(self):
        """A site renders it once."""
        factory = InMemorySite(self).factory
        self.assertIs(factory.frameTitled("Shown"), factory.frameTitled("Shown"))
        self.assertEqual(factory.frameTitled("Shown"), frameOf("Shown"))

    def test_bounded(self):
        """Titles that are made of data do not fill the memory."""
        factory = InMemorySite(self).factory
        for number in range(250):
            factory.frameTitled(str(number))
        self.assertLessEqual(len(factory._frames), 100)

    def test_appearance(self):
        """Title, language, texts and the reload are the element's."""
        element = Shown()
        element.pageTitle = "<Preise>"
        element.pageLang = "de-AT"
        element.pageTexts = {"lost": "</script>"}
        element.pageReloads = True
        html = self.html(ElementRenderingLivePage(element))
        self.assertIn('<html lang="de-AT">', html)
        self.assertIn("<title>&lt;Preise&gt;</title>", html)
        self.assertIn("<noscript>Diese Seite braucht JavaScript.", html)
        self.assertIn('"texts":{"lost":"\\u003c/script\\u003e"},"reloads":true', html)
        self.assertEqual(html.count("</script>"), 3)

    def test_ownAppearance(self):
        """A page's class may have its own; the element's counts for what it leaves out."""

        class Page(ElementRenderingLivePage):
            pageTitle = "Prices"

        element = Shown()
        element.pageTitle = "Preise"
        element.pageTexts = {"noscript": "No script, no prices."}
        html = self.html(Page(element))
        self.assertIn("<title>Prices</title>", html)
        self.assertIn("<noscript>No script, no prices.</noscript>", html)

    def test_ownDocument(self):
        """A page with a document of its own shows that."""
        page = ElementRenderingLivePage(Shown())
        page.docFactory = stan(tags.html(tags.head(render="liveglue"), tags.body("mine: ", page.element)))
        html = self.html(page)
        self.assertIn("mine: <p", html)
        self.assertNotIn("viewport", html)

    def test_ownGlue(self):
        """A page that adds to the head still does."""

        class Page(ElementRenderingLivePage):
            def render_liveglue(self, ctx, data):
                return super().render_liveglue(ctx, data)[tags.link(rel="help", href="help")]

        self.assertIn('href="help"', self.html(Page(Shown())))
