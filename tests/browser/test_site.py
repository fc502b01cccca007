# -*- test-case-name: tests.browser.test_site -*-
"""``examples/site`` in a real Chromium: live pages among the resources of a site, and two sites in one process."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase
from harness.portforwarder import PortForwarder
from harness.server import Server
from tests.browser.test_chat import EXAMPLES
from tests.project.test_commands import COMMANDS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


class Offices(Server):
    """``site.tac``, run by the command in it, except that it uses free ports."""

    started = re.compile(r"(?s)Site starting on (\d+)\n.*Site starting on (\d+)\n")

    def __init__(self, directory: Path) -> None:
        super().__init__("", cwd=directory, environment={"PYTHONPATH": "."})
        self.command = [*COMMANDS["twistd"], "--pidfile=", "-y", "site.tac"]
        site = directory / "site.tac"
        site.write_text(re.sub(r"tcp:\d+:", "tcp:0:", site.read_text("utf-8")), "utf-8")

    @property
    def ports(self) -> list[int]:
        """Of the north office, and of the south office."""
        found = self.started.search(self.log)
        assert found is not None
        return [int(port) for port in found.groups()]


class OfficeTestCase(BrowserTestCase):
    """Two offices, and the people in them."""

    def setUp(self) -> None:
        super().setUp()
        directory = Path(self.enterContext(tempfile.TemporaryDirectory())) / "site"
        shutil.copytree(EXAMPLES / "site", directory, ignore=shutil.ignore_patterns("__pycache__"))
        self.offices = self.useServer(Offices(directory))
        self.north, self.south = (f"http://localhost:{port}" for port in self.offices.ports)

    def logIn(self, page: "Page", name: str, office: str | None = None, password: str | None = None) -> "Page":
        """Go to an office's front page, the north one's by default, and log in; then one is at the board."""
        page.goto(f"{office or self.north}/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password or name)
        page.get_by_label("Password").press("Enter")
        return page

    def at(self, name: str) -> "Page":
        """The board, in the browser of a person who has logged in."""
        page = self.logIn(self.openPage(), name)
        self.waitForReader(page, name)
        return page

    def another(self, context: "BrowserContext", url: str) -> "Page":
        """Another tab of a browser."""
        page = context.new_page()
        self.listenTo(page)
        page.goto(url)
        return page

    def waitForReader(self, page: "Page", name: str) -> None:
        """Wait until the board lists a reader."""
        page.get_by_role("region", name="Reading this now").get_by_text(name, exact=True).wait_for()

    def pin(self, page: "Page", notice: str) -> None:
        """Pin a notice to the board."""
        page.get_by_label("A new notice").fill(notice)
        page.get_by_label("A new notice").press("Enter")
        self.waitForNotice(page, notice)

    def waitForNotice(self, page: "Page", notice: str) -> None:
        """Wait until a notice is on the board."""
        page.get_by_role("region", name="Notices").get_by_text(notice).wait_for()

    def waitForEnd(self, page: "Page", reason: str) -> None:
        """Wait until a page shows that it has ended, and why."""
        page.get_by_role("alertdialog").get_by_text(f"The reason: {reason}.").wait_for()

    def notices(self, page: "Page") -> int:
        """How many notices the page shows."""
        return page.get_by_role("region", name="Notices").get_by_role("listitem").count()


class PageTests(OfficeTestCase):
    """Live pages in a tree of resources."""

    def test_board(self) -> None:
        """A page has elements of several kinds; a person's changes are shown to the others, and to later pages."""
        ann = self.at("ann")
        self.assertEqual(ann.url, f"{self.north}/board")
        self.pin(ann, "<b>The kettle is broken.</b>")
        bob = self.at("bob")
        self.waitForNotice(bob, "<b>The kettle is broken.</b>")
        self.waitForReader(ann, "bob")
        ann.get_by_role("button", name="Pin it up").click()
        ann.get_by_role("alert").get_by_text("Write something").wait_for()
        bob.close()
        ann.get_by_role("region", name="Reading this now").get_by_text("bob").wait_for(state="detached")

    def test_nested(self) -> None:
        """A page two levels down, whose address has no slash at its end, is as live; each element is its own."""
        ann, bob = self.at("ann"), self.at("bob")
        for page in (ann, bob):
            page.get_by_role("link", name="Lunch").click()
            page.wait_for_url(f"{self.north}/kitchen/lunch")
        ann.get_by_label("Soup").check()
        bob.get_by_label("Pie").check()
        bob.get_by_label("Soup").check()
        texts = ann.locator(".dish small")
        texts.filter(has_text="ann, bob").wait_for()
        self.assertEqual(texts.all_inner_texts(), ["ann, bob", "nobody yet", "bob"])
        self.assertTrue(ann.get_by_label("Soup").is_checked())
        self.assertFalse(ann.get_by_label("Pie").is_checked())

    def test_others(self) -> None:
        """Plain resources stand beside the pages, and what is not there is not found."""
        page = self.openPage(f"{self.north}/")
        page.get_by_role("heading", name="The north office").wait_for()
        for path, status in (
            ("/static/office.css", 200),
            ("/static/nothing.css", 404),
            ("/kitchen", 404),
            ("/kitchen/", 404),
            ("/kitchen/dinner", 404),
            ("/nowhere", 404),
        ):
            self.assertEqual(page.request.get(f"{self.north}{path}").status, status, path)
        self.logIn(page, "ann")
        self.waitForReader(page, "ann")
        self.assertEqual(page.request.get(f"{self.north}/board/below").status, 404)


