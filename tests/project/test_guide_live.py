# -*- test-case-name: tests.project.test_guide_live -*-
"""docs/live-templates.rst: its listings run, and athenalite.live has what they import."""

import athenalite.live
from athenalite.testing import renderLivePage
from tests.listings import GuideTestCase


class GuideTests(GuideTestCase):
    """The examples."""

    guide = "live-templates"

    def event(self, page, element, method, pairs, key=None):
        """Have a control of the page call a method."""
        page.call(element, "_athenaEvent", method, pairs, key).addErrback(self.fail)

    def test_counter(self):
        """The counter counts, and is as short as the issue that asked for it wanted."""
        counter = self.load("counting").Counter()
        page = renderLivePage(counter)
        self.assertIn('<output data-athena-part="1.count">0</output>', page.html)
        self.event(page, counter, "add", [["by", "1"]])
        self.assertEqual(page.calls[0].args[1], '<output data-athena-part="1.count">1</output>')
        for name, most in (("counting.py", 12), ("counter.html", 6)):
            lines = (self.directory / name).read_text("utf-8").splitlines()
            self.assertLessEqual(len(list(filter(str.strip, lines))), most, name)

    def test_list(self):
        """Things are added and removed."""
        shopping = self.load("listing").Shopping()
        page = renderLivePage(shopping)
        self.assertIn("There is nothing to buy.", page.html)
        self.event(page, shopping, "add", [["name", "Tea"]])
        self.assertIn("Tea", str(page.calls[-1].args))
        self.event(page, shopping, "remove", [], "1")
        self.assertIn("There is nothing to buy.", str(page.calls[-1].args))

    def test_names(self):
        """The module has its names, documented."""
        for name in athenalite.live.__all__:
            self.assertTrue(getattr(athenalite.live, name).__doc__, name)
