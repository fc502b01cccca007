# -*- test-case-name: tests.live.test_compiled -*-
"""What a pattern with text in its slots has as its markup, and the difference of two."""

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._live.compiled import Compiled, flatMarkup, mark, since, textOf
from athenalite._live.versions import applied, difference

A, B = mark("a"), mark("b")
PATTERNS = [
    f'<li data-athena-key="{B}">{A}</li>',
    f'<li class="item">{A} &amp; {B}, {A}</li>',
    f'<li title="x {A} {B}"><b>{B}</b>, <i>a</i>{A}</li>',
]
TEXT = st.text(st.sampled_from("ab<>&\"' é\ufdd0"), max_size=4) | st.sampled_from("012")
TEXTS = st.fixed_dictionaries({"a": TEXT, "b": TEXT})


class CompiledTests(SynchronousTestCase):
    """Patterns that are compiled."""

    @settings(max_examples=300)
    @given(st.sampled_from(PATTERNS), TEXTS, TEXTS)
    def test_since(self, markup, one, other):
        """What is found by the texts is what is found by the markup."""
        pattern = Compiled(markup)
        old, new = pattern.filled(one), pattern.filled(other)
        self.assertEqual(new.since(old), difference(old.markup, new.markup))
        sent = since(old, new)
        self.assertEqual(sent if isinstance(sent, str) else applied(sent, old.markup), new.markup)

    def test_small(self):
        """Of several texts in a piece, one that has changed is enough; others are not sent."""
        pattern = Compiled(PATTERNS[1])
        old, new = pattern.filled({"a": "1", "b": "2"}), pattern.filled({"a": "1", "b": "3"})
        self.assertEqual(new.since(old), [4, "1 &amp; 3, 1<"])
        self.assertEqual(new.since(pattern.filled({"a": "1", "b": "3"})), [])

    def test_values(self):
        """What is no text, and a character that a parser changes, is left to others."""
        pattern = Compiled(PATTERNS[0])
        for odd in (None, 1, "a\0b"):
            self.assertIsNone(pattern.filled({"a": odd, "b": ""}))
        self.assertRaises(UnicodeEncodeError, pattern.filled, {"a": "a\ud800", "b": ""})

    def test_escaped(self):
        """More is escaped in an attribute."""
        filled = Compiled(PATTERNS[0]).filled({"a": '<&">', "b": '<&">'})
        self.assertEqual(filled.markup, '<li data-athena-key="&lt;&amp;&quot;&gt;">&lt;&amp;"&gt;</li>')
        self.assertEqual((flatMarkup(filled), textOf(filled)), (filled.markup.encode(), filled.markup))

    def test_equal(self):
        """Those with the same texts are equal, and have the same hash."""
        pattern = Compiled(PATTERNS[0])
        one, other = (pattern.filled({"a": "1", "b": number}) for number in ("2", "3"))
        self.assertEqual(one, pattern.filled({"a": "1", "b": "2"}))
        self.assertEqual(hash(one), hash(pattern.filled({"a": "1", "b": "2"})))
        self.assertNotEqual(one, other)

    def test_mixed(self):
        """Another rendering is compared by its markup."""
        filled = Compiled(PATTERNS[0]).filled({"a": "1", "b": "2"})
        self.assertEqual(since('<li data-athena-key="2">2</li>', filled), [4, "1<"])
        self.assertEqual(since(filled, '<li data-athena-key="2">2</li>'), [4, "2<"])
        self.assertEqual(since(filled, "<li>2</li>"), "<li>2</li>")
