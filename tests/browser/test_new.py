# -*- test-case-name: tests.browser.test_new -*-
"""A new project, untouched: its tests, its types, its commands, and its page in Chromium."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from athenalite.new import main
from harness.browser import BrowserTestCase
from harness.ports import freePorts
from harness.server import IMPORTED, Server

COLORS = "element => [getComputedStyle(element).color, getComputedStyle(document.documentElement).backgroundColor]"


class ProjectTests(BrowserTestCase):
    """One project, made for each test."""

    def setUp(self):
        super().setUp()
        self.project = Path(self.enterContext(tempfile.TemporaryDirectory())) / "tea_party"
        command = [sys.executable, "-m", "athenalite.new", str(self.project)]
        self.assertEqual(subprocess.run(command, capture_output=True, check=False).returncode, 0)

    def run_(self, *command, cwd=None):
        """Run a command in the project, with this environment's packages; return its output."""
        # No settings of the test run that this one is part of.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        done = subprocess.run(
            command,
            cwd=cwd or self.project,
            env={**kept, "PYTHONPATH": IMPORTED},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def served(self, *options):
        """Serve the project as its README says, on a free port."""
        server = Server("tea_party.board.makeElement", *options, cwd=self.project)
        return self.useServer(server)

    def test_ownTests(self):
        """Its tests pass under pytest, in memory and in the browser; those of a minimal one, too."""
        self.assertIn("8 passed", self.run_(sys.executable, "-m", "pytest", "-q"))
        minimal = self.project.parent / "small"
        self.assertEqual(main(["--minimal", str(minimal)]), 0)
        self.assertIn("6 passed", self.run_(sys.executable, "-m", "pytest", "-q", cwd=minimal))

    def test_ownTestsMatter(self):
        """They fail if the application does something else."""
        for path, right, wrong in (
            ("tea_party/board.py", "del self.notes[:-KEPT]", "del self.notes[:]"),
            ("tea_party/js/TeaParty.mjs", "item.textContent = note", "item.append(note, '!')"),
        ):
            text = (self.project / path).read_text("utf-8")
            self.assertIn(right, text)
            (self.project / path).write_text(text.replace(right, wrong), "utf-8")
            with self.assertRaises(AssertionError, msg=path):
                self.run_(sys.executable, "-m", "pytest", "-q")
            (self.project / path).write_text(text, "utf-8")

    def test_types(self):
        """mypy in its strict mode, and ruff, find nothing."""
        self.assertIn("no issues found", self.run_(sys.executable, "-m", "mypy"))
        self.run_(sys.executable, "-m", "ruff", "check", "--isolated", "--line-length=120")
        self.run_(sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=120", "--check")

    def test_talk(self):
        """Two people write notes, which both see as text; a refusal is shown, and one's text kept."""
        server = self.served("--debug")
        hers = self.openPage(server.url, viewport={"width": 390, "height": 844}, color_scheme="dark")
        his = self.openPage(server.url, color_scheme="light")
        for page in (hers, his):
            page.get_by_text("2 are here.").wait_for()
        hers.fill("[name=text]", "<b>cake</b>")
        hers.press("[name=text]", "Enter")
        for page in (hers, his):
            page.locator("li").get_by_text("<b>cake</b>", exact=True).wait_for()
        his.fill("[name=text]", "x" * 201)
        his.click("button")
        his.get_by_text("at most 200 characters").wait_for()
        expect(his.locator("[name=text]")).to_have_value("x" * 201)

    def test_looks(self):
        """
        On a telephone nothing is wider than the screen, targets are large enough for a thumb, and the text is large
        enough not to be zoomed; the colors are those of the light or of the dark, with the contrast that WCAG demands.
        """
        server = self.served()
        seen = set()
        for scheme in ("light", "dark"):
            page = self.openPage(server.url, viewport={"width": 320, "height": 640}, color_scheme=scheme)
            page.get_by_text("here.").wait_for()
            page.fill("[name=text]", "x" * 200)
            page.press("[name=text]", "Enter")
            page.locator("li").first.wait_for()
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 320)
            for target in ("[name=text]", "button"):
                self.assertGreaterEqual(page.locator(target).bounding_box()["height"], 44)
            self.assertGreaterEqual(page.eval_on_selector("input", "e => parseFloat(getComputedStyle(e).fontSize)"), 16)
            ink, paper = page.eval_on_selector("main", COLORS)
            self.assertGreater(contrast(ink, paper), 7)
            seen.add(paper)
        self.assertEqual(len(seen), 2)

    def test_restart(self):
        """After a restart of the server, an open page comes back by itself."""
        [port] = freePorts(1)
        server = self.served(f"--port={port}")
        page = self.openPage(server.url)
        page.get_by_text("You are alone here.").wait_for()
        server.stop()
        self.expectComplaint("WebSocket connection|net::ERR_|status of 426")
        # Its reloads are spread over ten seconds, or over twenty after one that was too early.
        with page.expect_event("load", timeout=90_000):
            self.served(f"--port={port}")
        page.get_by_text("You are alone here.").wait_for()

    def test_unit(self):
        """systemd finds no mistake in the unit, and its command starts a server."""
        path = self.project / "deploy" / "tea_party.service"
        unit = configparser.RawConfigParser(strict=False)
        unit.optionxform = str
        unit.read(path)
        command = shlex.split(unit["Service"]["ExecStart"])
        self.starts(command)
        analyze = shutil.which("systemd-analyze")
        if analyze is not None:
            # The path of an installation that is not there.
            text = path.read_text().replace(command[0], sys.executable)
            path.write_text(text)
            self.assertEqual(self.run_(analyze, "verify", path), "")

    def test_container(self):
        """The container's command starts a server, as nobody."""
        text = (self.project / "Containerfile").read_text()
        self.assertIn("USER 65534:65534\n", text)
        [command] = re.findall(r"^CMD \[(.*)\]$", text, re.MULTILINE)
        self.starts([word.strip().strip('"') for word in command.split(",")])

    def starts(self, command):
        """Start this command, with a free port in the place of 8080."""
        twist, log, plugin, element, *options = command
        self.assertEqual((Path(twist).name, log, plugin), ("twist", "--log-format=text", "athena-widget"))
        options = [option.replace("8080", "0") for option in options]
        server = Server(element.removeprefix("--element="), *options, cwd=self.project)
        with server:
            self.assertTrue(server.port)
        server.assertQuiet()


def contrast(*colors):
    """Return the contrast of two colors by WCAG 2."""

    def luminance(color):
        channels = [float(number) / 255 for number in re.findall(r"[\d.]+", color)[:3]]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted(map(luminance, colors))
    return (lighter + 0.05) / (darker + 0.05)
