# -*- test-case-name: tests.test_admin -*-
"""The open pages of a site: the public class, and the command with ``--admin`` in a browser."""

import re
from urllib.error import HTTPError
from urllib.request import urlopen

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite import LivePageFactory
from athenalite.admin import Admin
from harness.browser import BrowserTestCase
from harness.waiting import waitUntil
from tests.pages import InMemorySite, Plain


class AdminTests(SynchronousTestCase):
    """``Admin``"""

    def test_pages(self):
        """The pages are those of the site; those of operators are not among them."""
        site = InMemorySite(self, Plain)
        admin = Admin(site.clock, site.factory)
        site.page()
        self.assertEqual([page.state for page in admin.pages.values()], ["connected"])
        self.assertEqual((admin.name, admin.others), ("", []))
        site.site.resource = admin.resource
        text = site.request("/").text
        self.assertIn("1 Plain", text)
        self.assertIn("1 connected, 0 disconnected, 0 rendered.", text)
        self.assertEqual((len(admin.pages), len(admin.factory.sessions)), (1, 1))
        self.assertEqual(site.request("/_athena/health").status, 200)

    def test_workers(self):
        """Of several workers, each links to the others."""
        site = InMemorySite(self, Plain, name="w2")
        admin = Admin(site.clock, site.factory, others=["w1", "w3"])
        site.site.resource = admin.resource
        text = site.request("/?worker=w2").text
        self.assertIn("Open pages of w2", text)
        self.assertIn('Other workers: <a href="?worker=w1">w1</a> <a href="?worker=w3">w3</a>', text)
        self.assertIn("./_athena/at/w2/transport", text)

    def test_drain(self):
        """Draining is reported; it does not end while the server stops."""
        factory, reported = LivePageFactory(Clock()), []
        admin = Admin(Clock(), factory)
        admin.drain()
        admin.drained = reported.append
        admin.undrain()
        self.assertFalse(factory.isDraining)
        admin.drain()
        admin.stopping()
        admin.undrain()
        self.assertEqual((reported, factory.isDraining), ([False, True, True], True))
        self.successResultOf(admin.close())


class CommandTests(BrowserTestCase):
    """``athena-widget --admin``"""

    def test_end(self):
        """Operators have a page of their own, with a password, which shows the pages of the site and ends them."""
        options = "--admin=tcp:0", "--admin-auth=memory:bob:secret"
        # The pages never connect, and are to be there however slow the machine is.
        server = self.startServer("tests.pages.Plain", *options, "--connect-timeout=3600")
        waitUntil(lambda: "operators at" in server.log, lambda: server.log)
        [url] = re.findall(r"operators at (\S+)", server.log)
        with self.assertRaisesRegex(HTTPError, "401"):
            urlopen(url, timeout=60)
        urlopen(server.url, timeout=60).close()
        page = self.openPage(url, http_credentials={"username": "bob", "password": "secret"}, color_scheme="dark")
        page.get_by_text("0 connected, 0 disconnected, 1 rendered.").wait_for()
        page.get_by_role("button", name="1 Plain").click()
        page.get_by_label("Reason, which the visitor reads").fill("Good night.")
        # Another page: what is typed stays as the list changes.
        urlopen(server.url, timeout=60).close()
        page.get_by_text("0 connected, 0 disconnected, 2 rendered.").wait_for()
        page.get_by_role("button", name="End this page").click()
        page.get_by_text("lost after").wait_for()
        waitUntil(lambda: "Page 1 was ended by bob at 127.0.0.1: Good night." in server.log, lambda: server.log)
