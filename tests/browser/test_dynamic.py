# -*- test-case-name: tests.browser.test_dynamic -*-
"""Elements that are sent to a real Chromium, become widgets there, and are removed."""

from typing import TYPE_CHECKING, Any

from harness.browser import BrowserTestCase
from tests.browser.test_odd import APPLICATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Page

DYNAMIC = "dynamicthing.dynamicbox.DynamicElement"

ASK = """([method, ...args]) => Nevow.Athena.Widget.fromAthenaID(1).callRemote(method, ...args).addErrback(
    (failure) => `${failure.error}`
)"""

ADD = """async ([method, ...args]) => {
    const widget = Nevow.Athena.Widget.fromAthenaID(1);
    const result = await widget.callRemote(method, ...args);
    const child = await widget.add(result.found ? result.found[0] : result);
    return [child.objectID, child.widgetParent === widget, child.node.namespaceURI];
}"""


class DynamicTests(BrowserTestCase):
    """The rows of Athena's livetests on dynamic widgets, from the server's side."""

    def setUp(self) -> None:
        super().setUp()
        self.page = self.open()

    def open(self) -> "Page":
        """A page whose widgets exist."""
        page = self.openPage(self.sharedServer(DYNAMIC, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        return page

    def ask(self, *call: Any) -> Any:
        """The result of a method of the element, or the text of its error."""
        return self.page.evaluate(ASK, list(call))

    def add(self, *call: Any) -> Any:
        """Add the widget that a method returns: its number, whether its parent is right, and its namespace."""
        return self.page.evaluate(ADD, list(call))

    def test_result(self) -> None:
        """An element in a result becomes a widget; its modules are loaded first, after those that they import."""
        self.assertEqual(self.add("later", "<one>"), [2, True, "http://www.w3.org/1999/xhtml"])
        node = self.page.locator("p.later")
        self.assertEqual(node.get_attribute("title"), "<one> true <one>")

    def test_parentNode(self) -> None:
        """Before the application inserts its node, that has a parent, outside of the document."""
        found = self.page.evaluate(
            """async () => {
                const widget = Nevow.Athena.Widget.fromAthenaID(1);
                const { found } = await widget.callRemote("later", "one");
                const child = await widget.addChildWidgetFromWidgetInfo(found[0]);
                return [child.node.parentNode.localName, child.node.isConnected];
            }"""
        )
        self.assertEqual(found, ["div", False])

    def test_styleSheet(self) -> None:
        """Its style sheet applies, and is loaded once for any number of widgets."""
        self.add("later", "one")
        self.add("later", "two")
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.later')]"
            ".every(node => getComputedStyle(node).color === 'rgb(1, 2, 3)')"
        )
        self.assertEqual(self.page.locator("link[href$='/Later.css']").count(), 1)

    def test_events(self) -> None:
        """Its handlers are bound, and its calls reach its own element."""
        self.add("later", "one")
        self.add("later", "two")
        self.page.locator("p.later button").nth(1).click()
        self.page.locator("p.later b", has_text="two 1").wait_for()
        self.assertEqual(self.page.locator("p.later b").all_inner_texts(), ["one", "two 1"])

    def test_argument(self) -> None:
        """An element as an argument of the server's call becomes a widget that can call back at once."""
        self.assertEqual(self.ask("push", "pushed"), "pushed 1")

    def test_namespace(self) -> None:
        """A root of another namespace keeps it."""
        self.assertEqual(self.add("draw"), [2, True, "http://www.w3.org/2000/svg"])

    def test_transportable(self) -> None:
        """Objects arrive as instances of their JavaScript classes, one in the other."""
        self.assertEqual(self.ask("point"), 7)

    def test_markup(self) -> None:
        """A renderable arrives as XHTML that can be put into a node."""
        self.page.evaluate(
            "async () => { const widget = Nevow.Athena.Widget.fromAthenaID(1);"
            " Divmod.Runtime.theRuntime.setNodeContent(widget.node, await widget.callRemote('markup')); }"
        )
        self.assertEqual(self.page.locator("p").inner_text(), "a < b")

    def test_waiting(self) -> None:
        """An element that cannot be rendered at once fails the call, and the page goes on."""
        self.expectComplaint("waits for a Deferred|Traceback|An exposed method failed")
        self.assertIn("TypeError", self.ask("waiting"))
        self.assertEqual(self.add("later", "one")[1:2], [True])

    def test_detachFromServer(self) -> None:
        """The server detaches: widgets are gone from document and registry, elements from their parent."""
        self.add("later", "one")
        self.add("later", "two")
        self.assertEqual(self.ask("detachAll"), 1)
        self.page.locator("p.later").first.wait_for(state="detached")
        self.page.wait_for_function("() => Object.keys(Nevow.Athena.Widget._athenaWidgets).join() === '1'")
        self.assertEqual(self.page.locator("p.later").count(), 0)
