"""Descriptions of failures: the cause first, then the place in the template and the renderer."""

import sys
from importlib import import_module
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import Element as TwistedElement
from twisted.web.template import Tag, flattenString, renderer

from athenalite._assets.fault import Place, faultOf
from athenalite.loaders import xmlfile
from athenalite.page import Element

CONTENT = """<div xmlns:nevow="http://nevow.com/ns/nevow/0.1">
    <p>é</p>
    <b>%s</b>
</div>
"""


class Cart(Element):
    """An element with renderers that fail."""

    @renderer
    def total(self, request, tag):
        return 1 / 0

    @renderer
    def later(self, request, tag):
        return self.waiting

    @renderer
    def odd(self, request, tag):
        return object()

    def unmarked(self, request, tag):
        """It lacks the decorator."""

    def render_old(self, ctx, data):
        """It is not a fragment's."""


class Unprintable(Exception):
    """An error without a text."""

    def __str__(self):
        raise ValueError


class FaultTests(SynchronousTestCase):
    """faultOf."""

    def fault(self, content, wait=None):
        """The fault of rendering a template with this content."""
        path = Path(self.mktemp())
        path.write_text(CONTENT % content, "utf-8")
        self.path = str(path)
        element = Cart(xmlfile(self.path))
        element.waiting = Deferred()
        flat = flattenString(None, element)
        if wait is not None:
            element.waiting.errback(wait)
            element.waiting.addErrback(lambda _: None)
        return faultOf(self.failureResultOf(flat))

    def test_renderer(self):
        """An exception in a renderer: the exception, the file and line, the renderer, and the line that raised it."""
        fault = self.fault('<i nevow:render="total"/>')
        self.assertEqual(fault.cause, "ZeroDivisionError: division by zero")
        self.assertEqual(fault.template, Place(self.path, 3, "i"))
        self.assertEqual(fault.renderer, "the renderer 'total' of Cart")
        self.assertEqual([(place.filename, place.name) for place in fault.frames], [(__file__, "total")])
        self.assertEqual(
            fault.summary,
            f"ZeroDivisionError: division by zero, at {self.path}:3, in the renderer 'total' of Cart, "
            f"raised at {__file__}:{fault.frames[0].line}",
        )

    def test_deferred(self):
        """A Deferred that fails later."""
        fault = self.fault('<i nevow:render="later"/>', ValueError("too late"))
        self.assertEqual((fault.cause, fault.template.line), ("ValueError: too late", 3))
        self.assertEqual(fault.renderer, "the renderer 'later' of Cart")

    def test_missing(self):
        """A renderer that is misspelt, unknown, or not marked."""
        for name, text in (
            ("totl", "Cart has no renderer 'totl'; did you mean 'total'? Otherwise define it, as a method with @rend"),
            ("xyzzy", "Cart has no renderer 'xyzzy'; define it, as a method with @renderer above it"),
            (
                "total 1",
                "Cart has no renderer 'total 1': the renderer 'total', which has @renderer above it, takes no arg",
            ),
            ("total:1", "Cart has no renderer 'total:1': the renderer 'total', which has @renderer above it, takes no"),
            (
                "old",
                "Cart has no renderer 'old': render_old(self, ctx, data) is one for fragments and pages; an el",
            ),
            ("unmarked", "the method 'unmarked' of Cart is no renderer; write @renderer above it"),
        ):
            fault = self.fault(f'<i nevow:render="{name}"/>')
            self.assertIn(f"MissingRenderMethod: {text}", fault.cause)
            self.assertEqual(fault.template.line, 3)

    def test_slot(self):
        """A slot that is not filled."""
        fault = self.fault('<nevow:slot name="price"/>')
        self.assertIn("UnfilledSlot: the slot 'price' is not filled; call fillSlots(price=...)", fault.cause)
        self.assertEqual(fault.template, Place(self.path, 3, "slot"))
        self.assertEqual(fault.renderer, "Cart")

    def test_value(self):
        """A value that is no markup."""
        self.assertIn("a value of type object cannot be rendered", self.fault('<i nevow:render="odd"/>').cause)

    def test_foreignTag(self):
        """A tag with a line and no column, of an application's own loader, is no second error."""

        class Foreign(TwistedElement):
            def render(self, request):
                return Tag("i", render="no", filename="x.xml", lineNumber=7)

        failure = self.failureResultOf(flattenString(None, Foreign()))
        fault = faultOf(failure)
        self.assertEqual(fault.template, Place("x.xml", 7, "i"))
        self.assertIn("x.xml", str(failure.value) + repr(failure.value) + fault.summary)

    def test_otherFailures(self):
        """A failure that is not of a template has neither place nor renderer; without a traceback, no frames."""
        fault = faultOf(Failure(KeyError("x")))
        self.assertEqual((fault.template, fault.renderer, fault.frames), (None, "", ()))
        self.assertEqual(fault.summary, "KeyError: 'x'")
        self.assertIn("cannot be had", faultOf(Failure(Unprintable())).cause)

    def test_ended(self):
        """A failure whose traceback has been dropped has its frames still."""
        try:
            raise KeyError("x")
        except KeyError:
            failure = Failure()
        failure.cleanFailure()
        failure.value.__traceback__ = None
        self.assertEqual([place.name for place in faultOf(failure).frames], ["test_ended"])

    def test_syntax(self):
        """The last place of a mistake in Python's syntax is its line. Python's import system is left out."""
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        (directory / "fault_syntax.py").write_text("\n\ndef (\n")
        self.patch(sys, "path", [str(directory), *sys.path])
        try:
            import_module("fault_syntax")
        except SyntaxError:
            fault = faultOf(Failure())
        self.assertEqual(fault.frames[-1], Place(str(directory / "fault_syntax.py"), 3, "the module"))
        self.assertFalse([place for place in fault.frames if place.filename.startswith("<")])
