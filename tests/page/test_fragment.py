# -*- test-case-name: tests.page.test_fragment -*-
"""Fragments with renderers that take a context."""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import flattenString

from athenalite import tags as T
from athenalite._page.fragment import Fragment
from athenalite.athena import LiveFragment, expose, handler
from athenalite.loaders import stan, xmlstr
from tests.pages import NAMESPACES, InMemorySite
from tests.test_stan import flat


class Clock(LiveFragment):
    """A fragment in the style of Nevow's applications."""

    docFactory = xmlstr(
        f'<div {NAMESPACES} nevow:render="liveFragment"><b nevow:render="time"><nevow:slot name="t"/></b>'
        '<i nevow:render="twice x"/></div>'
    )

    def render_time(self, ctx, data):
        ctx.fillSlots("t", data)
        return ctx.tag

    def render_twice(self, text):
        return lambda ctx, data: ctx.tag[text, text]

    @expose
    def ask(self):
        return self.original


class FragmentTests(SynchronousTestCase):
    """Fragments of pages with contexts, without widgets."""

    def test_render(self):
        """Renderers get a context and the original; a page's document may contain fragments anywhere."""

        class Shown(Fragment):
            docFactory = stan(T.p(render=T.directive("text")))

            def render_text(self, ctx, data):
                return ctx.tag[data, 1]

        self.assertEqual(
            flat(self, T.div[Shown("x")], Shown(docFactory=stan(T.b["y"]))), "<div><p>x1</p></div><b>y</b>"
        )
        self.assertTrue(issubclass(LiveFragment, Fragment))


class OverrideTests(SynchronousTestCase):
    """Nevow's hooks of fragments that a subclass overrides."""

    def test_rendFills(self):
        """What ``rend`` fills by its context is so in the fragment, and not behind it."""

        class Filling(Fragment):
            docFactory = stan(T.p[T.slot("x")])

            def rend(self, ctx, data):
                ctx.fillSlots("x", data)
                return Fragment.rend(self, ctx, data)

        self.assertEqual(flat(self, T.div[Filling("a"), T.slot("x", "b")]), "<div><p>a</p>b</div>")

    def test_renderer(self):
        """A fragment's ``renderer`` finds renderers; the inherited one has those of all kinds."""

        class Finding(LiveFragment):
            docFactory = xmlstr(
                f'<div {NAMESPACES} nevow:render="liveFragment"><b id="b" nevow:render="x y"/>'
                '<i nevow:render="own a,b"/><u nevow:render="tag"/></div>'
            )

            def renderer(self, ctx, name):
                if name == "tag":
                    return ctx.tag["a tag"]
                if name.startswith("x"):
                    return lambda ctx, data: ctx.tag[name, " ", data]
                return LiveFragment.renderer(self, ctx, name)

            def render_own(self, *names):
                return lambda ctx, data: ctx.tag[names]

        text = InMemorySite(self, lambda: Finding("data")).request().text
        self.assertIn(' id="athena:1" ', text)
        self.assertIn('<b id="athenaid:1-b">x y data</b><i>ab</i><u>a tag</u></div>', text)

    def test_missing(self):
        """A name that neither has is an error."""

        class Finding(Fragment):
            docFactory = stan(T.p(render=T.directive("nothing")))

            def renderer(self, ctx, name):
                return super().renderer(ctx, name)

        self.assertIn("nothing", str(self.failureResultOf(flattenString(None, Finding())).value))

    def test_rend(self):
        """A fragment's ``rend`` is called with the data, and its result shown; the inherited one has the template."""
        seen = []

        class Rending(Fragment):
            docFactory = stan(T.p(render=T.directive("text")))

            def rend(self, ctx, data):
                seen.append((ctx.request, data))
                return T.div[Fragment.rend(self, ctx, data), 1]

            def render_text(self, ctx, data):
                return ctx.tag["text"]

        self.assertEqual(flat(self, Rending("data")), "<div><p>text</p>1</div>")
        self.assertEqual(seen, [(None, "data")])

    def test_rendLive(self):
        """A live fragment has a widget also if ``rend`` is overridden."""

        class Rending(Clock):
            def rend(self, ctx, data):
                return super().rend(ctx, data)

        site = InMemorySite(self, lambda: Rending("noon"))
        _, socket = site.page()
        self.assertEqual(socket.call("ask"), [["respond", 1, True, "noon"]])


class LiveFragmentTests(SynchronousTestCase):
    """LiveFragment is a LiveElement with other renderers."""

    def test_render(self):
        """Renderers get a context, the data and their arguments."""
        site = InMemorySite(self, lambda: Clock("noon"))
        text = site.request().text
        self.assertIn('id="athena:1"', text)
        self.assertIn("<b>noon</b><i>xx</i>", text)

    def test_called(self):
        """The browser calls it as any other element."""
        site = InMemorySite(self, lambda: Clock("noon"))
        _, socket = site.page()
        self.assertEqual(socket.call("ask"), [["respond", 1, True, "noon"]])

    def test_stan(self):
        """A document of tags works too, with its handlers; so does liveElement."""
        document = T.div(render=T.directive("liveElement"))[T.button[handler(event="onclick", handler="press")]]
        site = InMemorySite(self, lambda: LiveFragment(docFactory=stan(document)))
        self.assertIn('<button data-athena-handlers="onclick=press"></button>', site.request().text)
