# -*- test-case-name: tests.porting.test_differences -*-
"""Each difference from Nevow is reported, as the table in docs/porting.rst has it."""

import ast
import re
import warnings
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from zope.interface import implementer

from athenalite import athena, rend, tags
from athenalite._porting import python
from athenalite._porting.application import Application
from athenalite._templates.parser import TemplateError
from athenalite.errors import ConnectionLost, OrphanedFragment
from athenalite.flat import flatten
from athenalite.inevow import IAthenaTransportable
from athenalite.loaders import stan, xmlstr
from athenalite.testing import StubBrowser
from athenalite.testutil import FakeRequest
from tests.pages import NAMESPACES

PORTING = Path(__file__).parent.parent.parent / "docs" / "porting.rst"
ROW = re.compile(r"^   \* - (.*)\n     - (.*)$", re.MULTILINE)


def rows():
    """Return what differs and where it is reported, by row."""
    text = PORTING.read_text("utf-8")
    section = text[text.index("Differences, and where they are reported") : text.index("\nImporting\n")]
    return dict(ROW.findall(section)[1:])


class Shown(athena.LiveElement):
    """An element on a page."""

    docFactory = stan(tags.p(render="liveElement")["x"])

    @athena.expose
    def fail(self):
        """Fail with a text that is confidential."""
        raise ValueError("secret")

    @athena.expose
    def count(self, number: int):
        """Take a number."""


@implementer(IAthenaTransportable)
class Sent:
    """An object with a class in JavaScript."""

    jsClass = "A.B"

    def getInitialArguments(self):
        """It has none."""
        return ()


class Waiting(athena.LiveElement):
    """An element with a renderer that waits."""

    docFactory = stan(tags.p(render="liveElement")[tags.b(render="later")])

    @athena.renderer
    def later(self, request, tag):
        """Never answer."""
        return Deferred()


