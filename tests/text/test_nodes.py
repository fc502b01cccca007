# -*- test-case-name: tests.text.test_nodes -*-
"""Slots are filled inside of the tag that has filled them, and tags with patterns not shown, as in Nevow."""

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import flattenString

from athenalite import tags as T
from athenalite._text.nodes import Pattern, Scope, placed
from athenalite.loaders import stan, xmlstr
from athenalite.page import Element, renderer
from athenalite.rend import Fragment
from tests.pages import NAMESPACES
from tests.test_stan import flat


def name():
    """Return a slot with a default."""
    return T.slot("name", "nobody")


class ScopeTests(SynchronousTestCase):
    """``Scope``"""

    def shown(self, template, render):
        """Return the markup of a fragment with this template and the renderer ``show``."""

        class Shown(Fragment):
            docFactory = xmlstr(f"<div {NAMESPACES}>{template}</div>")
            render_show = render

        return flat(self, Shown()).partition(">")[2].removesuffix("</div>")

    def test_pattern(self):
        """The slots of a pattern's copies are not filled behind them; those of the tag around are what they were."""

        def render(self, ctx, data):
            ctx.fillSlots("name", "all")
            items = [ctx.tag.onePattern("item").fillSlots("name", one) for one in "ab"]
            return ctx.tag[items, T.b[name()]]

        template = '<p nevow:render="show"><i nevow:pattern="item"><nevow:slot name="name" /></i></p>'
        behind = '<s><nevow:slot name="name" default="nobody" /></s>'
        self.assertEqual(self.shown(template + behind, render), "<p><i>a</i><i>b</i><b>all</b></p><s>nobody</s>")

    def test_everywhere(self):
        """Tags as children, values of slots, values of attributes, in lists and generators, and in other tags."""
        filled = lambda: T.i[name()].fillSlots("name", "a")  # noqa: E731
        inside = "<i>a</i>"
        for document in (
            T.p[filled(), T.b[name()]],
            T.p[[filled()], T.b[name()]],
            T.p[(one for one in [filled()]), T.b[name()]],
            T.p[T.u[filled()], T.b[name()]],
            T.p[T.slot("x"), T.b[name()]].fillSlots("x", filled()),
        ):
            html = flat(self, document).replace("<u>", "").replace("</u>", "")
            self.assertEqual(html, f"<p>{inside}<b>nobody</b></p>")
        self.assertIn("nobody", flat(self, T.p(title=filled())[name()]))

    def test_again(self):
        """A tag may be in a document twice, filled later, or added to, and copied."""
        tag = T.i[name()].fillSlots("name", "a")
        document = T.p[tag, name(), tag]
        tag.fillSlots("name", "b")
        tag["!"]
        self.assertEqual(flat(self, document), "<p><i>b!</i>nobody<i>b!</i></p>")
        self.assertEqual(flat(self, [document.clone(), name()]), "<p><i>b!</i>nobody<i>b!</i></p>nobody")

    def test_together(self):
        """Two documents that have the same tag, one of which is not done."""
        waiting = Deferred()
        tag = T.i[T.b(render=lambda request, tag: waiting), name()].fillSlots("name", "a")
        document = stan(T.p[tag, name()])
        results = [flattenString(None, Element(document)) for _ in range(2)]
        waiting.callback("x")
        expected = b"<p><i>xa</i>nobody</p>"
        self.assertEqual([self.successResultOf(one) for one in results], [expected, expected])

    def test_elsewhere(self):
        """What a renderer has filled is so in its result, also if that is not its tag, and comes later."""

        def render(self, ctx, data):
            ctx.fillSlots("name", "a")
            return T.b[name()]

        template = '<p nevow:render="show" /><nevow:slot name="name" default="nobody" />'
        for one in (render, lambda self, ctx, data: succeed(render(self, ctx, data))):
            self.assertEqual(self.shown(template, one), "<b>a</b>nobody")

    def test_patterns(self):
        """Patterns are found in filled tags, and the renderers of their tags are called."""
        filled = T.i[T.b(pattern="item")["x"], T.u(render=lambda request, tag: tag[name()])].fillSlots("name", "a")

        class Shown(Element):
            docFactory = stan(T.p[T.div(render="show")[filled]])

            @renderer
            def show(self, request, tag):
                return tag[tag.onePattern("item")]

        self.assertEqual(flat(self, Shown()), "<p><div><i><u>a</u></i><b>x</b></div></p>")

    def test_hidden(self):
        """A tag with a pattern is shown where a copy is, and not where it stands in what a renderer builds."""

        def render(self, ctx, data):
            row = T.i(pattern="item")[name()]
            return T.ul(render=rows)[row, [T.b(pattern="other")]], T.u(pattern="item")

        def rows(ctx, data):
            item = ctx.tag.patternGenerator("item")
            return ctx.tag[[item().fillSlots("name", one) for one in "ab"], ctx.tag.onePattern("other")]

        self.assertEqual(self.shown('<p nevow:render="show" />', render), "<ul><i>a</i><i>b</i><b></b></ul>")
        self.assertEqual(
            flat(self, T.p(title=[T.i(pattern="x")])[T.slot("x")].fillSlots("x", T.i(pattern="x"))), '<p title=""></p>'
        )

    def test_plain(self):
        """A tag without slots, and anything else, is itself; a Deferred waits for a scope."""
        tag = T.i()
        self.assertIs(placed(tag), tag)
        self.assertEqual(placed("x"), "x")
        self.assertIsInstance(self.successResultOf(placed(succeed(T.i.fillSlots("name", "a")))), Scope)
        self.assertIsInstance(placed(T.i(pattern="x")), Pattern)
