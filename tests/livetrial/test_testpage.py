# -*- test-case-name: tests.livetrial.test_testpage -*-
"""The page of one test, and its site, which leaves nothing behind."""

import json

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError

from athenalite import tags
from athenalite.livetrial._testpage import TestPage, TestSite
from athenalite.livetrial.testcase import TestCase
from athenalite.loaders import stan
from athenalite.testing import StubBrowser
from tests.livetrial.test_testcase import livetest_counting

XMLNS = 'xmlns:athena="http://divmod.org/ns/athena/0.7"'


class Contained(TestCase):
    """Overrides each part of the document. It has no JavaScript class of its own, and so no tests."""

    def getTestContainer(self):
        return tags.table[tags.tr[tags.td[tags.slot("widget")]]]

    def getWidgetTag(self):
        return tags.section

    def getWidgetDocument(self):
        return ["in the ", tags.b(render=tags.directive("where"))]

    def render_where(self, ctx, data):
        return ctx.tag["widget"]

    def head(self):
        return [tags.meta(name="one"), tags.meta(name="two")]


class TestPageTests(SynchronousTestCase):
    """The page of a test case."""

    def test_document(self):
        """The widget's node is in its container, and contains its document; the head has the additional nodes."""
        browser = StubBrowser()
        html = browser.open(TestPage(Contained(), browser.factory)).html
        node = f'<section id="athena:1" athena:class="Nevow.Athena.Widget" {XMLNS}>in the <b>widget</b></section>'
        self.assertIn(f"<div><table><tr><td>{node}</td></tr></table></div>", html)
        self.assertRegex(html, '(?s)<head>.*<meta name="one" /><meta name="two" />.*</head>')
        self.assertIn("<title>Contained</title>", html)

    def test_plain(self):
        """By default there is only the widget's node."""
        browser = StubBrowser()
        html = browser.open(TestPage(TestCase(), browser.factory)).html
        self.assertIn(
            f'<body><div><div id="athena:1" athena:class="Nevow.Athena.Widget" {XMLNS}></div></div></body>', html
        )

    def test_oldTemplate(self):
        """A template of its own may have the renderer liveTest, as the oldest tests do."""
        browser = StubBrowser()
        case = TestCase(docFactory=stan(tags.div[tags.p(render=tags.directive("liveTest"))["old"]]))
        html = browser.open(TestPage(case, browser.factory)).html
        self.assertIn(f'<div><p id="athena:1" athena:class="Nevow.Athena.Widget" {XMLNS}>old</p></div>', html)

    def test_modules(self):
        """The module of the base class is loaded before those of tests, which need not import it."""
        browser = StubBrowser()
        html = browser.open(TestPage(livetest_counting.CounterTests(), browser.factory)).html
        modules = json.loads(html.partition('id="athena-page">')[2].partition("</script>")[0])["modules"]
        names = [name for name, _ in modules]
        self.assertLess(names.index("Nevow.Athena.Test"), names.index("LiveThing.Tests"))

    def test_connected(self):
        """``connected`` fires when the page has connected."""
        browser = StubBrowser()
        page = TestPage(TestCase(), browser.factory)
        self.assertNoResult(page.connected)
        browser.open(page)
        self.assertIsNone(self.successResultOf(page.connected))

    def test_cannotBeRendered(self):
        """If it cannot be rendered, connected fails, and the test reports that: it is not logged."""
        browser = StubBrowser()
        page = TestPage(TestCase(docFactory=stan(tags.div(render=tags.directive("nothing")))), browser.factory)
        with self.assertRaises(RuntimeError):
            browser.open(page).html  # noqa: B018
        self.failureResultOf(page.connected, FlattenerError)


class Port:
    """A listening port."""

    stopped = False

    def stopListening(self):
        self.stopped = True
        return succeed(None)


class TestSiteTests(SynchronousTestCase):
    """The end of a test."""

    def test_close(self):
        """Closing ends everything: the port, the page, and connections, used and unused."""
        clock = Clock()
        site = TestSite(TestPage(TestCase()), clock)
        transports = []
        for _ in range(2):
            transport = StringTransport()
            site.buildProtocol(IPv4Address("TCP", "127.0.0.1", 1)).makeConnection(transport)
            transports.append(transport)
        port = Port()
        closed = Deferred.fromCoroutine(site.close(port))
        self.assertTrue(port.stopped)
        clock.advance(0.1)
        clock.advance(0)
        self.successResultOf(closed)
        self.assertTrue(all(transport.disconnected for transport in transports))
