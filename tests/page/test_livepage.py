# -*- test-case-name: tests.page.test_livepage -*-
"""Pages: their HTML and headers, their objects, and their hooks."""

import gc
import re
import weakref
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import Site
from twisted.web.template import renderer, tags
from zope.interface import Interface
from zope.interface.verify import verifyObject

from athenalite._assets.assets import Roots
from athenalite._assets.modules import AutoCSSPackage, AutoJSPackage
from athenalite._page.elementpage import ElementRenderingLivePage
from athenalite.athena import ConnectionLost, LiveElement, LivePage, expose
from athenalite.errors import UnknownClass
from athenalite.interfaces import IPage
from athenalite.loaders import stan, xmlstr
from harness.messages import opening
from tests.assets.test_head import ParsedHead
from tests.pages import NAMESPACES, InMemorySite, Plain, lose, template


class RenderTests(SynchronousTestCase):
    """The response to a GET of a page."""

    def test_html(self):
        """A page is an HTML document with a title, the client in its head, and the element in its body."""
        response = InMemorySite(self).request()
        self.assertEqual(response.status, 200)
        self.assertTrue(response.text.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8" />'))
        self.assertIn("<title>Plain</title>", response.text)
        head, body = response.text.split("</head>")
        self.assertIn("athenalite.js", head)
        self.assertIn('id="athena:1"', body)
        self.assertEqual(response.header("Content-Length"), str(len(response.body)))

    def test_headers(self):
        """The default headers are restrictive."""
        response = InMemorySite(self).request()
        self.assertEqual(response.header("Content-Type"), "text/html; charset=utf-8")
        self.assertEqual(response.header("Cache-Control"), "no-store")
        self.assertEqual(response.header("X-Content-Type-Options"), "nosniff")
        self.assertEqual(response.header("X-Frame-Options"), "SAMEORIGIN")
        self.assertEqual(response.header("Referrer-Policy"), "same-origin")
        policy = dict(part.strip().split(" ", 1) for part in response.header("Content-Security-Policy").split(";"))
        self.assertEqual(policy["script-src"], "'self'")
        self.assertEqual(policy["default-src"], "'self'")
        self.assertEqual(policy["object-src"], "'none'")
        self.assertEqual(policy["base-uri"], "'none'")

    def test_noInlineScript(self):
        """All scripts of the page are fetched from the site itself."""
        text = InMemorySite(self, lambda: Plain(template('<p id="a"/>'))).request().text
        for name, attributes in ParsedHead(text).tags:
            self.assertEqual([one for one in attributes if one.startswith("on")], [])
            self.assertNotIn("javascript:", " ".join(value or "" for value in attributes.values()))
            if name == "script" and attributes.get("type") != "application/json":
                self.assertIn("src", attributes)

    def test_relative(self):
        """Every address in the page is relative to it, so that it works under any prefix, host, port and scheme."""
        site = InMemorySite(self)
        response = site.request(Host="elsewhere.example:99")
        for _, attributes in ParsedHead(response.text).tags:
            for name in ("src", "href"):
                if name in attributes:
                    self.assertRegex(attributes[name], r"^(\./_athena/|data:,)")
        self.assertEqual(response.island["transport"], "./_athena/transport")
        self.assertNotIn("elsewhere", response.text)

    def test_token(self):
        """The token is long, new for each page, and only in the page's data: in no address or header."""
        site = InMemorySite(self)
        first, second = site.request(), site.request()
        token = first.island["token"]
        self.assertRegex(token, r"^[\w-]{43}$")
        self.assertNotEqual(token, second.island["token"])
        self.assertEqual(first.text.count(token), 1)
        self.assertNotIn(token, str(list(first.headers.getAllRawHeaders())))

    def test_head(self):
        """HEAD is answered with the same headers, and creates neither element nor session."""
        site = InMemorySite(self)
        response = site.request(method="HEAD")
        self.assertEqual((response.status, response.body), (200, b""))
        self.assertEqual(response.header("Content-Type"), "text/html; charset=utf-8")
        self.assertEqual(site.elements, [])
        self.assertEqual(len(site.factory.sessions), 0)

    def test_headOfPage(self):
        """HEAD of a page object returns its headers, and the page can still be rendered."""
        site = InMemorySite(self)
        site.site.resource = ElementRenderingLivePage(Plain(), site.factory)
        response = site.request(method="HEAD")
        self.assertEqual((response.status, response.body), (200, b""))
        self.assertIn("script-src", response.header("Content-Security-Policy"))
        self.assertEqual(site.request().status, 200)

    def test_waiting(self):
        """A page that waits for a Deferred is sent when it has fired, complete, with its modules in the head."""
        waiting = Deferred()

        class Slow(Plain):
            docFactory = template('<b nevow:render="later"/>')

            @renderer
            def later(self, request, tag):
                return waiting

        site = InMemorySite(self, Slow)
        transport = site.connect()
        transport.protocol.dataReceived(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(transport.value(), b"")
        child = Plain()
        child.setFragmentParent(site.elements[0])
        waiting.callback(["text", child])
        text = transport.value().decode()
        self.assertIn("text<div", text)
        self.assertIn('id="athena:2"', text)
        self.assertLess(text.index("athena-page"), text.index("<body>"))

    def test_goneWhileWaiting(self):
        """A browser that disconnects while its page waits causes no error; the page is lost after its timeout."""
        waiting = Deferred()
        site = InMemorySite(self, lambda: LiveElement(stan(waiting)))
        transport = site.connect()
        transport.protocol.dataReceived(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        lose(transport)
        waiting.callback("late")
        site.clock.advance(site.factory.limits.connectTimeout + 1)
        self.assertEqual(len(site.factory.sessions), 0)

    def test_twice(self):
        """A page object can be rendered once; the second time is an error."""
        site = InMemorySite(self)
        page = ElementRenderingLivePage(Plain(), site.factory)
        site.site.resource.getChild = lambda path, request: page
        self.assertEqual(site.request().status, 200)
        self.assertEqual(site.request().status, 500)
        [failure] = self.flushLoggedErrors(RuntimeError)
        self.assertEqual(str(failure.value), "Cannot render a LivePage more than once")

    def test_ownDocument(self):
        """An application's page has a document and renderers of its own, beside liveglue."""

        class Page(LivePage):
            docFactory = xmlstr(
                f'<html {NAMESPACES}><head nevow:render="liveglue"><title>Mine</title></head>'
                '<body nevow:render="content"/></html>'
            )

            @renderer
            def content(self, request, tag):
                element = Plain()
                element.setFragmentParent(self)
                return tag(element)

        site = InMemorySite(self)
        site.site.resource.getChild = lambda path, request: Page(site.factory)
        text = site.request().text
        self.assertRegex(text, '<head><title>Mine</title><script type="application/json"')
        self.assertIn('<body><div xmlns:athena="http://divmod.org/ns/athena/0.7" id="athena:1"', text)


class FailureTests(SynchronousTestCase):
    """Pages that cannot be rendered."""

    def assertFails(self, site, error, text=""):
        """Assert that the response is 500, the log has the error, and no session is left."""
        response = site.request()
        self.assertEqual(response.status, 500)
        [failure] = self.flushLoggedErrors()
        failure.trap(error) if failure.check(error) else self.assertIsInstance(failure.value.args[0], error)
        self.assertIn(text, failure.getErrorMessage())
        self.assertEqual(len(site.factory.sessions), 0)
        return response

    def test_often(self):
        """Repeated requests for such a page do not fill the log, and cannot send control characters to a terminal."""
        logged = []

        class Broken(Plain):
            docFactory = template('<b nevow:render="broken"/>')

            @renderer
            def broken(self, request, tag):
                raise ValueError("\x1b[31m")

        site = InMemorySite(self, Broken, log=Logger("tests", observer=logged.append))
        for _ in range(100):
            self.assertEqual(site.request().status, 500)
        texts = [eventAsText(event) for event in logged]
        self.assertIn("A page could not be rendered", texts[0])
        self.assertIn(r"\x1b[31m", texts[0])
        self.assertLess(sum(map(len, texts)), 10_000)
        self.assertNotIn("\x1b", "".join(texts))

    def test_behindProxy(self):
        """Behind a proxy, one client that requests such a page again and again leaves the log to the others."""
        logged = []
        log = Logger("tests", observer=logged.append)
        site = InMemorySite(self, self.broken, log=log, behindProxy=True)
        for client in ("10.0.0.1", "10.0.0.2"):
            logged.clear()
            for _ in range(100):
                site.request(X_Forwarded_For=client)
            self.assertIn("A page could not be rendered", eventAsText(logged[0]))

    def broken(self):
        """Return an element that fails to render."""

        class Broken(Plain):
            docFactory = template('<b nevow:render="broken"/>')

            @renderer
            def broken(self, request, tag):
                raise ZeroDivisionError("private detail")

        return Broken()

    def test_render(self):
        """If an element cannot be rendered, the response states that, without the reason."""
        response = self.assertFails(InMemorySite(self, self.broken), Exception, "private detail")
        self.assertNotIn("private", response.text)
        self.assertNotIn("Traceback", response.text)

    def test_debug(self):
        """On a site in debug mode the response is a page with the traceback, whose policy allows nothing."""
        response = self.assertFails(InMemorySite(self, self.broken, debug=True), Exception)
        self.assertIn("private detail", response.text)
        self.assertEqual(response.header("Content-Type"), "text/html; charset=utf-8")
        self.assertIn("default-src 'none'", response.header("Content-Security-Policy"))

    def test_reference(self):
        """The visitor gets the reference that the log has, in debug mode, too."""
        for debug in (False, True):
            logged = []
            site = InMemorySite(self, self.broken, log=Logger("tests", observer=logged.append), debug=debug)
            reference = re.search("[Rr]eference ([0-9a-f]{8})", site.request().text)[1]
            self.assertIn(f"Reference {reference}", eventAsText(logged[0]))

    def test_classAttributeFactory(self):
        """A page class with an attribute of the name factory works, and a failing one is answered."""
        for content in (tags.p("text"), object()):
            site = InMemorySite(self)

            class Named(LivePage):
                factory = "of chairs"
                docFactory = stan(tags.html(tags.head(render="liveglue"), content))

            site.site.livePageFactory = site.factory
            site.site.resource.getChild = lambda path, request, cls=Named: cls()
            response = site.request()
            self.assertEqual(response.status, 500 if self.flushLoggedErrors() else 200)
            self.assertEqual(response.status == 200, "text" in response.text)

    def test_failingHook(self):
        """A page is answered also if its renderingFailed fails."""

        class Hooked(LivePage):
            docFactory = stan(object())

            def renderingFailed(self, failure):
                raise ZeroDivisionError

        site = InMemorySite(self)
        page = Hooked(factory=site.factory)
        site.site.resource.getChild = lambda path, request: page
        self.assertEqual(site.request().status, 500)
        self.assertEqual(len(self.flushLoggedErrors()), 2)
        page.session.close("")

    def test_nothingRetained(self):
        """Nothing of a page that could not be rendered is kept."""
        # Twisted's own log would keep the failure, and with it the frames that held the page.
        logged = []
        site = InMemorySite(self, self.broken, log=Logger(observer=logged.append))
        site.request()
        self.assertEqual(len(logged), 1)
        logged.clear()
        element = weakref.ref(site.elements.pop())
        gc.collect()
        self.assertIsNone(element())
        pages = [one for one in gc.get_objects() if type(one) is ElementRenderingLivePage]
        self.assertEqual([page for page in pages if page.factory is site.factory], [])

    def test_factory(self):
        """An element factory that raises: 500, the log has it, and the site goes on."""

        def makeElement():
            raise ZeroDivisionError("private detail")

        response = self.assertFails(InMemorySite(self, makeElement), ZeroDivisionError)
        self.assertNotIn("private", response.text)

    def test_unknownClass(self):
        """A jsClass that no module provides is an error when the page is rendered."""
        elementClass = type("Unknown", (Plain,), {"jsClass": "NoSuch.Widget"})
        self.assertFails(InMemorySite(self, elementClass), UnknownClass, "NoSuch.Widget")

    def test_unserializableArguments(self):
        """So are initial arguments that JSON cannot represent."""
        elementClass = type("Odd", (Plain,), {"getInitialArguments": lambda self: [object()]})
        self.assertFails(InMemorySite(self, elementClass), Exception, "object is not a value that can be sent")

    def test_noGlue(self):
        """A document without liveglue could not connect; the error names the renderer."""
        site = InMemorySite(self)
        page = LivePage(site.factory)
        page.docFactory = stan(tags.html())
        site.site.resource.getChild = lambda path, request: page
        self.assertFails(site, RuntimeError, "the renderer 'liveglue'")


class ModulesTests(SynchronousTestCase):
    """The modules and style sheets that a page loads."""

    def test_modules(self):
        """A page loads the modules and style sheets of its elements, after what they import, and no others."""
        root = Path(self.mktemp())
        for name, text in (
            ("js/App.js", "// import Lib\n"),
            ("js/Lib.js", ""),
            ("js/Other.js", ""),
            ("css/App.css", ""),
        ):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        site = InMemorySite(self, type("App", (Plain,), {"jsClass": "App.Widget", "cssModule": "App"}))
        site.factory.packages.choose(AutoJSPackage(root / "js").mapping, AutoCSSPackage(root / "css").mapping)
        response = site.request()
        self.assertEqual([name for name, _ in response.island["modules"]], ["Lib", "App"])
        self.assertEqual(re.findall(r'rel="stylesheet" href="[^"]*/(.*?)"', response.text), ["App.css"])
        for _, url in response.island["modules"]:
            self.assertEqual(site.request(url.removeprefix(".")).status, 200)

    def test_root(self):
        """The packages of a page that contains others serve those too, also when added later; the page is not kept."""
        path = Path(self.mktemp())
        path.write_text("")
        site = InMemorySite(self)
        root = LivePage()
        shown = []

        def makePage(ctx):
            shown.append(Recorder(site.factory))
            return shown[-1]

        root.child_ = makePage
        site.site = Site(root, reactor=site.clock)
        site.site.livePageFactory = site.factory
        self.assertEqual(site.request().island["modules"], [])
        late = [type("Late", (Plain,), {"jsClass": "LateThing.Widget"})() for _ in range(2)]
        for element in late:
            element.setFragmentParent(shown[0])
        self.assertRaises(UnknownClass, shown[0].values.convert, late[0])
        root.jsModules.mapping["LateThing"] = str(path)
        info, _ = shown[0].values.convert(late[1])
        self.assertEqual([name for name, _ in info["requiredModules"]], ["LateThing"])
        gone = weakref.ref(root)
        del root, site.site
        gc.collect()
        self.assertIsNone(gone())


class Recorder(LivePage):
    """A page that records the calls of its hooks."""

    docFactory = stan(tags.html(tags.head(render="liveglue"), tags.body()))

    def __init__(self, factory):
        super().__init__(factory)
        self.events = []

    def connectionMade(self):
        self.events.append("made")

    def connectionLost(self, reason):
        self.events.append(reason.type)

    @expose
    def greet(self, name):
        return f"hello {name}"


class OpenPageTestCase(SynchronousTestCase):
    """A page of the class Recorder, at the root of a site."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.page = Recorder(self.site.factory)
        self.site.site.resource.getChild = lambda path, request: self.page

    def open(self):
        """Render the page, and connect it."""
        token = self.site.request().island["token"]
        socket = self.site.socket()
        socket.send(*opening(token, 0))
        socket.messages()
        return socket


class PageTests(OpenPageTestCase):
    """A page as an object."""

    def test_interface(self):
        """A page provides the interface that a session requires."""
        verifyObject(IPage, self.page)

    def test_exposed(self):
        """A browser may call the methods that the page itself exposes."""
        self.assertEqual(self.open().call("greet", "Bob", objectID=0), [["respond", 1, True, "hello Bob"]])

    def test_rootObject(self):
        """A browser may call the methods of its rootObject that its interface has, and no others."""

        class ICounter(Interface):
            def count(step):
                """Count."""

        class Counter:
            def count(self, step):
                return step + 1

            def secret(self):
                return "secret"

        self.page = LivePage(ICounter, Counter(), factory=self.site.factory, docFactory=Recorder.docFactory)
        socket = self.open()
        self.assertEqual(socket.call("count", 1, objectID=0), [["respond", 1, True, 2]])
        for name in ("secret", "render_liveglue"):
            [[_, _, success, error]] = socket.call(name, objectID=0)
            self.assertEqual((success, error["type"]), (False, "NoSuchMethod"))

    def test_arguments(self):
        """Its arguments are Athena's, in their order; a factory may come first, too."""
        page = LivePage(None, None, {"A": "a.js"}, "/js", "/t", {"B": "b.css"}, "/css", "original", "document")
        self.assertEqual((page.jsModules.mapping, page.cssModules.mapping), ({"A": "a.js"}, {"B": "b.css"}))
        self.assertEqual((page.original, page.docFactory), ("original", "document"))
        self.assertEqual(page._athenaRequirements.roots(b"/"), Roots("/js", "/css", "/t"))
        self.assertIs(LivePage(self.site.factory).factory, self.site.factory)
        self.assertIsNone(LivePage(self.site.factory).iface)
        # Any substring of a text matches.
        self.assertRaises(TypeError, LivePage, "sayGoodbye")

    def test_xhtml(self):
        """A page that is served as XHTML starts its client with a script that is not a module."""
        self.page.headers = {"Content-Type": "application/xhtml+xml"}
        text = self.site.request().text
        self.assertNotIn('type="module"', text)
        [url] = re.findall(r'<script src="\./([^"]*)" data-client="\./_athena/\w+/athenalite\.js">', text)
        self.assertIn("import(", self.site.request(f"/{url}").text)

    def test_callRemote(self):
        """The page calls global functions of its JavaScript by their dotted names."""
        socket = self.open()
        result = self.page.callRemote("App.start", 1)
        self.site.flush()
        self.assertEqual(socket.messages(), [["call", 0, "App.start", [1]]])
        socket.send("respond", 1, True, "started")
        self.assertEqual(self.successResultOf(result), "started")

    def test_localObjects(self):
        """Any object can be given a number, 1, 2, ..., by which a browser calls its exposed methods."""
        socket = self.open()

        class Calculator:
            @expose
            def double(self, number):
                return 2 * number

        self.assertEqual(self.page.addLocalObject(Calculator()), 1)
        self.assertEqual(socket.call("double", 4), [["respond", 1, True, 8]])
        self.page.removeLocalObject(1)
        [[_, _, success, _]] = socket.call("double", 4)
        self.assertFalse(success)
        self.assertRaises(KeyError, self.page.removeLocalObject, 1)
        self.assertEqual(self.page.addLocalObject(object()), 2)

    def test_lateElement(self):
        """connectionMade of an element is called when it is added to a connected page."""
        self.open()
        element = Plain()
        heard = []
        element.connectionMade = lambda: heard.append("made")
        element.setFragmentParent(self.page)
        self.page.addElement(element)
        self.assertEqual(heard, ["made"])


class AuthorizeTests(SynchronousTestCase):
    """An application authorizes each socket, and may end a page."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.token = self.site.request().island["token"]
        self.page = self.site.elements[0].page

    def open(self, **headers):
        """Return a socket that sends the page's token."""
        socket = self.site.socket(**headers)
        socket.send(*opening(self.token, 0))
        self.said = socket.messages()
        return socket

    def test_cookie(self):
        """A page may belong to a session cookie; a socket with the token and without the cookie ends it."""
        self.page.authorize = lambda handshake: handshake.getCookie("session") == "alice"
        self.assertIsNone(self.open(Cookie="theme=dark; session=alice").closed)
        self.assertEqual(self.said, [["opened", 0]])
        stolen = self.open(Cookie="session=mallory")
        self.assertEqual((self.said, stolen.closed[0]), ([], 1008))
        self.assertEqual(len(self.site.factory.sessions), 0)

    def test_raises(self):
        """An exception of authorize refuses, and is logged."""

        def authorize(handshake):
            raise ZeroDivisionError

        self.page.authorize = authorize
        self.assertEqual(self.open().closed[0], 1008)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_coroutine(self):
        """An authorize that is a coroutine is awaited; only True admits the socket."""
        found = Deferred()

        async def authorize(handshake):
            return handshake.getCookie("session") == await found

        self.page.authorize = authorize
        socket = self.open(Cookie="session=alice")
        socket.send("call", 1, "unknown", [])
        self.assertEqual((self.said, socket.messages(), socket.closed), ([], [], None))
        found.callback("alice")
        self.site.flush()
        self.assertEqual([message[0] for message in socket.messages()], ["opened", "respond"])
        stolen = self.open(Cookie="session=mallory")
        self.assertEqual((self.said, stolen.closed[0]), ([], 1008))

    def test_coroutineOfFalse(self):
        """A coroutine that returns False refuses the socket."""

        async def authorize(handshake):
            return False

        self.page.authorize = authorize
        refused = self.open()
        self.assertEqual((self.said, refused.closed), ([], (1008, "not authorized")))
        self.assertEqual(len(self.site.factory.sessions), 0)

    def test_noAnswer(self):
        """Without an answer the socket is closed so that the browser tries again; the page is not lost."""
        self.page.authorize = lambda handshake: Deferred()
        socket = self.open()
        self.site.clock.advance(self.site.factory.limits.authorizeTimeout)
        self.assertEqual((socket.messages(), socket.closed[0]), ([], 1013))
        del self.page.authorize
        self.assertIsNone(self.open().closed)
        self.assertEqual(self.said, [["opened", 0]])

    def test_goneMeanwhile(self):
        """A socket that is lost, or left, during an authorization changes nothing; the Deferred is cancelled."""
        for end in (lambda socket: socket.lose(), lambda socket: socket.close(4000, "the page was closed")):
            cancelled = []
            self.page.authorize = lambda handshake, cancelled=cancelled: Deferred(cancelled.append)
            end(self.open())
            self.assertEqual((len(cancelled), len(self.site.factory.sessions)), (1, 1))

    def test_close(self):
        """An application may end a page, for example at logout: the browser gets the reason."""
        socket = self.open()
        lost = self.page.notifyOnDisconnect()
        self.page.close("logged out")
        socket.messages()
        self.assertEqual(socket.closed, (4000, "logged out"))
        self.assertEqual(self.failureResultOf(lost, ConnectionLost).getErrorMessage(), "logged out")
