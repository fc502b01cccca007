# -*- test-case-name: tests.porting.test_tagcalls -*-
"""What tags in Python had for Nevow."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.files import Source
from athenalite._porting.python import parsed

IMPORTS = "from nevow import tags as T\nfrom nevow.tags import p, directive\nfrom nevow import stan\n"


class TagCallsTests(SynchronousTestCase):
    """``findingsOf`` and ``directivesOf``"""

    def look(self, text):
        """Return what is found in a line."""
        return parsed(Source(f"{IMPORTS}{text}\n".encode()))

    def test_keywords(self):
        """Keywords that were no attributes; other functions and the attribute of objects have them."""
        for text in ("T.ul(data=x)", "p(key='x')", "T.invisible(macro=f)[x]", "T.p[T.b(remember=x)]"):
            [note] = [note for note in self.look(text).notes if note.code == "T402"]
            self.assertIn("is not supported", note.message, text)
        for text in ("T.object(data='x.svg')", "sorted(x, key=y)", "post(data=x)", "T.p(title='data')", "x.p(data=1)"):
            self.assertEqual([note for note in self.look(text).notes if note.code == "T402"], [], text)

    def test_starred(self):
        """Tags of a star import; other names are what they are."""
        source = "from nevow.tags import *\n%s\n"
        for text in ("ul(data=x)", "invisible(data=x, render=directive('y'))"):
            notes = parsed(Source((source % text).encode())).notes
            self.assertEqual([note.code for note in notes if note.code[0] != "N"], ["T402"], text)
        for text in ("sorted(x, key=y)", "map(f, key=y)", "def ul(): pass\nul(data=x)"):
            notes = parsed(Source((source % text).encode())).notes
            self.assertEqual([note.code for note in notes if note.code[0] != "N"], [], text)
        self.assertEqual(
            [name for _, name in parsed(Source((source % "p(render=directive('x'))").encode())).directives], ["x"]
        )

    def test_documentType(self):
        """Whole documents of live pages without a document type."""
        start = "from nevow import loaders\n"
        head = "T.head(render=directive('liveglue'))"
        for text in (f"loaders.stan(T.html[{head}])", f"loaders.stan(stan=T.html(lang='x')[{head}])"):
            self.assertEqual([one.code for one in self.look(start + text).notes if one.code[0] != "N"], ["T404"], text)
        for text in (
            f"loaders.stan([T.xml('<!DOCTYPE html>'), T.html[{head}]])",
            f"loaders.stan(T.div[T.html[{head}]])",
            f"f(T.html[{head}])",
            "loaders.stan(T.html[T.head])",
            "loaders.stan(html)",
        ):
            self.assertEqual([one.code for one in self.look(start + text).notes if one.code[0] != "N"], [], text)

    def test_blocked(self):
        """Handlers in variables, elements, and other hosts; the rest is found without names, or is not blocked."""
        for text in (
            "T.a(onclick=js)",
            "p(onfocus=self.js)",
            "T.img(src='http://a.example/b.png')",
            "T.base(href='/')",
            "T.script(src='//a.example/b.js')",
            "T.form(action='https://a.example/')",
        ):
            self.assertEqual([note.code for note in self.look(text).notes if note.code[0] != "N"], ["A205"], text)
        for text in (
            "T.a(onclick='x()')",
            "f(onclick=js)",
            "T.img(src='/b.png')",
            "T.script['x']",
            "T.img(src=x)",
            "T.a(href='javascript:x()')",
            "T.script(src=x)",
        ):
            self.assertEqual([note for note in self.look(text).notes if note.code[0] != "N"], [], text)

    def test_directives(self):
        """Directives name renderers, wherever they stand."""
        for text in ("T.ul(render=T.directive('x'))", "p[directive('x')]", "stan.directive('x')"):
            self.assertEqual([name for _, name in self.look(text).directives], ["x"], text)
        for text in ("directive(x)", "directive()", "f('x')"):
            self.assertEqual(self.look(text).directives, [], text)
