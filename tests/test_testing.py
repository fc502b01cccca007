# -*- test-case-name: tests.test_testing -*-
"""The kit for users' own tests: a page in memory, on the real protocol."""

from __future__ import annotations

import importlib.util
import re
import textwrap
import unittest
from pathlib import Path

from twisted.internet.defer import CancelledError, Deferred, gatherResults, succeed
from twisted.internet.error import ConnectionDone
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from athenalite.athena import (
    ConnectionLost,
    IAthenaTransportable,
    JSException,
    LiveElement,
    LivePage,
    LivePageError,
    LivePageFactory,
    expose,
)
from athenalite.limits import Limits
from athenalite.loaders import stan, xmlstr
from athenalite.page import renderer
from athenalite.tags import body, directive, div, head, html
from athenalite.testing import Instance, RemoteCall, RemoteError, StubBrowser, Widget, renderLivePage
from tests.listings import runListing
from tests.pages import template


class Refused(LivePageError):
    """An error that the browser sees."""

    jsClass = "Echo.Refused"


@implementer(IAthenaTransportable)
class Point:
    """An object that becomes one of JavaScript."""

    jsClass = "Echo.Point"

    def __init__(self, *coordinates):
        self.coordinates = coordinates

    def getInitialArguments(self):
        return self.coordinates


class Echo(LiveElement):
    """
    An element that does a bit of everything.

    :ivar events: which hooks were called.
    """

    docFactory = template("<p>hello</p>")

    def __init__(self):
        super().__init__()
        self.events = []
        self.waiting = Deferred()

    def getInitialArguments(self):
        return ["first", 2]

    def connectionMade(self):
        self.events.append("made")

    def connectionLost(self, reason):
        self.events.append(type(getattr(reason, "value", reason)))

    def disconnected(self):
        self.events.append("disconnected")

    def resumed(self):
        self.events.append("resumed")

    @expose
    def say(self, message: str):
        self.events.append(message)
        self.callRemote("hear", message, loud=True)
        return message.upper()

    @expose
    def anything(self, *args, **kwargs):
        return [args, kwargs]

    @expose
    def refuse(self):
        raise Refused("no", 7)

    @expose
    def crash(self):
        raise ZeroDivisionError("the secret text")

    @expose
    def later(self):
        return self.waiting

    @expose
    async def ask(self, question: str):
        answer = await self.callRemote("answer", question)
        return f"{question} {answer}"


class Slow(LiveElement):
    """An element whose page waits for something."""

    docFactory = template('<p nevow:render="wait" />')

    def __init__(self):
        super().__init__()
        self.waiting = Deferred()

    @renderer
    def wait(self, request, tag):
        return self.waiting


class Talking(LivePage):
    """A page that can be called itself."""

    docFactory = stan(html[head(render=directive("liveglue")), body])

    @expose
    def where(self, here: str):
        return here


