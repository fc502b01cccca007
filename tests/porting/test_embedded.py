# -*- test-case-name: tests.porting.test_embedded -*-
"""Markup in strings of Python."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.files import Source
from athenalite._porting.python import parsed

IMPORT = "from nevow import loaders, tags\n"
NAMESPACE = "http://nevow.com/ns/nevow/0.1"


def embedded(text):
    """Return the text and the kind of each."""
    return [(one.text, one.kind.name) for one in parsed(Source(f"{IMPORT}{text}\n".encode())).embedded]


class EmbeddedTests(SynchronousTestCase):
    """``embeddedIn``"""

    def test_loaders(self):
        """Templates, however the loader was imported."""
        for text in (
            "loaders.xmlstr('<p/>')",
            "from nevow.loaders import xmlstr as x\nx('''<p/>''')",
            "import athenalite.loaders\nathenalite.loaders.xmlstr('<p/>')",
            "loaders.xmlstr(template='<p/>')",
            "loaders.xmlstr(b'<p/>')",
            "loaders.xmlstr('<p/>'.strip().encode('utf-8'))",
        ):
            self.assertEqual(embedded(text), [("<p/>", "TEMPLATE")], text)

    def test_parts(self):
        """What is put together of strings has parts, which are no templates of their own."""
        for text, parts in (
            ("'<p>%s</p>' % x", ["<p>%s</p>"]),
            ("'<p>' + x + '</p>'", ["<p>", "</p>"]),
            ("'<p>{}</p>'.format(x)", ["<p>{}</p>"]),
            ("'<p>X</p>'.replace('X', x)", ["<p>X</p>"]),
            ("f'<p>{y}</p>'", ["<p>x</p>"]),
            ("'<p>' f'{y}' '</p>'", ["<p>x</p>"]),
        ):
            self.assertEqual(embedded(f"loaders.xmlstr({text})"), [(part, "PART") for part in parts], text)

    def test_markup(self):
        """Markup that is put into a page is another thing than a template."""
        for text in ("tags.xml('<p/>')", "tags.raw('<p/>')", "from nevow import stan\nstan.xml('<p/>')"):
            self.assertEqual(embedded(text), [("<p/>", "MARKUP")], text)
        self.assertEqual(embedded("tags.xml('<p>%s' % x)"), [("<p>%s", "MARKUP")])

    def test_constants(self):
        """A string with a namespace is a template wherever it is, once; in a variable it is a whole one."""
        text = f"<p xmlns:n='{NAMESPACE}'/>"
        self.assertEqual(embedded(f'T = "{text}"\nloaders.xmlstr(T)'), [(text, "TEMPLATE")])
        self.assertEqual(embedded(f'x = loaders.xmlstr("{text}")'), [(text, "TEMPLATE")])
        self.assertEqual(embedded(f'f("{text}")'), [(text, "PART")])
        self.assertEqual(embedded(f'x = "{text}" % y'), [(text, "PART")])
        self.assertEqual(embedded(f'x = "{NAMESPACE}"'), [])

    def test_others(self):
        """Other values, and other functions."""
        for text in ("loaders.xmlstr(x)", "loaders.xmlstr()", "xmlstr('')", "loaders.xmlstr(f('<p/>'))", "x.y('<p/>')"):
            self.assertEqual(embedded(text), [], text)
        self.assertEqual(embedded("loaders.xmlstr('<p/>'.upper())"), [])

    def test_lines(self):
        """The lines of a template in several strings are not those of the file."""
        [one] = parsed(Source(f"{IMPORT}loaders.xmlstr('<p>'\n'</p>\\n')".encode())).embedded
        self.assertEqual((one.text, one.isLiteral), ("<p></p>\n", False))
        [one] = parsed(Source(f"{IMPORT}loaders.xmlstr('''<p>\n</p>''')".encode())).embedded
        self.assertEqual((one.text, one.isLiteral), ("<p>\n</p>", True))
