# -*- test-case-name: tests.browser.test_addressbook -*-
"""``examples/addressbook`` in a real Chromium, started by the command in its README."""

import re
import shutil
import tempfile
from pathlib import Path

from harness.browser import BrowserTestCase
from harness.server import Server
from tests.browser.test_chat import EXAMPLES
from tests.project.test_commands import COMMANDS


class AddressBook(Server):
    """``addressbook.tac``, on a free port."""

    started = re.compile(r"NevowSite starting on (\d+)|Site starting on (\d+)\n")

    def __init__(self, directory: Path) -> None:
        super().__init__("", cwd=directory, environment={"PYTHONPATH": "."})
        self.command = [*COMMANDS["twistd"], "--pidfile=", "-ny", "addressbook.tac"]
        tac = directory / "addressbook.tac"
        tac.write_text(tac.read_text("utf-8").replace("TCPServer(8080,", "TCPServer(0,"), "utf-8")


class AddressBookTests(BrowserTestCase):
    """A person looks at the book, and changes it."""

    def test_book(self) -> None:
        """People are added at their places and removed, tabs are chosen, and a mistake is shown."""
        # Its front page has no icon, as in 2009.
        self.expectComplaint("favicon")
        directory = Path(self.enterContext(tempfile.TemporaryDirectory())) / "addressbook"
        shutil.copytree(EXAMPLES / "addressbook", directory, ignore=shutil.ignore_patterns("__pycache__"))
        server = self.useServer(AddressBook(directory))
        found = server.started.search(server.log)
        assert found is not None
        page = self.openPage(f"http://localhost:{found[1] or found[2]}/")
        page.get_by_role("link", name="Charles").click()
        self.waitForWidget(page, 2)
        for name, phone in (("Grace Hopper", "5"), ("Mary Somerville", "")):
            page.get_by_label("Name").fill(name)
            page.get_by_label("Telephone").fill(phone)
            page.get_by_role("button", name="Add").click()
            page.locator(".person", has_text=name).wait_for()
        names = page.locator(".person .name")
        self.assertEqual(names.all_inner_texts(), ["Grace Hopper", "Ada Lovelace", "Mary Somerville"])
        page.get_by_role("button", name="Add").click()
        page.get_by_text("Please give a name.").click()
        self.assertEqual(page.locator(".message").count(), 0)
        page.locator(".person", has_text="Ada").get_by_role("link").click()
        page.locator(".person", has_text="Ada").wait_for(state="detached")
        page.reload()
        self.waitForWidget(page, 2)
        self.assertEqual(names.all_inner_texts(), ["Grace Hopper", "Mary Somerville"])
        page.get_by_text("Letters").click()
        page.locator(".letters li").first.wait_for(state="visible")
        self.assertEqual(page.locator(".letters li").all_inner_texts(), ["G 1", "M 1"])
