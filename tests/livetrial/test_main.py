# -*- test-case-name: tests.livetrial.test_main -*-
"""``python -m athenalite.livetrial``, as users run it: a page on which tests are run and watched."""

import os
import re
import socket
import subprocess
import sys
from unittest import TestCase

from harness.browser import BrowserTestCase
from harness.server import IMPORTED
from tests.livetrial.test_testcase import APPLICATIONS

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((IMPORTED, str(APPLICATIONS)))}
COMMAND = (sys.executable, "-W", "error", "-m", "athenalite.livetrial")


class MistakeTests(TestCase):
    """Arguments that cannot be used."""

    def complaint(self, *arguments):
        """Return the messages of a command that does not start."""
        ran = subprocess.run([*COMMAND, *arguments], env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
        self.assertEqual((ran.returncode, ran.stdout), (1, ""))
        return ran.stderr

    def test_noNames(self):
        """Without arguments, one line requests names of tests."""
        self.assertEqual(
            self.complaint(),
            "athenalite.livetrial: name the tests to run: a module, such as chat.test.livetest_chat\n",
        )

    def test_noTests(self):
        """A module without tests is reported in one line; one that cannot be imported with its traceback."""
        self.assertEqual(
            self.complaint("tests.pages"), "athenalite.livetrial: there are no live tests in tests.pages\n"
        )
        self.assertRegex(self.complaint("nowhere.at.all"), r"(?s)Traceback.*nowhere")

    def test_port(self):
        """A port that is invalid or in use is reported in one line."""
        for port in ("x", "70000"):
            said = rf"^athenalite.livetrial: .*--port: '{port}' is not a number from 0 to 65535\n$"
            self.assertRegex(self.complaint(f"--port={port}", "livething"), said)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assertRegex(self.complaint(f"--port={port}", "livething"), rf"athenalite.livetrial: .*:{port}: .*\n$")


class WatchTests(BrowserTestCase):
    """The page, in Chromium."""

    def test_watch(self):
        """A click on a button runs the tests, and each shows its result and its page."""
        names = ("livething.livetest_counting", "livething.livetest_failing.FailingTests.test_assertion")
        process = self.enterContext(
            subprocess.Popen(
                [*COMMAND, "--port=0", *names],
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        self.addCleanup(process.terminate)
        assert process.stdout is not None
        opened = re.fullmatch(r"athenalite.livetrial: open (http://localhost:\d+/)\n", process.stdout.readline())
        assert opened is not None
        page = self.openPage(opened[1])
        page.get_by_role("button", name="Run").click()
        page.get_by_text("4 passed, 1 failed").wait_for()
        self.assertEqual(page.locator("li.passed").count(), 4)
        failed = page.locator("li.failed").inner_text()
        self.assertRegex(failed, r'(?s)test_assertion.*Failing.js", line 5, .*"what is" !== "what should be"')
        frame = page.frame_locator("iframe")
        self.assertEqual(frame.locator("[id='athena:1']").count(), 1)
        page.get_by_role("button", name="Run").click()
        page.get_by_text("4 passed, 1 failed").wait_for()
