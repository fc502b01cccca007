# -*- test-case-name: tests.test_i18n -*-
"""``athenalite.i18n`` is ``nevow.i18n``."""

import struct
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite import i18n, inevow
from athenalite import tags as T
from athenalite.appserver import NevowSite
from athenalite.context import Context
from athenalite.flat import flatten
from athenalite.i18n import I18NConfig, Translator, languagesFactory, ungettext
from athenalite.loaders import stan
from athenalite.rend import Page
from athenalite.testutil import FakeRequest
from tests.pages import InMemorySite


def asking(*languages):
    """Return a context whose request accepts these languages."""
    return Context(FakeRequest({"Accept-Language": ",".join(languages)}))


def compiled(texts):
    """Return a compiled file of translations (GNU gettext's manual, "The Format of GNU MO Files")."""
    header = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    pairs = [(one.encode(), other.encode()) for one, other in sorted({"": header, **texts}.items())]
    offset, tables, data = 28 + 16 * len(pairs), [b"", b""], b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<II", len(pair[side]), offset + len(data))
            data += pair[side] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0) + tables[0] + tables[1] + data


class TranslationTests(SynchronousTestCase):
    """Texts that are translated when they are shown."""

    def setUp(self):
        self.directory = self.mktemp()
        file = Path(self.directory, "de", "LC_MESSAGES", "shop.mo")
        file.parent.mkdir(parents=True)
        file.write_bytes(compiled({"Hello, %s": "Hallo, %s", "one\0many": "eins\0viele"}))
        self._ = Translator(domain="shop", localeDir=self.directory)

    def test_languages(self):
        """The languages of a request are sorted by their quality; of a regional one its language follows."""
        ctx = asking("en;q=0.5", "de-CH", "fr;q=0", "../x", "it;q=x;level=1")
        self.assertEqual(languagesFactory(ctx), ["de-CH", "de", "it", "en"])
        self.assertEqual(inevow.ILanguages(ctx), ["de-CH", "de", "it", "en"])
        self.assertEqual(languagesFactory(Context(None)), [])
        self.assertEqual(languagesFactory(Context(FakeRequest())), [])

    def test_shown(self):
        """A text is translated into a language that the request accepts, then its values are filled in."""
        document = T.p(title=self._("Hello, %s") % "a")[self._("Hello, %s") % ("<b>",)]
        self.assertEqual(flatten(document, asking("de-AT")), '<p title="Hallo, a">Hallo, &lt;b&gt;</p>')
        self.assertEqual(flatten(document, asking("fr")), '<p title="Hello, a">Hello, &lt;b&gt;</p>')
        self.assertEqual(flatten(document), '<p title="Hello, a">Hello, &lt;b&gt;</p>')

    def test_plural(self):
        """A plural is chosen by a number, also by Python 2's name of the function."""
        own = Translator(gettextFunction="ungettext", domain="shop", localeDir=self.directory)
        self.assertEqual([flatten(own("one", "many", n), asking("de")) for n in (1, 2)], ["eins", "viele"])
        self.assertEqual(flatten(ungettext("one", "many", 2)), "many")

    def test_config(self):
        """A site remembers where translations are, for texts without a domain of their own."""

        class Shop(Page):
            docFactory = stan(T.p[i18n._("Hello, %s") % "you"])

        site = InMemorySite(self)
        site.site = NevowSite(Shop(), reactor=site.clock)
        site.site.remember(I18NConfig("shop", self.directory), inevow.II18NConfig)
        self.assertEqual(site.request("/", Accept_Language="de").text, "<p>Hallo, you</p>")

    def test_render(self):
        """A renderer translates the text in its tag."""

        class Shop(Page):
            docFactory = stan(T.p(render=T.directive("i18n"))["Hello, %s", T.b["x"]])
            render_i18n = i18n.render(self._)

        site = InMemorySite(self)
        site.site = NevowSite(Shop(), reactor=site.clock)
        self.assertEqual(site.request("/", Accept_Language="de").text, "<p>Hallo, %s<b>x</b></p>")
        self.assertTrue(callable(i18n.render()))

    def test_translator(self):
        """A function may translate; a placeholder shows how it was made."""
        own = Translator(translator=lambda text, languages, case: f"{text}{languages}{case}", case=1)
        self.assertEqual(flatten(own("a"), asking("de")), "a['de']1")
        self.assertIn("('a',)", repr(own("a") % 1))
        self.assertTrue(repr(own("a") % 1).endswith(" % 1"))
