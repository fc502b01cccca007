# -*- test-case-name: tests.livetrial.test_testcase -*-
"""
The Python half of tests that run in the browser: :class:`TestCase`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import FunctionType
from typing import Any, ClassVar, Final

from twisted.trial import unittest

from .. import tags
from .._assets.packages import Packages
from .._page.fragment import LiveFragment
from ..context import Context
from ..loaders import stan
from ._livetest import LiveTest
from ._testmethods import readTestMethods

_NO_TESTS: Final = "test_none"


class TestCase(LiveFragment, unittest.SynchronousTestCase):
    """
    The Python half of a test case whose tests are methods of its widget.

    ``jsClass`` is a subclass of ``Nevow.Athena.Test.TestCase``. Each of its methods whose name begins with ``test`` is
    a test for trial and pytest: it runs in Chromium, on a new page with a new instance of this class. It may call
    exposed methods of this class, which have trial's assertions. A test fails if it throws, or returns a Deferred or a
    Promise that fails; if there is an uncaught error on the page meanwhile; if it takes too long; or if an error is
    logged in Python.

    Only ``__init__`` is called by itself: ``setUp`` is an ordinary method, which the widget may call.

    :cvar timeout: the seconds that a test may take.
    :cvar jsTests: the names of its tests in Python, with those in JavaScript.
    """

    docFactory = stan(tags.div(render=tags.directive("testWidget")))
    timeout: ClassVar[float] = 10.0
    jsTests: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls, **keywords: Any) -> None:
        """
        :raise athenalite.errors.UnknownClass: if no module provides ``jsClass``.
        """
        super().__init_subclass__(**keywords)
        if cls.jsClass == LiveFragment.jsClass:
            return
        packages = Packages()
        packages.addBeside(cls)
        found = readTestMethods(cls.jsClass, packages)
        cls.jsTests = {_pythonName(name): name for name in found} or {_NO_TESTS: _NO_TESTS}
        _declare(cls)

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        # Runners make tests by one positional string; elements are not made so.
        if len(args) == 1 and isinstance(args[0], str) and not kwargs:
            return LiveTest(cls, args[0])
        return super().__new__(cls)

    def __init__(self, original: Any = None, docFactory: Any = None) -> None:
        unittest.SynchronousTestCase.__init__(self)
        LiveFragment.__init__(self, original, docFactory)

    # The document

    def getWidgetTag(self) -> Any:
        """Override it: returns the tag that becomes the widget's node."""
        return tags.div()

    def getWidgetDocument(self) -> Any:
        """Override it: returns the content of the widget's node."""
        return ""

    def getTestContainer(self) -> Any:
        """Override it: returns a tag around the widget's node, with the slot ``widget`` for that."""
        return tags.invisible()[tags.slot("widget")]

    def head(self) -> Any:
        """Override it: returns further nodes for the document's head."""

    def render_testWidget(self, ctx: Context, data: Any) -> Any:
        """Puts the container, with the widget's node, into its tag."""
        widget = self.getWidgetTag()(render=tags.directive("liveFragment"))[self.getWidgetDocument()]
        assert ctx.tag is not None
        return ctx.tag[self.getTestContainer().fillSlots("widget", widget)]

    def render_liveTest(self, ctx: Context, data: Any) -> Any:
        """The same as ``liveElement``, for templates that are older than :meth:`getWidgetDocument`."""
        assert ctx.tag is not None
        return self.liveElement(ctx.request, ctx.tag)


def _pythonName(name: str) -> str:
    """Return a name that runners take for that of a test."""
    return name if name.startswith("test") else f"test_{name}"


def _test(name: str) -> FunctionType:
    def test(self: Any) -> None:
        """A test in JavaScript."""

    test.__name__ = name
    assert isinstance(test, FunctionType)
    return test


def _noTest(function: FunctionType) -> Any:
    """Return the same function, marked so that pytest does not take it for a test by its name."""

    @functools.wraps(function)
    def helper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    helper.__dict__["__test__"] = False
    return helper


def _declare(cls: type[TestCase]) -> None:
    """Give ``cls`` the methods that runners take for its tests, and hide others that they would."""
    for name in [name for name in dir(cls) if name.startswith("test") and name not in cls.jsTests]:
        inherited = getattr(cls, name)
        if isinstance(inherited, FunctionType) and inherited.__module__ == __name__:
            # A test of the base class, which is another class in JavaScript.
            setattr(cls, name, None)
        elif isinstance(inherited, FunctionType):
            setattr(cls, name, _noTest(inherited))
    for name in cls.jsTests:
        if not callable(getattr(cls, name, None)):
            setattr(cls, name, _test(name))
