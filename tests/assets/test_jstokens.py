# -*- test-case-name: tests.assets.test_jstokens -*-
"""Tokens of JavaScript: whether a slash behind them divides, and where they end."""

from unittest import TestCase

from athenalite._assets.jstokens import Role, Token


class TokenTests(TestCase):
    """``Token``"""

    def test_endsValue(self):
        """A slash divides behind a value and a bracket that ends one, and not behind an operator or a block."""
        for kind, text, role, expected in (
            ("value", "3", None, True),
            ("word", "name", None, True),
            ("word", "return", None, False),
            ("punctuation", "++", None, True),
            ("punctuation", "+", None, False),
            ("punctuation", ")", Role.VALUE, True),
            ("punctuation", ")", Role.CONTROL, False),
            ("punctuation", "(", Role.VALUE, False),
            ("punctuation", "}", Role.OBJECT, True),
            ("punctuation", "}", Role.BLOCK, False),
        ):
            with self.subTest(text=text, role=role):
                self.assertEqual(Token(kind, text, 0, role).endsValue, expected)

    def test_name(self):
        """A keyword that is a name because of its place ends a value, and is not taken for the keyword."""
        word = Token("word", "return", 4, None)
        self.assertEqual((word.isOne("word", "return"), word.end), (True, 10))
        name = word._replace(isName=True)
        self.assertEqual((name.isOne("word", "return"), name.endsValue), (False, True))
