# -*- test-case-name: tests.browser.test_ported -*-
"""Applications as Athena's users wrote them, with another name in their imports, in a real Chromium."""

import sys
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from harness.browser import BrowserTestCase
from harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page


class PortedServer(Server):
    """The site of ``tests.applications.portedthing``."""

    def __init__(self) -> None:
        super().__init__("")
        self.command = [sys.executable, "-W", "error", "-m", "tests.applications.portedthing"]


class PortedTestCase(BrowserTestCase):
    """The site is there."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.useSharedServer("ported", PortedServer)

    def visit(self, path: str) -> "Page":
        """Open a page of the site."""
        return self.openPage(self.server.url + path)

    def open(self, path: str, widget: int = 1) -> "Page":
        """Open a page of the site, and return when its client has set up this widget."""
        page = self.visit(path)
        self.waitForWidget(page, widget)
        return page

    def settle(self, page: "Page") -> None:
        """Wait until the server has the results of its calls so far: a clock reports those that fail."""
        page.evaluate("() => Nevow.Athena.Widget.fromAthenaID(1).callRemote('no such method').addErrback(() => null)")


class PortedTests(PortedTestCase):
    """Each kind of application does what it did."""

    def test_clocks(self) -> None:
        """Two fragments whose page was assigned call and are called independently."""
        page = self.open("clocks")
        self.assertEqual((page.url, page.title()), (f"{self.server.url}clocks/", "Clocks 2"))
        for clock, times in ((0, 2), (1, 1)):
            for _ in range(times):
                page.get_by_text("Start").nth(clock).click()
        page.get_by_text("tick 2").wait_for()
        page.get_by_text("tick 1").wait_for()
        self.assertEqual(page.locator(".clock-time").all_inner_texts(), ["tick 2", "tick 1"])
        self.settle(page)
        self.assertEqual(page.request.get(f"{page.url}js/TabModule.js").status, 200)

    def test_screen(self) -> None:
        """In a page served as XHTML, a drawing replaces the content, which is detached."""
        page = self.open("screen/")
        self.assertEqual(page.evaluate("document.contentType"), "application/xhtml+xml")
        page.get_by_text("STOPPED").wait_for()
        page.evaluate("Nevow.Athena.Widget.fromAthenaID(1).callRemote('run')")
        page.locator("circle").wait_for()
        expect(page.get_by_text("STOPPED")).to_have_count(0)
        page.locator("circle").dispatch_event("click")
        expect(page.locator("circle")).to_have_attribute("fill", "red")
        self.assertEqual(page.locator("circle").get_attribute("id"), "athenaid:3-lamp")
        page.wait_for_function("() => Nevow.Athena.Widget._athenaWidgets[2] === undefined")

    def test_tabs(self) -> None:
        """A module that becomes a class, patterns with handlers, and a widget that works before it upcalls."""
        page = self.open("tabs")
        page.get_by_text("two", exact=True).click()
        self.assertEqual(page.evaluate("Nevow.Athena.Widget.get(document.querySelector('.tab')).chosen"), self.chosen)
        self.assertEqual(page.locator("i").inner_text(), "2 one")
        self.assertIn("red", page.get_by_text("two", exact=True).get_attribute("style") or "")

    chosen: Any = [["one", "two"], True, "click"]

    def test_panes(self) -> None:
        """A tab shows its pane, and hides the others of the same widget; the widgets in the panes work."""
        page = self.open("panes/", 3)
        outer, inner = page.locator(".nevow-tabbedpane").first, page.locator(".nevow-tabbedpane .nevow-tabbedpane")
        self.assertEqual((outer.get_attribute("style"), inner.get_attribute("style")), ("", ""))
        self.checkPanes(page)
        page.get_by_text("Start").click()
        page.get_by_text("tick 1").wait_for()
        self.settle(page)
        chosen = page.evaluate(
            """() => {
                const widget = Nevow.Athena.Widget.fromAthenaID(1), chosen = [];
                widget.namedTabSelected = (name) => chosen.push(name);
                widget.dom_tabClicked(widget.nodeById("tab-container").firstChild);
                const node = document.createElement("i");
                widget.view.replaceNamedPaneContent("One", node);
                return [chosen, widget.view.getNamedPaneNode("One").firstChild === node, widget.view.selectedTabName];
            }"""
        )
        self.assertEqual(chosen, [["One"], True, "One"])

    def test_plainPanes(self) -> None:
        """Panes without widgets do the same."""
        self.checkPanes(self.visit("plainpanes/"))

    def checkPanes(self, page: "Page") -> None:
        """Choose tabs of a pane and of the one in it."""
        tabs = page.locator(".nevow-tabbedpane-tabs > li")
        visible = [page.get_by_text(text) for text in ("outer first", "inner first", "inner second")]
        self.assertEqual([one.is_visible() for one in visible], [True, True, False])
        tabs.nth(3).click()
        self.assertEqual([one.is_visible() for one in visible], [True, False, True])
        tabs.nth(1).click()
        self.assertEqual([one.is_visible() for one in visible], [False, False, False])
        classes = [tab.get_attribute("class") for tab in tabs.all()]
        self.assertEqual(classes, [f"nevow-tabbedpane-{'selected-' * (n in (1, 3))}tab" for n in range(4)])

    def test_form(self) -> None:
        """A form gathers its inputs; the field in it, a plain element, has its handlers and its ids."""
        page = self.open("form/")
        page.get_by_label("Name").fill("Alice")
        page.get_by_label("Name").press("Tab")
        expect(page.locator(".answer")).to_have_attribute("title", "Alice")
        page.get_by_text("Send").click()
        page.locator(".answer", has_text="sure").wait_for()
        self.assertEqual(
            page.locator(".answer").inner_text(),
            "formname='ported', missing=None, name='Alice', sure=True, text='words'",
        )

    def test_counter(self) -> None:
        """The object behind the page is called through the global server, by the methods of its interface only."""
        page = self.visit("counter/")
        page.wait_for_function("() => window.server")
        ask = "async () => [await server.callRemote('count', 10), await server.callRemote('count', 10)]"
        self.assertEqual(page.evaluate(ask), [10, 20])
        secret = "() => server.callRemote('secret').then(null, (e) => e instanceof Nevow.Athena.NoSuchMethod)"
        self.assertTrue(page.evaluate(secret))

    def test_links(self) -> None:
        """Addresses that are made when the page is asked for lead on, behind whatever name the site has."""
        page = self.visit("")
        page.get_by_text("Clocks").click()
        page.get_by_text("Start").first.wait_for()
        self.assertEqual(page.url, f"{self.server.url}clocks/?a=1")


#: What is asked of ``Divmod.Runtime.theRuntime``, as a function of it and of an element, and what comes of it.
RUNTIME = {
    "appendNodeContent": (
        "(r, n) => { r.appendNodeContent(n, '<b xmlns=\"http://www.w3.org/1999/xhtml\">x</b>'); return n.innerHTML; }",
        '<i>old</i><b xmlns="http://www.w3.org/1999/xhtml">x</b>',
    ),
    "setNodeContent": (
        "(r, n) => { r.setNodeContent(n, '<b xmlns=\"http://www.w3.org/1999/xhtml\">x</b>');"
        " return n.childNodes.length; }",
        1,
    ),
    "not well-formed": (
        "(r, n) => { try { r.setNodeContent(n, '<b>') } catch (e) { return e instanceof Error; } }",
        True,
    ),
    "no namespace": (
        "(r, n) => { try { r.setNodeContent(n, '<b/>') } catch (e) { return e instanceof Error; } }",
        True,
    ),
    "nothing lost": ("(r, n) => { try { r.setNodeContent(n, '<b>') } catch (e) { return n.textContent; } }", "old"),
    "importNode": (
        "(r) => r.importNode(r.parseXHTMLString('<b xmlns=\"http://www.w3.org/1999/xhtml\"/>').documentElement)"
        ".ownerDocument === document",
        True,
    ),
    "getPage": (
        "async (r) => { const [request, d] = r.getPage('/echo', [['a', 'b c'], ['d', '&']], 'GET', [['X-Y', 'z']]);"
        " return [request instanceof XMLHttpRequest, await d]; }",
        [True, {"status": 200, "response": "/echo?a=b%20c&d=%26 z"}],
    ),
    "loadScript": ("async (r) => { await r.loadScript('/script.js'); return window.loadedByScript; }", "yes"),
    "loadStylesheet": (
        "(r) => { r.loadStylesheet('/style.css'); return document.head.lastChild.getAttribute('href'); }",
        "/style.css",
    ),
    "getPageSize": ("(r) => r.getPageSize().w === innerWidth && r.getPageSize(window).h === innerHeight", True),
    "getElementSize": (
        "(r, n) => { n.style = 'display: none; width: 20px; padding: 1px; height: 5px';"
        " return [r.getElementSize(n), n.style.display]; }",
        [{"w": 22, "h": 7}, "none"],
    ),
    "findPos": (
        "(r, n) => { n.style = 'position: absolute; margin: 0; left: 7px; top: 9px';"
        " return [r.findPosX(n), r.findPosY(n)]; }",
        [7, 9],
    ),
    "getEventCoords": (
        "(r) => r.getEventCoords(new MouseEvent('click', { clientX: 3, clientY: 4 }))",
        {"x": 3, "y": 4},
    ),
    "addLoadEvent": ("(r) => new Promise((resolve) => r.addLoadEvent(() => resolve('loaded')))", "loaded"),
    "Divmod.Base.addLoadEvent": ("() => new Promise((resolve) => Divmod.Base.addLoadEvent(() => resolve(1)))", 1),
    "addBeforeUnloadHandler": (
        "(r) => { const w = { onbeforeunload: () => { w.first = true; } };"
        " r.addBeforeUnloadHandler(w, () => { w.second = w.first; }); w.onbeforeunload(); return w.second; }",
        True,
    ),
    "getElementByIdWithNode": (
        "(r, n) => { n.remove(); n.firstChild.id = 'lost';"
        " return r.getElementByIdWithNode(n, 'lost') === n.firstChild; }",
        True,
    ),
}


class RuntimeTests(PortedTestCase):
    """Athena's interface to the browser."""

    def test_functions(self) -> None:
        """Each function of Divmod.Runtime does in a browser what it did."""
        page = self.visit("counter/")
        page.wait_for_function("() => window.server")
        for name, (function, expected) in RUNTIME.items():
            script = (
                "() => { const n = document.createElement('p'); n.innerHTML = '<i>old</i>'; document.body.append(n);"
                f" return ({function})(Divmod.Runtime.theRuntime, n); }}"
            )
            with self.subTest(name):
                self.assertEqual(page.evaluate(script), expected)
