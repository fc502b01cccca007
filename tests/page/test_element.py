# -*- test-case-name: tests.page.test_element -*-
"""Elements: their HTML, and the methods that a browser can call."""

import json
import re
from dataclasses import dataclass
from types import SimpleNamespace

from twisted.internet.defer import Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from twisted.web.template import Element, TagLoader, XMLString, renderer, tags

from athenalite.athena import (
    ConnectionLost,
    JSException,
    LiveElement,
    LivePage,
    LivePageError,
    OrphanedFragment,
    expose,
)
from athenalite.flat import flatten
from athenalite.loaders import xmlstr
from athenalite.testing import renderLivePage
from harness.messages import opening
from tests.assets.test_head import ParsedHead
from tests.pages import NAMESPACES, InMemorySite, Plain, template


class NoInit(Plain):
    """An element as the tutorial writes them: without calling ``LiveElement.__init__``."""

    def __init__(self):
        self.mine = "own"


class Labelled(Plain):
    """An element with ids and handlers."""

    docFactory = template(
        '<label for="name">Name</label><input id="name"/>'
        '<button><athena:handler event="onclick" handler="press"/></button>'
    )


class Twice(Plain):
    """An element with two instances of one template in it."""

    docFactory = template('<nevow:invisible nevow:render="children"/>')

    @renderer
    def children(self, request, tag):
        for _ in range(2):
            child = Labelled()
            child.setFragmentParent(self)
            yield child


class Arguments(Plain):
    """An element with initial arguments."""

    arguments = ()

    def getInitialArguments(self):
        return self.arguments


class EqualCallTests(SynchronousTestCase):
    """Calls right after one of another page."""

    def setUp(self):
        self.site = InMemorySite(self)
        (self.one, _), (self.two, self.socket) = self.site.page(), self.site.page()

    def test_different(self):
        """A page gets its own call if the number of the element, the method or an argument differs, and only then."""
        child = Plain()
        child.setFragmentParent(self.two)
        for element, methodName, args, kwargs, message in (
            (self.two, "hear", ("a",), {}, [1, "hear", ["a"]]),
            (child, "hear", ("a",), {}, [2, "hear", ["a"]]),
            (self.two, "see", ("a",), {}, [1, "see", ["a"]]),
            (self.two, "hear", ("b",), {}, [1, "hear", ["b"]]),
            (self.two, "hear", ("a", "b"), {}, [1, "hear", ["a", "b"]]),
            (self.two, "hear", ("a",), {"k": 1}, [1, "hear", ["a"], {"k": 1}]),
        ):
            self.one.callRemote("hear", "a")
            last = self.one.page.session.outbox.joins.last
            element.callRemote(methodName, *args, **kwargs)
            self.assertEqual(len(last.outboxes), 2 if message == [1, "hear", ["a"]] else 1)
            self.site.flush()
            self.assertEqual(self.socket.messages(), [["notify", *message]])

    def test_barrier(self):
        """The barrier of a page is called before a call of the page is queued, also if it equals the last one."""
        outbox, called = self.two.page.session.outbox, []
        for barrier, expected in ((None, []), (lambda: called.append("called"), ["called"]), (None, ["called"])):
            self.one.callRemote("hear", "a")
            outbox.barrier = barrier
            self.two.callRemote("hear", "a")
            self.assertEqual(called, expected)


class LaterTests(SynchronousTestCase):
    """Initial arguments that come later."""

    def test_refused(self):
        """They are needed at once: an error names the method, in the document and in what is sent."""

        async def later():
            return []

        for make in (later, lambda: succeed([])):
            element = Arguments()
            element.getInitialArguments = make
            page = renderLivePage(Plain())
            element.setFragmentParent(page.page)
            error = self.assertRaises(TypeError, page.page.callRemote, "show", element)
            self.assertIn("Arguments.getInitialArguments returned a", str(error))


