"""docs/porting.rst: its listings run, and what it states about them holds."""

import base64
from pathlib import Path

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.internet.task import Clock
from zope.interface import Interface

from athenalite._server.site import AthenaSite
from athenalite.athena import LivePageFactory
from athenalite.errors import LivePageError
from athenalite.testing import StubBrowser
from athenalite.testutil import renderPage
from tests.listings import GuideTestCase
from tests.pages import InMemorySite


class IUser(Interface):
    """What a page of Nevow remembered."""


class BeforeAndAfterTests(GuideTestCase):
    """What is written in place of what Nevow had."""

    guide = "porting"

    def rendered(self, page):
        """Return the HTML of a page."""
        html = self.successResultOf(renderPage(page))
        return html if isinstance(html, str) else html.decode("utf-8")

    def test_sequence(self):
        """Each row fills a copy of the pattern; without rows there is the other pattern."""
        from athenalite import loaders, rend, tags

        module = self.load("menu")
        for rows, expected in (
            ([{"name": "Soup", "price": 3}, {"name": "Rice", "price": 4}], ["<li>Soup: 3</li><li>Rice: 4</li>"]),
            ([], ["<li>Nothing today</li>"]),
        ):
            page = rend.Page(docFactory=loaders.stan(tags.html[module.MenuFragment(rows)]))
            for text in expected:
                self.assertIn(text, self.rendered(page))

    def test_patternRenderer(self):
        """A pattern's own renderer gets its item from the renderer of the whole, as the document shows."""
        from athenalite import loaders, rend

        document = Path(__file__).parents[2] / "docs" / "porting.rst"
        self.assertIn("item(render=lambda ctx, data, row=row: self.render_row(ctx, row))", document.read_text("utf-8"))

        class Menu(rend.Page):
            docFactory = loaders.xmlstr(
                '<ul xmlns:n="http://nevow.com/ns/nevow/0.1" n:render="rows"><li n:pattern="item"/></ul>'
            )

            def render_rows(self, ctx, data):
                item = ctx.tag.patternGenerator("item")
                return ctx.tag.clear()[
                    [item(render=lambda ctx, data, row=row: self.render_row(ctx, row)) for row in self.original]
                ]

            def render_row(self, ctx, data):
                return ctx.tag[data]

        self.assertEqual(self.rendered(Menu(["Soup", "Rice"])), "<ul><li>Soup</li><li>Rice</li></ul>")

    def test_contexts(self):
        """What a page has is an attribute of it; what was remembered is an error."""
        module = self.load("greeting")
        self.assertRegex(self.rendered(module.GreetingPage("Ann")), r"<p>Hello Ann from \S+</p>")

        class Old(module.GreetingPage):
            """Remembers an object."""

            def beforeRender(self, ctx):
                """As in Nevow."""
                try:
                    ctx.remember("Ann", IUser)
                except NotImplementedError as error:
                    raised.append(str(error))

        raised = []
        self.rendered(Old("Ann"))
        self.assertIn("there is no chain of contexts", raised[0])

    def test_logins(self):
        """Pages need a login, their scripts and sockets do not."""
        site = InMemorySite(self)
        site.clock = Clock()
        factory = site.factory = LivePageFactory(site.clock)
        checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
        site.site = AthenaSite(self.load("members").makeRoot(factory, [checker]), factory.limits, site.clock)
        self.assertEqual(site.request("/members/").status, 401)
        basic = base64.b64encode(b"ann:secret").decode("ascii")
        response = site.request("/members/", Authorization=f"Basic {basic}")
        self.assertEqual(response.status, 200)
        self.assertIn("Hello ann", response.text)
        self.assertEqual(response.island["transport"], "/_athena/transport")
        self.assertNotEqual(site.request("/_athena/transport").status, 401)

    def test_forms(self):
        """An argument that does not match is named; the application's own error has its text."""
        form = self.load("guest").GuestForm()
        page = StubBrowser().open(form)
        self.assertEqual(self.successResultOf(page.call(form, "add", name="Ann", age=3)), "Ann is a guest.")
        failed = self.failureResultOf(page.call(form, "add", name="Ann", age="old"))
        self.assertIn("age", failed.getErrorMessage())
        failed = self.failureResultOf(page.call(form, "add", name="", age=3))
        self.assertIn("Please give a name.", failed.getErrorMessage())
        self.assertEqual(form.guests, [("Ann", 3)])
        self.assertRaises(LivePageError, form.add, "", 3)
