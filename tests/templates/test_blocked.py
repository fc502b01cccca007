"""What the policy of live pages blocks in templates."""

from functools import partial

from twisted.internet.defer import succeed
from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase

from athenalite._templates import blocked
from athenalite._templates.blocked import BlockedReport, warnOfBlocked
from athenalite._templates.parser import parse
from athenalite.athena import LiveElement, LivePage, handler, legacyHeaders
from athenalite.loaders import stan, xmlstr
from athenalite.page import Element, renderer
from athenalite.rend import Fragment, Page
from athenalite.tags import div, p, script, slot
from tests.memory import recordingLog
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
    ('<script src="//cdn.example/x.js"/>', "<script> with //cdn.example/x.js of another host", "in script-src of"),
    (
        '<LINK rel="Stylesheet" href="https://a.example/"/>',
        "<link> with https://a.example/ of another host",
        "in style-src of",
    ),
    (
        '<img src=" HTTP://a.example/x.png"/>',
        "<img> with HTTP://a.example/x.png of another host",
        "serve it yourself, or",
    ),
    ('<iframe src="http://a.example/"/>', "<iframe> with http://a.example/ of another host", "in frame-src of"),
    ('<form action="https://a.example/"/>', "<form> with https://a.example/ of another host", "in form-action of"),
)
ALLOWED = (
    '<script src="x.js"/>',
    '<img src="data:,"/>',
    '<a href="https://a.example/"/>',
    '<link rel="author" href="https://a.example/"/>',
    '<script type="application/json">{}</script>',
    '<script type="text/x-template">a</script>',
    '<b one="1" on-click="x" data-onclick="y" title="onclick"/>',
    '<a href="/javascript:"/>',
    '<style type="text/css">p {}</style>',
    '<p style="color: red"/>',
)


class Made:
    """A renderer that returns what it is given."""

    docFactory = xmlstr(f'<b {NAMESPACES} nevow:render="shown"/>')

    def __init__(self, result):
        super().__init__()
        self.result = result

    def render_shown(self, ctx, data):
        return self.result()


class MadeFragment(Made, Fragment):
    """A fragment that has it."""


class MadeElement(Made, Element):
    """An element that has it."""

    @renderer
    def shown(self, request, tag):
        return self.result()