class RenderTests(SynchronousTestCase):
    """The HTML of elements."""

    def tags(self, elementFactory):
        """Return the tags in the body of a page with such an element, as a browser parses them, without noscript."""
        self.site = InMemorySite(self, elementFactory)
        response = self.site.request()
        self.assertEqual(response.status, 200)
        found = ParsedHead(response.text).tags
        return found[[name for name, _ in found].index("noscript") + 1 :]

    def test_liveElement(self):
        """The root node carries the widget's number and class, by which the client finds it."""
        [(name, attributes)] = self.tags(Plain)
        self.assertEqual(name, "div")
        self.assertEqual(attributes["id"], "athena:1")
        self.assertEqual(attributes["athena:class"], "Nevow.Athena.Widget")
        self.assertNotIn("nevow:render", attributes)

    def test_noInit(self):
        """An element whose __init__ does not call LiveElement's works as any other."""
        [(_, attributes)] = self.tags(NoInit)
        self.assertEqual(attributes["id"], "athena:1")
        [element] = self.site.elements
        self.assertEqual(element.liveFragmentChildren, [])
        self.assertEqual(element.mine, "own")

    def test_ids(self):
        """Two instances of a template on one page have different ids, and each label refers to its own field."""
        found = self.tags(Twice)
        self.assertEqual([a["for"] for name, a in found if name == "label"], ["athenaid:2-name", "athenaid:3-name"])
        self.assertEqual([a["id"] for name, a in found if name == "input"], ["athenaid:2-name", "athenaid:3-name"])

    def test_handlers(self):
        """A handler is data, not script: no attribute of the page starts with "on"."""
        found = self.tags(Labelled)
        [button] = [attributes for name, attributes in found if name == "button"]
        self.assertEqual(button, {"data-athena-handlers": "onclick=press"})
        self.assertEqual([name for _, attributes in found for name in attributes if name.startswith("on")], [])

    def test_arguments(self):
        """Initial arguments of any text reach the widget unchanged, and are not parsed as HTML."""
        awkward = [
            "</script><script>alert(1)</script>",
            "\"'&quot;",
            "καλημέρα \u2028 \U0001f600",
            "\ud800",
            [1.5, None],
        ]
        self.patch(Arguments, "arguments", awkward)
        [(_, attributes)] = self.tags(Arguments)
        # A lone surrogate is no character.
        received = ["\ufffd" if one == "\ud800" else one for one in awkward]
        self.assertEqual(json.loads(attributes["data-athena-arguments"]), received)

    def test_invisible(self):
        """A root that is invisible has no node: an error, and no page without the widget."""

        class Invisible(LiveElement):
            docFactory = xmlstr(f'<nevow:invisible {NAMESPACES} nevow:render="liveElement">x</nevow:invisible>')

        site = InMemorySite(self, Invisible)
        self.assertEqual(site.request().status, 500)
        [failure] = self.flushLoggedErrors()
        self.assertIn("the widget's node: an element, and not invisible", str(failure.value.args[0]))

    def test_noArguments(self):
        """An element without initial arguments has no attribute for them."""
        [(_, attributes)] = self.tags(Arguments)
        self.assertNotIn("data-athena-arguments", attributes)

    def test_renderers(self):
        """Renderers of the element's own work beside liveElement, Deferreds included."""

        class Greeting(Plain):
            docFactory = template('<b nevow:render="name"/>')

            @renderer
            def name(self, request, tag):
                return succeed(tag("<Alice>"))

        site = InMemorySite(self, Greeting)
        self.assertIn("<b>&lt;Alice&gt;</b>", site.request().text)

    def test_twistedLoaders(self):
        """The loaders of twisted.web.template work too, under their name or ours, repeatedly."""
        source = (
            f'<p {NAMESPACES.replace("nevow", "t").replace("http://t.com/ns/t/0.1", TWISTED)} t:render="liveElement">'
        )
        for attribute, loader in (
            ("loader", XMLString(source + '<i id="x"/></p>')),
            ("docFactory", TagLoader(tags.p(tags.i(id="x"), render="liveElement"))),
        ):
            elementClass = type("Element", (LiveElement,), {attribute: loader})
            for _ in range(2):
                self.assertIn('<i id="athenaid:1-x">', InMemorySite(self, elementClass).request().text)

    def test_docFactoryArgument(self):
        """An instance can be given a document of its own."""
        self.assertIn("<em>", InMemorySite(self, lambda: Plain(template("<em/>"))).request().text)

    def test_preprocessors(self):
        """The preprocessors of all base classes run, and an instance's own list replaces them all."""

        def mark(document):
            document[0].attributes["class"] = "marked"
            return document

        class Marked(Labelled):
            preprocessors = (mark,)

        class OnlyMarked(Labelled):
            def __init__(self):
                self.preprocessors = [mark]

        for elementClass, rewritten in ((Marked, True), (OnlyMarked, False)):
            text = InMemorySite(self, elementClass).request().text
            self.assertIn('class="marked"', text)
            self.assertEqual("athenaid:1-name" in text, rewritten)

    def test_plainElement(self):
        """A plain Element in a live one keeps its ids, as they are not the widget's."""

        class Outer(Plain):
            docFactory = template('<nevow:invisible nevow:render="inner"/>')

            @renderer
            def inner(self, request, tag):
                return Element(loader=XMLString('<i id="x"/>'))

        self.assertIn('<i id="x">', InMemorySite(self, Outer).request().text)


