# -*- test-case-name: tests.project.test_guide_live -*-
"""docs/live-templates.rst: its listings run, and athenalite.live has what they import."""

import re

import athenalite.live
from athenalite.testing import StubBrowser, StubFile, renderLivePage
from tests.listings import DOCS, GuideTestCase, runListing


class GuideTests(GuideTestCase):
    """The examples."""

    guide = "live-templates"

    def test_counter(self):
        """The counter counts, and is as short as the issue that asked for it wanted."""
        counter = self.load("counting").Counter()
        page = renderLivePage(counter)
        self.assertIn('<output data-athena-part="1.count">0</output>', page.html)
        page.click("More")
        self.assertEqual(page.part(counter, "count"), '<output data-athena-part="1.count">1</output>')
        for name, most in (("counting.py", 12), ("counter.html", 6)):
            lines = (self.directory / name).read_text("utf-8").splitlines()
            self.assertLessEqual(len(list(filter(str.strip, lines))), most, name)

    def test_list(self):
        """Things are added and removed, as docs/testing.rst has it."""
        text = (DOCS / "testing.rst").read_text("utf-8")
        listing = text.partition("    def test_list(self):\n")[2].partition("\n\n=")[0]
        runListing(listing, Shopping=self.load("listing").Shopping, renderLivePage=renderLivePage, self=self)

    def test_asking(self):
        """Each item has a dialog of its own, in which the removal is confirmed."""
        careful = self.load("asking").Careful()
        careful.things = {1: "Tea", 2: "Milk"}
        page = renderLivePage(careful)
        for key in (1, 2):
            [button, dialog] = re.findall(rf'(?:commandfor|dialog id)="(athenaid:1-ask~{key})"', page.html)[:2]
            self.assertEqual(button, dialog)
        page.click("Yes", key=2)
        self.assertEqual(careful.things, {1: "Tea"})

    def test_form(self):
        """A form is taken, or what is wrong is said."""
        page = renderLivePage(self.load("ordering").Shop())
        errors = {"what": "Please fill in this field.", "amount": "Please enter 1 or more."}
        page.fill("amount", "0")
        self.assertEqual(self.successResultOf(page.submit()), errors)
        page.fill("amount", "2")
        for what, error in (("Coffee", {"what": "Coffee is sold out."}), ("Tea", None)):
            page.fill("what", what)
            self.assertEqual(self.successResultOf(page.submit()), error)

    def test_files(self):
        """A picture is kept under a name of the application, or what is wrong is said."""
        Album = self.load("picturing").Album
        Album.folder = self.directory
        page = renderLivePage(Album())
        page.fill("title", "Cat")
        page.fill("picture", StubFile("../cat.png", b"content", "image/png"))
        self.assertIsNone(self.successResultOf(page.submit("Add")))
        self.assertIn("Cat (cat.png, 7 bytes)", page.text)
        [key] = page.page.element.titles
        self.assertEqual((self.directory / key).read_bytes(), b"content")
        page.fill("picture", StubFile("cat.txt", b"content", "text/plain"))
        self.assertIn("Files of this kind", self.successResultOf(page.submit("Add"))["picture"])

    def test_drawing(self):
        """A chart has the names of SVG, and another bar after a click."""
        page = StubBrowser().open(self.load("charting").Chart())
        self.assertIn('viewBox="0 0 2 10"', page.html)
        self.assertIn("</linearGradient>", page.html)
        page.click("Add")
        self.assertEqual(page.part(page.page.element, "chart").count("<rect"), 3)

    def test_addresses(self):
        """The address says what is shown, at first, after a click, and when one goes back."""
        Shelf = self.load("shelving").Shelf
        page = StubBrowser().open(Shelf(), "/?kind=coffee")
        self.assertEqual(page.text, "Tea Coffee Harar")
        page.click("Tea")
        self.assertEqual((page.url, page.text), ("/?kind=tea", "Tea Coffee Assam, Sencha"))
        page.back()
        self.assertEqual((page.url, page.text), ("/?kind=coffee", "Tea Coffee Harar"))

    def test_shared(self):
        """What one person does is shown to the others."""
        Person = self.load("sharing").Person
        browser = StubBrowser()
        ann, bob = browser.open(Person()), browser.open(Person())
        ann.fill("name", "Tea")
        ann.submit()
        self.assertEqual(bob.text, "Tea Remove Add")
        bob.click("Remove")
        self.assertEqual((ann.text, bob.text), ("Add", "Add"))

    def test_names(self):
        """The module has its names, documented."""
        for name in athenalite.live.__all__:
            self.assertTrue(getattr(athenalite.live, name).__doc__, name)
