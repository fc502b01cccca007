# -*- test-case-name: tests.core.test_json -*-
"""JSON that both sides can read, and nothing else. How messages use it is in ``test_wire``."""

import json
from collections import OrderedDict

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.json import (
    MAX_DEPTH,
    TooDeep,
    _encoder,
    _withoutSurrogates,
    encode,
    memoryOf,
    parse,
    quoted,
    utf8,
    wellFormed,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
STRINGS = st.text(alphabet=st.sampled_from('a\\u"\xe9\ud83d\ude00\U0001f600'), max_size=4)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


def nested(levels):
    """Return lists nested so deep."""
    value = []
    for _ in range(levels - 1):
        value = [value]
    return value


class RoundTripTests(SynchronousTestCase):
    """Encoding and parsing."""

    @given(VALUES)
    def test_values(self, value):
        """Every JSON value is the same after encoding and parsing."""
        self.assertEqual(parse(encode(value).decode("utf-8")), value)

    @given(st.text())
    def test_strings(self, text):
        """So does every string by itself."""
        said = utf8(quoted(text))
        self.assertEqual(said, encode(text))
        self.assertEqual(parse(said.decode("utf-8")), text)

    def test_withoutC(self):
        """The same is encoded where Python has no encoder in C, or another one."""
        for make in (None, lambda: None, lambda *args: lambda value, level: ("other",)):
            self.assertEqual(_encoder(make)([{"a": [1.5, None, "\u20ac"]}, "b"]), '[{"a":[1.5,null,"\u20ac"]},"b"]')

    def test_circular(self):
        """A value that contains itself is refused."""
        value = []
        value.append(value)
        self.assertRaises(TypeError, encode, value)

    def test_surrogates(self):
        """A lone surrogate is U+FFFD in what is sent; a pair is its character, and other text is as it was."""
        self.assertEqual(
            encode({"a\ud800": ["\udc00", "\ud83d\udc4b"]}).decode("utf-8"), '{"a\ufffd":["\ufffd","\U0001f44b"]}'
        )
        self.assertEqual(wellFormed("\ufeffa\x00\ud83d"), "\ufeffa\x00\ufffd")

    def test_depth(self):
        """Both sides have the same bound on nesting: what one encodes at the bound, the other parses."""
        deepest = nested(MAX_DEPTH)
        self.assertEqual(parse(encode(deepest).decode("utf-8")), deepest)
        self.assertRaises(TypeError, encode, [deepest])
        self.assertEqual(encode((deepest[0],)), encode(deepest))
        self.assertRaises(TypeError, encode, ({"": (deepest[0],)},))
        self.assertRaises(TypeError, encode, OrderedDict({"": (deepest,)}))
        self.assertRaises(TooDeep, parse, json.dumps([deepest]))
        self.assertRaises(TooDeep, parse, "[" * 100_000 + "]" * 100_000)

    def test_memoryOf(self):
        """The memory of a value includes its keys, and nested values at any depth."""
        self.assertLess(memoryOf("x" * 1000), 1100)
        for value, least in (([[]] * 100, 6000), ({"k" * 1000: None}, 1000), ([{"a": ["x" * 5000]}], 5000)):
            self.assertGreater(memoryOf(value), least)


class RefusalTests(SynchronousTestCase):
    """Refused values and texts."""

    def test_encodeRefused(self):
        """A value that is not JSON, or that a browser cannot read, is a TypeError."""
        circle = []
        circle.append(circle)
        for odd in (float("nan"), float("inf"), b"x", {1}, object(), circle, 10**309, [10**400]):
            self.assertRaises(TypeError, encode, odd)

    def test_parseRefused(self):
        """A text that is not JSON is a ValueError, also one that only Python accepts."""
        for odd in ("", "NaN", "[Infinity]", "1e999", "[1] 2", "[1]]", "[", "'a'", "[1,]"):
            self.assertRaises(ValueError, parse, odd)

    @given(st.recursive(STRINGS, lambda inner: st.lists(inner) | st.dictionaries(STRINGS, inner)), st.booleans())
    def test_surrogatesOnly(self, value, isEscaped):
        """A text that has no surrogates, escaped or not, is not looked through; the value is the same as if it was."""
        text = json.dumps(value, ensure_ascii=isEscaped)
        self.assertEqual(parse(text), _withoutSurrogates(json.loads(text)))

    def test_blanks(self):
        """Surrounding blanks are allowed, though our client writes none."""
        self.assertEqual([parse(text) for text in (" [1]", "[1] ", "\t1\n")], [[1], [1], 1])