class LoginTests(OfficeTestCase):
    """Who may see a page, and for how long."""

    def test_stranger(self) -> None:
        """Without a login, people are redirected to the front page; a failed login shows why."""
        page = self.openPage(f"{self.north}/kitchen/lunch")
        self.assertEqual(page.url, f"{self.north}/")
        self.expectComplaint("status of 403")
        self.logIn(page, "ann", password="wrong")
        page.get_by_role("alert").get_by_text("The name or the password is wrong.").wait_for()
        page.goto(f"{self.north}/board")
        self.assertEqual(page.url, f"{self.north}/")

    def test_cookie(self) -> None:
        """The cookie is for the server alone, and is not sent along by other sites; no script sees it."""
        page = self.at("ann")
        [cookie] = page.context.cookies()
        self.assertEqual((cookie["name"], cookie["httpOnly"], cookie["sameSite"]), ("north-login", True, "Lax"))
        self.assertEqual(page.evaluate("document.cookie"), "")

    def test_logout(self) -> None:
        """Logging out ends all pages in that browser, which show why, and no others; a reload leads to the front."""
        ann, bob = self.at("ann"), self.at("bob")
        lunch = self.another(ann.context, f"{self.north}/kitchen/lunch")
        lunch.get_by_label("Soup").check()
        lunch.get_by_role("button", name="Log out").click()
        lunch.wait_for_url(f"{self.north}/")
        self.waitForEnd(ann, "you have logged out")
        bob.get_by_role("region", name="Reading this now").get_by_text("ann").wait_for(state="detached")
        self.pin(bob, "ann has left")
        ann.get_by_role("button", name="Reload").click()
        ann.wait_for_url(f"{self.north}/")
        ann.get_by_label("Password").wait_for()

    def test_authorize(self) -> None:
        """A page whose browser has lost the cookie cannot reconnect."""
        forwarder = self.enterContext(PortForwarder(self.offices.ports[0]))
        page = self.logIn(self.openPage(), "ann", forwarder.url.rstrip("/"))
        self.waitForReader(page, "ann")
        forwarder.cut()
        self.pin(page, "still here")
        page.context.clear_cookies()
        forwarder.cut()
        page.get_by_role("alertdialog").get_by_text("The server does not allow this page any more.").wait_for()

    def test_away(self) -> None:
        """A page that was disconnected at logout shows that when it reconnects."""
        forwarder = self.enterContext(PortForwarder(self.offices.ports[0]))
        page = self.logIn(self.openPage(), "ann", forwarder.url.rstrip("/"))
        self.waitForReader(page, "ann")
        # Refused connections are the forwarder's, and the cookie is sent to all ports.
        self.expectComplaint("WebSocket connection to .* failed")
        forwarder.down()
        front = self.another(page.context, f"{self.north}/")
        front.get_by_role("button", name="Log out").click()
        front.get_by_label("Password").wait_for()
        forwarder.up()
        self.waitForEnd(page, "you have logged out")


class ProcessTests(OfficeTestCase):
    """Two sites in one process."""

    def test_apart(self) -> None:
        """
        One browser may be logged in at both; what happens in one is not seen in the other, and neither is a logout.
        """
        north = self.at("ann")
        self.pin(north, "only in the north")
        south = self.another(north.context, f"{self.south}/board")
        self.assertEqual(south.url, f"{self.south}/")
        self.logIn(south, "bob", self.south)
        self.waitForReader(south, "bob")
        self.assertEqual(self.notices(south), 0)
        self.pin(south, "only in the south")
        self.assertEqual(self.notices(north), 1)
        another = self.another(north.context, f"{self.north}/")
        another.get_by_role("button", name="Log out").click()
        self.waitForEnd(north, "you have logged out")
        self.pin(south, "nobody has logged out here")

    def test_shutdown(self) -> None:
        """When the process ends in order, the pages of each site show why, at once."""
        north, south = self.at("ann"), self.logIn(self.openPage(), "bob", self.south)
        self.waitForReader(south, "bob")
        # The list of readers came with the page, which may have no socket yet.
        for page in (north, south):
            self.pin(page, "nearly five")
        self.offices.stop()
        self.waitForEnd(north, "the north office is closing")
        self.waitForEnd(south, "the south office is closing")
