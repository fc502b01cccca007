# -*- test-case-name: tests.assets.test_jslexer -*-
"""The tokens of JavaScript, and whether a slash divides."""

import contextlib
import re
import time

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets import jslexer
from athenalite._assets.jslexer import tokensOf
from athenalite._assets.jstokens import LexicalError

#: A regular expression that is one token; misread, it would be several, or an unclosed text.
REGEXP = "/[/'`{]/g"

#: After these a regular expression begins.
BEFORE_REGEXP = (
    "",
    "#!/usr/bin/node '\n",
    "a;",
    "a = ",
    "a(",
    "[",
    "a, ",
    "!",
    "a ? ",
    "a ?? ",
    "a ??= ",
    "a => ",
    "...",
    "return ",
    "typeof ",
    "export default ",
    "case ",
    "case a: ",
    "label: ",
    "a ? b : ",
    "x = { a: ",
    "if (x) ",
    "if (f(x)) ",
    "while (x) ",
    "for (;;) ",
    "for (const a of ",
    "for await (const a of b) ",
    "with (a) ",
    "do x; while (a) ",
    "else ",
    "{ } ",
    "if (x) { } ",
    "switch (x) { } ",
    "try { } catch { } ",
    "try { } finally { } ",
    "label: { } ",
    "function f() { } ",
    "async function* f(a = {}, { b } = {}) { } ",
    "export default function () { } ",
    "export async function f() { } ",
    "class A { } ",
    "class A extends B { m() { } } ",
    "class A { static { ",
    "class A { x = ",
    "const f = () => { }\n",
    "import { a } from 'b'\n",
    "import 'b'\n",
    "import a from 'b' with { type: 'json' }\n",
    "export { a }\n",
    "a\n{ } ",
    "a\nfunction f() { } ",
    "`${",
    "`${a} ${",
)

#: After these a slash divides.
BEFORE_DIVISION = (
    "a ",
    "a\n",
    "1 ",
    "1.5e+3 ",
    ".5 ",
    "0x1f ",
    "1_000n ",
    "a.return ",
    "a?.if ",
    "a.of ",
    "of ",
    "this ",
    "this.#if ",
    "'a' ",
    "`a` ",
    "`${a}` ",
    "`${`${a}`}` ",
    "/a/ ",
    "(a) ",
    "f(a) ",
    "a.if(b) ",
    "a[0] ",
    "[] ",
    "a++ ",
    "a-- ",
    "\\u0069f (a) ",
    "n\u0303 ",
    "x = { } ",
    "x = { if(a) { } } ",
    "x = { class: { } } ",
    "x = a ? { } : { } ",
    "x = function () { } ",
    "x = function* () { return { } } ",
    "x = async function () { } ",
    "x = class { } ",
    "x = class A extends f({}) { } ",
    "(function () { }) ",
    "a ? b : c ",
    "import.meta ",
)


class SlashTests(SynchronousTestCase):
    """A slash divides after a value, and begins a regular expression elsewhere."""

    def closed(self, text):
        """Return the text with its open brackets closed, so that it is tokenized to its end."""
        closing, stack = {"(": ")", "[": "]", "{": "}", "${": "}`"}, []
        for token in _opened(text):
            stack.append(closing[token])
        return "".join(reversed(stack))

    def test_regexp(self):
        """Where a value is expected, it begins a regular expression."""
        for before in BEFORE_REGEXP:
            text = before + REGEXP
            tokens = list(tokensOf(text + self.closed(before)))
            [found] = [token for token in tokens if token.start == len(before)]
            self.assertEqual((found.kind, found.text), ("value", REGEXP), before)

    def test_division(self):
        """After a value, it divides."""
        for before in BEFORE_DIVISION:
            tokens = list(tokensOf(before + "/ a / b"))
            [found] = [token for token in tokens if token.start == len(before)]
            self.assertEqual((found.kind, found.text), ("punctuation", "/"), before)

    def test_classes(self):
        """A slash in brackets, or after a backslash, does not end a regular expression; nor does /* begin there."""
        for text in ("/[/]/", r"/\//u", r"/[\]/]/", "/[[/]/v", "/[/*]/", "/a{1,2}(?:b)/dgimsuy", "/[^]/"):
            self.assertEqual([token.text for token in tokensOf(text)], [text])


def _opened(text):
    """Return the brackets that one of the texts above leaves open."""
    opened = []
    for index, character in enumerate(text):
        if text.startswith("${", index):
            opened.append("${")
        elif character in "([" or (character == "{" and text[index - 1 : index] != "$"):
            opened.append(character)
        elif character in ")]}":
            opened.pop()
    return opened


