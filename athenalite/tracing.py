# -*- test-case-name: tests.test_tracing -*-
"""
Traces of a site for OpenTelemetry: :func:`traceCalls`. ``athena-widget`` has them with ``--tracing``.

It needs the extra ``athenalite[opentelemetry]``; ``docs/deploying.rst`` describes the spans. A site without this has no
code of it in the path of a call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._server.factory import LivePageFactory

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider


def traceCalls(factory: LivePageFactory, tracerProvider: TracerProvider | None = None) -> None:
    """
    Make a span of each call, in both directions. Call it before the first page is made: only pages after that are
    traced.

    :param tracerProvider: makes the tracer; by default the one that is set for the process, perhaps later.
    :raise ModuleNotFoundError: without opentelemetry; install ``athenalite[opentelemetry]``.
    """
    # Here, because it is an extra.
    from ._metrics.spans import SpanTracer

    factory.sessions.tracer = SpanTracer(tracerProvider)
