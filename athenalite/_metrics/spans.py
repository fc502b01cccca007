# -*- test-case-name: tests.metrics.test_spans -*-
"""
Calls as spans of OpenTelemetry: :class:`SpanTracer`. Only this module imports opentelemetry, which is an extra.

Names and attributes are those of OpenTelemetry's conventions for remote procedure calls. No argument, no result and no
text of an exception is in a span.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanKind, Status, StatusCode, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .._awaiting.deferreds import follow
from .._awaiting.results import driven
from .._core.callresult import CallResult
from .._core.calls import RemoteCalls
from .._core.outbox import Outbox, Parts
from .._core.wire import Respond
from .._text.version import VERSION
from ..errors import ConnectionLost
from ..interfaces import IPage

#: The method of a page by which the browser names the trace of its next call (``docs/protocol.rst``, "Traces").
TRACE: Final = "_athenaTrace"
#: https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/
_SYSTEM: Final = "athenalite"
_UNKNOWN: Final = "_OTHER"
#: How much is recorded of the name of a method or an error, in characters.
_NAME: Final = 200
#: What W3C's Trace Context calls what the browser sends, and how long each may be.
_FIELDS: Final = ("traceparent", "tracestate")
_LONGEST: Final = 512
_W3C: Final = TraceContextTextMapPropagator()
#: The attribute of a call's result that has the :class:`_Sent`.
_SENT: Final = "_athenaSent"

_Locate: TypeAlias = Callable[[int, str], Callable[..., Any]]


class SpanTracer:
    """
    A :class:`athenalite._core.watching.Tracer` that makes spans.
    """

    def __init__(self, provider: TracerProvider | None = None) -> None:
        """
        :param provider: makes the tracer; by default the one that the process has set.
        """
        self._tracer = trace.get_tracer("athenalite", VERSION, provider)

    def parts(self, page: IPage, usual: Parts) -> Parts:
        spans = PageSpans(self._tracer, page)

        def local(locate: _Locate, *args: Any) -> Any:
            return usual.local(spans.locating(locate), *args)

        return Parts(local, _TracedRemoteCalls, partial(_TracedOutbox, spans))

    def requested(self, page: Any, headers: Mapping[str, str]) -> None:
        # The application may have made a span for the request.
        current = _parentIn(None)
        page._athenaTrace = _parentIn(propagate.extract(headers, Context())) if current is None else current


class PageSpans:
    """Makes the spans of one page."""

    def __init__(self, tracer: trace.Tracer, page: IPage) -> None:
        self._tracer = tracer
        self._page = page
        # Of the browser's next call.
        self._next: Context | None = None

    def begin(self, kind: SpanKind, methodName: str | None, parent: Context | None) -> Span:
        """
        :param methodName: None for one that does not exist.
        :param parent: by default the request for the page.
        """
        if parent is None:
            parent = getattr(self._page, "_athenaTrace", None)
        method = _UNKNOWN if methodName is None else methodName[:_NAME]
        name = _SYSTEM if methodName is None else method
        return self._tracer.start_span(name, parent, kind, {"rpc.system.name": _SYSTEM, "rpc.method": method})

    def locating(self, locate: _Locate) -> _Locate:
        """
        :param locate: finds a method that the browser calls.
        :return: finds one that makes a span when it is called.
        """

        def located(objectID: int, methodName: str) -> Callable[..., Any]:
            if objectID == 0 and methodName == TRACE:
                return self._named
            parent, self._next = self._next, None
            try:
                method = locate(objectID, methodName)
            except BaseException as error:
                _end(self.begin(SpanKind.SERVER, None, parent), type(error).__qualname__)
                raise
            return partial(self._run, method, methodName, parent)

        return located

    def _named(self, *values: object, **_: object) -> None:
        """The browser names the trace of its next call. What is none is ignored, as in a header."""
        given = zip(_FIELDS, values, strict=False)
        carrier = {name: one for name, one in given if isinstance(one, str) and len(one) <= _LONGEST}
        self._next = _parentIn(_W3C.extract(carrier, Context()))

    def _run(
        self, method: Callable[..., Any], methodName: str, parent: Context | None, /, *args: Any, **kwargs: Any
    ) -> Any:
        span = self.begin(SpanKind.SERVER, methodName, parent)
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                # A coroutine keeps the context in which it is started.
                value = driven(method(*args, **kwargs))
        except BaseException as error:
            _end(span, type(error).__qualname__)
            raise
        if isinstance(value, Deferred):
            follow(value, partial(_ended, span))
        else:
            _end(span)
        return value


class _Sent:
    """The span of a call to the browser. It ends with the answer, or when nothing refers to the call's result."""

    __slots__ = ("_span",)

    def __init__(self, span: Span) -> None:
        self._span: Span | None = span

    def end(self, error: str | None = None) -> None:
        span, self._span = self._span, None
        if span is not None:
            _end(span, error)

    def __del__(self) -> None:
        self.end()


class _TracedOutbox(Outbox):
    """An outbox whose calls are spans."""

    __slots__ = ("_spans",)
    mayJoin = False

    def __init__(self, spans: PageSpans, *args: Any) -> None:
        super().__init__(*args)
        self._spans = spans

    def callRemote(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any]) -> CallResult:
        sent = _Sent(self._spans.begin(SpanKind.CLIENT, methodName, _parentIn(None)))
        try:
            result = super().callRemote(objectID, methodName, args, kwargs)
        except BaseException as error:
            sent.end(type(error).__qualname__)
            raise
        if result.called:
            sent.end(ConnectionLost.__name__)
        # Not an attribute, which would use it as a Deferred, and so request an answer.
        vars(result)[_SENT] = sent
        return result


class _TracedRemoteCalls(RemoteCalls):
    """Ends the spans of calls that are answered."""

    __slots__ = ()

    def responseReceived(self, response: Respond) -> None:
        result = self._outstanding.get(response.number)
        if result is not None:
            _endSent(result, None if response.success else response.value["type"])
        super().responseReceived(response)

    def failAll(self, reason: str, acknowledged: int) -> None:
        for result in self._outstanding.values():
            _endSent(result, ConnectionLost.__name__)
        super().failAll(reason, acknowledged)


def _endSent(result: CallResult, error: str | None) -> None:
    sent = vars(result).pop(_SENT, None)
    if sent is not None:
        sent.end(error)


def _parentIn(context: Context | None) -> Context | None:
    """
    :param context: by default the current one.
    :return: one that has no more than the identity of its span; None if there is none.
    """
    span = trace.get_current_span(context).get_span_context()
    return trace.set_span_in_context(NonRecordingSpan(span), Context()) if span.is_valid else None


def _ended(span: Span, result: object) -> None:
    _end(span, type(result.value).__qualname__ if isinstance(result, Failure) else None)


def _end(span: Span, error: str | None = None) -> None:
    if error is not None:
        # Not its text, which may have arguments.
        span.set_attribute("error.type", error[:_NAME])
        span.set_status(Status(StatusCode.ERROR))
    span.end()
