# -*- test-case-name: tests.test_metrics -*-
"""Metrics of a site: the public class, and the command with ``--metrics``."""

import gzip
import re
import subprocess
import sys
import time
from unittest import TestCase
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite import LiveElement, LivePageFactory, expose
from athenalite.loaders import xmlstr
from athenalite.metrics import Metrics
from harness.browser import BrowserTestCase
from harness.server import Server
from harness.waiting import LIMIT, waitUntil


class Slow(LiveElement):
    """An element that blocks the reactor."""

    docFactory = xmlstr('<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">slow</p>')

    @expose
    def block(self):
        time.sleep(1.5)


def fetch(url):
    """Return the text at an address."""
    with urlopen(url, timeout=LIMIT) as response:
        return response.read().decode()


def metricsOf(server):
    """Return the metrics of a server."""
    return fetch(metricsAddress(server))


def metricsAddress(server):
    """Return the address of a server's metrics, which it opens after that of its page."""
    waitUntil(lambda: "metrics at" in server.log, lambda: server.log)
    [url] = re.findall(r"metrics at (\S+)", server.log)
    return url


class MetricsTests(SynchronousTestCase):
    """``Metrics``"""

    def test_limit(self):
        """The time after which the reactor counts as blocked must be positive."""
        for wrong in (0, -1, float("nan")):
            self.assertRaises(ValueError, Metrics, Clock(), LivePageFactory(Clock()), wrong)

    def test_stopped(self):
        """After the end there is no timer and no thread."""
        clock = Clock()
        metrics = Metrics(clock, LivePageFactory(clock))
        metrics.start()
        self.assertEqual(len(clock.getDelayedCalls()), 1)
        metrics.stop()
        self.assertEqual(clock.getDelayedCalls(), [])


class CommandTests(TestCase):
    """``athena-widget --metrics``"""

    def test_scraped(self):
        """Metrics are on a listener of their own, and not on the site; the server ends in order."""
        options = ("--metrics=tcp:0:interface=127.0.0.1",)
        with Server("tests.pages.Plain", *options) as server:
            fetch(server.url)
            text = metricsOf(server)
            self.assertIn('athenalite_pages{state="rendered"} 1.0\n', text)
            self.assertIn("process_open_fds ", text)
            self.assertRaises(HTTPError, urlopen, f"{server.url}metrics", timeout=LIMIT)
            self.assertEqual(fetch(f"{server.url}_athena/health"), "ok\n")
            self.assertIn('athenalite_pages{state="rendered"} 1.0\n', metricsOf(server))
            request = Request(metricsAddress(server), headers={"Accept-Encoding": "gzip"})
            with urlopen(request, timeout=LIMIT) as response:
                self.assertIn(b"python_info", gzip.decompress(response.read()))
        server.assertQuiet()

    def test_missing(self):
        """Without prometheus_client, one line says what to install."""
        code = (
            "import sys; sys.modules['prometheus_client'] = None\n"
            "from twisted.application.twist._twist import Twist; Twist.main()"
        )
        arguments = ["athena-widget", "--element=tests.pages.Plain", "--port=0", "--metrics=tcp:0"]
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=300, check=False
        )
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(
            done.stderr, 'athena-widget: --metrics needs prometheus_client: pip install "athenalite[metrics]"\n'
        )


class BlockedTests(BrowserTestCase):
    """A reactor that a method blocks."""

    def test_named(self):
        """The log has the method, its file and its line; the metrics have the call."""
        options = ("--metrics=tcp:0:interface=127.0.0.1", "--blocked-after=0.5")
        server = self.startServer("tests.test_metrics.Slow", *options)
        self.expectComplaint("The reactor |Traceback|^\t")
        page = self.openPage(server.url)
        self.waitForWidget(page)
        page.evaluate("Nevow.Athena.Widget.fromAthenaID(1).callRemote('block')")
        waitUntil(lambda: re.search(r"(?s)because of block .*The reactor runs again", server.log), lambda: server.log)
        self.assertRegex(server.log, r"The reactor is blocked: for [\d.]+ s, .* because of block \(.*test_metrics\.py")
        self.assertIn("time.sleep(1.5)", server.log)
        self.assertIn('athenalite_calls_total{method="block"} 1.0\n', metricsOf(server))

        # A busy machine may have blocked it, too.
        def isCounted():
            count = server.log.count("The reactor is blocked")
            return f"athenalite_reactor_blocked_total {count}.0\n" in metricsOf(server)

        waitUntil(isCounted, lambda: metricsOf(server))
