# -*- test-case-name: tests.livetrial.test_testcase -*-
"""
What a test that runs in the browser is written with, in Python: :class:`TestCase`.
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
    what is exposed here, which has trial's assertions. A test fails if it throws, or returns a Deferred or a Promise
    that fails; if something on the page throws meanwhile and nobody catches it; if it takes too long; or if an error is
    logged in Python.

    Nothing but ``__init__`` is called here: ``setUp`` is an ordinary method, which the widget may call.

    :cvar timeout: seconds that a test may take.
    :cvar jsTests: the names of its tests, and what they are called in JavaScript.
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
        # This is how runners ask for a test, and how nobody makes an element.
        if len(args) == 1 and isinstance(args[0], str) and not kwargs:
            return LiveTest(cls, args[0])
        return super().__new__(cls)

    def __init__(self, original: Any = None, docFactory: Any = None) -> None:
        unittest.SynchronousTestCase.__init__(self)
        LiveFragment.__init__(self, original, docFactory)

    # What is shown

    def getWidgetTag(self) -> Any:
        """Override it: the tag that becomes the widget's node."""
        return tags.div()

    def getWidgetDocument(self) -> Any:
        """Override it: what is in the widget's node."""
        return ""

    def getTestContainer(self) -> Any:
        """Override it: what is around the widget's node, which is put into its slot ``widget``."""
        return tags.invisible()[tags.slot("widget")]

    def head(self) -> Any:
        """Override it: what else is to be in the document's head."""

    def render_testWidget(self, ctx: Context, data: Any) -> Any:
        """Puts the container, with the widget's node, into its tag."""
        widget = self.getWidgetTag()(render=tags.directive("liveFragment"))[self.getWidgetDocument()]
        assert ctx.tag is not None
        return ctx.tag[self.getTestContainer().fillSlots("widget", widget)]

    def render_liveTest(self, ctx: Context, data: Any) -> Any:
        """What ``liveElement`` is; for templates that are older than :meth:`getWidgetDocument`."""
        assert ctx.tag is not None
        return self.liveElement(ctx.request, ctx.tag)


def _pythonName(name: str) -> str:
    """Runners know a test by how its name begins."""
    return name if name.startswith("test") else f"test_{name}"


def _test(name: str) -> FunctionType:
    def test(self: Any) -> None:
        """A test in JavaScript."""

    test.__name__ = name
    assert isinstance(test, FunctionType)
    return test


def _noTest(function: FunctionType) -> Any:
    """The same function, but pytest, which looks at nothing but its name, leaves it alone."""

    @functools.wraps(function)
    def helper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    helper.__dict__["__test__"] = False
    return helper


def _declare(cls: type[TestCase]) -> None:
    """Give ``cls`` what runners take for its tests, and nothing else that they would."""
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
