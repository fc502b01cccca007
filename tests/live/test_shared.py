# -*- test-case-name: tests.live.test_shared -*-
"""An element on many pages is rendered once, and each page ends right, whenever it was opened."""

import gc
from weakref import ref

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError

from athenalite._templates.precompile import flattened
from athenalite.live import LiveElement, SharedElement, expose, part, renderer, xmlstr
from athenalite.testing import StubBrowser
from tests.live.test_parts import template
from tests.pages import NAMESPACES


class Things(SharedElement):
    """Things of all people."""

    docFactory = xmlstr(
        f'<section {NAMESPACES}><h1 nevow:render="count" /><ul nevow:render="things"><li nevow:pattern="item">'
        '<nevow:slot name="text" /><button>Drop<athena:handler event="onclick" remote="drop" /></button></li></ul>'
        "</section>"
    )

    def __init__(self):
        super().__init__()
        self.all = {}
        self.rendered = 0

    @part
    def count(self, request, tag):
        return tag(str(len(self.all)))

    @part.each("all")
    def things(self, request, tag, item):
        self.rendered += 1
        if item == "fail":
            raise ValueError(item)
        return tag.fillSlots(text=item)


class Person(LiveElement):
    """One person's page."""

    docFactory = template('<div nevow:render="list" />')

    def __init__(self, things):
        super().__init__()
        self.things = things

    @renderer
    def list(self, request, tag):
        return tag[self.things]

    @expose
    def drop(self, key: int):
        self.things.all.pop(key, None)
        self.things.rerender("things", key)
        self.things.rerender("count")


class SharedTestCase(SynchronousTestCase):
    """A site with one shared element."""

    def setUp(self):
        self.browser = StubBrowser()
        self.things = Things()
        self.pages = []

    def open(self):
        """Open another page, and return it."""
        self.pages.append(self.browser.open(Person(self.things)))
        return self.pages[-1]

    def change(self, key, text):
        """Change one thing for all."""
        if text is None:
            self.things.all.pop(key, None)
        else:
            self.things.all[key] = text
        self.things.rerender("things", key)
        self.things.rerender("count")

    def right(self):
        """What every page must show."""
        return f"{len(self.things.all)}" + "".join(f"{text}Drop" for text in self.things.all.values())


class Places(LiveElement):
    """Shows one shared element in several places: in the document, in two parts, and in the items of a list."""

    docFactory = template(
        '<div><i nevow:render="fixed" /><div nevow:render="one" /><div nevow:render="other" />'
        '<div nevow:render="items"><div nevow:pattern="item" /></div></div>'
    )

    def __init__(self, things, fixed=0, **shown):
        super().__init__()
        self.things = things
        self.fixedly = fixed
        self.shown = {"one": 0, "other": 0, **shown}
        self.listed = {}

    def several(self, number):
        """It, so often; or only once, behind which the rendering fails."""
        if isinstance(self.things, LiveElement):
            self.things.setFragmentParent(self)
        return ["-", *([self.things] * number if number >= 0 else [self.things, Unrenderable()])]

    @renderer
    def fixed(self, request, tag):
        return tag[*self.several(self.fixedly)]

    @part
    def one(self, request, tag):
        return tag[*self.several(self.shown["one"])]

    @part
    def other(self, request, tag):
        return tag[*self.several(self.shown["other"])]

    @part.each("listed")
    def items(self, request, tag, item):
        return tag[*self.several(item)]


class Plain(SharedElement):
    """A text."""

    docFactory = xmlstr(f'<p {NAMESPACES} nevow:render="text" />')

    @part
    def text(self, request, tag):
        return tag("plain")


class Unrenderable:
    """Nothing that can be rendered."""


