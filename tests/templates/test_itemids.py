# -*- test-case-name: tests.templates.test_itemids -*-
"""Ids in the pattern of a list's items are different in each item."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import flattenString

from athenalite._templates.itemids import ITEM_SLOT, suffixOf, withItemIds
from athenalite._templates.rewriting import ID_SLOT, rewriteAthenaIds
from athenalite._text.nodes import placed
from athenalite.loaders import xmlstr
from athenalite.stan import Tag
from tests.pages import NAMESPACES


def flat(case, node, **slots):
    """The HTML of a document with these slots."""
    return case.successResultOf(flattenString(None, Tag("")(node).fillSlots(**slots))).decode()


class ItemIdTests(SynchronousTestCase):
    """The pattern of an item."""

    def shown(self, inner, isLive=True):
        """The HTML of this content in the item with the key 5, in the widget with the number 7."""
        [item] = xmlstr(f"<li {NAMESPACES}>{inner}</li>").load()
        if isLive:
            rewriteAthenaIds([item])
        html = flat(self, withItemIds(item), **{ID_SLOT: "7", ITEM_SLOT: "5"})
        return html.partition(">")[2].removesuffix("</li>")

    def test_references(self):
        """An id of the item ends in its key, and so does what refers to it."""
        for markup in (
            '<label for="%s"></label><input id="%s" />',
            '<button popovertarget="%s" commandfor="%s"></button><dialog id="%s"></dialog>',
            '<output for="%s"></output><p id="%s" aria-labelledby="%s"></p>',
            '<i style="mask: url(#%s)"></i><b id="%s"></b>',
            '<g id="%s"></g><use href="#%s"></use>',
        ):
            count = markup.count("%s")
            self.assertEqual(self.shown(markup % (("a",) * count)), markup % (("athenaid:7-a~5",) * count))
            self.assertEqual(self.shown(markup % (("a",) * count), isLive=False), markup % (("a~5",) * count))

    def test_others(self):
        """A reference to an id elsewhere in the template is left as it is."""
        shown = self.shown('<b id="a"></b><i aria-describedby="a hint a"></i>')
        self.assertIn('aria-describedby="athenaid:7-a~5 athenaid:7-hint athenaid:7-a~5"', shown)
        shown = self.shown('<b id="a"></b><i aria-describedby="hint a" style="mask: url(#hint)"></i>', isLive=False)
        self.assertIn('aria-describedby="hint a~5" style="mask: url(#hint)"', shown)

    def test_patterns(self):
        """An id in a pattern of the item, or in a slot's default, is one of the item."""
        [item] = xmlstr(
            f"""<li {NAMESPACES}><b nevow:pattern="more" id="a" /><nevow:slot name="x"><i id="b" /></nevow:slot>
            <u aria-owns="a b" /></li>"""
        ).load()
        keyed = withItemIds(item)
        more = flat(self, keyed.onePattern("more"), **{ITEM_SLOT: "5"})
        self.assertEqual(more, '<b id="a~5"></b>')
        self.assertIn('aria-owns="a~5 b~5"', flat(self, keyed, **{ITEM_SLOT: "5", "x": ""}))

    def test_template(self):
        """The pattern itself is not changed, and one without ids is itself."""
        [item] = xmlstr('<li><b id="a"/></li>').load()
        self.assertIsNot(withItemIds(item), item)
        self.assertEqual(flat(self, item), '<li><b id="a"></b></li>')
        [item] = xmlstr('<li><b aria-owns="a"/></li>').load()
        self.assertIs(withItemIds(item), item)

    def test_pattern(self):
        """A pattern in the item is still not shown where it stands."""
        [item] = xmlstr(f'<li {NAMESPACES}><b id="a"/><i id="c" nevow:pattern="one"/></li>').load()
        item.children = [placed(child) for child in item.children]
        self.assertTrue(flat(self, withItemIds(item), **{ITEM_SLOT: "5"}).endswith('><b id="a~5"></b></li>'))

    def test_suffix(self):
        """What would end an id is written otherwise."""
        self.assertEqual([suffixOf(key) for key in ("7", "a-é_1", "a b", "a)~")], ["7", "a-é_1", "a~20~b", "a~29~~7e~"])

    @given(st.text("ab2~ )", max_size=6), st.text("ab2~ )", max_size=6))
    def test_different(self, one, other):
        """Different keys have different ids, without blanks."""
        self.assertEqual(suffixOf(one) == suffixOf(other), one == other)
        self.assertNotIn(" ", suffixOf(one))
