# -*- test-case-name: tests.browser.test_live_morphing -*-
"""What a new rendering changes in a real browser, and what it keeps: the cases of ``morphing/``, and of a page."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from athenalite._assets.client import link
from harness.browser import BrowserTestCase, pausing
from harness.firefox import FirefoxTestCase
from harness.waiting import waitUntil
from tests.browser.test_live import BOARD, Board, BoardTestCase
from tests.browser.test_odd import APPLICATIONS
from tests.mutants import MUTANTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

CASES = Path(__file__).parent / "morphing" / "main.js"
#: Runs the cases of a script, and returns what has failed.
RUN = """async (text, count, isFirst, moves) => {
    if (!moves) {
        delete Element.prototype.moveBefore;
    }
    const { run } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`);
    return run(count, isFirst);
}"""


@cache
def cases() -> str:
    """The cases and the product's scripts, as one."""
    return link(CASES).decode("utf-8")


def runIn(page: "Page", text: str, count: int, isFirst: bool = False, moves: bool = True) -> list[str]:
    """Run cases in a new document of Chromium, which may be one that cannot move nodes with their state."""
    page.goto("about:blank")
    found: list[str] = page.evaluate(f"(given) => ({RUN})(...given)", [text, count, isFirst, moves])
    return found


class MorphingTests(BoardTestCase):
    """Chromium."""

    def test_cases(self) -> None:
        """All cases, also as in a browser that cannot move nodes with their state."""
        page = self.openPage()
        for moves in (True, False):
            self.assertEqual(runIn(page, cases(), 20, moves=moves), [])

    def test_scripts(self) -> None:
        """Scripts and handlers of markup do not run, and nothing is loaded twice."""
        page = self.open()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        self.expectComplaint("404|Content.Security.Policy|inline")
        self.put(page, "<img src='/one.png' /><script>window.ran = 1</script><script src='/x.js'></script>")
        self.put(page, "<img src='/one.png' title='x' /><script>window.ran = 2</script><p>later</p>")
        self.assertIsNone(page.evaluate("() => window.ran ?? null"))
        # They are reported on a way of their own.
        waitUntil(lambda: requests, "nothing was loaded", pause=pausing(page))
        self.assertEqual([url.rpartition("/")[2] for url in requests], ["one.png"])

    def test_focus(self) -> None:
        """When the focused node is removed, the same control of the item in its place gets the focus."""
        page = self.open()
        page.focus("tr:nth-child(2) button")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 4")
        self.assertTrue(
            page.evaluate("() => document.activeElement === document.querySelector('tr:nth-child(2) button')")
        )
        self.arrange(page)
        self.assertTrue(page.evaluate("() => document.activeElement === document.querySelector('tbody')"))

    def test_focusNowhere(self) -> None:
        """If that control cannot have the focus, as in a closed dialog, the part gets it."""
        page = self.open()
        page.focus("tr:nth-child(2) button")
        page.evaluate("() => { document.querySelector('tr:nth-child(3) button').disabled = true; }")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 4")
        self.assertTrue(page.evaluate("() => document.activeElement === document.querySelector('tbody')"))

    def test_focusAround(self) -> None:
        """If the part cannot either, because it is a dialog that was closed, what is around it gets the focus."""
        page = self.openPage(self.sharedServer("partthing.typing.AskElement", cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        page.focus("button")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog:not([open])", state="attached")
        self.assertTrue(page.evaluate("() => document.activeElement === document.querySelector('main')"))
        self.assertFalse(page.evaluate("() => document.querySelector('dialog').hasAttribute('tabindex')"))


class MutantTests(BrowserTestCase):
    """The cases find faults."""

    underLoad = True

    def test_found(self) -> None:
        """Each fault of ``tests/mutants.toml`` that is for a page makes a case fail."""
        page = self.openPage()
        for mutant in (mutant for mutant in MUTANTS if not mutant.test):
            with self.subTest(mutant.fault):
                text = mutant.changed(cases())
                # Some are faults only of browsers that cannot move nodes with their state.
                self.assertTrue(any(runIn(page, text, 20, True, moves) for moves in (True, False)))


class FirefoxMorphingTests(FirefoxTestCase, Board):
    """Firefox."""

    def test_cases(self) -> None:
        """All cases."""
        tab = self.openTab("about:blank")
        self.assertEqual(tab.evaluate(RUN, cases(), 20, False, True), [])

    def test_events(self) -> None:
        """A click calls the server, and rows move with what was typed."""
        tab = self.openTab(self.sharedServer(BOARD, cwd=APPLICATIONS).url)
        tab.waitFor("() => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1] !== undefined")
        tab.evaluate("() => { document.querySelector('tr:nth-child(4) input').value = 'typed'; }")
        tab.evaluate("() => document.querySelector('tr:nth-child(2) button').click()")
        tab.waitFor("() => document.querySelectorAll('tbody tr').length === 4")
        self.arrange(tab, (3, "row 3"), (0, "row 0"), (7, "new"))
        self.assertEqual(self.rows(tab), ["row 3", "row 0", "new"])
        self.assertEqual(tab.evaluate("() => document.querySelector('tbody input').value"), "typed")
