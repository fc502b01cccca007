# -*- test-case-name: tests.live.test_parts -*-
"""Parts are rendered once per batch, in their last state, and shown at the place of their first mark."""

from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError

from athenalite._templates.parser import TemplateError
from athenalite._templates.precompile import flattened
from athenalite.live import LiveElement, expose, part, xmlstr
from athenalite.page import Element
from athenalite.tags import b
from athenalite.testing import StubBrowser
from tests.pages import NAMESPACES


def template(content):
    """A loader of a template of this content."""
    return xmlstr(f'<main {NAMESPACES} nevow:render="liveElement">{content}</main>')


class Board(LiveElement):
    """A part that shows a text, and counts how often it is rendered."""

    docFactory = template('<h1>a</h1><p nevow:render="text" class="x">old <b>content</b></p><i nevow:render="other" />')
    shown = "first"
    renderings = 0
    request = "none"

    @part
    def text(self, request, tag):
        """The text."""
        self.renderings += 1
        self.request = request
        if isinstance(self.shown, Exception):
            raise self.shown
        return self.shown

    @part
    def other(self, request, tag):
        return tag(id="o", class_="c")["other & ", str(self.renderings)]

    @expose
    def fail(self):
        return self.change(ValueError("wrong"))

    @expose
    def change(self, *texts):
        for one in texts:
            self.shown = one
            self.rerender("text")
        return "answer"


class PartTestCase(SynchronousTestCase):
    """A browser with one page of an element."""

    element: Any = Board

    def setUp(self):
        self.browser = StubBrowser()
        self.board = self.element()
        self.page = self.browser.open(self.board)

    def shows(self):
        """What was shown since the last time."""
        calls = [one.args for one in self.page.calls if one.methodName == "athenalite.show"]
        self.page.calls.clear()
        return calls


