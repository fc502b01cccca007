# -*- test-case-name: tests.browser.test_prerendering -*-
"""A page that Chromium renders in advance, by the speculation rules of another one."""

import json
import subprocess
import sys
import tempfile
import unittest
from urllib.request import urlopen

from harness.browser import FLAGS
from harness.server import Server
from harness.waiting import waitUntil
from tools.programs import ADVICE, findChromium


class Showing(Server):
    """The site of ``tests.applications.shownthing``."""

    def __init__(self) -> None:
        super().__init__("")
        self.command = [sys.executable, "-W", "error", "-m", "tests.applications.shownthing"]

    def notes(self) -> list[str]:
        """What has happened, in its order."""
        with urlopen(f"{self.url}notes", timeout=10) as response:
            notes: list[str] = json.load(response)
        return notes


class PrerenderingTests(unittest.TestCase):
    """A Chromium of its own: one that is driven renders nothing in advance."""

    def openPage(self, url: str) -> None:
        """Open a page in a browser that nothing drives, for the length of the test."""
        path = findChromium(hasWindows=True)
        self.assertIsNotNone(path, ADVICE["chromium"])
        profile = self.enterContext(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        process = subprocess.Popen(
            [str(path), "--headless", *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-port=0", url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)

    def test_connected(self) -> None:
        """Its widget is made in advance; it is connected when it is shown, and not before."""
        server = self.enterContext(Showing())
        self.openPage(server.url)
        waitUntil(lambda: "activated" in " ".join(server.notes()), message=lambda: server.log, interval=0.2)
        self.assertEqual(server.notes(), ["made,true,false", "shown", "connected", "activated true"])
