# -*- test-case-name: tests.test_document -*-
"""The document knows where in its HTML the glue belongs."""

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import TagLoader, flatten, renderer, tags

from athenalite.document import Document, documentOf
from athenalite.loaders import stan


class Page:
    """What a document asks of its page."""

    def __init__(self, docFactory):
        self.docFactory = docFactory

    @renderer
    def greeting(self, request, tag):
        return tag("hello")


class DocumentTests(SynchronousTestCase):
    """Rendering in pieces."""

    def render(self, docFactory):
        """The HTML before and behind the place of the glue; None where there is no such place."""
        chunks = []
        document = Document(Page(docFactory), chunks)
        self.successResultOf(flatten(None, document, chunks.append))
        if document.position is None:
            return None
        return b"".join(chunks[: document.position]), b"".join(chunks[document.position :])

    def test_position(self):
        """The glue comes last in its node, before all that follows, with any loader."""
        html = tags.html(tags.head("a", render="liveglue"), tags.body("b"))
        for docFactory in (stan(html), TagLoader(html)):
            self.assertEqual(
                self.render(docFactory), (b"<html><head>a", b"</head><body>b</body></html>"), type(docFactory)
            )

    def test_afterWaiting(self):
        """So it does among Deferreds, before and behind it."""
        html = tags.html(succeed("a"), tags.head(render="liveglue"), succeed("b"))
        self.assertEqual(self.render(stan(html)), (b"<html>a<head>", b"</head>b</html>"))

    def test_waiting(self):
        """And when it has to wait for what comes first."""
        waiting, chunks = Deferred(), []
        document = Document(Page(stan(tags.html(waiting, tags.head(render="liveglue")))), chunks)
        rendered = flatten(None, document, chunks.append)
        self.assertIsNone(document.position)
        waiting.callback("late")
        self.successResultOf(rendered)
        self.assertEqual(b"".join(chunks[: document.position]), b"<html>late<head>")

    def test_none(self):
        """A document without the renderer has no place for the glue."""
        self.assertIsNone(self.render(stan(tags.html())))

    def test_pageRenderers(self):
        """The document's renderers are those of the page."""
        html = tags.html(tags.p(render="greeting"), tags.head(render="liveglue"))
        self.assertEqual(self.render(stan(html))[0], b"<html><p>hello</p><head>")

    def test_documentOf(self):
        """A document may be made around any content; its title is text."""
        before, after = self.render(documentOf(tags.b("x"), "<A>"))
        self.assertIn(b"<title>&lt;A&gt;</title>", before)
        self.assertEqual(after, b"</head><body><b>x</b></body></html>")

    def test_documentOfHead(self):
        """And more can be put into its head, before the glue."""
        before, _ = self.render(documentOf("x", "A", [tags.meta(name="one"), tags.meta(name="two")]))
        self.assertIn(b'<meta name="one" /><meta name="two" />', before)
