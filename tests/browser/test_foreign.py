# -*- test-case-name: tests.browser.test_foreign -*-
"""
Other scripts in the page, loaded before the client or after it, which change the language and the DOM. Those in
``foreign/`` do what libraries of Athena's time and polyfills of today do.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase
from harness.firefox import FirefoxTestCase, Tab, firefox
from tests.browser.test_chat import CHAT, EXAMPLES
from tests.browser.test_firefox import INCLUDES

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPTS = sorted((Path(__file__).parent / "foreign").glob("*.js"))
ECHO = "echoing.echobox.EchoElement"
#: The script can break what only a client that has been loaded can do without.
BREAKING = "window.BREAKS_ALL = true;"


class ChromiumTests(BrowserTestCase):
    """Each application works with each script, loaded before the client or after it."""

    def echo(self, page: "Page") -> None:
        """Assert that calls are sent and answered, in an ES module's widget."""
        for text in ('grüß\n"Gott" \u2028', "again"):
            page.locator("#athenaid\\:1-message").fill(text)
            page.keyboard.press("Enter")
            page.get_by_text(text.splitlines()[-1]).first.wait_for()

    def chat(self, page: "Page", name: str) -> None:
        """Assert that the server calls, in a legacy widget."""
        page.locator("[name=username]").fill(name)
        page.keyboard.press("Enter")
        page.locator("[name=userMessage]").fill(f"good morning from {name}")
        page.keyboard.press("Enter")
        page.get_by_text(f"good morning from {name}").wait_for()

    def test_before(self) -> None:
        """What was changed before the client was loaded."""
        for script in SCRIPTS:
            with self.subTest(script.name):
                page = self.openPage()
                page.add_init_script(path=script)
                page.goto(self.sharedServer(ECHO, cwd=EXAMPLES / "echo-modern").url)
                self.echo(page)
                page.goto(self.sharedServer(CHAT, cwd=EXAMPLES / "chattutorial").url)
                self.chat(page, f"before {script.stem}")

    def test_after(self) -> None:
        """What is changed when the client has been loaded."""
        for script in SCRIPTS:
            with self.subTest(script.name):
                page = self.openPage(self.sharedServer(ECHO, cwd=EXAMPLES / "echo-modern").url)
                self.echo(page)
                page.evaluate(f"() => {{ {BREAKING} {script.read_text('utf-8')} }}")
                self.echo(page)
                page = self.openPage(self.sharedServer(CHAT, cwd=EXAMPLES / "chattutorial").url)
                page.locator("[name=username]").wait_for()
                page.evaluate(f"() => {{ {script.read_text('utf-8')} }}")
                self.chat(page, f"after {script.stem}")


class FirefoxTests(FirefoxTestCase):
    """The same in another engine."""

    def echo(self, tab: Tab) -> None:
        """Assert that a call is sent and answered."""
        tab.waitFor("() => document.getElementsByName('message')[0] && customElements")
        tab.type("message", "grüß Gott")
        tab.waitFor(INCLUDES, "grüß Gott")

    def test_both(self) -> None:
        """Before the client and after it."""
        server = self.startServer(ECHO, cwd=EXAMPLES / "echo-modern")
        for script in SCRIPTS:
            with self.subTest(script.name):
                source = f"() => {{ {script.read_text('utf-8')} }}"
                tab = self.openTab("about:blank")
                # Its own globals are those of the browser.
                tab.sandbox = "test"
                added = firefox().command("script.addPreloadScript", functionDeclaration=source)
                tab.goto(server.url)
                self.echo(tab)
                firefox().command("script.removePreloadScript", script=added["script"])
                tab = self.openTab(server.url)
                self.echo(tab)
                tab.evaluate(source)
                tab.sandbox = "test"
                self.echo(tab)