class DifferenceTests(SynchronousTestCase):
    """A test for each row."""

    def reported(self, kind, function, *arguments):
        """The function raises an error of this type."""
        return str(self.assertRaises(kind, function, *arguments))

    def warned(self, base, **members):
        """Making such a class is one warning."""
        self.warns(lambda: type("Mine", (base,), {"__module__": "mine", **members}))

    def warns(self, function):
        """Calling the function is one warning, and the second time none, by Python's defaults."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            function()
        self.assertEqual(len(caught), 1)

    def lists(self, name, content, *codes):
        """The command has these findings in a file."""
        directory = Path(self.mktemp())
        directory.mkdir()
        (directory / name).write_text(content, "utf-8")
        application = Application(python)
        application.look([directory])
        self.assertEqual(sorted({one.code for one in application.report(False).findings} - {"N101"}), sorted(codes))

    def ofPython(self, content, *codes):
        """The same in a file that imports Nevow."""
        self.lists("a.py", f"from nevow import athena, rend, tags, flat\n{content}\n", *codes)

    def ofTemplate(self, content, *codes):
        """The same in a template."""
        self.lists("a.html", f"<div {NAMESPACES}>{content}</div>", *codes)

    def opened(self, element):
        """Return the page of an element in a browser without one."""
        return StubBrowser().open(element)

    def test_all(self):
        """Each row of the table has a test, named by its words; and each test a row."""
        tests = {name: self.named(name) for name in dir(self) if name.startswith("row_")}
        words = {self.named(what): what for what in rows()}
        self.assertEqual(sorted(words), sorted(tests.values()))
        for name in tests:
            getattr(self, name)()

    def named(self, text):
        """The first words, without markup and signs."""
        return "_".join(re.findall("[a-z]+", text.removeprefix("row_").lower())[:4])

    def test_codes(self):
        """The codes in the table are those that its tests look for."""
        text = ast.unparse(ast.parse(Path(__file__).read_text("utf-8")))
        for how in rows().values():
            for code in re.findall("[NATS][0-9]{3}", how):
                self.assertIn(f"'{code}'", text)

    def row_a_module_or_a(self):
        def gone():
            from athenalite import guard  # noqa: F401

        self.assertIn("twisted.web.guard", self.reported(ImportError, gone))
        self.ofPython("from nevow import guard", "N102")

    def row_nevow_data_macro_and(self):
        template = f'<p {NAMESPACES} nevow:data="x" />'
        self.reported(TemplateError, xmlstr(template).load)
        self.ofTemplate('<p nevow:data="x" />', "T402")

    def row_data_key_macro_and(self):
        for name in ("data", "key", "macro", "remember"):
            self.reported(TypeError, lambda name=name: tags.p(**{name: 1}))

    def row_data_name_and_macro(self):
        self.warned(rend.Page, data_x=lambda self, ctx, data: 1)
        self.ofPython("class A(rend.Page):\n  def data_x(self, ctx, data): pass", "A201")

    def row_ctx_remember_and_page(self):
        self.reported(NotImplementedError, rend.Page().remember, 1)
        self.ofPython("ctx.remember(1)", "A204")

    def row_hooks_that_nothing_calls(self):
        self.warned(rend.Page, renderHTTP_notFound=lambda self, ctx: 1)
        self.warned(athena.LivePage, goingLive=lambda self, ctx, client: 1)
        self.ofPython("class A(rend.Page):\n  def configurable_x(self, ctx): pass", "A201")

    def row_attributes_without_effect_transport(self):
        self.warned(athena.LivePage, TRANSPORT_IDLE_TIMEOUT=1)
        self.warned(athena.LiveElement, allowedMethods={})
        self.ofPython("class A(athena.LivePage):\n  TRANSPORT_IDLE_TIMEOUT = 1", "A202")

    def row_a_class_attribute_factory(self):
        self.warned(athena.LivePage, factory=athena.LivePageFactory(Clock()))
        self.ofPython("class A(athena.LivePage):\n  factory = x", "A202")

    def row_a_method_of_yours(self):
        self.warned(athena.LivePage, disconnected=lambda self, user: 1)
        self.warned(athena.LiveFragment, disconnected=lambda self: 1)
        self.ofPython("class A(athena.LiveElement):\n  def resumed(self): pass", "A211")

    row_a_method_of_a = lambda self: self.lists(  # noqa: E731
        "a.js", "Nevow.Athena.PageWidget.subclass(A, 'B').methods(function resumed(self) {});", "S504"
    )

    def row_an_element_is_rendered(self):
        page = athena.LivePage(factory=athena.LivePageFactory(Clock()))
        element = Shown()
        element.setFragmentParent(page)
        element.liveElement(None, tags.p())
        self.reported(RuntimeError, element.liveElement, None, tags.p())

    def row_the_page_s_policy(self):
        self.ofTemplate('<p onclick="x" />', "T403")
        self.ofPython("tags.p(onclick='x()')", "A205")
        self.lists("a.js", "eval(x); n.innerHTML = '<a onclick=x>';", "S501", "S502")

    def row_a_live_page_without(self):
        self.lists("a.html", f'<html {NAMESPACES}><head nevow:render="liveglue" /></html>', "T404")

    def row_checked_false_is_left(self):
        self.assertEqual(flatten(tags.input(checked=False)), "<input />")
        self.ofPython("tags.input(checked=False)", "A202")

    def row_value_false_is_left(self):
        self.warns(lambda: tags.input(value=False))

    def row_none_as_a_child(self):
        self.reported(FlattenerError, flatten, tags.p[None])

    def row_tags_xml_of_what(self):
        self.reported(TemplateError, tags.xml, "<br>")

    def row_an_event_that_does(self):
        class Wrong(athena.LiveElement):
            docFactory = xmlstr(f'<p {NAMESPACES}><athena:handler event="click" handler="x" /></p>')

        self.reported(TemplateError, Wrong().documentOfTemplate)

    def row_a_handler_that_returns(self):
        self.lists("a.js", "A.methods(function dom_x(self, node) { return self.callRemote('x'); });", "S505")

    def row_nodenotfound_and_its_like(self):
        self.lists("a.js", "failure.check(Divmod.Error);", "S505")

    def row_an_inline_script_uses(self):
        self.lists("a.html", f"<html {NAMESPACES}><script>Divmod.msg(1)</script></html>", "S505", "T403")

    def row_serializejson_writes_undefined_as(self):
        self.lists("a.js", "Divmod.Base.serializeJSON(x);", "S505")

    def row_names_of_javascript_that(self):
        self.lists("a.js", "Nevow.Athena.bootstrap(x);", "S503")

    def row_flatten_returns_text_where(self):
        self.ofPython("request.write(flat.flatten(x))", "A208")

    def row_text_is_never_equal(self):
        self.ofPython("request.method == 'POST'", "A208")

    def row_a_fake_request_takes(self):
        request = FakeRequest()
        self.warns(lambda: request.write("x"))
        self.warns(lambda: request.finishRequest(True))

    def row_an_element_is_sent(self):
        page = self.opened(Shown())
        element = Waiting()
        element.setFragmentParent(page.page)
        self.reported(TypeError, page.page.callRemote, "x", element)

    def row_callremote_of_an_element(self):
        self.reported(OrphanedFragment, Shown().callRemote, "x")

    def row_a_value_that_cannot(self):
        element = Shown()
        self.opened(element)
        self.reported(TypeError, element.callRemote, "x", float("nan"))

    def row_an_iathenatransportable_object_as(self):
        element = Shown()
        self.opened(element)
        sent = Sent()
        self.reported(TypeError, lambda: element.callRemote("x", name=sent))
        element = Shown()
        element.getInitialArguments = lambda: [sent]
        self.assertRaises(RuntimeError, self.opened, element)
        [failure] = self.flushLoggedErrors(FlattenerError)
        self.assertIn("TypeError", str(failure.value))

    def row_a_call_when_the(self):
        element = Shown()
        page = self.opened(element)
        page.leave()
        page.advance(1000)
        self.failureResultOf(element.callRemote("x"), ConnectionLost)

    def row_an_exception_s_text(self):
        element = Shown()
        page = self.opened(element)
        failure = self.failureResultOf(page.call(element, "fail"))
        self.assertEqual((failure.value.type, "secret" in str(failure.value)), ("ValueError", False))
        self.assertIn(failure.value.reference, str(failure.value))
        self.flushLoggedErrors(ValueError)

    def row_an_argument_of_a(self):
        element = Shown()
        page = self.opened(element)
        for arguments in (["x"], []):
            self.assertIn("ArgumentError", self.failureResultOf(page.call(element, "count", *arguments)).value.type)
