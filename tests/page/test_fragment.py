# -*- test-case-name: tests.page.test_fragment -*-
"""Fragments with renderers that take a context."""

from twisted.trial.unittest import SynchronousTestCase

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
