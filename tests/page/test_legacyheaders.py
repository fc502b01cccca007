# -*- test-case-name: tests.page.test_legacyheaders -*-
"""Headers for old pages, and what the log has of them."""

from twisted.internet.task import Clock
from twisted.logger import formatEvent
from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.document import HEADERS, POLICY
from athenalite._assets.policy import isLenient
from athenalite._page.legacyheaders import legacyHeaders
from athenalite.athena import LiveElement, LivePage, LivePageFactory
from athenalite.loaders import xmlstr
from athenalite.testutil import renderPage
from tests.memory import recordingLog

TEMPLATE = """
<html xmlns:nevow="http://nevow.com/ns/nevow/0.1">
    <head nevow:render="liveglue"><script>go()</script></head>
    <body onload="go()"><nevow:invisible nevow:render="element" /></body>
</html>
"""
ELEMENT = """
<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement" onclick="go()">x</p>
"""


class OldPage(LivePage):
    """A page with inline scripts, in its own template and in that of its element."""

    docFactory = xmlstr(TEMPLATE)
    elementFactory = xmlstr(ELEMENT)

    def render_element(self, ctx, data):
        element = LiveElement(docFactory=self.elementFactory)
        element.setFragmentParent(self)
        return element


class LegacyHeadersTests(SynchronousTestCase):
    """``legacyHeaders``."""

    def test_policy(self):
        """Only the policy differs; ``eval`` and other hosts are further choices."""
        headers = legacyHeaders()
        self.assertEqual({name for name in HEADERS if headers[name] != HEADERS[name]}, {POLICY})
        self.assertIn("script-src 'self' 'unsafe-inline';", headers[POLICY])
        self.assertIn("script-src 'self' 'unsafe-inline' 'unsafe-eval';", legacyHeaders(evals=True)[POLICY])
        policy = legacyHeaders(hosts=["https://cdn.example"])[POLICY]
        for name in ("default-src", "script-src", "style-src", "img-src", "form-action"):
            [rule] = [one for one in policy.split("; ") if one.startswith(name)]
            self.assertTrue(rule.endswith(" https://cdn.example"), rule)
        self.assertIn("; base-uri 'self';", policy)
        # <form action="javascript:..."> is no other host.
        self.assertIn("; form-action 'self' javascript:;", headers[POLICY])
        self.assertRaisesRegex(ValueError, "not an origin", legacyHeaders, hosts=["cdn.example; script-src *"])

    def test_isLenient(self):
        """Which policies let inline scripts run."""
        for policy in (
            *("script-src 'unsafe-inline'", "default-src 'self' 'unsafe-inline'", "script-src 'self' 'unsafe-eval'"),
            "Script-Src 'unsafe-inline'; script-src 'self'",
        ):
            self.assertTrue(isLenient(policy), policy)
        for policy in (
            *(
                HEADERS[POLICY],
                "script-src 'self'; default-src 'unsafe-inline'",
                "script-src 'nonce-x' 'unsafe-inline'",
            ),
            "style-src 'unsafe-inline'; script-src 'self'",
        ):
            self.assertFalse(isLenient(policy), policy)


class LogTests(SynchronousTestCase):
    """Pages with inline scripts, in their template and in that of an element."""

    def render(self, headers):
        """Render two pages, and return what was logged of templates, and of the pages."""
        self.patch(OldPage, "docFactory", xmlstr(TEMPLATE))
        self.patch(OldPage, "elementFactory", xmlstr(ELEMENT))
        self.patch(OldPage, "headers", headers)
        events, log = recordingLog()
        factory = LivePageFactory(Clock(), log=log)
        for _ in range(2):
            html = self.successResultOf(renderPage(OldPage(factory=factory)))
            self.assertIn(b"go()", html if isinstance(html, bytes) else html.encode())
        texts = [formatEvent(event) for event in events]
        return [one for one in texts if "is blocked" in one], [one for one in texts if "is blocked" not in one]

    def test_usual(self):
        """With the default policy each place is reported once, with its line."""
        templates, pages = self.render(HEADERS)
        self.assertEqual(len(templates), 3)
        self.assertIn(":3: an inline <script>", templates[0])
        self.assertEqual(pages, [])

    def test_legacy(self):
        """With this one none is reported; the log has one warning, from the first page."""
        for headers in (legacyHeaders(), {**HEADERS, POLICY: "script-src 'self' 'unsafe-inline'"}):
            templates, pages = self.render(headers)
            self.assertEqual((templates, len(pages)), ([], 1))
            self.assertIn("OldPage lets inline scripts or eval run", pages[0])