class TokenTests(SynchronousTestCase):
    """The extent of each token."""

    def texts(self, text):
        return [token.text for token in tokensOf(text)]

    def test_places(self):
        """Tokens are at their offsets, in order, with only blanks and comments between them."""
        text = "#!x\na /* ' */ + // \"\n`b${{c: `d`}}e` - '\\\r\n' ?.5:...f?.g"
        end = 0
        for token in tokensOf(text):
            self.assertEqual(text[token.start : token.end], token.text)
            self.assertGreaterEqual(token.start, end)
            end = token.end
        self.assertEqual(
            self.texts(text),
            [
                "a",
                "+",
                "`b${",
                "{",
                "c",
                ":",
                "`d`",
                "}",
                "}e`",
                "-",
                "'\\\r\n'",
                "?",
                ".5",
                ":",
                "...",
                "f",
                "?.",
                "g",
            ],
        )

    def test_words(self):
        """Identifiers have escapes, combining marks and letters of any plane; private names have a #."""
        for text in ("\\u0061b", "\\u{61}b", "#secret", "$_1", "n\u0303", "\u4f60\u597d", "\U00020000", "a\u200db"):
            self.assertEqual([(token.kind, token.text) for token in tokensOf(text)], [("word", text)])

    def test_htmlComments(self):
        """The comment marks of old scripts are operators in a module."""
        self.assertEqual(self.texts("a <!--b"), ["a", "<", "!", "--", "b"])
        self.assertEqual(self.texts("a-->b"), ["a", "--", ">", "b"])

    def test_names(self):
        """A keyword that names a property or a member is a name."""
        for text in (
            "a.import",
            "a?.import",
            "x = { import: 1 }",
            "x = { a, import() {} }",
            "x = { a: 1, async import() {} }",
            "x = { *import() {} }",
            "x = { async *import() {} }",
            "x = { get import() {} }",
            "class A { import() {} }",
            "class A { a = 1\n import() {} }",
            "class A { a() {} static async *import() {} }",
            "class A { import; }",
            "class A { static import = 1 }",
            "const { import: a } = b",
            "function f({ import: a }) {}",
        ):
            self.assertEqual([token.isName for token in tokensOf(text) if token.text == "import"], [True], text)
        for text in (
            "import 'a'",
            "x = { a: import('a') }",
            "x = { [import('a')]: 1 }",
            "x = { a: 2 * import('a') }",
            "x = { ...import('a') }",
            "x = { a() { import('a') } }",
            "class A { x = import('a') }",
            "class A { x =\n2 * import('a') }",
            "class A { static { import('a') } }",
            "f(...import('a'))",
        ):
            self.assertEqual([token.isName for token in tokensOf(text) if token.text == "import"], [False], text)

    def test_refused(self):
        """An unclosed token and an unmatched bracket are errors with an offset."""
        for text, start in (
            ("a 'b\n'", 2),
            ("`a", 0),
            ("`${a", 4),
            ("a = /b\n/", 4),
            ("/[/", 0),
            ("a /* b", 2),
            ("(a]", 2),
            ("a}", 1),
            ("{", 1),
        ):
            self.assertEqual(self.assertRaises(LexicalError, list, tokensOf(text)).start, start, text)


PIECES = ("'", '"', "`", "${", "}", "{", "(", ")", "[", "]", "/", "/*", "*/", "//", "\n", "\\", "a", "1", ".", "#")
WORDS = ("if", "of", "class ", "function ", "import", "export ", "extends ", "async ", "static ", "=>", "?", ":", "*")


class AnythingTests(SynchronousTestCase):
    """Unusual texts."""

    isMeasured = False

    @given(st.lists(st.sampled_from(PIECES + WORDS) | st.text(max_size=2), max_size=40).map("".join))
    def test_anything(self, text):
        """Any text is tokenized, or is a LexicalError at a place within it."""
        try:
            tokens = list(tokensOf(text))
        except LexicalError as error:
            self.assertLessEqual(error.start, len(text))
        else:
            self.assertTrue(all(text[token.start : token.end] == token.text for token in tokens))

    def test_linear(self):
        """The time is linear in the length, for any repeated text."""
        for piece in (
            *PIECES,
            *WORDS,
            "a/",
            "/[",
            "\\u",
            "`${",
            "import(",
            "1.",
            "a\n",
            "/a/ ",
            "'\\",
            "/*/",
            "{a:",
            "?a:",
        ):
            times = [_timeOf(piece * count) for count in (1_000, 8_000)]
            # Eight times the text takes eight times as long; quadratic, sixty-four times.
            self.assertLess(times[1], 30 * times[0] + 0.02, piece)


def _timeOf(text):
    """Return the least processor time that it takes."""
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        with contextlib.suppress(LexicalError):
            list(tokensOf(text))
        best = min(best, time.process_time() - began)
    return best


class PatternTests(SynchronousTestCase):
    """The patterns of the lexer."""

    def test_groups(self):
        """None has a possessive group, which Python before 3.11.5 matches wrongly (CPython issue 106052)."""
        patterns = [one.pattern for one in vars(jslexer).values() if isinstance(one, re.Pattern)]
        self.assertGreater(len(patterns), 5)
        for pattern in patterns:
            self.assertNotRegex(pattern, r"\)[*+?]\+|\(\?>")
