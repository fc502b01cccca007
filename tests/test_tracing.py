# -*- test-case-name: tests.test_tracing -*-
"""Traces of a site: the public function, and the command with ``--tracing`` in a browser."""

import sys
from unittest.mock import patch

from opentelemetry import trace
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite import LiveElement, LivePageFactory, expose, tap
from athenalite._command import workeroptions
from athenalite._command.options import CannotServe, Options
from athenalite.loaders import xmlstr
from athenalite.tracing import traceCalls
from harness.browser import BrowserTestCase

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
#: What OpenTelemetry's packages set in a page, with a span that is current.
OPENTELEMETRY = """(traceparent) => {
    globalThis[Symbol.for("opentelemetry.js.api.1")] = {
        context: { active: () => null },
        propagation: { inject: (context, carrier, setter) => setter.set(carrier, "traceparent", traceparent) },
    };
}"""


class Asked(LiveElement):
    """An element that knows of which trace a call is."""

    docFactory = xmlstr('<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">traced</p>')

    @expose
    def ask(self):
        """Return the current trace; without an SDK it is the caller's."""
        return f"{trace.get_current_span().get_span_context().trace_id:032x}"


class MissingTests(SynchronousTestCase):
    """Without opentelemetry."""

    advice = 'athena-widget: --tracing needs opentelemetry: pip install "athenalite[opentelemetry]"'

    def setUp(self):
        self.factory = LivePageFactory(Clock())
        self.enterContext(patch.dict(sys.modules, {"opentelemetry": None, "athenalite._metrics.spans": None}))

    def test_function(self):
        """It is an error, as documented."""
        self.assertRaises(ModuleNotFoundError, traceCalls, self.factory)

    def test_command(self):
        """One line says what to install."""
        error = self.assertRaises(CannotServe, tap._trace, self.factory)
        self.assertEqual(str(error), self.advice)

    def test_workers(self):
        """It does so before workers are started."""
        options = ["--element=tests.test_tracing.Asked", "--port=0", "--tracing", "--workers=2"]
        self.patch(workeroptions, "find_spec", lambda name: None)
        error = self.assertRaises(CannotServe, Options().parseOptions, options)
        self.assertEqual(str(error), self.advice)


class BrowserTests(BrowserTestCase):
    """``athena-widget --tracing``"""

    def test_traces(self):
        """A call is of the page's trace; or of the browser's, if it has one then, by whichever way."""
        server = self.startServer("tests.test_tracing.Asked", "--tracing")
        page = self.openPage(server.url, extra_http_headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
        self.waitForWidget(page)
        ask = "Nevow.Athena.Widget.fromAthenaID(1).callRemote('ask')"
        self.assertEqual(page.evaluate(ask), TRACE)
        other = TRACE.replace("4", "5")
        page.evaluate(OPENTELEMETRY, f"00-{other}-00f067aa0ba902b7-01")
        self.assertEqual(page.evaluate(ask), other)
        page.evaluate("() => { Nevow.Athena.page.page.trace = () => null; }")
        self.assertEqual(page.evaluate(ask), TRACE)