class OwnFragment(Fragment):
    """It returns its node."""

    def render_own(self, ctx, data):
        return ctx.tag


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

    def open(self, makeElement, times=3):
        """Request pages of a site, and return what its log has of templates."""
        logged, log = recordingLog()
        site = InMemorySite(self, makeElement, log=log)
        for _ in range(times):
            self.assertEqual(site.request().status, 200)
        return [text for text in map(eventAsText, logged) if "is blocked" in text]

    def test_once(self):
        """An element's template is searched when it is loaded, and not for each page."""
        loader = template('<b onclick="go()"/>')
        [text] = self.open(lambda: LiveElement(loader))
        self.assertIn("xmlstr in", text)
        self.assertEqual(self.logged, [])

    def test_stan(self):
        """Tags are where their loader was made, and remain as they are."""
        tag = div(render="liveElement")[p(onclick="go()")]
        loader = stan(tag)
        [text] = self.open(lambda: LiveElement(loader))
        self.assertRegex(text, r"test_blocked\.py:\d+: the attribute 'onclick' is blocked")
        self.assertIs(tag.filename, None)

    def test_loaders(self):
        """A place is reported once for each site, also if each page has a loader of its own, and within bounds."""
        self.assertEqual(len(self.open(lambda: LiveElement(template('<b onclick="go()"/><i onclick="go()"/>')))), 1)
        self.assertEqual(len(self.open(lambda: LiveElement(template('<b onclick="go()"/>\n<i onclick="go()"/>')))), 2)
        self.patch(blocked, "_MOST", 1)
        self.assertEqual(len(self.open(lambda: LiveElement(template('<b onclick="go()"/>\n<i onclick="go()"/>')))), 1)

    def test_shared(self):
        """A loader keeps its document once, and not for each site."""
        loader = template('<b onclick="go()"/>')
        documents = []
        for _ in range(2):
            self.open(lambda: LiveElement(loader), times=1)
            documents.append(loader.query())
        self.assertIs(*documents)

    def openPage(self, result, headers=LivePage.headers, times=2):
        """Request pages with a renderer that returns this, and return what the site's log has of places."""
        logged, log = recordingLog()
        site = InMemorySite(self, log=log)
        source = f'<html {NAMESPACES}><head nevow:render="liveglue"/><body><b nevow:render="shown"/></body></html>'
        kind = type("Own", (Made, LivePage), {"docFactory": xmlstr(source), "headers": headers})
        site.site.livePageFactory = site.factory
        site.site.resource.getChild = lambda path, request: kind(result)
        for _ in range(times):
            self.assertEqual(site.request().status, 200)
        return [text for text in map(eventAsText, logged) if "py:" in text]

    def test_made(self):
        """What renderers make of tags is reported once, at their file and line; another policy may allow it."""
        attribute = "the attribute 'onclick', in a tag that this method makes, is blocked by"
        for result, what in (
            (lambda: p(onclick="go()"), attribute),
            (lambda: [p[p[script["go()"]]]], "an inline <script>, in a tag"),
            (lambda: (p[one] for one in (p(onclick="go()"),)), attribute),
            (lambda: p[(p(onclick="go()") for _ in "ab")], attribute),
            (lambda: p[slot("a")].fillSlots(a=(p(onclick="go()"),)), attribute),
            (lambda: succeed(p(onclick="go()")), attribute),
            (lambda: p[handler(event="onclick", handler="go")], "<athena:handler>, in a tag that this method makes, "),
            (lambda: MadeFragment(lambda: p(onclick="go()")), attribute),
            (lambda: MadeElement(lambda: p(onclick="go()")), attribute),
            (lambda: Fragment(docFactory=xmlstr('<b onclick="go()"/>')), "1: the attribute 'onclick' is blocked"),
        ):
            [text] = self.openPage(result)
            self.assertIn(what, text)
            self.assertRegex(text, r"test_blocked\.py:\d+:")
            self.assertEqual(self.openPage(result, legacyHeaders()), [])

    def test_renderer(self):
        """The place is the renderer's first line; what a template has already is not reported again."""
        [text] = self.openPage(lambda: p(onclick="go()"))
        self.assertIn(f"{__file__}:{Made.render_shown.__code__.co_firstlineno}: ", text)
        source = f'<b {NAMESPACES} onclick="go()" nevow:render="own"/>'
        [text] = self.openPage(lambda: OwnFragment(docFactory=xmlstr(source)))
        self.assertNotIn("this method", text)

    def test_function(self):
        """A function in a document has its own place, and a renderer without code the file of its owner's class."""
        [text] = self.openPage(lambda: p(render=lambda ctx, data: p(onclick="go()")))
        self.assertIn(f"{__file__}:{self.test_function.__code__.co_firstlineno + 2}: ", text)
        [text] = self.openPage(lambda: p(render=partial(lambda ctx, data: p(onclick="go()"))))
        self.assertIn(f"{__file__}:1: ", text)

    def test_inside(self):
        """A page of another kind in the document changes nothing for what is behind it."""
        loader = xmlstr('<b onclick="go()"/>')
        self.assertEqual(
            len(self.openPage(lambda: [Page(docFactory=stan(p["inside"])), Fragment(docFactory=loader)])), 1
        )

    def test_bounds(self):
        """Of each renderer a few results are searched, of a bounded number of renderers."""
        report = BlockedReport(Logger("tests", observer=self.logged.append))
        for index in range(30):
            report.ofRenderer(self, "same", p if index < 20 else p(onclick="go()"))
        self.patch(blocked, "_MOST", 1)
        report.ofRenderer(self, "other", p(onclick="go()"))
        self.assertEqual(self.logged, [])

    def test_page(self):
        """A live page's own document is searched, too, if it has the default policy."""
        source = xmlstr(f'<html {NAMESPACES}><head nevow:render="liveglue"/><body onload="go()"/></html>')
        for headers, count in ((LivePage.headers, 1), ({"Content-Type": "text/html"}, 0)):
            logged, log = recordingLog()
            site = InMemorySite(self, log=log)
            page = type("Own", (LivePage,), {"docFactory": xmlstr(source._template), "headers": headers})
            site.site.livePageFactory = site.factory
            site.site.resource.getChild = lambda path, request, page=page: page()
            self.assertEqual(site.request().status, 200)
            self.assertEqual(len([event for event in logged if "is blocked" in eventAsText(event)]), count)
