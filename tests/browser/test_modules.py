# -*- test-case-name: tests.browser.test_modules -*-
"""Widgets as ES modules in a real Chromium: the modern examples, both kinds on one page, and editing."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from harness.browser import BrowserTestCase, pausing
from harness.server import Server
from harness.waiting import waitUntil
from tests.browser.test_chat import EXAMPLES, Person
from tests.browser.test_odd import APPLICATIONS
from tests.project.test_commands import COMMANDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

MODERN = "modernthing.modernbox.ModernElement"
WIDGET = "globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]"


class EchoTests(BrowserTestCase):
    """The modern echo."""

    def test_echo(self) -> None:
        """Typed text comes back as text, in order, and the page is not left."""
        server = self.startServer("echoing.echobox.EchoElement", cwd=EXAMPLES / "echo-modern")
        page = self.openPage(server.url)
        for text in ("<b>one</b>", "two"):
            page.get_by_label("Your message").fill(text)
            page.get_by_label("Your message").press("Enter")
        page.locator("[name=scrollArea] > div").nth(1).wait_for()
        self.assertEqual(page.locator("[name=scrollArea] > div").all_inner_texts(), ["<b>one</b>", "two"])
        self.assertEqual(page.url, server.url)

    def test_edited(self) -> None:
        """An edited module, also one that is only imported, and an edited template are seen at the next reload."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory())) / "edited"
        shutil.copytree(EXAMPLES / "chat-modern", directory)
        page = self.openPage(self.startServer("chatting.chatterbox.chat", cwd=directory).url)
        Person("ann", page).join().waitFor("ann has joined")
        conversation = directory / "chatting" / "js" / "Chatting" / "Conversation.mjs"
        conversation.write_text(conversation.read_text("utf-8").replace("= text;", "= `edited: ${text}`;"), "utf-8")
        template = directory / "chatting" / "template.html"
        template.write_text(template.read_text("utf-8").replace("Chatter Element", "Edited Element"), "utf-8")
        page.reload()
        page.get_by_role("heading", name="Edited Element").wait_for()
        Person("bob", page).join().waitFor("edited: * user bob has joined")


class ChatTests(BrowserTestCase):
    """The modern chat."""

    def test_chat(self) -> None:
        """All pages show who joins, messages, and who leaves; a refusal is shown on its own page."""
        server = self.startServer("chatting.chatterbox.chat", cwd=EXAMPLES / "chat-modern")
        ann = Person("ann", self.openPage(server.url)).join()
        bob = Person("ann", self.openPage(server.url))
        bob.page.fill("[name=username]", "ann")
        bob.page.press("[name=username]", "Enter")
        bob.page.get_by_role("alert").filter(has_text="The username ann is taken.").wait_for()
        bob.name = "bob"
        bob.join()
        expect(bob.page.get_by_role("alert").first).to_have_text("")
        bob.say("<hello>")
        ann.waitFor("bob: <hello>")
        bob.waitFor("bob: <hello>")
        bob.page.close()
        ann.waitFor("user bob has left")


class Pages(Server):
    """A site of ``ModernPage``, one for each request."""

    started = re.compile(r"Site starting on (\d+)\n")

    def __init__(self, directory: Path) -> None:
        super().__init__("", cwd=directory, environment={"PYTHONPATH": str(APPLICATIONS)})
        (directory / "page.tac").write_text(PAGES, "utf-8")
        self.command = [*COMMANDS["twistd"], "--pidfile=", "-y", "page.tac"]


PAGES = """
from modernthing.modernbox import ModernPage
from twisted.application.service import Application
from twisted.application.strports import service
from twisted.web.resource import Resource
from athenalite.appserver import NevowSite

class Root(Resource):
    def getChild(self, path, request):
        return ModernPage().getChild(path, request)

application = Application("modern")
service("tcp:0:interface=127.0.0.1", NevowSite(Root())).setServiceParent(application)
"""


class PageTests(BrowserTestCase):
    """A page whose own widget is in an ES module."""

    def test_page(self) -> None:
        """Its widget calls the page's methods once it is connected, and ``connectionLost`` is called on it."""
        server = Pages(Path(self.enterContext(tempfile.TemporaryDirectory())))
        self._servers.append((server, 0))
        self.enterContext(server)
        page = self.openPage(f"http://localhost:{server.url}/")
        page.wait_for_function("() => document.title === '5 true'")
        self.assertEqual(page.locator("[role=alertdialog], dialog").count(), 0)
        page.evaluate("void server.callRemote('leave').addErrback(() => null)")
        page.wait_for_function("() => document.title === 'lost: all have left'")
        self.assertEqual(page.locator("[role=alertdialog], dialog").count(), 0)


