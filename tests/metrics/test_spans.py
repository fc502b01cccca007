# -*- test-case-name: tests.metrics.test_spans -*-
"""Calls as spans of OpenTelemetry."""

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.trial.unittest import SynchronousTestCase

from athenalite import LivePageError, expose
from athenalite._core.meter import Meter
from athenalite._metrics.spans import SpanTracer
from athenalite.errors import ConnectionLost, JSException
from harness.messages import opening
from tests.memory import Site
from tests.pages import InMemorySite, Plain

TRACE = 0x4BF92F3577B34DA6A3CE929D0E0E4736
PARENT = 0x00F067AA0BA902B7
TRACEPARENT = f"00-{TRACE:032x}-{PARENT:016x}-01"


class Traced(Plain):
    """An element whose methods note which span is current."""

    def __init__(self):
        super().__init__()
        self.noted = []
        self.waiting = Deferred()

    def note(self):
        self.noted.append(trace.get_current_span().get_span_context().span_id)

    @expose
    def plain(self, *args):
        self.note()
        return list(args)

    @expose
    async def coroutine(self):
        self.note()
        await self.waiting
        self.note()

    @expose
    @inlineCallbacks
    def generator(self):
        self.note()
        yield self.waiting
        self.note()

    @expose
    def later(self):
        return self.waiting

    @expose
    def refuse(self, secret):
        raise LivePageError(secret)

    @expose
    def crash(self):
        return 1 / 0


class Spans:
    """A provider of tracers that keeps what has ended."""

    def __init__(self):
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def take(self):
        """Return the spans that have ended since."""
        ended = self._exporter.get_finished_spans()
        self._exporter.clear()
        return ended


class SpansTestCase(SynchronousTestCase):
    """A site that is traced."""

    def setUp(self):
        self.spans = Spans()

    def open(self, **headers):
        """Return a page's element and its socket."""
        self.site = InMemorySite(self, Traced)
        self.site.factory.sessions.tracer = SpanTracer(self.spans.provider)
        response = self.site.request(**headers)
        self.html = response.text
        self.socket = self.site.socket()
        self.socket.send(*opening(response.island["token"], 0))
        self.socket.messages()
        return self.site.elements[-1]

    def call(self, name, *args, objectID=1):
        """Call a method, and return the spans that have ended."""
        self.socket.send("call", objectID, name, list(args))
        self.site.flush()
        return self.spans.take()


class FromBrowserTests(SpansTestCase):
    """Calls of the browser."""

    def test_attributes(self):
        """A call is a span with the method, and no argument and no text of an error."""
        self.open()
        [span] = self.call("plain", "secret")
        self.assertEqual((span.name, span.kind, span.parent), ("plain", SpanKind.SERVER, None))
        self.assertEqual(dict(span.attributes), {"rpc.system.name": "athenalite", "rpc.method": "plain"})
        self.assertEqual(span.instrumentation_scope.name, "athenalite")
        for name, args, error in ("refuse", ["secret"], "LivePageError"), ("crash", [], "ZeroDivisionError"):
            [span] = self.call(name, *args)
            self.assertEqual((span.attributes["error.type"], span.status.status_code), (error, StatusCode.ERROR))
            self.assertNotIn("secret", span.to_json())
            self.assertEqual(span.events, ())
        self.flushLoggedErrors(ZeroDivisionError)

    def test_unknown(self):
        """A method that does not exist is one of no name: it is the browser's."""
        self.open()
        [span] = self.call("anything")
        self.assertEqual((span.name, span.attributes["rpc.method"]), ("athenalite", "_OTHER"))
        self.assertEqual(span.attributes["error.type"], "NoSuchMethod")

    def test_current(self):
        """The span is the current one in the method, in a coroutine also after it has waited, and nowhere else."""
        for name, count in ("plain", 1), ("coroutine", 2), ("generator", 2):
            element = self.open()
            self.call(name)
            self.assertFalse(trace.get_current_span().get_span_context().is_valid)
            element.waiting.callback(None)
            [span] = self.spans.take() or self.call("plain")
            self.assertEqual(element.noted[:count], [element.noted[0]] * count)
            self.assertNotEqual(element.noted[0], 0)
            if count > 1:
                self.assertEqual(element.noted[0], span.context.span_id)

    def test_later(self):
        """A call that waits is a span until its result is there, or its failure."""
        for fire, status in (
            (lambda waiting: waiting.callback(1), StatusCode.UNSET),
            (lambda waiting: waiting.errback(LivePageError("no")), StatusCode.ERROR),
        ):
            element = self.open()
            self.assertEqual(self.call("later"), ())
            fire(element.waiting)
            [span] = self.spans.take()
            self.assertEqual(span.status.status_code, status)

    def test_request(self):
        """Without another trace, a call belongs to that of the request for the page."""
        self.open(traceparent=TRACEPARENT)
        [span] = self.call("plain")
        self.assertEqual((span.context.trace_id, span.parent.span_id), (TRACE, PARENT))

    def test_requestOfApplication(self):
        """A span in which the application renders the page comes before the request's header."""
        tracer = self.spans.provider.get_tracer("tests")
        with tracer.start_as_current_span("GET") as request:
            self.open(traceparent=TRACEPARENT)
        self.spans.take()
        [span] = self.call("plain")
        self.assertEqual(span.parent.span_id, request.get_span_context().span_id)

    def test_browsersTrace(self):
        """The browser names the trace of one call, which is no span itself."""
        self.open()
        self.assertEqual(self.call("_athenaTrace", TRACEPARENT, "a=b", objectID=0), ())
        [span] = self.call("plain")
        self.assertEqual((span.context.trace_id, span.parent.span_id), (TRACE, PARENT))
        self.assertEqual(span.context.trace_state.to_header(), "a=b")
        [span] = self.call("plain")
        self.assertIsNone(span.parent)

    def test_notATrace(self):
        """What is no trace is ignored, and fails nothing."""
        self.open()
        for args in [], [7], [None, None], ["00-0-0-01"], [TRACEPARENT + "-" * 1000], [{}, [], 3]:
            self.call("_athenaTrace", *args, objectID=0)
            self.assertEqual(self.socket.messages()[-1][2:], [True, None])
            [span] = self.call("plain")
            self.assertIsNone(span.parent)

    def test_script(self):
        """Only a page that is traced has the script, and the method."""
        self.open()
        self.assertIn("athenalite-tracing.mjs", self.html)
        site = InMemorySite(self, Plain)
        _, socket = site.page()
        socket.send("call", 0, "_athenaTrace", [TRACEPARENT])
        site.flush()
        [[_, _, success, error]] = socket.messages()
        self.assertEqual((success, error["type"]), (False, "NoSuchMethod"))
        self.assertNotIn("athenalite-tracing", site.request().text)

    def test_measured(self):
        """Calls can be counted as well, whichever was asked for first."""
        for isFirst in (True, False):
            site = Site()
            meter = Meter(site.clock)
            if isFirst:
                site.sessions.measure(meter)
            site.sessions.tracer = SpanTracer(self.spans.provider)
            if not isFirst:
                site.sessions.measure(meter)
            _, _, connection, _ = site.opened()
            connection.textReceived(b'["call",1,"echo",[7]]')
            self.assertEqual(meter.methods["echo"].ended, 1)
            self.assertEqual([span.name for span in self.spans.take()], ["echo"])


