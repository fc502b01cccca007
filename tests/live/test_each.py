# -*- test-case-name: tests.live.test_each -*-
"""Lists whose items are rendered one by one."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError

from athenalite._live.versions import applied
from athenalite.live import LiveElement, SharedElement, expose, part, renderer, xmlstr
from athenalite.testing import StubBrowser
from tests.live.test_parts import PartTestCase, template
from tests.pages import NAMESPACES


class Rows(LiveElement):
    """Rows from numbers to texts."""

    docFactory = template(
        '<ul nevow:render="rows">\n<!-- a comment --><li nevow:pattern="item"><nevow:slot name="text" /></li>'
        '<li nevow:pattern="empty">none</li></ul>'
    )

    def __init__(self, rows=()):
        super().__init__()
        self.all = dict(rows)
        self.rendered = []

    @part.each("all")
    def rows(self, request, tag, item):
        self.rendered.append(item)
        if item == "fail":
            raise ValueError(item)
        return tag.fillSlots(text=item)

    @expose
    def change(self, changes):
        for key, text in changes:
            self.all.pop(key, None)
            if text is not None:
                self.all[key] = text
            self.rerender("rows", key)


class Fetched(Mapping[int, str]):
    """Items that are elsewhere: notes which are fetched."""

    def __init__(self, items):
        self.inner = items
        self.fetched = []

    def __iter__(self):
        return iter(self.inner)

    def __len__(self):
        return len(self.inner)

    def __getitem__(self, key):
        self.fetched.append(key)
        return self.inner[key]


class Fields(Rows):
    """Rows with a label and its field."""

    docFactory = template(
        '<ul nevow:render="rows"><li nevow:pattern="item"><label for="f"><nevow:slot name="text" /></label>'
        '<input id="f" /></li></ul>'
    )

    @part.each("all")
    def rows(self, request, tag, item):
        tag.fillSlots(text=item)
        # A renderer that changes its node, one that wraps it, and the usual one.
        return {"changed": lambda: tag(class_="x"), "wrapped": lambda: [tag.clone(), "!"]}.get(item, lambda: tag)()


def item(key, text):
    """The markup of an item."""
    return f'<li data-athena-key="{key}">{text}</li>'


class EachTests(PartTestCase):
    """A few rows."""

    def element(self):
        return Rows((number, f"row {number}") for number in range(4))

    def change(self, *changes):
        self.board.rendered.clear()
        self.page.call(self.board, "change", [list(one) for one in changes])
        return self.shows()

    def test_first(self):
        """The document has the items with their keys."""
        items = "".join(item(number, f"row {number}") for number in range(4))
        self.assertIn(f'<ul data-athena-part="1.rows">{items}</ul>', self.page.html)

    def test_one(self):
        """Only the item that has changed is rendered and sent, the second time as pieces."""
        self.board.all[2] = "new"
        self.board.rerender("rows", 2)
        self.browser.advance()
        self.assertEqual(self.board.rendered[4:], ["new"])
        self.assertEqual(self.shows(), [("1.rows", [[["2", item(2, "new")]], []])])
        self.board.all[2] = "newer"
        self.board.rerender("rows", "2")
        self.browser.advance()
        self.assertEqual(self.shows(), [("1.rows", [[["2", [4, "newer<"]]], []])])

    def test_order(self):
        """The order of the dict is the order: what is moved is not sent again."""
        self.assertEqual(self.change((0, "row 0")), [("1.rows", [[], [["0", None]]])])
        self.assertEqual(self.board.rendered, ["row 0"])

    def test_gone(self):
        """An item that is gone is removed, and the last one replaced by the node for none."""
        self.assertEqual(
            self.change((1, None), (9, "new")), [("1.rows", [[["1", None], ["9", item(9, "new")]], [["9", None]]])]
        )
        [(_, [changes, moves])] = self.change((0, None), (2, None), (3, None), (9, None))
        self.assertEqual(changes, [*([key, None] for key in "0239"), [None, '<li data-athena-empty="">none</li>']])
        self.assertEqual(moves, [[None, None]])
        self.assertEqual(self.change((1, "x")), [("1.rows", [[[None, None], ["1", item(1, "x")]], [["1", None]]])])

    def test_others(self):
        """What is new without a mark is shown, because it is in the order."""
        self.board.all[7] = "unmarked"
        self.board.rerender("rows", 0)
        self.browser.advance()
        self.assertEqual(self.shows(), [("1.rows", [[["7", item(7, "unmarked")]], [["7", None]]])])

    def test_last(self):
        """What is moved is known although the last item is the same as before, if that was put there again."""
        self.assertEqual(self.change((1, "row 1"), (3, "row 3")), [("1.rows", [[], [["2", "1"]]])])
        self.assertEqual(
            self.change((2, "2"), (3, "3")), [("1.rows", [[["2", item(2, "2")], ["3", item(3, "3")]], [["1", "2"]]])]
        )

    def test_state(self):
        """
        Whether items are in the order that the page has is known without a look at all keys: of a dict that is the
        same, if no key is behind those that it had.
        """
        state = self.board._athenaParts["rows"].state
        all = self.board.all
        self.assertTrue(state.isInOrder(all, [0, 2]))
        self.assertFalse(state.isInOrder(dict(all), [0]))
        self.assertFalse(state.isInOrder(all, [3]))
        self.assertFalse(state.isInOrder(all, [4]))
        all[4] = "4"
        self.assertFalse(state.isInOrder(all, [0]))
        del all[0]
        self.assertFalse(state.isInOrder(all, [1]))
        del all[4]
        self.assertFalse(state.isInOrder(all, [1]))
        state.note(all, list(all))
        self.assertTrue(state.isInOrder(all, [1]))
        other = OrderedDict(all)
        state.note(other, list(other))
        other.move_to_end(2, last=False)
        self.assertFalse(state.isInOrder(other, [2]))

    def test_fetched(self):
        """Of a mapping that is no dict, no other items are fetched than those that are rendered."""
        rows = dict(self.board.all)
        self.board.all = Fetched(rows)
        for key, text in ((7, "new"), (1, "other"), (7, None)):
            rows.pop(key, None)
            if text is not None:
                rows[key] = text
            self.board.all.fetched.clear()
            self.board.rerender("rows", key)
            self.browser.advance()
            self.assertEqual(set(self.board.all.fetched), {key} & set(rows), key)
            self.assertEqual(len(self.shows()), 1)

    def test_failure(self):
        """An item that fails leaves all as it was; what was marked is rendered the next time."""
        self.assertEqual(self.change((2, "changed"), (5, "fail")), [("1.rows", None, "")])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        [(_, [changes, moves])] = self.change((5, "right"))
        self.assertEqual(changes, [["2", item(2, "changed")], ["5", item(5, "right")]])
        self.assertEqual(len(moves), 2)

    def test_corrected(self):
        """What an HTML parser would read otherwise is corrected, in whatever way an item is rendered."""
        self.assertEqual(self.change((3, "a\0b")), [("1.rows", [[["3", item(3, "a\ufffdb")]], []])])
        self.assertEqual(self.change((3, "b")), [("1.rows", [[["3", [4, "b<"]]], []])])
        self.assertEqual(self.change((3, "a\0b")), [("1.rows", [[["3", [4, "a\ufffdb<"]]], []])])

    def test_large(self):
        """Ten thousand items, one of which changes: that one is rendered, in few bytes."""
        browser = StubBrowser()
        rows = Rows((number, f"row {number}") for number in range(10_000))
        page = browser.open(rows)
        rows.rendered.clear()
        rows.all[7777] = "new"
        rows.rerender("rows", 7777)
        browser.advance()
        self.assertEqual(rows.rendered, ["new"])
        self.assertLess(len(json.dumps(page.calls[0].args)), 200)

    def test_tooLarge(self):
        """After a message that was too large, the next one has all, because the page did not get what it had."""
        self.board.all[2] = "x" * self.browser.factory.limits.maxBytesKept
        del self.board.all[1]
        self.board.rerender("rows")
        self.browser.advance()
        self.assertIn("larger than", str(self.flushLoggedErrors()[0].value))
        self.page.calls.clear()
        rows = item(0, "row 0") + item(2, "y") + item(3, "row 3")
        self.assertEqual(self.change((2, "y"), (3, "row 3"))[0][1], f'<ul data-athena-part="1.rows">{rows}</ul>')
        self.assertEqual(self.change((3, "z")), [("1.rows", [[["3", item(3, "z")]], []])])

    def test_twins(self):
        """Keys that are the same as text are an error."""
        self.board.all["1"] = "twin"
        self.board.rerender("rows")
        self.browser.advance()
        self.assertIn("same as text", str(self.flushLoggedErrors(ValueError)[0].value))

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["a", "b & <c>", None])), max_size=4), max_size=6
        )
    )
    def test_model(self, script):
        """A browser that does what it is sent has what the server would render."""
        self.setUp()
        shown = {str(number): item(number, f"row {number}") for number in range(4)}
        texts = {}
        for changes in script:
            for _, (changed, moves) in self.change(*changes):
                show(shown, texts, changed, moves)
            fresh = StubBrowser().open(Rows(self.board.all)).html
            self.assertIn(f'<ul data-athena-part="1.rows">{"".join(shown.values())}</ul>', fresh)


def show(shown, texts, changed, moves):
    """Do to the items in their order what a message says."""
    for key, what in changed:
        if what is None:
            del shown[key]
            texts.pop(key, None)
        else:
            texts[key] = what if isinstance(what, str) else applied(what, texts[key])
            shown[key] = texts[key]
    for key, before in moves:
        moved = {key: shown.pop(key)}
        items = list(shown.items())
        at = len(items) if before is None else list(shown).index(before)
        shown.clear()
        shown.update([*items[:at], *moved.items(), *items[at:]])


@dataclass
class Thing:
    """An item that has its key."""

    id: int
    name: str


class SequenceTests(PartTestCase):
    """A list of objects."""

    class element(LiveElement):
        docFactory = template('<ul nevow:render="rows"><li nevow:pattern="item" nevow:render="no" /></ul>')

        def __init__(self):
            super().__init__()
            self.things = [Thing(1, "one"), Thing(2, "two")]

        @part.each("things", key="id")
        def rows(self, request, tag, item):
            tag.render = None
            return item["name"] if isinstance(item, dict) else item.name

    def test_sequence(self):
        """The key is an attribute; the order is that of the list."""
        self.assertIn(item(1, "one") + item(2, "two"), self.page.html.replace(' nevow:render="no"', ""))
        self.board.things.reverse()
        self.board.rerender("rows")
        self.browser.advance()
        self.assertEqual(self.shows(), [("1.rows", [[], [["2", "1"]]])])
        self.board.things.append(Thing(1, "twin"))
        self.board.rerender("rows")
        self.browser.advance()
        self.assertIn("have the same id", str(self.flushLoggedErrors(ValueError)[0].value))

    def test_mappings(self):
        """Items may be mappings, as the rows of databases are; one without the key is reported."""
        self.board.things = [{"id": 3, "name": "three"}, Thing(1, "one")]
        self.board.rerender("rows")
        self.browser.advance()
        [(_, (changes, _))] = self.shows()
        self.assertEqual([key for key, text in changes if text and "three" in text], ["3"])
        self.board.things.append({"ID": 4})
        self.board.rerender("rows")
        self.browser.advance()
        self.assertIn("a dict, has no 'id', which", str(self.flushLoggedErrors(TypeError)[0].value))


class MistakeTests(PartTestCase):
    """Templates and attributes that are wrong."""

    element = Rows

    def fails(self, content, attribute="all"):
        class Wrong(LiveElement):
            docFactory = template(content)
            all: list[int] = []

            @part.each(attribute)
            def rows(self, request, tag, item):
                return tag

        self.assertRaises(RuntimeError, StubBrowser().open, Wrong())
        [failure] = self.flushLoggedErrors(FlattenerError)
        return str(failure.value)

    def test_mistakes(self):
        """Each says what is wrong and what to do."""
        self.assertIn("has no pattern", self.fails('<ul nevow:render="rows" />'))
        self.assertIn(
            "the items alone", self.fails('<ul nevow:render="rows"><li>x</li><li nevow:pattern="item" /></ul>')
        )
        two = '<ul nevow:render="rows"><li nevow:pattern="item" /><li nevow:pattern="item" /></ul>'
        self.assertIn("has 2 patterns", self.fails(two))
        invisible = '<ul nevow:render="rows"><nevow:invisible nevow:pattern="item" /></ul>'
        self.assertIn("needs an element as its pattern", self.fails(invisible))
        rows = '<table nevow:render="rows"><tr nevow:pattern="item" /></table>'
        self.assertIn("make the tbody the node of the part", self.fails(rows))
        self.assertIn("is not a mapping", self.fails('<ul nevow:render="rows"><li nevow:pattern="item" /></ul>'))


class IdTests(SynchronousTestCase):
    """Ids in the pattern."""

    def test_different(self):
        """Each item has ids of its own, whatever its renderer returns, at first and later."""
        fields = Fields({"a": "text", "b c": "changed", "d": "wrapped"})
        page = StubBrowser().open(fields)
        for suffix in ("a", "b~20~c", "d"):
            self.assertEqual(page.html.count(f'<label for="athenaid:1-f~{suffix}">'), 1)
            self.assertEqual(page.html.count(f'<input id="athenaid:1-f~{suffix}"'), 1)
        page.call(fields, "change", [["e", "new"], ["a", "other"]])
        for key, text in (("e", "new"), ("a", "other")):
            self.assertIn(f'<label for="athenaid:1-f~{key}">{text}</label>', page.part(fields, "rows"))

    def test_shared(self):
        """So has each item of a shared element, and those of the first item are not all others'."""

        class Shared(SharedElement):
            docFactory = xmlstr(
                f'<ul {NAMESPACES} nevow:render="rows"><li nevow:pattern="item"><i id="f" aria-owns="f g" /></li></ul>'
            )
            all = {"a": 1, "b": 2}

            @part.each("all")
            def rows(self, request, tag, item):
                return tag

        shared = Shared()

        class Page(LiveElement):
            docFactory = template('<p nevow:render="it" />')

            @renderer
            def it(self, request, tag):
                return tag[shared]

        html = StubBrowser().open(Page()).html
        self.assertIn('<i id="f~a" aria-owns="f~a g"></i>', html)
        self.assertIn('<i id="f~b" aria-owns="f~b g"></i>', html)
