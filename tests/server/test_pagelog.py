# -*- test-case-name: tests.server.test_pagelog -*-
"""The lives of pages in the log."""

import json
import re
import sys
from unittest import TestCase
from urllib.request import urlopen

from twisted.logger import Logger, formatEvent
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.admission import TAKEN_OVER
from athenalite._server.factory import LivePageFactory
from athenalite._server.pagelog import PageLog
from harness.server import ROOT, Server
from harness.waiting import waitUntil
from tests.memory import FakePage, Site
from tests.pages import InMemorySite, Plain


class PageLogTests(SynchronousTestCase):
    """``logPages=True``"""

    def site(self, element=Plain, **options):
        """Return a site in memory, and the events of its log."""
        events = []
        return InMemorySite(self, element, log=Logger("tests", observer=events.append), **options), events

    def test_life(self):
        """Each change of a page is an event, with what is known of the page, and for how long it was as before."""
        site, events = self.site(logPages=True)
        _, socket = site.page()
        site.clock.advance(2)
        socket.lose()
        site.clock.advance(200)
        found = [(event["event"], event["log_level"].name, event["page"], event["seconds"]) for event in events]
        expected = [
            ("page-rendered", "debug", 1, 0),
            ("page-connected", "info", 1, 0),
            ("page-disconnected", "info", 1, 2),
            ("page-lost", "info", 1, 200),
        ]
        self.assertEqual(found, expected)
        for event in events:
            self.assertEqual((event["pageClass"], event["peer"]), ("Plain", "192.168.1.1"))
            self.assertNotIn("user", event)
        lost = events[-1]
        self.assertEqual((lost["kind"], lost["age"], lost["resumptions"]), ("away", 202, 0))
        text = "Page 1 of 192.168.1.1 is lost after 202.0 s: the page was away for more than 180 s"
        self.assertEqual(formatEvent(lost), text)

    def test_resumed(self):
        """What waits for a disconnected page, and what is sent again, have their fields."""
        site, events = Site(), []
        site.sessions.watch(PageLog(Logger("tests", observer=events.append), site.clock, False))
        session, _, connection, _ = site.opened(peer=("net", "host", "port"))
        session.callRemote(1, "show", ["hello"])
        site.flush()
        connection.connectionLost()
        site.open(session)
        self.assertEqual(events[-2]["waiting"], session.outbox.waiting[1])
        self.assertEqual((events[-1]["event"], events[-1]["resent"]), ("page-resumed", 1))
        self.assertEqual({event["peer"] for event in events}, {"host"})

    def test_documented(self):
        """docs/deploying.rst documents all fields of all events, and no others."""
        text = (ROOT / "docs" / "deploying.rst").read_text("utf-8")
        _, _, table = text.partition("each change of a page is one event, with these fields:")
        rows = re.findall(r"^``(\w+)`` +(?:(``.+?``): )?", table.partition("As an access log")[0], re.MULTILINE)
        site, events = Site(), []
        site.sessions.watch(PageLog(Logger("tests", observer=events.append), site.clock, False))
        page = FakePage()
        page.user = "alice"
        session, _, connection, _ = site.opened(page=page)
        connection.connectionLost()
        site.open(session)
        session.close("enough")
        for event in events:
            expected = {name for name, only in rows if only in ("", f"``{event['event']}``")}
            self.assertEqual({name for name in event if not name.startswith("log_")}, expected)
        self.assertEqual(len(events), 5)

    def closings(self, *loss):
        """Return the close code and the reason in the event of a page whose socket is lost so."""
        site, events = Site(), []
        site.sessions.watch(PageLog(Logger("tests", observer=events.append), site.clock, False))
        _, _, connection, _ = site.opened()
        connection.connectionLost(*loss)
        return events[-1]["event"], events[-1]["closeCode"], events[-1]["closeReason"]

    def test_closed(self):
        """How a socket was closed is in the event, by RFC 6455's code: 1006 if that is not known."""
        self.assertEqual(self.closings(), ("page-disconnected", 1006, ""))
        self.assertEqual(self.closings(1001, "later"), ("page-disconnected", 1001, "later"))

    def test_takenOver(self):
        """So it is for a socket that a newer one replaces."""
        site, events = Site(), []
        site.sessions.watch(PageLog(Logger("tests", observer=events.append), site.clock, False))
        session, _, connection, _ = site.opened()
        connection.connectionLost(1001)
        site.open(session)
        site.open(session)
        self.assertEqual([event["event"] for event in events[-2:]], ["page-disconnected", "page-resumed"])
        self.assertEqual((events[-2]["closeCode"], events[-2]["closeReason"]), TAKEN_OVER)

    def test_browsersReason(self):
        """A close frame of the browser gives both, escaped; one without a code is 1005."""
        for given, expected in ((3000, "ab\u202ec"), (3000, "ab\\u202ec")), ((), (1005, "")):
            site, events = self.site(logPages=True)
            _, socket = site.page()
            socket.close(*given)
            [event] = [event for event in events if event["event"] == "page-disconnected"]
            self.assertEqual((event["closeCode"], event["closeReason"]), expected)

    def test_noPeer(self):
        """A page that was rendered for no peer has none."""
        site, events = Site(), []
        site.sessions.watch(PageLog(Logger("tests", observer=events.append), site.clock, False))
        site.add()
        self.assertEqual(events[0]["peer"], "")

    def test_proxy(self):
        """Behind a proxy, the peer is the browser."""
        site, events = self.site(logPages=True, behindProxy=True)
        site.request(X_Forwarded_For="203.0.113.7, 198.51.100.9")
        self.assertEqual(events[0]["peer"], "198.51.100.9")

    def test_user(self):
        """The user is the attribute of this name, of the element or the page, if it is a text; it is escaped."""
        for user, expected in (("alice", "alice"), ("a\nb", "a\\nb"), (None, None), (object(), None), (7, None)):
            site, events = self.site(type("Members", (Plain,), {"user": user}), logPages=True)
            site.request()
            self.assertEqual(events[0].get("user"), expected)

    def test_reason(self):
        """The reason is the application's, escaped."""
        site, events = self.site(logPages=True)
        element, _ = site.page()
        element.page.close("You\u202ehave logged out.")
        self.assertEqual((events[-1]["reason"], events[-1]["kind"]), ("You\\u202ehave logged out.", "closed"))

    def test_off(self):
        """By default nothing is logged, and no page is watched."""
        site, events = self.site()
        _, socket = site.page()
        socket.lose()
        self.assertEqual(events, [])
        self.assertEqual(LivePageFactory(site.clock).sessions._watchers, ())


class JSONServer(Server):
    """A server whose log is JSON."""

    started = re.compile(r'"address": "(http[^"]+)"')


class CommandTests(TestCase):
    """``athena-widget --log-pages``"""

    def test_json(self):
        """twist writes the events as JSON, with their fields."""
        command = [sys.executable, "-m", "twisted", "--log-format=json"]
        server = JSONServer("tests.pages.Plain", "--log-pages", "--connect-timeout=0.2", command=command)
        with server:
            urlopen(server.url, timeout=60).close()
            waitUntil(lambda: "page-lost" in server.log, lambda: server.log)
        lines = [line.strip("\x1e") for line in server.log.splitlines()]
        events = [json.loads(line) for line in lines if line.startswith("{")]
        [lost] = [event for event in events if event.get("event") == "page-lost"]
        self.assertEqual((lost["page"], lost["peer"], lost["kind"]), (1, "127.0.0.1", "expired"))
        self.assertEqual(lost["log_namespace"], "athenalite")