class BothKindsTests(BrowserTestCase):
    """ES modules and Athena's own modules on one page."""

    def setUp(self) -> None:
        super().setUp()
        self.page = self.open()

    def open(self) -> "Page":
        """A page whose widgets exist and have the results of their calls: nothing is in flight when a test ends."""
        page = self.openPage(self.startServer(MODERN, "--debug", cwd=APPLICATIONS).url)
        page.wait_for_function(f"() => {WIDGET}")
        page.locator("p.old[title='no']").wait_for()
        return page

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in which ``widget`` is the page's widget."""
        return self.page.evaluate(f"async () => {{ const widget = {WIDGET}; return {expression}; }}")

    def test_both(self) -> None:
        """A legacy widget is a child of a modern one, comes after the ES module that it names, and sees its exports."""
        self.assertEqual(self.page.locator("p.old").inner_text(), "ModernWidget")
        self.assertEqual(self.evaluate("widget.childWidgets.length"), 1)
        self.assertFalse(self.evaluate("'ModernThing' in globalThis"))

    def test_called(self) -> None:
        """The server calls async methods, which use private fields; a module runs once."""
        self.assertEqual(self.evaluate("await widget.callRemote('ask', 'reveal')"), "kept 1")

    def test_later(self) -> None:
        """A widget that comes later brings its module, which shares with the page's all that both import."""
        self.assertEqual(self.evaluate("(await widget.add()).node.textContent"), "initial")
        self.assertEqual(self.page.locator("p.later").get_attribute("title"), "a child of its parent")
        self.assertEqual(self.evaluate("await widget.callRemote('ask', 'reveal')"), "kept 2")

    def test_oldLater(self) -> None:
        """A legacy widget that comes later brings its script, and is a child of the modern one."""
        self.assertTrue(self.evaluate("(await widget.add('oldLater')).widgetParent === widget"))
        node = self.page.locator("p.oldLater", has_text="an answer")
        node.wait_for()
        self.assertEqual(node.get_attribute("title"), "initial in a div")

    def test_sameClient(self) -> None:
        """An import from athenalite is the page's own client, and not another copy."""
        self.assertTrue(self.evaluate("widget.isDeferred()"))
        scripts = "performance.getEntriesByType('resource').map(one => one.name)"
        clients = [url for url in self.evaluate(scripts) if url.endswith("/athenalite.js")]
        self.assertEqual(len(set(clients)), 1)

    def test_traceback(self) -> None:
        """An error in an ES module reaches the server with the module's file and the line as it was written."""
        source = (APPLICATIONS / "modernthing" / "js" / "ModernThing.mjs").read_text("utf-8").splitlines()
        [line] = [number for number, text in enumerate(source, 1) if "throw new TypeError" in text]
        answer = self.evaluate("await widget.callRemote('ask', 'fail')")
        self.assertIn("from an ES module", answer)
        self.assertIn(f"/ModernThing.mjs:{line}:", answer)


class BrokenTests(BrowserTestCase):
    """Modules with mistakes."""

    def break_(self, text: str) -> "Page":
        """The page of the modern echo, with this text as its module."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory())) / "broken"
        shutil.copytree(EXAMPLES / "echo-modern", directory)
        (directory / "echoing" / "js" / "Echoing.mjs").write_text(text, "utf-8")
        self.server = self.startServer("echoing.echobox.EchoElement", cwd=directory)
        return self.openPage(self.server.url)

    def test_throws(self) -> None:
        """A module that throws is reported with what it threw, and the page goes on without its widget."""
        self.expectComplaint("Could not load the module Echoing .* out of order|There is no class|could not be set up")
        page = self.break_('throw new Error("out of order");\n')
        waitUntil(lambda: len(self.complaints) >= 2, lambda: self.complaints, pause=pausing(page))
        self.assertIn("Could not load the module Echoing", self.complaints[0])
        self.assertIn("out of order", self.complaints[0])
        self.assertIn("There is no class Echoing.EchoWidget", self.complaints[1])

    def test_refused(self) -> None:
        """A failed import is an error of the page, and the log has the file and the line."""
        self.expectComplaint(r"LinkError|could not be rendered|Traceback|status of 500|favicon\.ico")
        self.break_('\nimport { html } from "lit";\n')
        # Then all of its log has been read.
        self.server.stop()
        self.assertRegex(self.server.log, r'Echoing\.mjs, line 2: "lit" is no address')