class SharedTests(SharedTestCase):
    """Several pages."""

    def test_remote(self):
        """A page that shows it loads the script for events if its template has methods for some."""
        self.assertIn("athenalite-remote", self.open().html)
        self.assertNotIn("athenalite-remote", StubBrowser().open(Places(Plain(), fixed=1)).html)

    def test_once(self):
        """A thing is rendered once for all pages, which get the same bytes; the second time as pieces."""
        pages = [self.open() for _ in range(20)]
        self.things.rendered = 0
        for text in ("one", "two"):
            self.change(1, text)
            self.browser.advance()
        self.assertEqual(self.things.rendered, 2)
        for page in pages:
            self.assertEqual(page.text, "1twoDrop")
            shown = [call.args[1] for call in page.calls if call.args[0].endswith("things")]
            self.assertEqual(shown[1], [[["1", [4, "two<"]]], []])

    def test_methods(self):
        """The method of an event is that of the person's element."""
        one, other = self.open(), self.open()
        self.change(1, "x")
        self.browser.advance()
        self.successResultOf(one.click("Drop"))
        self.assertEqual((one.text, other.text), ("0", "0"))

    def test_late(self):
        """A page that is opened between two changes, or before a change is shown, ends as the others."""
        self.open()
        self.change(1, "a")
        self.open()
        self.browser.advance()
        self.things.all[2] = "without a mark"
        self.open()
        del self.things.all[2]
        self.things.rerender()
        self.browser.advance()
        self.assertEqual([page.text for page in self.pages], ["1aDrop"] * 3)

    def test_away(self):
        """A page that is away is sent the last state, once; a call to it comes behind what was marked before."""
        away, here = self.open(), self.open()
        away.cut()
        for text in "abc":
            self.change(1, text)
            self.browser.advance()
        rendered = self.things.rendered
        away.reconnect()
        self.assertLessEqual(self.things.rendered, rendered + 2)
        self.assertEqual((away.text, here.text), ("1cDrop",) * 2)
        self.assertEqual(len(away.calls), 2)
        away.cut()
        self.change(1, "d")
        away.page.element.callRemote("hear")
        self.browser.advance()
        self.change(1, "e")
        away.reconnect()
        names = [call.methodName for call in away.calls[2:]]
        self.assertEqual(names, ["athenalite.show", "hear", "athenalite.show"])
        self.assertEqual((away.text, here.text), ("1eDrop",) * 2)

    def test_unmarked(self):
        """What a page that was away got without a mark is shown to the others with the mark."""
        away, here = self.open(), self.open()
        away.cut()
        for text in "ab":
            self.change(1, text)
            self.browser.advance()
        self.things.all[1] = "quiet"
        away.reconnect()
        self.things.rerender("things", 1)
        self.browser.advance()
        self.assertEqual((away.text, here.text), ("1quietDrop",) * 2)

    def test_endless(self):
        """A renderer that marks its own part is refused; so is, after many batches, one of two that mark each other."""

        class Marking(Things):
            @part
            def count(self, request, tag):
                if self in marked:
                    marked[self].rerender("count")
                return tag(str(len(self.all)))

        marked = {}
        self.things, other = Marking(), Marking()
        self.open()
        self.browser.open(Person(other))
        for circle, message in (
            ({self.things: self.things}, "is marked while it is rendered"),
            ({self.things: other, other: self.things}, "mark each other, without end"),
        ):
            marked.update(circle)
            self.things.rerender("count")
            self.browser.advance()
            [failure] = self.flushLoggedErrors(RuntimeError)
            self.assertIn(message, str(failure.value))
            marked.clear()
            self.things.rerender("count")
            other.rerender("count")
            self.browser.advance()

    def test_failure(self):
        """A rendering that fails is logged once, and the pages come back with the next one."""
        page = self.open()
        self.change(1, "a")
        self.browser.advance()
        for _ in range(2):
            self.change(2, "fail")
            self.browser.advance()
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.assertEqual(page.text, "2aDrop")
        self.change(2, "b")
        self.browser.advance()
        self.assertEqual(page.text, self.right())
        self.change(2, "b")
        self.browser.advance()
        self.assertNotIn("stale", page._typed.document.root.markup)

    def test_lost(self):
        """Pages that are lost are forgotten, and sent nothing."""
        watched = []
        # As people do: many are here, and the oldest goes as the next one comes. Each sees something change.
        for number in range(1000):
            page = self.open()
            watched.append(ref(page.page))
            if not number % 100:
                self.change(number, "b" if number else "a")
                self.browser.advance()
            if number >= 20:
                self.pages.pop(0).leave()
        shared = self.things._athenaShared.values()
        # At the next change; or sooner, when nothing else has them.
        self.change(0, "c")
        self.browser.advance()
        self.assertEqual([len(one._pages) for one in shared], [20, 20])
        for page in self.pages:
            page.leave()
        del page
        self.pages.clear()
        self.browser._pages.clear()
        gc.collect()
        self.assertEqual([one() for one in watched if one() is not None], [])
        self.assertEqual([len(one._pages) for one in shared], [0, 0])
        self.things.all.clear()
        self.change(1, "a")
        self.assertEqual(self.open().text, "1aDrop")

    def test_mistakes(self):
        """A name that is no part, and an element that is not on a page, are errors."""
        self.assertRaisesRegex(ValueError, "no part 'x'", self.things.rerender, "x")
        error = self.assertRaises(FlattenerError, flattened, self.things)
        self.assertIn("return it from a renderer of a LiveElement", str(error.args[0]))

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["open", "change", "iteration", "cut", "back", "quiet"]),
                st.integers(0, 3),
                st.sampled_from("ab-"),
            ),
            max_size=20,
        )
    )
    def test_model(self, steps):
        """Whenever pages are opened, cut and reconnected, in the end all show what there is."""
        self.setUp()
        self.open()
        for step, number, text in steps:
            page = self.pages[number % len(self.pages)]
            if step == "open":
                self.open()
            elif step == "change":
                self.change(number, None if text == "-" else text)
            elif step == "quiet":
                self.things.all[number] = text
            elif step == "iteration":
                self.browser.advance()
            elif step == "cut":
                page.cut()
            else:
                page.reconnect()
        self.things.rerender()
        for page in self.pages:
            page.reconnect()
        self.browser.advance(1)
        self.assertEqual({page.text for page in self.pages}, {self.right()})


