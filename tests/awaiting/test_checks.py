# -*- test-case-name: tests.awaiting.test_checks -*-
"""Methods of an application that cannot be asynchronous are refused when the class is made, or when they are called."""

import gc

from twisted.internet.defer import inlineCallbacks, succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite import LiveElement, LivePage
from athenalite._awaiting.checks import argumentsAtOnce, atOnce, mustAnswerAtOnce, mustNotYield
from athenalite.rend import Page


async def coroutine(self, *args):
    """As an application writes it."""


async def asyncGenerator(self, *args):
    """With a yield where there should be an await."""
    yield None


def generator(self, *args):
    """As inlineCallbacks needs it, without it."""
    yield None


class ClassTests(SynchronousTestCase):
    """What a class may define."""

    atOnce = (
        (LiveElement, ("locateMethod", "getInitialArguments", "lookupRenderMethod", "setFragmentParent", "pageLost")),
        (LivePage, ("locateMethod", "locateObject", "addElement", "elementDetached", "setHeaders", "renderingFailed")),
        (Page, ("render", "getChild", "getChildWithDefault", "putChild", "setHeaders", "renderingFailed")),
    )
    hooks = ("connectionMade", "connectionLost", "detached", "disconnected", "resumed")

    def test_atOnce(self):
        """A method whose result is needed at once cannot be a coroutine, not even in a class without a base of ours."""
        for base, names in self.atOnce:
            for name in names:
                for method in (coroutine, asyncGenerator, staticmethod(coroutine)):
                    error = self.assertRaises(TypeError, type, "Mine", (base,), {name: method})
                    self.assertIn(f"Mine.{name} cannot be 'async def'", str(error))
                mixin = type("Mixin", (), {name: coroutine})
                self.assertRaises(TypeError, type, "Mine", (mixin, base), {})

    def test_generators(self):
        """A hook that is a generator would never run: the error says what to write."""
        page = ("beforeRender", "renderHTTP", "renderDocument", "childFactory", "locateChild")
        for base, names in ((LiveElement, self.hooks), (LivePage, (*self.hooks, "authorize", *page)), (Page, page)):
            for name in names:
                for method in (generator, asyncGenerator):
                    error = self.assertRaises(TypeError, type, "Mine", (base,), {name: method})
                    self.assertIn(f"Mine.{name} is a generator", str(error))
                    self.assertIn("inlineCallbacks", str(error))
                type("Mine", (base,), {name: inlineCallbacks(generator)})
                type("Mine", (base,), {name: coroutine})

    def test_ordinary(self):
        """Initial arguments may come of a generator; a class without such methods is accepted, too."""
        type("Mine", (LiveElement,), {"getInitialArguments": generator})
        mustAnswerAtOnce(object, "missing")
        mustNotYield(object, "missing")


class ResultTests(SynchronousTestCase):
    """What a method returns whose class does not show it."""

    def test_atOnce(self):
        """A Deferred or a coroutine is an error that names the method, and no coroutine is left unawaited."""
        for value in (succeed([]), coroutine(None)):
            error = self.assertRaises(TypeError, atOnce, value, "Mine.getInitialArguments")
            self.assertIn("Mine.getInitialArguments returned a", str(error))
        gc.collect()
        self.assertEqual(atOnce([1], "it"), [1])

    def test_arguments(self):
        """A text or a mapping is no series of arguments, though Python iterates over it, and nor is None."""
        for value in ("abc", b"abc", {"a": 1}, None, 5):
            error = self.assertRaises(TypeError, argumentsAtOnce, value, "Mine.getInitialArguments")
            self.assertIn(f"returned a {type(value).__name__}; return a list", str(error))
        for value in ((1, 2), [1, 2], iter((1, 2)), {1: 0, 2: 0}.keys()):
            self.assertEqual(argumentsAtOnce(value, "it"), [1, 2])
        self.assertRaises(TypeError, argumentsAtOnce, succeed([]), "it")
