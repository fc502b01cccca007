# -*- test-case-name: tests.livetrial.test_chromium -*-
"""A Chromium is found, started, sent commands, and ended."""

import os
import signal
import tempfile
from pathlib import Path
from unittest import TestCase, mock

from athenalite.livetrial import _chromium as chromium
from athenalite.livetrial._chromium import ADVICE, BrowserError, Chromium, findChromium
from harness.waiting import waitUntil

PAGE = "data:text/html,<script>console.error('said by the page\\nin two lines');undefinedFunction()</script>"


class FindTests(TestCase):
    """The choice among programs."""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.addCleanup(chromium._started.cache_clear)
        chromium._started.cache_clear()

    def program(self, name, script):
        """Return the path of a new program."""
        path = self.directory / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    def environment(self, **variables):
        """Look for programs with these variables only."""
        self.enterContext(mock.patch.dict("os.environ", variables, clear=True))

    def test_path(self):
        """A program on PATH is found by any of the names, if it runs."""
        self.program("chromium", "exit 1")
        chrome = self.program("google-chrome", "echo 'Google Chrome 150'")
        self.environment(PATH=str(self.directory))
        self.assertEqual(findChromium(), chrome)

    def test_headlessShell(self):
        """The headless shell is preferred, unless the whole browser is needed."""
        shell = self.program("chromium-headless-shell", "echo 'Chromium 150'")
        chrome = self.program("chromium", "echo 'Chromium 150'")
        self.environment(PATH=str(self.directory))
        self.assertEqual((findChromium(), findChromium(hasWindows=True)), (shell, chrome))

    def test_environment(self):
        """CHROMIUM overrides the search; if there is none, the error gives advice, and nothing is skipped."""
        self.program("chromium", "echo 'Chromium 150'")
        self.environment(CHROMIUM=str(self.directory / "none"), PATH=str(self.directory))
        self.assertIsNone(findChromium())
        with self.assertRaises(BrowserError) as caught:
            chromium.chromium()
        self.assertEqual(str(caught.exception), ADVICE)

    def test_doesNotStart(self):
        """A program that is not a browser is an error with its output."""
        browser = Chromium(self.program("chromium", "echo 'no display' >&2; exit 1"))
        with self.assertRaisesRegex(BrowserError, "(?s)does not answer.*no display"):
            browser.open("about:blank")
        self.assertTrue(browser.closed)


class PageTests(TestCase):
    """Commands, sent to the browser that all tests of this process share."""

    def test_console(self):
        """The messages of a page's console can be read, with the place in the script; another page has its own."""
        page = chromium.chromium().open(PAGE)
        waitUntil(lambda: len(page.console()) >= 2, page.console)
        said, uncaught = page.console()
        self.assertRegex(said, r"^\"said by the page\nin two lines\", source: data:.* \(1\)$")
        self.assertIn("undefinedFunction is not defined", uncaught)
        page.close()
        other = chromium.chromium().open("about:blank")
        self.assertEqual(other.console(), [])
        other.close()

    def test_refused(self):
        """A refused command is an error, and the browser goes on."""
        with self.assertRaisesRegex(BrowserError, "Nothing.nowhere"):
            chromium.chromium().command("Nothing.nowhere")
        chromium.chromium().open("about:blank").close()

    def test_died(self):
        """A browser that has ended is replaced for the next test."""
        browser = chromium.chromium()
        os.killpg(browser._pid, signal.SIGKILL)
        with self.assertRaisesRegex(BrowserError, "does not answer"):
            browser.open("about:blank")
        self.assertTrue(browser.closed)
        browser.close()
        self.assertIsNot(chromium.chromium(), browser)
        chromium.chromium().open("about:blank").close()