class CallTests(SynchronousTestCase):
    """Calls in both directions."""

    def setUp(self):
        self.element = Echo()
        self.page = renderLivePage(self.element)

    def test_result(self):
        """A call runs the exposed method at once, and fires with what it returned."""
        self.assertEqual(self.successResultOf(self.page.call(self.element, "say", "hello")), "HELLO")

    def test_kwargs(self):
        """Keyword arguments go both ways."""
        result = self.page.call(self.element, "anything", 1, function=2, methodName=3)
        self.assertEqual(self.successResultOf(result), [[1], {"function": 2, "methodName": 3}])
        self.successResultOf(self.page.call(self.element, "say", message="hello"))
        self.assertEqual(self.page.calls, [RemoteCall(self.element, "hear", ("hello",), {"loud": True})])

    def test_annotated(self):
        """An argument that the annotations do not allow does not reach the method; the error names it."""
        for args, kwargs in (((7,), {}), ((), {"message": None}), ((), {})):
            failure = self.failureResultOf(self.page.call(self.element, "say", *args, **kwargs), RemoteError)
            self.assertEqual((failure.value.type, failure.value.argument), ("ArgumentError", "message"))
        self.assertEqual(self.element.events, ["made"])
        self.assertEqual(str(failure.value), "message: it is missing")

    def test_declaredError(self):
        """A LivePageError arrives with its class and its arguments."""
        error = self.failureResultOf(self.page.call(self.element, "refuse"), RemoteError).value
        self.assertEqual((error.type, error.jsClass, error.arguments), ("Refused", "Echo.Refused", ["no", 7]))

    def test_error(self):
        """Any other error arrives as in a browser; its text is in the log."""
        error = self.failureResultOf(self.page.call(self.element, "crash"), RemoteError).value
        self.assertEqual(error.type, "ZeroDivisionError")
        self.assertNotIn("secret", str(error))
        self.assertIn(error.reference, str(error))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_debug(self):
        """In debug mode it arrives with its text."""
        page = renderLivePage(element := Echo(), debug=True)
        error = self.failureResultOf(page.call(element, "crash"), RemoteError).value
        self.assertIn("secret", str(error))
        self.flushLoggedErrors(ZeroDivisionError)

    def test_notExposed(self):
        """Only what is exposed can be called, on objects that there are."""
        for target, name in ((self.element, "connectionMade"), (99, "say"), (self.page.page, "say")):
            error = self.failureResultOf(self.page.call(target, name), RemoteError).value
            self.assertEqual(error.type, "NoSuchMethod")

    def test_later(self):
        """A method may take its time."""
        result = self.page.call(self.element, "later")
        self.assertNoResult(result)
        self.element.waiting.callback("at last")
        self.page.advance()
        self.assertEqual(self.successResultOf(result), "at last")

    def test_coroutine(self):
        """A coroutine method may await the browser, while other calls run; its arguments are checked as well."""
        answer = Deferred()
        self.page.answer(self.element, "answer", lambda question: answer)
        result = self.page.call(self.element, "ask", "why")
        self.assertEqual(self.successResultOf(self.page.call(self.element, "anything")), [[], {}])
        self.assertNoResult(result)
        answer.callback("because")
        self.page.advance()
        self.assertEqual(self.successResultOf(result), "why because")
        error = self.failureResultOf(self.page.call(self.element, "ask", 7), RemoteError).value
        self.assertEqual(error.argument, "question")

    def test_await(self):
        """A call can be awaited."""

        async def both():
            return await self.page.call(self.element, "say", "a") + await self.page.call(self.element, "say", "b")

        self.assertEqual(self.successResultOf(Deferred.fromCoroutine(both())), "AB")

    def test_calls(self):
        """The server's calls arrive at the end of the reactor iteration, and are answered with None."""
        result = self.element.callRemote("hear", "news")
        self.assertEqual(self.page.calls, [])
        self.page.advance()
        self.assertEqual(self.page.calls, [RemoteCall(self.element, "hear", ("news",))])
        self.assertIsNone(self.successResultOf(result))

    def test_answer(self):
        """A function answers for the widget, of one element only: with a value, a Deferred or a coroutine."""

        async def coroutine(value):
            return value + 2

        self.page.answer(self.element, "add", lambda value, more=1: value + more)
        self.page.answer(self.element, "wait", lambda value: succeed(value))
        self.page.answer(self.element, "coroutine", coroutine)
        self.page.answer(self.page.page, "add", self.fail)
        calls = [("add", 1, {}), ("add", 1, {"more": 4}), ("wait", 3, {}), ("coroutine", 4, {})]
        results = gatherResults([self.element.callRemote(name, value, **more) for name, value, more in calls])
        self.page.advance()
        self.assertEqual(self.successResultOf(results), [2, 5, 3, 6])

    def test_answerFails(self):
        """What it raises arrives as a JSException, and is not logged as the server's."""
        self.page.answer(self.element, "add", {}.__getitem__)
        result = self.element.callRemote("add", "x")
        self.page.advance()
        self.assertEqual(self.failureResultOf(result, JSException).value.type, "KeyError")

    def test_answerNoJSON(self):
        """An answer that a browser could not give is an error of the browser's."""
        self.page.answer(self.element, "add", object)
        result = self.element.callRemote("add")
        self.page.advance()
        self.assertEqual(self.failureResultOf(result, JSException).value.type, "TypeError")

    def test_cancelled(self):
        """A call whose result was cancelled still runs, without an error."""
        result = self.page.call(self.element, "later")
        result.cancel()
        self.failureResultOf(result, CancelledError)
        self.element.waiting.callback("too late")
        self.page.advance()
        self.assertEqual(self.successResultOf(self.page.call(self.element, "say", "a")), "A")

    def test_pageCalls(self):
        """The page calls global functions, and can be called as its elements can."""
        page = renderLivePage(Talking())
        page.page.callRemote("Some.function", 1)
        self.assertEqual(self.successResultOf(page.call(page.page, "where", "here")), "here")
        self.assertEqual(page.calls, [RemoteCall(page.page, "Some.function", (1,))])

    def test_instances(self):
        """Instances of JavaScript classes arrive as such, in arguments and in results, also nested."""
        self.element.callRemote("draw", [Point(1, Point(2))], 3)
        point = Instance("Echo.Point", [1, Instance("Echo.Point", [2])])
        self.element.anything = expose(lambda: {"at": Point(4)})
        result = self.successResultOf(self.page.call(self.element, "anything"))
        self.assertEqual(self.page.calls, [RemoteCall(self.element, "draw", ([point], 3))])
        self.assertEqual(result, {"at": Instance("Echo.Point", [4])})

    def test_detach(self):
        """An element that leaves is detached on both sides."""
        detached = self.element.detach()
        self.page.advance()
        self.successResultOf(detached)
        self.assertEqual(self.page.calls[-1].methodName, "_athenaDetachClient")
        self.assertEqual(self.element.events[1:], [ConnectionLost])

    def test_removed(self):
        """What is called on an object that the server has just removed is known by its number."""
        self.element.callRemote("hear")
        number = self.element.athenaID
        self.page.page.removeLocalObject(number)
        self.page.advance()
        self.assertEqual(self.page.calls, [RemoteCall(number, "hear")])

    def test_endless(self):
        """Two halves that call each other without end are an error, and no test that hangs."""

        def again():
            self.page._browser.clock.callLater(0, self.element.callRemote, "again")

        self.page.answer(self.element, "again", again)
        self.element.callRemote("again")
        self.assertRaises(RuntimeError, self.page.advance)


