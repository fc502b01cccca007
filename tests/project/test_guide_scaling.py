# -*- test-case-name: tests.project.test_guide_scaling -*-
"""The listings of docs/scaling.rst."""

import unittest

from athenalite.testing import StubBrowser
from tests.listings import GuideTestCase
from tests.pages import template


class ScalingTests(GuideTestCase):
    """docs/scaling.rst"""

    guide = "scaling"

    def test_claiming(self):
        """A name is given to one page; both pages show who joins and leaves."""
        claiming = self.load("claiming")
        room, browser = claiming.ChatRoom(), StubBrowser()
        pages = []
        for _ in range(2):
            element = claiming.Chatter(room)
            element.docFactory = template()
            pages.append(browser.open(element))
        one, other = pages
        self.successResultOf(one.call(1, "setUsername", "alice"))
        self.assertEqual(self.failureResultOf(other.call(1, "setUsername", "alice")).value.args, ("alice is taken.",))
        self.assertEqual(dict(room.present), {"alice": {"since": "today"}})
        one.leave()
        self.assertEqual(
            [call.args for call in other.calls],
            [(" * user alice has joined the room",), (" * user alice has left the room",)],
        )

    def test_tests(self):
        """The tests that it lists pass."""
        self.load("claiming")
        self.load("counting")
        result = unittest.TestResult()
        for cases in (self.load("test_claiming").ClaimTests, self.load("test_counting").CounterTests):
            unittest.defaultTestLoader.loadTestsFromTestCase(cases).run(result)
        self.assertEqual((result.testsRun, result.errors, result.failures), (3, [], []))