class PlaceTests(SharedTestCase):
    """Several places on one page, and none."""

    def setUp(self):
        super().setUp()
        self.change(1, "first")

    def show(self, element, **shown):
        """Have parts show it so often."""
        element.shown.update(shown)
        for name in shown:
            element.rerender(name)
        self.browser.advance()

    def changed(self, page, text):
        """Change a thing. :return: how many messages the page got by that."""
        before = len(page.calls)
        self.change(1, text)
        self.browser.advance()
        return len(page.calls) - before

    def assertShown(self, page, times):
        """It is shown so often, and rightly each time."""
        self.assertEqual(page.text.replace("-", ""), self.right() * times)

    def test_twice(self):
        """Each place on a page is right after each change, by a message for each part; others get those of one."""
        page, other = self.browser.open(Places(self.things, fixed=2, one=2)), self.open()
        for text in "ab":
            self.assertEqual(self.changed(page, text), 4)
            self.assertShown(page, 4)
            self.assertEqual(other.text, self.right())

    def test_elements(self):
        """Several elements of a page may show it."""
        page = self.browser.open(Places(Person(self.things), fixed=1, one=0))
        page.page.element.things = self.things
        self.show(page.page.element, one=1)
        self.assertEqual(self.changed(page, "a"), 2)
        self.assertShown(page, 2)

    def test_stops(self):
        """A part that shows it no more costs the page no message; one that shows it again does."""
        page = self.browser.open(element := Places(self.things, one=1, other=2))
        self.assertEqual(self.changed(page, "a"), 3)
        self.show(element, other=1)
        self.assertEqual(self.changed(page, "b"), 2)
        self.show(element, one=0, other=0)
        self.assertEqual(self.changed(page, "c"), 0)
        self.assertEqual([len(one._pages) for one in self.things._athenaShared.values()], [0] * 6)
        self.show(element, other=1)
        self.assertEqual(self.changed(page, "d"), 1)
        self.assertShown(page, 1)

    def test_stopsWhileMarked(self):
        """A part that is marked before the one around it, which shows it no more, is not sent."""
        page = self.browser.open(element := Places(self.things, one=1))
        self.changed(page, "a")
        for first in (True, False):
            element.shown["one"] = 0
            before = len(page.calls)
            if first:
                element.rerender("one")
            self.change(1, f"b{first}")
            if not first:
                element.rerender("one")
            self.browser.advance()
            self.assertEqual(len(page.calls) - before, 1 if first else 2)
            self.show(element, one=1)
            self.assertShown(page, 1)

    def test_again(self):
        """A part or an item that is rendered again keeps its place, so that places are as many as are shown at once."""
        page = self.browser.open(element := Places(self.things, one=2, other=1))
        element.listed.update({1: 1, 2: 1})
        element.rerender("items")
        for number in range(5):
            self.show(element, one=2, other=1 - number % 2)
            element.rerender("items", 1 + number % 2)
            self.assertEqual(self.changed(page, str(number)), 5 - number % 2)
            self.assertShown(page, 5 - number % 2)
        self.assertEqual(len(self.things._athenaShared), 2 * 5)

    def test_moves(self):
        """Parts exchange it in one batch, in either order."""
        page = self.browser.open(element := Places(self.things, one=1))
        for number, shown in enumerate(({"one": 0, "other": 1}, {"one": 1, "other": 0}, {"other": 1, "one": 0})):
            self.show(element, **shown)
            self.assertEqual(self.changed(page, f"x{number}"), 1)
            self.assertShown(page, 1)

    def test_fails(self):
        """The part around it fails when it has rendered it: the page gets all that it missed with the next change."""
        page = self.browser.open(element := Places(self.things, one=1))
        self.changed(page, "a")
        self.things.all[1] = "without a mark"
        self.show(element, one=-1, other=-1)
        self.assertEqual(len(self.flushLoggedErrors()), 2)
        self.assertEqual(self.changed(page, "b"), 2)
        self.assertShown(page, 1)

    def test_detached(self):
        """An element that is detached is not sent what it has shown."""
        page = self.browser.open(element := Places(inner := Person(self.things), fixed=1))
        self.assertEqual(self.changed(page, "a"), 1)
        inner.detach()
        self.browser.advance()
        self.assertEqual(self.changed(page, "b"), 0)
        self.assertIsNotNone(element.page)
