# -*- test-case-name: tests.live.test_patterns -*-
"""A pattern that is flattened once gives what Twisted's flattener gives."""

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite import tags
from athenalite._live.compiled import flatMarkup
from athenalite._live.patterns import ItemPattern, keyed
from athenalite._live.rendering import KEY
from athenalite.loaders import xmlstr
from athenalite.page import Element
from athenalite.stan import raw
from tests.pages import NAMESPACES

TEXT = st.text(st.sampled_from("ab<>&\"' é\0\ufdd0{}"), max_size=6)
VALUES = TEXT | st.integers() | st.floats(allow_nan=False) | st.just(raw("<b>bold</b>")) | st.builds(tags.i, TEXT)
PATTERNS = [
    '<li class="item"><nevow:slot name="a" /> &amp; <nevow:slot name="b" /></li>',
    '<li><nevow:attr name="title">x &quot;<nevow:slot name="a" />"</nevow:attr><b><nevow:slot name="b" /></b></li>',
    '<li><textarea><nevow:slot name="a" /></textarea><nevow:slot name="b" /></li>',
    '<li><pre><nevow:slot name="a" /></pre><nevow:slot name="c" default="&lt;c" /></li>',
    '<li><nevow:slot name="a" /><i nevow:render="inner" /></li>',
]


def render(pattern, *given):
    """Return the markup of an item as Twisted writes it."""
    return flatMarkup(pattern.fill(*given))


class Items(Element):
    """Has a renderer for patterns."""

    def lookupRenderMethod(self, name):
        return lambda request, tag: tag["inner"]


def patternOf(markup):
    """The node of a template's pattern."""
    return xmlstr(f"<ul {NAMESPACES}>{markup}</ul>").load()[0].children[0]


class PatternTests(SynchronousTestCase):
    """Items of one pattern."""

    @settings(max_examples=200, deadline=None)
    @given(st.sampled_from(PATTERNS), TEXT, st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=3))
    def test_same(self, markup, key, values):
        """Whatever a renderer fills in, the markup is that of the flattener."""
        pattern, element = ItemPattern(patternOf(markup)), Items()
        for a, b in values:
            found = render(
                pattern, element, lambda _, request, tag, item: tag.fillSlots(a=item[0], b=item[1]), key, (a, b)
            )
            self.assertEqual(found, keyed(element, patternOf(markup).fillSlots(a=a, b=b), KEY, key))

    def test_compiled(self):
        """Where only slots are filled with text, the flattener is not used."""
        pattern, element = ItemPattern(patternOf(PATTERNS[0])), Items()
        tags_ = []

        def fill(_, request, tag, item):
            tags_.append(tag)
            return tag.fillSlots(a="1", b=2)

        render(pattern, element, fill, "k", None)
        self.assertTrue(tags_[0].isUntouched)
        self.assertEqual(
            render(pattern, element, fill, '"', None), b'<li class="item" data-athena-key="&quot;">1 &amp; 2</li>'
        )

    def test_corrected(self):
        """A pattern of which an HTML parser may need other markup gives what Twisted writes, to be corrected."""
        element = Items()
        for markup, isFlat in ((PATTERNS[0], False), (PATTERNS[2], True), (PATTERNS[3], True)):
            fill = lambda _, request, tag, item: tag.fillSlots(a="\n1", b="2", c="3")  # noqa: E731
            found = ItemPattern(patternOf(markup)).fill(element, fill, "k", None)
            self.assertEqual(isinstance(found, bytes), isFlat)

    def test_touched(self):
        """A renderer may do anything to its tag, and the next one has a new copy."""
        pattern, element = ItemPattern(patternOf(PATTERNS[0])), Items()
        for text in ("one", "two"):
            fill = lambda _, request, tag, item: tag(class_=item, id="x").fillSlots(a=item, b="")["more"]  # noqa: E731
            expected = f'<li class="{text}" id="x" data-athena-key="k">{text} &amp; more</li>'
            self.assertEqual(render(pattern, element, fill, "k", text).decode(), expected)
        other = render(pattern, element, lambda *_: ["not the ", "tag"], "k", None)
        self.assertEqual(other, b'<li class="item" data-athena-key="k">not the tag</li>')
        taken = render(pattern, element, lambda _, request, tag, item: tag.clear()["c"], "k", None)
        self.assertEqual(taken, b'<li class="item" data-athena-key="k">c</li>')