TWISTED = "http://twistedmatrix.com/ns/twisted.web.template/0.1"


class TreeTests(SynchronousTestCase):
    """Elements on pages and in each other."""

    def test_orphan(self):
        """Calls of an element without a page raise OrphanedFragment."""
        element = Plain()
        self.assertIsNone(element.page)
        error = self.assertRaises(OrphanedFragment, element.callRemote, "x")
        self.assertIn("setFragmentParent", str(error))
        self.assertIn("connectionMade", str(error))
        self.assertEqual(repr(element), "<Plain not rendered>")

    def test_insideOut(self):
        """An element finds its page also when its parent is added later."""
        inner, outer = Plain(), Plain()
        inner.setFragmentParent(outer)
        self.assertIsNone(inner.page)
        outer.page = page = SimpleNamespace(addElement=None)
        self.assertIs(inner.page, page)
        self.assertEqual(outer.liveFragmentChildren, [inner])

    def test_noDocument(self):
        """The error of an element without a document names docFactory."""
        site = InMemorySite(self, LiveElement)
        self.assertEqual(site.request().status, 500)
        [failure] = self.flushLoggedErrors(FlattenerError)
        self.assertIn("LiveElement has no docFactory", str(failure.value))


class FakePage:
    """A page of a unit test, with what Athena's elements used of theirs."""

    def __init__(self):
        self.objects, self.calls, self.liveFragmentChildren = [], [], []
        self.page = self

    def addLocalObject(self, obj):
        self.objects.append(obj)
        return len(self.objects)

    def callRemote(self, *call):
        self.calls.append(call)
        return succeed("result")


class UnitTestTests(SynchronousTestCase):
    """Elements in an application's unit tests, without a server."""

    def test_number(self):
        """An element has no number before it is rendered, and none again when it is detached."""
        element = Plain()
        self.assertFalse(hasattr(element, "_athenaID"))
        self.assertIsNone(getattr(Plain, "_athenaID", None))
        element.setFragmentParent(page := renderLivePage(Plain()).page)
        self.assertFalse(hasattr(element, "_athenaID"))
        page.callRemote("show", element)
        self.assertEqual(element._athenaID, element.athenaID)
        page.elementDetached(element)
        self.assertFalse(hasattr(element, "_athenaID"))

    def test_firstCall(self):
        """An element that is called before it is rendered gets its number then."""
        element = Plain()
        element.setFragmentParent(renderLivePage(Plain()).page)
        element.callRemote("f")
        self.assertEqual(element._athenaID, 2)

    def test_fakePage(self):
        """A test may give an element a page of its own, which gets its calls as in Athena."""
        for give in (lambda element, page: setattr(element, "page", page), Plain.setFragmentParent):
            element, page = Arguments(), FakePage()
            element.arguments = (1, "x")
            give(element, page)
            self.assertIs(element.page, page)
            text = flatten(element)
            self.assertIn('id="athena:1"', text)
            self.assertIn("[1,&quot;x&quot;]", text)
            self.assertEqual(page.objects, [element])
            self.assertEqual(self.successResultOf(element.callRemote("f", 1)), "result")
            self.assertEqual(page.calls, [("Nevow.Athena.callByAthenaID", 1, "f", (1,))])


class SharedTests(SynchronousTestCase):
    """An element belongs to one page."""

    def test_twice(self):
        """Adding an element to a second page is an error; the first page is not affected."""
        element = Methods()
        site = InMemorySite(self, lambda: element)
        _, socket = site.page()
        self.assertEqual(site.request().status, 500)
        [failure] = self.flushLoggedErrors(FlattenerError)
        self.assertIn("make a new element for each page", str(failure.value))
        self.assertEqual(socket.call("add", 1), [["respond", 1, True, 2]])


class Denied(LivePageError):
    """An error that the application declares."""

    jsClass = "App.Denied"


