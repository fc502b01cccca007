# -*- test-case-name: tests.text.test_printable -*-
"""Text for a terminal: every character that could control it or mislead its reader is escaped."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._text.printable import printable


class PrintableTests(SynchronousTestCase):
    """printable"""

    @given(st.text(st.characters(codec=None, exclude_categories=())))
    def test_any(self, text):
        """No control, format, surrogate, or separator of lines and paragraphs is left."""
        made = printable(text)
        self.assertEqual(
            {unicodedata.category(one) for one in made} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, set()
        )
        self.assertTrue(made.isprintable())

    def test_kept(self):
        """Ordinary text is unchanged."""
        for text in ("", "text", "Müller, 日本語, العربية", "\\x1b [#error] 100 %"):
            self.assertEqual(printable(text), text)

    def test_escapes(self):
        """Other characters are escaped as in Python."""
        self.assertEqual(
            printable("\x1b[31m\r\n\x9b\u202e\u200b\u2028\ud800"), r"\x1b[31m\r\n\x9b\u202e\u200b\u2028\ud800"
        )
