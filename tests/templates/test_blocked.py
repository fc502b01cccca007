"""What the policy of live pages blocks in templates."""

from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase

from athenalite._templates import blocked
from athenalite._templates.blocked import warnOfBlocked
from athenalite._templates.parser import parse
from athenalite.athena import LiveElement, LivePage
from athenalite.loaders import xmlstr
from athenalite.tags import p
from tests.pages import NAMESPACES, InMemorySite, template

BLOCKED = (
    ('<b onclick="go()"/>', "the attribute 'onclick'", '<athena:handler event="onclick" handler="..." />'),
    ('<b onMouseOver="go()"/>', "the attribute 'onmouseover'", "and a method of the widget"),
    ("<script>go()</script>", "an inline <script>", "move its code to the widget's module, a file in js/"),
    ('<script type="text/javascript">go()</script>', "an inline <script>", "js/"),
    ('<script type="module">go()</script>', "an inline <script>", "js/"),
    ('<a href=" JavaScript:go()"/>', "the address javascript: in 'href'", "<athena:handler>"),
    ('<form action="javascript:void(0)"/>', "the address javascript: in 'action'", "<athena:handler>"),
    ('<base href="/"/>', "<base>", "base-uri 'none'"),
    ('<object data="x"/>', "<object>", "object-src 'none'"),
    ('<embed src="x"/>', "<embed>", "object-src 'none'"),
)
ALLOWED = (
    '<script src="x.js"/>',
    '<script type="application/json">{}</script>',
    '<script type="text/x-template">a</script>',
    '<b one="1" on-click="x" data-onclick="y" title="onclick"/>',
    '<a href="/javascript:"/>',
    '<style type="text/css">p {}</style>',
    '<p style="color: red"/>',
)


class BlockedTests(SynchronousTestCase):
    """warnOfBlocked."""

    def setUp(self):
        self.logged = []
        self.patch(blocked, "_log", Logger("tests", observer=self.logged.append))

    def test_blocked(self):
        """Each is one warning with file, line, and remedy; the document stays as it is."""
        for source, what, remedy in BLOCKED:
            self.logged.clear()
            document = parse(f"<div>\n{source}</div>".encode(), "t.xml")
            self.assertIs(warnOfBlocked(document), document)
            [event] = self.logged
            text = eventAsText(event)
            self.assertIn(f"t.xml:2: {what} is blocked by the page's Content-Security-Policy: ", text)
            self.assertIn(remedy, text)

    def test_allowed(self):
        """What the policy allows is no warning."""
        for source in ALLOWED:
            warnOfBlocked(parse(f"<div>{source}</div>".encode(), "t.xml"))
        self.assertEqual(self.logged, [])

    def test_tags(self):
        """A tag has no place."""
        warnOfBlocked([p(onclick="go()")])
        self.assertIn("template:1: the attribute 'onclick'", eventAsText(self.logged[0]))

    def test_once(self):
        """An element's template is searched when it is loaded, and not for each page."""
        loader = template('<b onclick="go()"/>')
        site = InMemorySite(self, lambda: LiveElement(loader))
        for _ in range(3):
            self.assertEqual(site.request().status, 200)
        self.assertEqual(len(self.logged), 1)
        self.assertIn("xmlstr in", eventAsText(self.logged[0]))

    def test_page(self):
        """A live page's own document is searched, too, if it has the default policy."""
        source = xmlstr(f'<html {NAMESPACES}><head nevow:render="liveglue"/><body onload="go()"/></html>')
        for headers, count in ((LivePage.headers, 1), ({"Content-Type": "text/html"}, 0)):
            self.logged.clear()
            site = InMemorySite(self)
            page = type("Own", (LivePage,), {"docFactory": xmlstr(source._template), "headers": headers})
            site.site.livePageFactory = site.factory
            site.site.resource.getChild = lambda path, request, page=page: page()
            self.assertEqual(site.request().status, 200)
            self.assertEqual(len(self.logged), count)
