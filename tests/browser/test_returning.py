# -*- test-case-name: tests.browser.test_returning -*-
"""
Pages that are brought back, from the back-forward cache or from another, and documents that are used twice, in a real
Chromium.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.browser import FLAGS, chromium
from tests.browser.test_chat import CHAT, Person
from tests.browser.test_lifecycle import LifecycleTestCase
from tests.browser.test_odd import APPLICATIONS
from tools.programs import findChromium

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEPT = "oddthing.oddbox.keptChat"
COPIED = "oddthing.oddbox.copiedChat"
TOKEN = "JSON.parse(document.getElementById('athena-page').textContent).token"


class ReturningTests(LifecycleTestCase):
    """
    The way back to a page that was left.

    Playwright keeps Chromium from keeping pages; these tests have a Chromium that may.
    """

    def openKeptPage(self, url: str) -> "Page":
        """Open a page in a browser that has a back-forward cache."""
        browser = chromium().browser_type.launch(
            executable_path=findChromium(hasWindows=True),
            args=FLAGS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        self.addCleanup(browser.close)
        page = browser.new_context().new_page()
        page.set_default_timeout(self.timeout * 1000)
        self.listenTo(page)
        page.goto(url)
        return page

    def returning(self, element: str, page: "Callable[[str], Page] | None" = None) -> tuple[Person, Person]:
        """Alice, who has left and come back, and bob, who is there."""
        server = self.startServer(element, cwd=APPLICATIONS)
        [bob] = self.people("bob", server=server)
        url = server.url
        alice = Person("alice", (page or self.openKeptPage)(url)).join()
        alice.page.evaluate("window.isTheSame = true")
        alice.page.goto(self.elsewhere())
        if element == CHAT:
            bob.waitFor("* user alice has left the room")
        bob.say("where is she?")
        bob.waitFor("where is she?")
        # page.go_back() would wait for a "load" that does not come to a page that was kept. What is evaluated is to be
        # over before the page is gone.
        alice.page.evaluate("void setTimeout(() => history.back())")
        alice.page.wait_for_url(url, wait_until="commit")
        return alice, bob

    def test_kept(self) -> None:
        """With headers that allow it, Chromium keeps the page: it comes back, resumes, and has missed nothing."""
        for _ in range(5):
            alice, bob = self.returning(KEPT)
            # On a busy machine it does not keep a page that takes more than some seconds to be frozen.
            alice.page.wait_for_function("() => document.readyState === 'complete'")
            if alice.page.evaluate("window.isTheSame ?? false"):
                break
        self.assertTrue(alice.page.evaluate("window.isTheSame ?? false"))
        alice.waitFor("bob: where is she?")
        self.assertUndisturbed(alice, bob)

    def test_not_kept(self) -> None:
        """With the default headers, a page that is left has ended, and returning makes a new one, never a dead one."""
        alice, bob = self.returning(CHAT)
        alice.page.locator("[name=GO]:enabled").wait_for()
        self.assertIsNone(alice.page.evaluate("window.isTheSame ?? null"))
        alice.join().say("back again")
        bob.waitFor("alice: back again")

    def test_not_kept_though_allowed(self) -> None:
        """With headers that allow it, a browser that has not kept the page makes a new one, of no dead document."""
        alice, bob = self.returning(KEPT, self.openPage)
        alice.page.locator("[name=GO]:enabled").wait_for()
        alice.name = "alice again"
        alice.join().say("back again")
        bob.waitFor("alice again: back again")


class CopiedTests(LifecycleTestCase):
    """A document with a token that another page has, or had."""

    def copied(self) -> "tuple[Person, Page]":
        """Alice, and another tab that has been given her tab's document."""
        alice = Person("alice", self.openPage(self.startServer(COPIED, cwd=APPLICATIONS).url)).join()
        copy = alice.page.context.new_page()
        self.watchTokens(copy)
        copy.goto(alice.page.url)
        return alice, copy

    def watchTokens(self, page: "Page") -> None:
        """Note the token of each document that the page shows, also of one that is made again at once."""
        self.tokens: list[str] = []
        page.expose_function("tellToken", lambda token: self.tokens.append(token))
        page.add_init_script(f"addEventListener('DOMContentLoaded', () => tellToken({TOKEN}))")

    def assertMadeAgain(self, copy: "Page", token: str) -> None:
        """Assert that the copy, which had the token, is a page of its own by now."""
        self.waitUntil(lambda: len(self.tokens) > 1, copy)
        self.assertEqual(self.tokens[0], token)
        self.assertNotEqual(self.tokens[-1], token)
        Person("copy", copy).join().waitFor("user copy has joined the room")
        self.assertEqual(copy.get_by_role("alertdialog").count(), 0)

    def test_copied(self) -> None:
        """Of two tabs with one document, from any cache, the first lives, and the other is made again."""
        alice, copy = self.copied()
        self.assertMadeAgain(copy, alice.page.evaluate(TOKEN))
        copy.close()
        alice.say("still here")
        alice.waitFor("alice: still here")
        self.assertEqual(alice.page.get_by_role("alertdialog").count(), 0)

    def test_stale(self) -> None:
        """A document whose page has ended is made again."""
        alice = Person("alice", self.openPage(self.startServer(COPIED, cwd=APPLICATIONS).url)).join()
        token = alice.page.evaluate(TOKEN)
        url, context = alice.page.url, alice.page.context
        copy = context.new_page()
        alice.page.close()
        self.watchTokens(copy)
        copy.goto(url)
        self.assertMadeAgain(copy, token)
