# -*- test-case-name: tests.browser.test_reload -*-
"""``--reload`` in Chromium: pages come back by themselves, with what was typed, and show what is broken."""

import re
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

from athenalite._new.names import Name
from athenalite._new.project import make
from harness.browser import BrowserTestCase
from harness.server import Server
from harness.waiting import SharedTime, waitUntil

HEADING = "main h1"


class ReloadTests(BrowserTestCase):
    """A new project is developed."""

    def setUp(self):
        super().setUp()
        self.project = Path(self.enterContext(tempfile.TemporaryDirectory())) / "tea_party"
        make(self.project, Name.of("tea_party"), minimal=True)
        # Not a fork of the tests' own, whose parent is not the supervisor.
        command = [sys.executable, "-u", "-m", "twisted", "--log-format=text"]
        self.server = Server("tea_party.board.makeElement", "--reload", command=command, cwd=self.project)
        self.useServer(self.server)
        self.expectComplaint("WebSocket|net::ERR_|status of (426|500)|critical\\]|Traceback|Unhandled")
        self.page = self.openPage(self.server.url)
        self.page.get_by_text("You are alone here.").wait_for()

    def change(self, path, old, new):
        """Change a file of the project, at once: an empty file in between would be another change."""
        file = self.project / path
        text = file.read_text("utf-8")
        self.assertIn(old, text)
        changed = self.project / "changed.txt"
        changed.write_text(text.replace(old, new), "utf-8")
        changed.replace(file)

    def restarts(self):
        """How many times the server was started again."""
        return len(re.findall("athena-widget: open http", self.server.log)) - 1

    def test_python(self):
        """
        A change of Python restarts the server in about a second, and the page comes back by itself, with what was
        typed.
        """
        self.page.fill("[name=text]", "half a sen")
        with self.page.expect_event("load"):
            self.change("tea_party/board.py", "LONGEST = 200", "LONGEST = 12")
            # Less than a second on an idle machine (docs/deploying.rst); tests share theirs.
            waitUntil(lambda: self.restarts() == 1, lambda: self.server.log, limit=5, clock=SharedTime())
        # A script puts it back, which is loaded after the page.
        self.page.wait_for_function("() => document.querySelector('[name=text]')?.value === 'half a sen'")
        self.page.get_by_text("You are alone here.").wait_for()
        self.page.fill("[name=text]", "more than twelve")
        self.page.press("[name=text]", "Enter")
        self.page.get_by_text("Please write at most 12 characters.").wait_for()

    def test_others(self):
        """A change of a template, script or style does not restart it; the next page has it."""
        self.change("tea_party/board.html", "Your note", "Your wish")
        self.change("tea_party/css/TeaParty.css", "font-weight: 600", "font-weight: 700")
        self.change("tea_party/js/TeaParty.mjs", "You are alone here.", "Nobody else is here.")
        time.sleep(1.5)
        self.assertEqual(self.restarts(), 0)
        other = self.openPage(self.server.url)
        other.get_by_text("Your wish").wait_for()
        self.page.close()
        other.get_by_text("Nobody else is here.").wait_for()

    def test_broken(self):
        """A broken change shows its traceback in the page, with the line; the next good one goes on."""
        self.change("tea_party/board.py", "KEPT = 100", "KEPT = (100")
        self.page.get_by_role("heading", name="SyntaxError").wait_for()
        self.page.locator("mark").last.filter(has_text="KEPT = (100").wait_for()
        self.change("tea_party/board.py", "KEPT = (100", "KEPT = 100 // 0")
        self.page.get_by_role("heading", name="ZeroDivisionError").wait_for()
        self.change("tea_party/board.py", "KEPT = 100 // 0", "KEPT = 100")
        self.page.get_by_text("You are alone here.").wait_for()

    def test_removed(self):
        """So does a package that is away for a moment, as when another branch is checked out."""
        shutil.move(self.project / "tea_party", self.project / "away")
        self.page.get_by_text("cannot find 'tea_party.board.makeElement'").first.wait_for()
        shutil.move(self.project / "away", self.project / "tea_party")
        self.page.get_by_text("You are alone here.").wait_for()

    def test_interrupt(self):
        """Ctrl-C ends the server and its supervisor."""
        self.page.close()
        self.server.process.send_signal(signal.SIGINT)
        self.assertEqual(self.server.process.wait(20), 0)
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", self.server.port), 5)
        self.server.stop()
