# -*- test-case-name: tests.page.test_addresses -*-
"""Changes of a page's address."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite._page.addresses import resolved
from athenalite.athena import LiveElement, LivePage, expose
from athenalite.errors import ForeignURL
from athenalite.loaders import xmlstr
from athenalite.testing import RemoteError, StubBrowser, StubWorkers, renderLivePage
from tests.pages import NAMESPACES, Plain, template


class Shelf(LiveElement):
    """Shows what its address names."""

    docFactory = template()

    def __init__(self):
        super().__init__()
        self.seen = []
        self.answer = None

    def addressChanged(self, url):
        self.seen.append((url, self.page.currentURL))
        return self.answer

    def getState(self):
        return None

    def setState(self, state):
        self.seen.append(self.page.currentURL)

    @expose
    def choose(self, kind: str):
        self.page.pushURL(f"?kind={kind}")


class OwnPage(LivePage):
    """A page with a document of its own."""

    docFactory = xmlstr(f'<html {NAMESPACES}><head nevow:render="liveglue" /><body /></html>')

    async def addressChanged(self, url):
        self.url = url
        return object()


class AddressesTests(SynchronousTestCase):
    """Pages in memory."""

    def test_push(self):
        """The browser shows the address; the person goes back and forward, and the element is called."""
        shelf = Shelf()
        page = StubBrowser().open(shelf, "/shop/shelf?kind=all")
        self.assertEqual(shelf.page.currentURL, "/shop/shelf?kind=all")
        page.call(shelf, "choose", "tea")
        shelf.page.pushURL("../other#end")
        page.advance()
        self.assertEqual((page.url, shelf.page.currentURL), ("/other#end", "/other#end"))
        self.assertIsNone(self.successResultOf(page.back()))
        page.back()
        page.forward()
        urls = ["/shop/shelf?kind=tea", "/shop/shelf?kind=all", "/shop/shelf?kind=tea"]
        self.assertEqual(shelf.seen, list(zip(urls, urls, strict=True)))
        shelf.page.pushURL("?kind=new")
        page.advance()
        self.assertRaises(LookupError, page.forward)

    def test_replace(self):
        """The person cannot go back to an address that was replaced."""
        shelf = Shelf()
        page = renderLivePage(shelf)
        shelf.page.replaceURL("/a")
        page.advance()
        self.assertEqual(page.url, "/a")
        self.assertRaises(LookupError, page.back)

    def test_crossing(self):
        """An address that the server sets while the person goes back is not shown: where the person is counts."""
        shelf = Shelf()
        page = renderLivePage(shelf)
        page.call(shelf, "choose", "tea")
        shelf.page.pushURL("/late")
        # The browser has not got it yet.
        page.back()
        self.assertEqual((page.url, shelf.page.currentURL, shelf.seen[-1][0]), ("/", "/", "/"))
        shelf.page.pushURL("/next")
        page.advance()
        self.assertEqual(page.url, "/next")

    def test_foreign(self):
        """What is no address of the site is refused, on both sides, and nothing is changed."""
        shelf = Shelf()
        page = renderLivePage(shelf)
        for url in (
            *("//evil.example/", "https://evil.example/", "javascript:alert(1)", "http:path", "\\\\evil.example"),
            *("/\\evil.example", "a b", "a\nb", "\t//evil.example", "/.//evil.example", "//[", "\ud800"),
            "?" + 4000 * "x",
        ):
            with self.subTest(url):
                error = self.assertRaises(ForeignURL, shelf.page.pushURL, url)
                self.assertLess(len(str(error)), 300)
                self.assertRaises(ForeignURL, shelf.page.replaceURL, url)
                if url != "\ud800":
                    failed = self.failureResultOf(page.call(0, "_athenaMoved", url, "/", 1), RemoteError)
                    self.assertEqual(failed.value.type, "ArgumentError")
        self.assertEqual((page.url, shelf.page.currentURL, shelf.seen), ("/", "/", []))
        self.assertEqual(resolved("/a/b?c#d", ""), "/a/b?c#d")
        self.assertEqual(resolved("/a/b", "./?next=http://other.example/"), "/a/?next=http://other.example/")

    def test_prefix(self):
        """What a proxy removes from the path is not in the address."""
        shelf = Shelf()
        page = StubBrowser().open(shelf, "/shelf")
        page.call(0, "_athenaMoved", "/app/shelf?a#b", "/app/shelf", 1)
        self.assertEqual(shelf.seen[0][0], "/shelf?a#b")

    def test_waiting(self):
        """A method may wait; then the browser waits for it with the next report."""
        shelf = Shelf()
        page = renderLivePage(shelf)
        shelf.page.pushURL("/a")
        page.advance()
        shelf.answer = Deferred()
        result = page.back()
        self.assertNoResult(result)
        shelf.answer.callback(object())
        page.advance()
        self.assertIsNone(self.successResultOf(result))

    def test_page(self):
        """A page of its own has the method itself, which may be a coroutine."""
        browser = StubBrowser()
        page = OwnPage(factory=browser.factory)
        opened = browser.open(page, "/a")
        page.pushURL("b")
        opened.advance()
        self.assertIsNone(self.successResultOf(opened.back()))
        self.assertEqual(page.url, "/a")

    def test_without(self):
        """Without the method it is an error, nothing can be reported, and there is no script."""
        plain = Plain()
        page = renderLivePage(plain)
        error = self.assertRaises(RuntimeError, plain.page.pushURL, "/a")
        self.assertIn("Plain has no method addressChanged", str(error))
        failed = self.failureResultOf(page.call(0, "_athenaMoved", "/a", "/", 1), RemoteError)
        self.assertEqual(failed.value.type, "NoSuchMethod")
        self.assertNotIn("athenalite-addresses", page.html)
        self.assertIn("athenalite-addresses.mjs", renderLivePage(Shelf()).html)
        self.assertRaises(RuntimeError, lambda: OwnPage().currentURL)

    def test_moved(self):
        """A page that goes on in another worker has its address there."""
        workers = StubWorkers(lambda: Shelf)
        page = workers.open(0)
        page.page.element.page.pushURL("/a")
        workers.advance()
        workers.move(page, 1)
        shelf = page.page.element
        self.assertEqual(shelf.seen, ["/a"])
        page.back()
        shelf.page.pushURL("/b")
        workers.advance()
        self.assertEqual((shelf.seen[1:], page.url), ([("/", "/")], "/b"))
