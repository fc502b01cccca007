# -*- test-case-name: tests.test_flat -*-
"""``athenalite.flat`` is ``nevow.flat``, for documents without Deferreds."""

from twisted.internet.defer import Deferred, succeed
from twisted.python.components import registerAdapter
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from zope.interface import implementer

from athenalite import entities, url
from athenalite import tags as T
from athenalite.context import Context, RequestContext, WovenContext
from athenalite.flat import flatten
from athenalite.inevow import IRenderer
from athenalite.loaders import stan, xmlstr
from athenalite.page import Element, renderer
from athenalite.testutil import FakeRequest
from tests.test_loaders import NEVOW


@implementer(IRenderer)
class Shown:
    """An object that shows itself."""

    def rend(self, ctx, data):
        return ["shown at ", url.here, ctx.tag.tagName]


class Money:
    """An object that is adapted."""

    def __init__(self, amount):
        self.amount = amount


class MoneyRenderer:
    """Shows money."""

    def __init__(self, original):
        self.original = original

    def rend(self, ctx, data):
        return T.b[self.original.amount, " EUR"]


registerAdapter(MoneyRenderer, Money, IRenderer)


class FlattenTests(SynchronousTestCase):
    """flatten."""

    def test_document(self):
        """It returns the markup of all that a document may contain, as text."""
        document = T.ul(class_="x")[[T.li[n, " & "] for n in (1, 2.5)], ("é", [["a"], iter("bc")]), entities.copy]
        self.assertEqual(flatten(document), '<ul class="x"><li>1 &amp; </li><li>2.5 &amp; </li>éabc&#169;</ul>')
        self.assertIsInstance(flatten("x"), str)
        self.assertEqual(flatten([T.br, T.xml("<i>&amp;</i>"), T.comment["c"]]), "<br /><i>&amp;</i><!--c-->")
        self.assertEqual(flatten(T.p[succeed(T.b["x"])]), "<p><b>x</b></p>")

    def test_loaders(self):
        """Loaders, slots and patterns are flattened, too."""
        loader = xmlstr(f'<p {NEVOW}><nevow:slot name="s" default="d"/><b nevow:pattern="b"/></p>')
        self.assertEqual(flatten([loader, stan(T.i)]), "<p>d</p><i></i>")
        self.assertEqual(flatten(T.p[T.slot("s")].fillSlots("s", 1)), "<p>1</p>")
        ctx = Context(None, T.invisible.fillSlots("s", "from the context"))
        self.assertEqual(flatten(T.p[T.slot("s")], ctx), "<p>from the context</p>")

    def test_again(self):
        """Markup in another document is not escaped again."""
        self.assertEqual(flatten(T.p[flatten(T.b["<"])]), "<p><b>&lt;</b></p>")

    def test_url(self):
        """Of a URL it is the address, as Nevow's; one that depends on the request needs a context."""
        self.assertEqual(flatten(url.URL.fromString("/a?b=1&c=2")), "/a?b=1&c=2")
        ctx = WovenContext(RequestContext(tag=FakeRequest()))
        self.assertEqual(flatten(url.here.child("c"), ctx), "http://localhost/c")
        self.assertEqual(flatten(T.a(href=url.here), ctx), '<a href="http://localhost/"></a>')

    def test_functions(self):
        """Functions get the context's request, and elements, too."""

        class Asking(Element):
            docFactory = stan(T.i(render=T.directive("asked")))

            @renderer
            def asked(self, request, tag):
                return tag[str(request.uri)]

        request = FakeRequest(uri="/x")
        self.assertEqual(
            flatten(T.p[lambda ctx, data: ctx.request.uri, Asking()], Context(request)), "<p>/x<i>b'/x'</i></p>"
        )

    def test_renderers(self):
        """What provides IRenderer, or is adapted to it, shows itself: in tags, and in elements of each kind."""
        ctx = Context(FakeRequest())
        self.assertEqual(flatten(T.p[Shown(), Money(3)], ctx), "<p>shown at http://localhost/<b>3 EUR</b></p>")
        self.assertEqual(flatten(Element(stan(T.p[Money(4)]))), "<p><b>4 EUR</b></p>")
        self.assertEqual(
            flatten(T.p(title=[Money("x")][0].amount)[lambda ctx, data: Money(5)]), '<p title="x"><b>5 EUR</b></p>'
        )

    def test_errors(self):
        """It cannot wait, and it has no renderers of its own."""
        self.assertRaises(ValueError, flatten, T.p[Deferred()])
        self.assertRaises(FlattenerError, flatten, object())
        error = self.assertRaises(FlattenerError, flatten, T.p(render=T.directive("x")))
        self.assertIn("flatten has no renderer 'x'", str(error))
