# -*- test-case-name: tests.browser.test_examples_live -*-
"""The examples without JavaScript, each in a real Chromium, started by its own command."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.test_chat import EXAMPLES
from tests.browser.test_examples import ExampleTestCase
from tests.browser.test_odd import APPLICATIONS

#: How many lines that are not blank each example may have: Python and templates.
LINES = {
    "counter": (["counter.py", "counter.html"], 18),
    "chat": (["chat.py", "chat.html", "messages.html"], 60),
    "dashboard": (["dashboard.py", "dashboard.html"], 36),
    "todo": (["todo.py", "todo.html", "things.html"], 100),
}
#: The parts on the page, those that the server has, and which of them are not as a document would have them now. What
#: keeps a form from being sent before there are scripts is gone when there are.
COMPARED = """() => new Promise((resolve, reject) => {
    const widget = Nevow.Athena.Widget._athenaWidgets[1];
    widget.callRemote("rendered").addCallbacks((rendered) => {
        const nodes = [...document.querySelectorAll("[data-athena-part]")];
        const nameOf = (node) => node.getAttribute("data-athena-part");
        const fresh = (node) => {
            const around = document.createElementNS(node.parentNode.namespaceURI, node.parentNode.localName);
            around.innerHTML = rendered[nameOf(node)] ?? "";
            for (const form of around.querySelectorAll("[data-athena-method='']")) {
                form.removeAttribute("method");
                form.removeAttribute("data-athena-method");
            }
            return around.innerHTML;
        };
        const differ = nodes.map((node) => [node.outerHTML, fresh(node)]).filter(([shown, now]) => shown !== now);
        resolve([nodes.map(nameOf).sort(), Object.keys(rendered).sort(), differ]);
    }, reject);
})"""


def countClicks(page: Page) -> None:
    """Click in the counter."""
    for _ in range(3):
        page.click("text=More")
    page.wait_for_selector("output:text-is('3')")


def say(page: Page) -> None:
    """Say something in the chat."""
    page.fill("[name=who]", "Ann & Bob")
    for text in ("<b>Hello</b>", '"How" are you?'):
        page.fill("[name=text]", text)
        page.press("[name=text]", "Enter")
        page.wait_for_selector("form:not([aria-busy])")


def measure(page: Page) -> None:
    """Wait for new values of the dashboard."""
    before = page.locator("polyline").get_attribute("points")
    while page.locator("polyline").get_attribute("points") == before:
        page.wait_for_timeout(50)


def todo(page: Page) -> None:
    """Add things to the list, and have one first, one edited and one done."""
    for number, text in enumerate(("Tea", "Coffee & cake", "<b>Milk</b>"), 1):
        page.fill("[name=text]", text)
        page.press("[name=text]", "Enter")
        page.wait_for_selector(f"li:nth-child({number})")
        # Until then the form takes nothing else.
        page.wait_for_selector("form:not([aria-busy])")
    page.click("li:nth-child(3) >> text=First")
    page.wait_for_selector("li:nth-child(1):has-text('Milk')")
    page.click("li:nth-child(3) >> text=Done")
    page.wait_for_selector("li:nth-child(3)", state="detached")
    page.click("li:nth-child(2) >> text=Edit")
    page.wait_for_selector("form button:has-text('Save')")
    page.wait_for_selector(":not([aria-busy]) > button:not([aria-busy])")


#: What is done with each example that has parts.
USED: dict[str, Callable[[Page], None]] = {
    "counter.Counter": countClicks,
    "chat.Chatter": say,
    "dashboard.Dashboard": measure,
    "todo.Todo": todo,
}


class ProvedTests(ExampleTestCase):
    """The first rendering, a later one, and what the browser shows are the same."""

    def compare(self, page: Page, example: str) -> None:
        """Assert that the page has what the server would render."""
        for _ in range(5):
            shown, rendered, differ = page.evaluate(COMPARED)
            self.assertTrue(shown)
            self.assertEqual(shown, rendered, example)
            if not differ:
                break
            # A part may be rendered between the answer and what comes with it.
        self.assertEqual(differ, [], example)

    def test_all(self) -> None:
        """No example with parts is left out."""
        files = [path for path in EXAMPLES.rglob("*.py") if "@part" in path.read_text("utf-8")]
        self.assertEqual(
            {path.relative_to(EXAMPLES / "live").stem for path in files}, {name.partition(".")[0] for name in USED}
        )

    def test_same(self) -> None:
        """At first, after some use, when all is rendered again, and in a page that is opened then."""
        path = f"{APPLICATIONS}:{EXAMPLES / 'live'}"
        for example, use in USED.items():
            with self.subTest(example), tempfile.TemporaryDirectory() as directory:
                environment = {"PYTHONPATH": path, "PROVED": example, "TODO": f"{directory}/todo.sqlite"}
                server = self.startServer("proved.Proved", cwd=EXAMPLES / "live", environment=environment)
                page = self.openPage(server.url)
                self.waitForWidget(page)
                self.compare(page, example)
                use(page)
                self.compare(page, example)
                page.evaluate("() => { Nevow.Athena.Widget._athenaWidgets[1].callRemote('again'); }")
                self.compare(page, example)
                other = self.openPage(server.url)
                self.waitForWidget(other)
                self.compare(other, example)


class LiveExampleTests(ExampleTestCase):
    """The examples of one directory."""

    def test_lines(self) -> None:
        """They are short."""
        for name, (files, most) in LINES.items():
            texts = [(EXAMPLES / "live" / one).read_text("utf-8") for one in files]
            self.assertLessEqual(sum(bool(line.strip()) for text in texts for line in text.splitlines()), most, name)

    def test_counter(self) -> None:
        """Clicks are counted, as fast as one clicks."""
        page = self.example("live", "counter.Counter")
        self.waitForWidget(page)
        for _ in range(20):
            page.locator("text=More").dispatch_event("click")
        page.click("text=Less")
        self.waitForText(page.locator("output"), "19")

    def test_chat(self) -> None:
        """What one person says is shown to the others as text, and the name stays."""
        server = self.startServer("chat.Chatter", cwd=EXAMPLES / "live", environment={"PYTHONPATH": None})
        ann, bob = self.openPage(server.url), self.openPage(server.url)
        self.waitForWidget(ann)
        self.waitForWidget(bob)
        ann.click("text=Say")
        ann.wait_for_selector("[name=who][aria-invalid]")
        ann.fill("[name=who]", "Ann")
        for text in ("<b>Hello</b>", "How are you?"):
            ann.fill("[name=text]", text)
            ann.press("[name=text]", "Enter")
            self.waitForText(bob.locator("li:last-child"), f"Ann: {text}")
            # It is reset when the answer has come, behind what is shown.
            ann.wait_for_selector("form:not([aria-busy])")
            self.assertEqual((ann.input_value("[name=who]"), ann.input_value("[name=text]")), ("Ann", ""))
        self.assertEqual(ann.locator("li").count(), 2)

    def test_dashboard(self) -> None:
        """Rows, bars and the chart change, and none is made again."""
        page = self.example("live", "dashboard.Dashboard")
        self.waitForWidget(page)
        page.wait_for_selector("tr:nth-child(50)")
        page.evaluate("() => { window.rows = [...document.querySelectorAll('tr')]; }")
        line = page.locator("polyline")
        before = line.get_attribute("points")
        while line.get_attribute("points") == before:
            page.wait_for_timeout(50)
        same = "() => [...document.querySelectorAll('tr')].every((row, index) => row === window.rows[index])"
        self.assertTrue(page.evaluate(same))
        bars = "() => [...document.querySelectorAll('progress')].map((bar) => bar.value)"
        self.assertGreater(len(set(page.evaluate(bars))), 10)
        # A screen reader says what they are.
        self.assertEqual(page.get_by_role("progressbar", name="Load").count(), 50)
        self.assertEqual(page.get_by_role("img", name="Mean load").count(), 1)

    def test_todo(self) -> None:
        """Several people add, edit, move and remove things, with errors at the fields; a new server has them."""
        directory = self.enterContext(tempfile.TemporaryDirectory())
        environment = {"PYTHONPATH": None, "TODO": str(Path(directory) / "todo.sqlite")}
        server = self.startServer("todo.Todo", cwd=EXAMPLES / "live", environment=environment)
        ann, bob = self.openPage(server.url), self.openPage(server.url)
        self.waitForWidget(ann)
        self.waitForWidget(bob)
        self.waitForText(bob.locator("ul"), "There is nothing to do.")
        for text in ("Tea", "Coffee"):
            ann.fill("[name=text]", text)
            ann.press("[name=text]", "Enter")
            bob.wait_for_selector(f"li:has-text('{text}')")
        ann.fill("[name=text]", "Tea")
        ann.click("form button")
        ann.wait_for_selector("[name=text][aria-invalid] + [role=alert]:has-text('This is on the list.')")
        bob.click("li:nth-child(2) >> text=First")
        for page in (ann, bob):
            page.wait_for_selector("li:nth-child(1):has-text('Coffee')")
        bob.click("li:nth-child(2) >> text=Edit")
        bob.wait_for_selector("form button:has-text('Save')")
        expect(bob.locator("[name=text]")).to_have_value("Tea")
        bob.fill("[name=text]", "Green tea")
        bob.fill("[name=due]", "2026-12-24")
        bob.click("form button")
        ann.wait_for_selector("li:nth-child(2):has-text('Green tea')")
        self.waitForText(bob.locator("form button"), "Add")
        self.assertEqual(ann.input_value("[name=text]"), "Tea")
        ann.click("li:nth-child(1) >> text=Done")
        bob.wait_for_selector("li:nth-child(2)", state="detached")
        self.waitForTexts(bob.locator("li b"), "Green tea")
        again = self.startServer("todo.Todo", cwd=EXAMPLES / "live", environment=environment)
        self.waitForText(self.openPage(again.url).locator("li b"), "Green tea")