class Methods(Plain):
    """An element with methods of every kind."""

    docFactory = template()
    attribute = "secret"
    ran = False

    def connectionMade(self):
        self.log = []

    @expose
    def add(self, one, other=1):
        return one + other

    @expose
    def later(self):
        self.deferred = Deferred()
        return self.deferred

    @expose
    async def coroutine(self, value):
        return await succeed(value)

    @expose
    async def failingCoroutine(self):
        raise ZeroDivisionError("private detail")

    @expose
    def failing(self):
        return fail(ZeroDivisionError("private detail"))

    @expose
    def denied(self):
        raise Denied("you", {"code": 7})

    @expose
    def unserializable(self):
        return object()

    def hidden(self):
        self.ran = True

    @property
    def looked(self):
        self.ran = True
        return self.add

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.add


class Overriding(Methods):
    """An element that overrides exposed methods of its base."""

    def add(self, one, other=1):
        self.ran = True


class CalledTests(SynchronousTestCase):
    """Calls from a browser, and their answers."""

    def setUp(self):
        self.site = InMemorySite(self, Methods)
        self.element, self.socket = self.site.page()

    def call(self, *args, **kwargs):
        """Return the one answer to a call."""
        [answer] = self.socket.call(*args, **kwargs)
        return answer

    def error(self, *args, **kwargs):
        """Return the error object of the one answer to a call."""
        kind, _, success, error = self.call(*args, **kwargs)
        self.assertEqual((kind, success), ("respond", False))
        return error

    def test_result(self):
        """A method's result is sent, for positional and keyword arguments."""
        self.assertEqual(self.call("add", 1, 2), ["respond", 1, True, 3])
        self.assertEqual(self.call("add", 1, other=5), ["respond", 2, True, 6])
        self.assertEqual(self.call("add", "a\u2028", "b\U0001f600"), ["respond", 3, True, "a\u2028b\U0001f600"])

    def test_deferred(self):
        """A Deferred's result is sent when it fires, while other calls are answered."""
        self.assertEqual(self.socket.call("later"), [])
        self.assertEqual(self.call("add", 1), ["respond", 2, True, 2])
        self.element.deferred.callback([None, True])
        self.site.flush()
        self.assertEqual(self.socket.messages(), [["respond", 1, True, [None, True]]])

    def test_coroutine(self):
        """So does a coroutine's."""
        self.assertEqual(self.call("coroutine", {"a": [1]}), ["respond", 1, True, {"a": [1]}])

    def test_redacted(self):
        """An exception's text stays on the server: the browser gets its type, and a reference to the log."""
        for method in ("failing", "failingCoroutine"):
            error = self.error(method)
            self.assertEqual(error["type"], "ZeroDivisionError")
            self.assertNotIn("private", str(error))
            self.assertIn(error["reference"], error["message"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 2)

    def test_debug(self):
        """On a site in debug mode the browser gets the text."""
        site = InMemorySite(self, Methods, debug=True)
        _, socket = site.page()
        [[_, _, _, error]] = socket.call("failing")
        self.assertEqual(error["message"], "private detail")
        self.assertIn("ZeroDivisionError: private detail", error["traceback"])
        self.flushLoggedErrors(ZeroDivisionError)
        _, socket = InMemorySite(self, Methods).page()
        [[_, _, _, error]] = socket.call("failing")
        self.assertNotIn("traceback", error)
        self.flushLoggedErrors(ZeroDivisionError)

    def test_debugSecrets(self):
        """The traceback has no page's token, and no values of variables."""

        class Telling(Plain):
            @expose
            def tell(self):
                password = "hunter2"
                raise ValueError(self.token, len(password))

        site = InMemorySite(self, Telling, debug=True)
        element, socket = site.page()
        element.token = element.page.session.token
        [[_, _, _, error]] = socket.call("tell")
        self.assertNotIn(element.token, error["traceback"])
        self.assertIn("(hidden)", error["traceback"])
        self.assertIn("in tell", error["traceback"])
        self.flushLoggedErrors(ValueError)

    def test_declared(self):
        """An error that the application declares is sent with its class and arguments, and not logged."""
        error = self.error("denied")
        self.assertEqual((error["type"], error["jsClass"]), ("Denied", "App.Denied"))
        self.assertEqual(error["args"], ["you", {"code": 7}])

    def test_wrongArguments(self):
        """Arguments that the method does not take fail only this call; nothing is logged."""
        self.assertEqual(self.error("add")["type"], "ArgumentError")
        self.assertEqual(self.error("add", 1, 2, 3)["type"], "ArgumentError")
        self.socket.send("call", 1, "add", [1], {"self": 2})
        self.site.flush()
        self.assertEqual(self.socket.messages()[0][3]["type"], "ArgumentError")
        self.assertEqual(self.call("add", 1), ["respond", 4, True, 2])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_unserializable(self):
        """So does a result that JSON cannot represent."""
        self.assertEqual(self.error("unserializable")["type"], "TypeError")
        self.assertEqual(self.call("add", 1), ["respond", 2, True, 2])
        self.flushLoggedErrors(TypeError)

    def test_notExposed(self):
        """A method that is not exposed is neither reached nor touched, by any name."""
        for name in (
            "hidden",
            "looked",
            "attribute",
            "anything",
            "",
            "__init__",
            "__class__",
            "__dict__",
            "__getattr__",
            "add.__globals__",
            "add.__func__",
            "page.session",
            "callRemote",
            "page",
            "session",
            "locateMethod",
            "getInitialArguments",
            "render",
            "liveElement",
            "connectionLost",
            "exposedThrough",
            "add\0",
            "ａdd",
            "x" * 5000,
        ):
            error = self.error(name)
            self.assertEqual((error["type"], error["jsClass"]), ("NoSuchMethod", "Nevow.Athena.NoSuchMethod"), name)
            self.assertLess(len(str(error)), 500)
        self.assertFalse(self.element.ran)
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_overridden(self):
        """A method that a subclass overrides is hidden until it is exposed again."""
        site = InMemorySite(self, Overriding)
        element, socket = site.page()
        [[_, _, success, error]] = socket.call("add", 1)
        self.assertEqual((success, error["type"], element.ran), (False, "NoSuchMethod", False))

    def test_page(self):
        """The page, and numbers without an object, have no methods."""
        for objectID in (0, 2, 2**53 - 1):
            for name in ("add", "session", "callRemote", "render_GET", "close", "authorize", "factory", "__class__"):
                self.assertEqual(self.error(name, objectID=objectID)["type"], "NoSuchMethod")

    def test_instance(self):
        """A function exposed on an instance can be called, as in Athena."""
        self.element.extra = expose(lambda: "extra")
        self.assertEqual(self.call("extra"), ["respond", 1, True, "extra"])

    def test_locateMethod(self):
        """An element may locate its methods itself."""
        self.element.locateMethod = lambda ctx, name: lambda: [ctx, name]
        self.assertEqual(self.call("whatever"), ["respond", 1, True, [None, "whatever"]])


class CallRemoteTests(SynchronousTestCase):
    """Calls of an element to its widget."""

    def setUp(self):
        self.site = InMemorySite(self, Methods)
        self.element, self.socket = self.site.page()

    def say(self, *args, **kwargs):
        """Call the widget; return the Deferred, and the messages that the browser receives."""
        result = self.element.callRemote(*args, **kwargs)
        self.site.flush()
        return result, self.socket.messages()

    def test_call(self):
        """A call whose Deferred is kept is answered, and the Deferred fires with the answer."""
        result, said = self.say("colour", "a", [1])
        self.assertEqual(said, [["call", 1, "colour", ["a", [1]]]])
        self.assertNoResult(result)
        self.socket.send("respond", 1, True, "blue")
        self.assertEqual(self.successResultOf(result), "blue")

    def test_keywords(self):
        """Keyword arguments are sent as an object."""
        result, said = self.say("colour", 1, shade="dark")
        self.assertEqual(said, [["call", 1, "colour", [1], {"shade": "dark"}]])
        self.socket.send("respond", 1, True, None)
        self.assertIsNone(self.successResultOf(result))

    def test_notify(self):
        """A call whose Deferred is not kept requests no result."""
        self.element.callRemote("hear", "x")
        self.site.flush()
        self.assertEqual(self.socket.messages(), [["notify", 1, "hear", ["x"]]])

    def test_callback(self):
        """A call whose Deferred has callbacks requests a result although it is not kept."""
        results = []
        self.element.callRemote("colour").addCallback(results.append)
        self.site.flush()
        self.assertEqual(self.socket.messages(), [["call", 1, "colour", []]])
        self.socket.send("respond", 1, True, "blue")
        self.assertEqual(results, ["blue"])

    def test_await(self):
        """The Deferred can be awaited."""

        async def ask():
            return await self.element.callRemote("colour")

        result = Deferred.fromCoroutine(ask())
        self.site.flush()
        self.socket.messages()
        self.socket.send("respond", 1, True, "blue")
        self.assertEqual(self.successResultOf(result), "blue")

    def test_exception(self):
        """A JavaScript exception fails the Deferred, with its type, text and stack."""
        result, _ = self.say("colour")
        self.socket.send("respond", 1, False, {"type": "RangeError", "message": "boom", "stack": "at x.js:1"})
        error = self.failureResultOf(result, JSException).value
        self.assertEqual((str(error), error.type, error.stack), ("RangeError: boom", "RangeError", "at x.js:1"))

    def test_unserializable(self):
        """An argument that JSON cannot represent is an error of the caller, and nothing is sent."""
        circle = []
        circle.append(circle)
        for value in (object(), float("nan"), float("inf"), (n for n in ()), 1j, circle, self.element.page):
            self.assertRaises(TypeError, self.element.callRemote, "hear", value)
        self.assertEqual(self.say("fine")[1], [["call", 1, "fine", []]])

    def test_beforeConnected(self):
        """Calls made before the page has connected arrive afterwards, in order."""
        token = self.site.request().island["token"]
        element = self.site.elements[-1]
        results = [element.callRemote("hear", number) for number in range(3)]
        self.site.flush()
        socket = self.site.socket()
        socket.send(*opening(token, 0))
        self.assertEqual(socket.messages(), [["opened", 0], *(["call", 1, "hear", [n]] for n in range(3))])
        for result in results:
            self.assertNoResult(result)
            result.addErrback(lambda _: None)

    def test_lost(self):
        """Waiting calls fail with ConnectionLost when the page is closed, and so do later ones."""
        result, _ = self.say("colour")
        self.socket.close(4000)
        self.failureResultOf(result, ConnectionLost)
        self.failureResultOf(self.element.callRemote("colour"), ConnectionLost)


class ReprTests(SynchronousTestCase):
    """The representation of elements in logs."""

    def test_rendered(self):
        """A rendered element's representation has its class and number."""
        site = InMemorySite(self, Plain)
        site.request()
        self.assertEqual(repr(site.elements[0]), "<Plain 1>")
        self.assertTrue(re.fullmatch(r"<Plain 1>", str(site.elements[0])))

    def test_xmlstr(self):
        """A template without the renderer liveElement is shown, without a widget."""
        site = InMemorySite(self, lambda: LiveElement(xmlstr("<p>static</p>")))
        self.assertIn("</noscript><p>static</p></body>", site.request().text)


@dataclass
class Equal(LiveElement):
    """An element that is equal to others, and has no hash."""

    text: str = "same"

    docFactory = template("")


@dataclass(slots=True)
class EqualPage(LivePage):
    """A page of that kind, which brings modules."""

    text: str = "same"

    def __post_init__(self):
        LivePage.__init__(self, jsModules={"Brought": "brought.js"})


class IdentityTests(SynchronousTestCase):
    """Elements and pages are told apart by identity, and not by equality."""

    def test_detached(self):
        """Of two equal elements, the one that is detached is removed."""
        site = InMemorySite(self)
        element, _ = site.page()
        first, second = Equal(), Equal()
        for one in (first, second):
            one.setFragmentParent(element)
        self.assertEqual(first, second)
        second.detach()
        self.assertEqual(len(element.liveFragmentChildren), 1)
        self.assertIs(element.liveFragmentChildren[0], first)
        self.assertEqual((first.page is element.page, second.page), (True, None))

    def test_page(self):
        """A page that has no hash may bring modules, for as long as it exists."""
        site = InMemorySite(self)
        pages = [EqualPage(), EqualPage()]
        for page in pages:
            site.factory.packages.bring(page)
        site.factory.packages.refresh()
        self.assertEqual(site.factory.packages.scripts.mapping["Brought"], "brought.js")

    def test_preprocessors(self):
        """Two preprocessors that are equal both run."""

        class Same:
            def __init__(self, name):
                self.name = name

            def __eq__(self, other):
                return isinstance(other, Same)

            def __hash__(self):
                return 1

            def __call__(self, document):
                return [*document, self.name]

        class Outer(Plain):
            preprocessors = (Same("a"), Same("b"))

        self.assertEqual(Outer().render(None)[-2:], ["a", "b"])
