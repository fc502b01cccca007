# -*- test-case-name: tests.page.test_appearance -*-
"""How pages present themselves."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import LiveElement, LivePage
from athenalite._page.appearance import Appearance, noscriptOf, titleOf


class TitleTests(SynchronousTestCase):
    """``titleOf``"""

    def test_words(self):
        """A title is made of the words of a class's name, without what says only that it is an element."""
        for name, title in {
            "ChatterElement": "Chatter",
            "PriceListWidget": "Price list",
            "HTTPLogPage": "HTTPLog",
            "Element": "Element",
            "RSSFragment": "RSS",
            "MyTV": "My TV",
        }.items():
            self.assertEqual(titleOf(type(name, (), {})), title)


class AppearanceTests(SynchronousTestCase):
    """``Appearance``"""

    def test_defaults(self):
        """Pages and elements have the same."""
        for cls in (LivePage, LiveElement):
            found = cls.pageTitle, cls.pageLang, dict(cls.pageTexts), cls.pageReloads
            self.assertEqual(found, (None, "en", {}, False))

    def test_takeAppearance(self):
        """What is at its default is taken from the other, and nothing else."""
        one, other = Appearance(), Appearance()
        one.pageLang = "fr"
        other.pageLang, other.pageTitle, other.pageReloads = "de", "Titel", True
        one.takeAppearance(other)
        self.assertEqual((one.pageTitle, one.pageLang, one.pageReloads), ("Titel", "fr", True))

    def test_noscript(self):
        """The text for browsers without scripts is in the page's language, or English, or the application's."""
        appearance = Appearance()
        self.assertIn("needs JavaScript", noscriptOf(appearance))
        for lang, text in {"de": "braucht", "DE-at": "braucht", "fr-CA": "besoin", "tlh": "needs"}.items():
            appearance.pageLang = lang
            self.assertIn(text, noscriptOf(appearance))
        appearance.pageTexts = {"noscript": "mine"}
        self.assertEqual(noscriptOf(appearance), "mine")