class LineTests(SynchronousTestCase):
    """The connection, and time."""

    def setUp(self):
        self.element = Echo()
        self.page = renderLivePage(self.element)

    def test_connectionMade(self):
        """A page that is opened is connected."""
        self.assertTrue(self.page.connected)
        self.assertEqual(self.element.events, ["made"])

    def test_cut(self):
        """While the page is disconnected, both sides may call; after it has resumed, each call runs once, in order."""
        self.page.cut()
        self.assertFalse(self.page.connected)
        results = [self.page.call(self.element, "say", message) for message in ("a", "b")]
        self.element.callRemote("hear", "c")
        self.page.advance(10)
        self.assertEqual((self.page.calls, self.element.events), ([], ["made", "disconnected"]))
        self.page.reconnect()
        self.assertEqual([self.successResultOf(result) for result in results], ["A", "B"])
        self.assertEqual([call.args for call in self.page.calls], [("c",), ("a",), ("b",)])
        self.assertEqual(self.element.events, ["made", "disconnected", "resumed", "a", "b"])

    def test_cutUnheard(self):
        """Messages in flight when the connection is lost are resent."""
        self.element.callRemote("hear", "news")
        self.page._browser.clock.advance(0)
        self.page.cut()
        self.assertEqual(self.page.calls, [])
        self.page.reconnect()
        self.page.cut()
        self.page.reconnect()
        self.assertEqual(len(self.page.calls), 1)

    def test_cutWhileHearing(self):
        """If a message makes the page cut the connection, the messages after it arrive when it has resumed."""
        self.page.answer(self.element, "first", self.page.cut)
        result = self.element.callRemote("first")
        self.element.callRemote("second")
        self.page.advance()
        self.assertEqual([call.methodName for call in self.page.calls], ["first"])
        self.assertNoResult(result)
        self.page.reconnect()
        self.assertEqual([call.methodName for call in self.page.calls], ["first", "second"])
        self.assertIsNone(self.successResultOf(result))

    def test_cutTwice(self):
        """To cut what is cut does nothing."""
        self.page.cut()
        self.page.cut()
        self.assertEqual(self.element.events, ["made", "disconnected"])

    def test_replaced(self):
        """A page may open a second connection before the first is lost."""
        self.page.reconnect()
        self.assertEqual(self.successResultOf(self.page.call(self.element, "say", "a")), "A")
        self.assertEqual(self.element.events, ["made", "disconnected", "resumed", "a"])

    def test_leave(self):
        """A closed page is lost, and its outstanding calls fail."""
        result = self.page.call(self.element, "later")
        remote = self.element.callRemote("hear")
        self.page.leave()
        self.assertEqual(self.element.events, ["made", ConnectionDone])
        self.failureResultOf(result, ConnectionLost)
        self.failureResultOf(remote, ConnectionLost)
        self.failureResultOf(self.page.call(self.element, "say", "a"), ConnectionLost)
        self.assertEqual(self.page.lost, "the page was closed")

    def test_leaveWhileCut(self):
        """A page that is closed while disconnected cannot report it: the server waits for it in vain."""
        self.page.cut()
        self.page.leave()
        self.assertEqual((self.page.lost, self.element.events), ("the page was closed", ["made", "disconnected"]))
        self.page.advance(181)
        self.assertEqual(self.element.events[2:], [ConnectionLost])

    def test_away(self):
        """A page that is disconnected for too long is lost; it gets the reason when it reconnects."""
        element = Echo()
        page = renderLivePage(element, limits=Limits(transportlessTimeout=180))
        page.cut()
        page.advance(179)
        self.assertEqual(element.events, ["made", "disconnected"])
        page.advance(2)
        self.assertEqual(element.events, ["made", "disconnected", ConnectionLost])
        page.reconnect()
        self.assertIn("away for more than 180 s", page.lost)
        self.assertFalse(page.connected)

    def test_closed(self):
        """A page that the server closes gets the reason."""
        self.page.page.close("you have logged out")
        self.page.advance()
        self.assertEqual((self.page.lost, self.page.connected), ("you have logged out", False))

    def test_idle(self):
        """A page on which nothing happens stays, however long."""
        for _ in range(10):
            self.page.advance(600)
        self.assertEqual(self.successResultOf(self.page.call(self.element, "say", "a")), "A")

    def test_acknowledged(self):
        """Neither side keeps acknowledged messages, even if the other sends nothing else."""
        page = renderLivePage(element := Echo(), limits=Limits(maxMessagesKept=3))
        for _ in range(20):
            element.callRemote("hear")
            page.advance()
        for _ in range(20):
            result = element.callRemote("ask")
            page.advance(2)
            self.assertIsNone(self.successResultOf(result))
        self.assertEqual((len(page.calls), page.lost), (40, None))

    def test_limits(self):
        """The limits are the site's."""
        page = renderLivePage(Echo(), limits=Limits(transportlessTimeout=1))
        page.cut()
        page.advance(2)
        page.reconnect()
        self.assertIn("more than 1 s", page.lost)

    def test_authorize(self):
        """A page sees the headers that the browser sends, and may refuse its socket."""

        class Guarded(LivePage):
            docFactory = stan(html[head(render=directive("liveglue")), body])

            def authorize(self, handshake):
                return handshake.getCookie("who") == "alice"

        self.assertIsNone(renderLivePage(Guarded(), headers={"cookie": "who=alice"}).lost)
        self.assertEqual(renderLivePage(Guarded(), headers={"cookie": "who=eve"}).lost, "not authorized")

    def test_authorizeLater(self):
        """A page whose authorize is a coroutine connects when that has returned; until then it may reconnect."""
        answers = []

        class Guarded(LivePage):
            docFactory = stan(html[head(render=directive("liveglue")), body])

            async def authorize(self, handshake):
                answers.append(Deferred())
                return await answers[-1]

        page = renderLivePage(Guarded())
        self.assertFalse(page.connected)
        answers.pop().callback(True)
        page.advance()
        self.assertTrue(page.connected)
        page.cut()
        page.reconnect()
        page.advance(10)
        self.assertEqual((page.connected, page.lost), (False, None))
        page.reconnect()
        answers.pop().callback(True)
        page.advance()
        self.assertTrue(page.connected)
        page.cut()
        page.reconnect()
        answers.pop().callback("yes")
        page.advance()
        self.assertEqual(page.lost, "not authorized")