class PartTests(PartTestCase):
    """One element."""

    def test_first(self):
        """The document has the parts; a result that is not the tag is the content of the node."""
        self.assertIn('<p class="x" data-athena-part="1.text">first</p>', self.page.html)
        self.assertIn('<i id="o" class="c" data-athena-part="1.other">other &amp; 1</i>', self.page.html)
        self.assertIn("/athenalite-live.mjs", self.page.html)
        self.assertIsNone(self.board.request)
        self.assertEqual(self.shows(), [])

    def test_once(self):
        """Of several changes in one batch the last state is rendered, once; then only what differs is sent."""
        self.page.call(self.board, "change", "a", "b")
        self.assertEqual(self.board.renderings, 2)
        self.assertEqual(self.shows(), [("1.text", '<p class="x" data-athena-part="1.text">b</p>')])
        self.page.call(self.board, "change", "<&>")
        self.assertEqual(self.shows(), [("1.text", [6, "&lt;&amp;&gt;<"])])

    def test_unchanged(self):
        """What the page has already is not sent."""
        self.page.call(self.board, "change", "first")
        self.assertEqual((self.board.renderings, self.shows()), (2, []))

    def test_order(self):
        """A call after a mark comes after the part in its last state; so does the answer."""
        self.board.rerender("text")
        self.board.callRemote("hear", "one")
        self.board.shown = "two"
        self.board.rerender("text")
        self.browser.advance()
        self.assertEqual([one.methodName for one in self.page.calls], ["athenalite.show", "hear"])
        self.page.calls.clear()
        answered = []
        self.page.call(self.board, "change", "three").addCallback(lambda _: answered.append(len(self.page.calls)))
        self.assertEqual(answered, [1])

    def test_answer(self):
        """The answer to a page that does not read comes after what its method has marked."""
        outbox = self.page.page.session.outbox
        outbox.pause(True)
        answered = []
        self.page.call(self.board, "change", "a").addCallback(lambda _: answered.append(len(self.page.calls)))
        outbox.pause(False)
        self.browser.advance()
        self.assertEqual(answered, [1])

    def test_all(self):
        """Without a name, all parts of the element are rendered."""
        self.board.shown = "x"
        self.board.rerender()
        self.browser.advance()
        self.assertEqual([name for name, _ in self.shows()], ["1.text", "1.other"])

    def test_away(self):
        """While the page is away a mark costs nothing; it gets the last state when it is back."""
        self.page.cut()
        for number in range(5):
            self.board.shown = str(number)
            self.board.rerender("text")
            self.browser.advance(0.1)
        self.assertEqual(self.board.renderings, 1)
        self.page.reconnect()
        self.assertEqual(self.board.renderings, 2)
        self.assertEqual(self.shows(), [("1.text", '<p class="x" data-athena-part="1.text">4</p>')])

    def test_barrier(self):
        """A call to a page that is away has what was marked before rendered, and comes after it."""
        self.page.cut()
        self.board.shown = "before"
        self.board.rerender("text")
        self.board.callRemote("hear")
        self.browser.advance()
        self.assertEqual(self.board.renderings, 2)
        self.board.shown = "after"
        self.board.rerender("text")
        self.browser.advance()
        self.assertEqual(self.board.renderings, 2)
        self.page.reconnect()
        self.assertEqual([one.methodName for one in self.page.calls], ["athenalite.show", "hear", "athenalite.show"])
        self.assertIn("before", self.page.calls[0].args[1])
        self.assertEqual(self.page.calls[2].args[1], [6, "after<"])

    def test_beforeConnection(self):
        """The document is a rendering: a page that connects after a change gets it."""
        browser = StubBrowser()
        board = Board()
        page = browser.open(board)
        page.cut()
        board.rerender("text")
        page.reconnect()
        self.assertEqual(page.calls, [])

    def test_lost(self):
        """An element whose page is lost is not rendered, and the page is forgotten."""
        self.page.leave()
        self.board.rerender("text")
        self.browser.advance()
        self.assertEqual(self.board.renderings, 1)
        self.assertIsNone(self.board._athenaParts)

    def test_notRendered(self):
        """Nothing is rendered again that has not been rendered."""
        Board().rerender()

    def test_failure(self):
        """A part that fails is logged once with its place, and stays; the call does not fail. It comes back."""
        answers = []
        for _ in range(2):
            self.page.call(self.board, "fail").addCallback(answers.append)
        self.assertEqual(answers, ["answer"] * 2)
        self.assertEqual(self.shows(), [("1.text", None, "")])
        failures = self.flushLoggedErrors(ValueError)
        self.assertEqual(len(failures), 1)
        self.page.call(self.board, "change", "first")
        self.assertEqual(self.shows(), [("1.text", [])])
        self.page.call(self.board, "fail")
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_waits(self):
        """A part that waits is an error that says what to do."""
        self.board.change(Deferred())
        self.browser.advance()
        [failure] = self.flushLoggedErrors(TypeError)
        self.assertIn("await it in a method, keep the result", str(failure.value))

    def test_invisible(self):
        """A part needs a node on the page."""

        class Invisible(Board):
            docFactory = template('<nevow:invisible nevow:render="text" /><i nevow:render="other" />')

        self.assertRaisesRegex(RuntimeError, "500", StubBrowser().open, Invisible())
        [failure] = self.flushLoggedErrors(FlattenerError)
        self.assertIn("the part 'text' needs an element as its node", str(failure.value.args[0]))

    def test_tagWithin(self):
        """What a renderer returns may contain its tag, which is then within its node, and not in itself without end."""
        for make in (lambda tag: [tag("new")], lambda tag: b[tag("new")], lambda tag: (one for one in [tag("new")])):

            class Wrapping(LiveElement):
                docFactory = template('<p class="x" nevow:render="text">old</p>')

                @part
                def text(self, request, tag):
                    return make(tag)  # noqa: B023  # called at once

            self.assertIn('<p class="x">oldnew</p>', StubBrowser().open(Wrapping()).html)

    def test_waitingAtOnce(self):
        """A part that cannot be rendered at once is refused: a coroutine when defined, a Deferred in any state."""

        async def text(self, request, tag):
            """As an application may write it."""

        self.assertRaisesRegex(TypeError, "the part 'text' cannot be 'async def': await it in a method", part, text)
        self.board.change(succeed("done"))
        self.browser.advance()
        [failure] = self.flushLoggedErrors(TypeError)
        self.assertIn("the part 'text' of Board returned a Deferred", str(failure.value))

    def test_marksItself(self):
        """A renderer that marks its own part is refused: it would be rendered again in each batch."""

        class Marking(Board):
            @part
            def other(self, request, tag):
                if self.shown == "again":
                    self.rerender()
                return tag("x")

        board = Marking()
        browser = StubBrowser()
        browser.open(board)
        board.shown = "again"
        board.rerender("other")
        browser.advance()
        [failure] = self.flushLoggedErrors(RuntimeError)
        self.assertIn("the part 'other' of Marking is marked while it is rendered", str(failure.value))

    def test_large(self):
        """A part that is larger than a message may be is an error; the next one is whole."""
        self.board.change("x" * self.browser.factory.limits.maxBytesKept)
        self.browser.advance()
        self.assertIn("larger than", str(self.flushLoggedErrors()[0].value))
        self.assertEqual(self.shows(), [("1.text", None, "")])
        self.page.call(self.board, "change", "small")
        self.assertEqual(self.shows(), [("1.text", '<p class="x" data-athena-part="1.text">small</p>')])

    def test_names(self):
        """Names that are no parts, and keys of a part without items, are errors at once."""
        for wrong in ("nothing", "change"):
            self.assertRaisesRegex(ValueError, f"no part '{wrong}'", self.board.rerender, wrong)
        self.assertRaisesRegex(ValueError, "has no keys", self.board.rerender, "text", 1)

    def test_documented(self):
        """The docstring is that of the function."""
        self.assertEqual(Board.text.__doc__, "The text.")


