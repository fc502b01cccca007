# -*- test-case-name: tests.assets.test_compact -*-
"""Scripts as they are transferred."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import DIRECTORY, MAIN, link
from athenalite._assets.compact import compact
from athenalite._assets.jslexer import tokensOf


def tokens(text):
    """The tokens of a script, each with whether it begins a line."""
    ends = 0
    for token in tokensOf(text):
        yield token.kind, token.text, ends > 0 and "\n" in text[ends : token.start]
        ends = token.end


class CompactTests(SynchronousTestCase):
    """``compact``"""

    def assertCompact(self, script, expected):
        self.assertEqual(compact(script, tokensOf(script)), f"{expected}\n")

    def test_blanks(self):
        """Blanks stay only between what would become one token, or another one, without them."""
        for script, expected in (
            ("const a = b + c;", "const a=b+c;"),
            ("a + +b - -c + ++d", "a+ +b- -c+ ++d"),
            ("return /x y/ / 2", "return /x y/ / 2"),
            ("1 .toFixed()", "1 .toFixed()"),
            ("a < !--b", "a< !--b"),
            ("while (n-- > 0);", "while(n-- >0);"),
            ("export { a, b };", "export{a,b};"),
            ("f( 'a  b', `c  ${ d + e }  f` )", "f('a  b',`c  ${d+e}  f`)"),
            ("typeof é in ö", "typeof é in ö"),
            ("class A { static #b = 1 }", "class A{static#b=1}"),
        ):
            self.assertCompact(script, expected)

    def test_lines(self):
        """An end of line stays one, also that of a comment; empty lines, comments and indentation go."""
        self.assertCompact("// a\n\nreturn  // b\n    c\n\n/* d\n */ e /* f */ = 1", "return\nc\ne=1")

    def test_client(self):
        """The scripts of the client have the same tokens, on the same lines as before."""
        for path in (MAIN, DIRECTORY / "opener.js"):
            script, compacted = (link(path, isCompact).decode("utf-8") for isCompact in (False, True))
            self.assertLess(len(compacted), len(script))
            self.assertEqual(list(tokens(compacted)), list(tokens(script)))

    def test_nothing(self):
        """Of a script without tokens nothing is left."""
        self.assertEqual(compact("// comment", []), "")