class RenderingTests(SynchronousTestCase):
    """The document."""

    def test_html(self):
        """The document is what a browser would get."""
        page = renderLivePage(Echo())
        self.assertIn("<p>hello</p>", page.html)
        self.assertIn(page.page.session.token, page.html)

    def test_widgets(self):
        """Its widgets are listed, with what they begin with."""
        page = renderLivePage(element := Echo())
        self.assertEqual(page.widgets, [Widget(element.athenaID, "Nevow.Athena.Widget", ["first", 2])])

    def test_waiting(self):
        """A page that waits for something is there when that has happened, and connects."""
        element = Slow()
        page = renderLivePage(element)
        self.assertRaises(RuntimeError, lambda: page.html)
        self.assertFalse(page.connected)
        element.waiting.callback(div["done"])
        page.advance()
        self.assertIn("done", page.html)
        self.assertTrue(page.connected)

    def test_failing(self):
        """A page that cannot be rendered is an error."""

        class Broken(LiveElement):
            docFactory = xmlstr("<div xmlns:nevow='http://nevow.com/ns/nevow/0.1' nevow:render='nothing' />")

        error = self.assertRaises(RuntimeError, renderLivePage, Broken())
        self.assertIn("500", str(error))
        self.assertEqual(len(self.flushLoggedErrors()), 1)

    def test_together(self):
        """Pages of one browser have one clock, and receive each other's messages in the same iteration."""
        browser = StubBrowser()
        one, other = Echo(), Echo()
        pages = [browser.open(one), browser.open(other)]
        one.anything = expose(lambda: other.callRemote("hear", "hello"))
        self.assertIsNone(self.successResultOf(pages[0].call(one, "anything")))
        self.assertEqual([len(page.calls) for page in pages], [0, 1])

    def test_factory(self):
        """A page may be made with the browser's factory, and with no other."""
        browser = StubBrowser()

        class Empty(LivePage):
            docFactory = stan(html[head(render=directive("liveglue")), body])

        self.assertTrue(browser.open(Empty(browser.factory)).connected)
        other = LivePageFactory(StubBrowser().clock)
        self.assertRaises(ValueError, browser.open, Empty(other))

    def test_childOfSlash(self):
        """A page that makes another for its address with a slash, as Nevow's root pages do, is opened itself."""

        class Root(LivePage):
            docFactory = stan(html[head(render=directive("liveglue")), body["root"]])

            def child_(self, ctx):
                raise AssertionError("another page")

        page = Root()
        self.assertIs(renderLivePage(page).page, page)
        self.assertTrue(page.session)


class DocumentationTests(SynchronousTestCase):
    """docs/testing.rst"""

    def test_example(self):
        """The test that is shown there is one, and passes as it stands."""
        text = (Path(__file__).parent.parent / "docs" / "testing.rst").read_text("utf-8")
        example = re.search(r"\.\. code-block:: python\n\n(.*?)\n(?=\S)", text, re.DOTALL)[1]
        path = Path(self.mktemp()).with_suffix(".py")
        path.write_text(textwrap.dedent(example), "utf-8")
        spec = importlib.util.spec_from_file_location("shown", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(module.EchoTests).run(result)
        self.assertEqual((result.testsRun, result.errors, result.failures), (6, [], []))

    def test_several(self):
        """The listing about several pages runs, with a chat room."""
        from chatthing.chatterbox import ChatRoom

        text = (Path(__file__).parent.parent / "docs" / "testing.rst").read_text("utf-8")
        code, *_ = re.findall(r"(?m)::\n\n((?:    .*\n)+)", text.partition("Several pages")[2])
        names = runListing(code, StubBrowser=StubBrowser, room=ChatRoom())
        self.assertTrue(names["alicesPage"].connected and names["bobsPage"].connected)
