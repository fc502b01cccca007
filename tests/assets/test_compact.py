# -*- test-case-name: tests.assets.test_compact -*-
"""Scripts as they are transferred."""

import re

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import DIRECTORY, MAIN, link
from athenalite._assets.compact import MARK, compact
from athenalite._assets.jslexer import tokensOf


def tokens(text):
    """The tokens of a script, each with whether it begins a line."""
    ends = 0
    for token in tokensOf(text):
        isClosing = token.text in (")", "]", "}")
        yield token.kind, token.text, ends > 0 and not isClosing and "\n" in text[ends : token.start]
        ends = token.end


def withoutUnused(script):
    """A script without the constants that are left out as it is compacted: those whose name nothing else has."""
    before = None
    while before != script:
        before = script
        for text, name in re.findall(r"(?m)^(const (\w+) = .*;\n)", script):
            if not re.search(rf"\b{name}\b", script.replace(text, "")):
                script = script.replace(text, "")
    return script


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
        """
        An end of line stays one, also that of a comment; empty lines, comments and indentation go, and the end of a
        line before a closing bracket.
        """
        self.assertCompact("// a\n\nreturn  // b\n    c\n\n/* d\n */ e /* f */ = 1", "return\nc\ne=1")
        self.assertCompact(
            "f(\n    [\n        1,\n    ],\n);\nif (a) {\n    b;\n}\nc;", "f(\n[\n1,],);\nif(a){\nb;}\nc;"
        )

    def test_client(self):
        """The scripts of the client have the same tokens, on the same lines as before, but for short names."""
        for path in (MAIN, DIRECTORY / "opener.js"):
            script, compacted = (link(path, isCompact).decode("utf-8") for isCompact in (False, True))
            self.assertLess(len(compacted), len(script))
            names = {}
            local, others = set(), set()
            left = iter(tokens(withoutUnused(script)))
            transferred = iter(tokens(compacted))
            for one in transferred:
                token = next(left)
                if one[1].startswith(("$", "#$")):
                    self.assertRegex(token[1], r"^[A-Z][A-Z0-9_]+$|^#\w+$")
                    names.setdefault(one[1], token[1])
                    one = one[0], names[one[1]], one[2]
                elif one[1] == token[1] and one[0] == "word":
                    others.add(one[1])
                elif one[0] == token[0] == "word":
                    local.add(one[1])
                    one = token
                elif one[1] == ":" != token[1]:
                    # {name} has become {name:n}
                    self.assertRegex(next(transferred)[1], "^[a-zA-Z]{1,2}$")
                    one = next(transferred)
                self.assertEqual(one, token)
            self.assertEqual(list(left), [])
            self.assertEqual(len(set(names.values())), len(names))
            # The name of a variable may be short by itself.
            self.assertEqual({name for name in local & others if len(name) > 1}, set())
            self.assertTrue(all(len(name) <= 2 for name in local))

    def test_marked(self):
        """Marked tokens have a mark on either side."""
        self.assertEqual(compact("a + bc", tokensOf("a + bc"), {4}), f"a+{MARK}bc{MARK}\n")

    def test_nothing(self):
        """Of a script without tokens nothing is left."""
        self.assertEqual(compact("// comment", []), "")
