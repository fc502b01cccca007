"""Each mistake of the table in docs/errors.rst is made here, and its message is the table's."""

import re
from pathlib import Path

from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import MissingTemplateLoader

from athenalite._assets.fault import faultOf
from athenalite._core.expose import remedyFor
from athenalite._templates.parser import TemplateError
from athenalite.athena import LiveElement, LivePage
from athenalite.loaders import xmlfile
from athenalite.page import Element, renderer
from tests.pages import NAMESPACES, InMemorySite

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"(?m)^   \* - ``(.+)``$")
#: The cause says where the browser writes it.
OF_BROWSER = re.compile(r"(?m)^   \* - ``(.+)``\n     - \(")

#: Contents of a template, whose line 2 has the mistake.
TEMPLATES = (
    "<div>\n<b nevow:render='x'/></div>",
    "<div>\n<input disabled></div>",
    "<div>\n<p class=big/></div>",
    "<div>\na & b</div>",
    "<div>\n1 < 2</div>",
    "<div>\n&nbsp;</div>",
    "<div>\n<br></div>",
    "<div/>\n<div/>",
    f"<div {NAMESPACES}>\n<b nevow:data='x'/></div>",
    "<div>\n<b xmlns:nevow='http://nevow.com/ns/nevow/0.2'/></div>",
)
#: Contents of a live element.
RENDERED = (
    '<b nevow:render="totl"/>',
    '<b nevow:render="plain"/>',
    '<b nevow:render="total 1"/>',
    '<nevow:slot name="a"/>',
    '<b nevow:render="odd"/>',
    '<nevow:invisible><athena:handler event="onclick" handler="f"/></nevow:invisible>',
)
BLOCKED = ('<b onclick="go()"/>', "<script>go()</script>", '<script src="//cdn.example/x.js"/>')


class Cart(LiveElement):
    """An element with mistakes."""

    @renderer
    def total(self, request, tag):
        """A renderer."""

    def plain(self, request, tag):
        """No renderer."""

    @renderer
    def odd(self, request, tag):
        return object()


class MistakeTests(SynchronousTestCase):
    """The table."""

    def setUp(self):
        text = (ROOT / "docs" / "errors.rst").read_text("utf-8")
        _, _, table = text.partition("Messages for mistakes, and remedies")
        table = table.partition("\nDebug mode\n=")[0]
        self.rows = ROW.findall(table)
        self.ofBrowser = OF_BROWSER.findall(table)
        self.found = set()
        self.logged = []

    def assertListed(self, message):
        """A message is that of a row, or of a more general one, too."""
        patterns = {row: ".*".join(re.escape(part) for part in row.split("...")) for row in self.rows}
        matching = [row for row, pattern in patterns.items() if re.search(pattern, message)]
        self.assertNotEqual(matching, [], message)
        self.found.update(matching)

    def file(self, content, name="template.html"):
        """A file with this content."""
        path = Path(self.mktemp())
        path.mkdir()
        (path / name).write_text(content, "utf-8")
        return path / name

    def element(self, inner, outer='<div {} nevow:render="liveElement">\n{}</div>'):
        """An element with a template in a file."""
        element = Cart()
        self.path = self.file(outer.format(NAMESPACES, inner))
        element.docFactory = xmlfile(str(self.path))
        return element

    def failure(self, element):
        """What the log has about an element's page that cannot be rendered."""
        logged = []
        site = InMemorySite(self, lambda: element, log=Logger("tests", observer=logged.append))
        response = site.request()
        self.assertEqual(response.status, 500)
        [event] = logged
        text = eventAsText(event)
        self.assertIn(re.search("Reference ([0-9a-f]{8})", response.text)[0], text)
        return text

    def test_table(self):
        """Each row is the message of a mistake, and each message is in a row."""
        self._makeTemplates()
        self._makeRenderers()
        self._makeModules()
        self._makeBlocked()
        # Those of the browser are made in tests/js/mistakes.test.js.
        self.assertEqual([row for row in self.rows if row not in self.found], self.ofBrowser)

    def _makeTemplates(self):
        for content in TEMPLATES:
            path = self.file(content)
            message = str(self.assertRaises(TemplateError, xmlfile(str(path)).load))
            self.assertIn(f"{path}:2: ", message)
            self.assertListed(message)

    def _makeRenderers(self):
        for inner in RENDERED:
            message = self.failure(self.element(inner)).split("\n")[0]
            self.assertIn(f"{self.path}:2", message)
            self.assertListed(message)
        handler = f'<b {NAMESPACES}>\n<athena:handler event="onclick" handler="f"/></b>'
        for factory, kind in ((xmlfile(str(self.file(handler))), TemplateError), ("<b/>", MissingTemplateLoader)):
            self.assertListed(str(self.assertRaises(kind, Element(factory).render, None)))
        self.assertListed(remedyFor(Cart(), "plain"))
        logged = []
        site = InMemorySite(self, lambda: self.element("", "<p {}>{}</p>"), log=Logger("t", observer=logged.append))
        self.assertEqual(site.request().status, 200)
        message = eventAsText(logged[0])
        self.assertIn(f"{self.path}:1: ", message)
        self.assertListed(message)

    def _makeModules(self):
        for attribute, value in (("jsClass", "Missing.Widget"), ("cssModule", "Missing")):
            element = self.element("")
            setattr(element, attribute, value)
            message = self.failure(element)
            self.assertIn(f"({attribute} of Cart)", message)
            self.assertListed(message)
        for content, text in (("\n// import Missing\n", "line 2"), ("\nexport class Widget {}\n", "line 2")):
            path = self.file(content, "Broken.js")
            page = type("Broken", (LivePage,), {"docFactory": xmlfile(str(self.file(self._document())))})
            site = InMemorySite(self)
            site.site.livePageFactory = site.factory
            broken = page(jsModules={"Broken": str(path)})
            broken.jsClass = "Broken.Page"
            site.site.resource.getChild = lambda path, request, broken=broken: broken
            self.assertEqual(site.request().status, 500)
            [failure] = self.flushLoggedErrors()
            message = faultOf(failure).summary
            self.assertIn(f"{path}, {text}", message)
            self.assertListed(message)

    def _document(self):
        return f'<html {NAMESPACES}><head nevow:render="liveglue"/><body/></html>'

    def _makeBlocked(self):
        for inner in BLOCKED:
            self.logged.clear()
            log = Logger("tests", observer=self.logged.append)
            site = InMemorySite(self, lambda inner=inner: self.element(inner), log=log)
            self.assertEqual(site.request().status, 200)
            message = next(text for text in map(eventAsText, self.logged) if "blocked" in text)
            self.assertIn(f"{self.path}:2: ", message)
            self.assertListed(message)