class ToBrowserTests(SpansTestCase):
    """Calls of the server."""

    def sent(self):
        """Return what the browser gets."""
        self.site.flush()
        return self.socket.messages()

    def test_dropped(self):
        """A call whose result is not kept ends at once, and no answer is requested for it."""
        self.open().callRemote("show", "secret")
        [span] = self.spans.take()
        self.assertEqual((span.name, span.kind, span.parent), ("show", SpanKind.CLIENT, None))
        self.assertNotIn("secret", span.to_json())
        self.assertEqual(self.sent(), [["notify", 1, "show", ["secret"]]])

    def test_answered(self):
        """Otherwise it ends with the answer; an error's type is the browser's."""
        element = self.open()
        for answer, error in ([True, 7], None), ([False, {"type": "TypeError", "message": "secret"}], "TypeError"):
            result = element.callRemote("show")
            [[kind, *_]] = self.sent()
            self.assertEqual((kind, self.spans.take()), ("call", ()))
            self.socket.send("respond", self.number, *answer)
            self.number += 1
            [span] = self.spans.take()
            self.assertEqual(span.attributes.get("error.type"), error)
            self.assertNotIn("secret", span.to_json())
            if error is None:
                self.assertEqual(self.successResultOf(result), 7)
            else:
                self.failureResultOf(result, JSException)

    number = 1

    def test_lost(self):
        """With the page it fails, also one that is made later."""
        element = self.open()
        results = [element.callRemote("show")]
        self.sent()
        page = element.page
        page.close("enough")
        results.append(page.callRemote("show"))
        for result in results:
            self.failureResultOf(result, ConnectionLost)
        self.assertEqual([span.attributes["error.type"] for span in self.spans.take()], ["ConnectionLost"] * 2)

    def test_refused(self):
        """So does one that cannot be sent."""
        self.assertRaises(TypeError, self.open().callRemote, "show", object())
        [span] = self.spans.take()
        self.assertEqual(span.attributes["error.type"], "TypeError")

    def test_within(self):
        """A call in a method belongs to the span of that; any other to the request for the page."""
        element = self.open(traceparent=TRACEPARENT)
        element.callRemote("show")
        [span] = self.spans.take()
        self.assertEqual(span.parent.span_id, PARENT)
        element.note = lambda: element.callRemote("show")
        inner, outer = self.call("plain")
        self.assertEqual((inner.name, inner.parent.span_id), ("show", outer.context.span_id))
