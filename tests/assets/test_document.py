# -*- test-case-name: tests.assets.test_document -*-
"""A document has a placeholder at the place of the glue."""

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import TagLoader, flatten, renderer, tags

from athenalite._assets.document import Document, aroundPlaceholder, documentOf, newPlaceholder
from athenalite.loaders import stan


class Page:
    """The part of a page that a document uses."""

    def __init__(self, docFactory):
        self.docFactory = docFactory

    @renderer
    def greeting(self, request, tag):
        return tag("hello")


class DocumentTests(SynchronousTestCase):
    """Rendering in pieces."""

    def render(self, docFactory):
        """Return the HTML before and after the glue; None without a place for it."""
        chunks = []
        placeholder = newPlaceholder()
        self.successResultOf(flatten(None, Document(Page(docFactory), None, placeholder), chunks.append))
        return aroundPlaceholder(b"".join(chunks), placeholder)

    def test_position(self):
        """The glue comes last in its node, before all that follows, with any loader."""
        html = tags.html(tags.head("a", render="liveglue"), tags.body("b"))
        for docFactory in (stan(html), TagLoader(html)):
            self.assertEqual(
                self.render(docFactory), (b"<html><head>a", b"</head><body>b</body></html>"), type(docFactory)
            )

    def test_afterWaiting(self):
        """So it does among Deferreds, before and after it."""
        html = tags.html(succeed("a"), tags.head(render="liveglue"), succeed("b"))
        self.assertEqual(self.render(stan(html)), (b"<html>a<head>", b"</head>b</html>"))

    def test_waiting(self):
        """So it does when the content before or after it is late."""
        first, last, chunks = Deferred(), Deferred(), []
        document = Document(Page(stan(tags.html(first, tags.head(render="liveglue"), last))), None, "here")
        rendered = flatten(None, document, chunks.append)
        first.callback("late")
        self.assertNoResult(rendered)
        last.callback("later")
        self.successResultOf(rendered)
        self.assertEqual(aroundPlaceholder(b"".join(chunks), "here"), (b"<html>late<head>", b"</head>later</html>"))

    def test_base(self):
        """Glue behind a ``<base>`` is put before it, wherever else its text is: addresses are relative to the page."""
        base = '<base href="/shop/">'
        for before, behind in (
            ("", f"{base}<title>a"),
            ("<!-- <base href='/'> --><title><base ></title>", base),
            ("", f"<base >{base}"),
            ("<basefont><!-- <base> -->", ""),
        ):
            html = f"<head>{before}{behind}here</head>".encode()
            self.assertEqual(
                aroundPlaceholder(html, "here"), (b"<head>" + before.encode(), f"{behind}</head>".encode())
            )

    def test_several(self):
        """Of several places the last counts, and nothing is left of the others."""
        html = tags.html(tags.head(render="liveglue"), tags.body("a", render="liveglue"))
        self.assertEqual(self.render(stan(html)), (b"<html><head></head><body>a", b"</body></html>"))

    def test_inPattern(self):
        """The place may be in the late result of a renderer."""
        html = tags.html(tags.head(succeed(tags.transparent(render="liveglue")), "a"))
        self.assertEqual(self.render(stan(html)), (b"<html><head>", b"a</head></html>"))

    def test_noPlaceholder(self):
        """A document without glue has nothing in its place."""
        chunks = []
        document = Document(Page(stan(tags.html(tags.head(render="liveglue")))))
        self.successResultOf(flatten(None, document, chunks.append))
        self.assertEqual(b"".join(chunks), b"<html><head></head></html>")

    def test_placeholder(self):
        """Each document has another placeholder, which is the same in HTML and XML."""
        one, other = newPlaceholder(), newPlaceholder()
        self.assertNotEqual(one, other)
        self.assertRegex(one, "^[0-9a-f]{32}$")

    def test_none(self):
        """A document without the renderer has no place for the glue."""
        self.assertIsNone(self.render(stan(tags.html())))

    def test_pageRenderers(self):
        """The document's renderers are those of the page."""
        html = tags.html(tags.p(render="greeting"), tags.head(render="liveglue"))
        self.assertEqual(self.render(stan(html))[0], b"<html><p>hello</p><head>")

    def test_documentOf(self):
        """A document can be made around any content; its title is text."""
        before, after = self.render(documentOf(tags.b("x"), "<A>"))
        self.assertIn(b"<title>&lt;A&gt;</title>", before)
        self.assertEqual(after, b"</head><body><b>x</b></body></html>")

    def test_documentOfLanguage(self):
        """It has a language, and a text for where scripts are disabled."""
        before, after = self.render(documentOf("x", "A", lang="de", noscript="<Nein>"))
        self.assertIn(b'<html lang="de">', before)
        self.assertEqual(after, b"</head><body><noscript>&lt;Nein&gt;</noscript>x</body></html>")

    def test_documentOfHead(self):
        """More can be added to its head, before the glue."""
        before, _ = self.render(documentOf("x", "A", [tags.meta(name="one"), tags.meta(name="two")]))
        self.assertIn(b'<meta name="one" /><meta name="two" />', before)
