# -*- test-case-name: tests.browser.test_examples_live -*-
"""The examples without JavaScript, each in a real Chromium, started by its own command."""

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.test_chat import EXAMPLES
from tests.browser.test_examples import ExampleTestCase

#: How many lines that are not blank each example may have: Python and templates.
LINES = {
    "counter": (["counter.py", "counter.html"], 18),
    "chat": (["chat.py", "chat.html", "messages.html"], 60),
    "dashboard": (["dashboard.py", "dashboard.html"], 36),
    "todo": (["todo.py", "todo.html", "things.html"], 100),
}


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