class ScriptTests(SynchronousTestCase):
    """Which pages load the script for live templates."""

    def html(self, content):
        """The document of a page with this content."""

        class One(Board):
            docFactory = template(content)

        return StubBrowser().open(One()).html

    def test_script(self):
        """One for those that have a part, one for those that have a method for an event; none for others."""
        button = '<button><athena:handler event="onclick" %s="change" /></button>'
        for content, scripts in (
            ('<p nevow:render="text" />', ["live"]),
            (button % "remote", ["remote"]),
            ('<p nevow:render="text" />' + button % "remote", ["live", "remote"]),
            (button % "handler", []),
            ("<p>a</p>", []),
        ):
            html = self.html(content)
            self.assertEqual([name for name in ("live", "remote") if f"athenalite-{name}" in html], scripts, content)
            self.assertEqual("data-athena-live" in html, "remote" in content)


class MistakeTests(SynchronousTestCase):
    """What a template cannot have."""

    def test_nodes(self):
        """A part has one node, in no pattern; the error names file and line."""

        class Wrong(LiveElement):
            @part
            def text(self, request, tag):
                return tag

        for content, why in (
            ('<p nevow:render="text" /><p nevow:render="text" />', "has 2 nodes"),
            ('<p nevow:render="all"><b nevow:pattern="item"><i nevow:render="text" /></b></p>', "no node"),
        ):

            class One(Wrong):
                docFactory = template(content)

                @part
                def all(self, request, tag):
                    return tag.onePattern("item")

            error = self.assertRaises(RuntimeError, StubBrowser().open, One())
            [failure] = self.flushLoggedErrors(FlattenerError)
            self.assertIn("500", str(error))
            self.assertIn(why, str(failure.value))

    def test_element(self):
        """Only elements that have a number can have parts."""

        class Plain(Element):
            docFactory = xmlstr(f'<p {NAMESPACES} nevow:render="text" />')

            @part
            def text(self, request, tag):
                return tag

        error = self.assertRaises(FlattenerError, flattened, Plain())
        self.assertIn("is not a LiveElement", str(error.args[0]))

    def test_templateError(self):
        """The error is of the template."""
        self.assertTrue(issubclass(TemplateError, ValueError))
