# -*- test-case-name: tests.core.test_objects -*-
"""The objects of a page, by number."""

import asyncio
import gc

from twisted.internet.defer import Deferred, fail, inlineCallbacks, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.expose import expose
from athenalite._core.objects import ObjectTable, safely
from athenalite._page.element import LiveElement
from athenalite._page.livepage import LivePage
from athenalite.errors import ArgumentError, ConnectionLost, NoSuchMethod
from tests.memory import withoutLoop


class Thing:
    """An object with an exposed method and a hook."""

    def __init__(self, log=None):
        self.log = log

    @expose
    def ask(self):
        return "answer"

    @expose
    def add(self, number: int):
        return number + 1

    def hook(self, argument):
        self.log.append(argument)


class LocalObjectsTests(SynchronousTestCase):
    """Numbers and methods."""

    def setUp(self):
        self.page = object()
        self.objects = ObjectTable(self.page)

    def test_numbers(self):
        """The page is 0, the others count from 1, and no number is used again."""
        one, other = Thing(), Thing()
        self.assertEqual((self.objects.add(one), self.objects.add(other)), (1, 2))
        self.objects.remove(2)
        self.assertEqual(self.objects.add(other), 3)
        self.assertEqual(list(self.objects), [self.page, one, other])
        self.assertIs(self.objects[1], one)
        self.assertRaises(KeyError, self.objects.remove, 2)

    def test_locateMethod(self):
        """Exposed methods are found; others raise NoSuchMethod; an object may locate its methods itself."""
        self.objects.add(Thing())
        self.assertEqual(self.objects.locateMethod(1, "ask")(), "answer")
        for objectID, name in ((1, "hook"), (2, "ask"), (0, "ask")):
            self.assertRaises(NoSuchMethod, self.objects.locateMethod, objectID, name)
        own = Thing()
        own.locateMethod = lambda ctx, name: name.upper
        self.objects.add(own)
        self.assertEqual(self.objects.locateMethod(2, "x")(), "X")

    def test_checked(self):
        """The arguments of any located method are validated."""
        own = Thing()
        own.locateMethod = lambda ctx, name: getattr(own, name)
        for number in (self.objects.add(Thing()), self.objects.add(own)):
            method = self.objects.locateMethod(number, "add")
            self.assertEqual(method(1), 2)
            self.assertRaises(ArgumentError, method, "1")

    def test_tell(self):
        """The hooks of all objects are called, even if one fails."""
        log = []
        for thing in (Thing(None), object(), Thing(log)):
            self.objects.add(thing)
        logged = []
        self.objects.callHook(Logger("tests", observer=logged.append), "hook", 7)
        self.assertEqual((log, len(logged)), ([7], 1))
        self.assertIn("Thing.hook", logged[0]["hook"])

    def test_noMethod(self):
        """An asynchronous locateMethod is an error with a reason, and nothing is called."""

        async def later(ctx, name):
            return Thing().ask

        for answer in (later, lambda ctx, name: succeed(Thing().ask), lambda ctx, name: None, lambda ctx, name: True):
            thing = Thing()
            thing.locateMethod = answer
            error = self.assertRaises(TypeError, self.objects.locateMethod, self.objects.add(thing), "ask")
            self.assertIn("locateMethod of Thing must return a method", str(error))
        gc.collect()

    def test_mustAnswerAtOnce(self):
        """A method whose result is needed at once cannot be a coroutine: the class is not made."""

        async def coroutine(self, *args):
            return None

        async def generator(self, *args):
            yield None

        for base, names in ((LiveElement, ("locateMethod", "getInitialArguments")), (LivePage, ("locateMethod",))):
            for name in names:
                for method in (coroutine, generator):
                    error = self.assertRaises(TypeError, type, "Mine", (base,), {name: method})
                    self.assertIn(f"Mine.{name} cannot be 'async def'", str(error))

    def test_hooksLater(self):
        """A hook may be a coroutine or return a Deferred; it runs, and its failure is logged once, with its name."""
        ran, waiting, logged = [], Deferred(), []

        class Later:
            async def hook(self, argument):
                ran.append(argument)
                await waiting
                ran.append("after")
                raise ZeroDivisionError

        class Failing:
            def hook(self, argument):
                return fail(ZeroDivisionError())

        class Inline:
            @inlineCallbacks
            def hook(self, argument):
                yield waiting
                ran.append("inline")

        for one in (Later(), Failing(), Inline()):
            self.objects.add(one)
        self.objects.callHook(Logger("tests", observer=logged.append), "hook", 7)
        self.assertEqual((ran, len(logged)), ([7], 1))
        waiting.callback(None)
        gc.collect()
        self.assertEqual((ran, len(logged)), ([7, "after", "inline"], 2))
        self.assertIn("Failing.hook", logged[0]["hook"])
        self.assertIn("Later.hook", logged[1]["hook"])

    def test_sharedByHooks(self):
        """A Deferred that hooks of several elements return stays as it is; its failure is logged for each of them."""
        for outcome, count in ((7, 0), (ZeroDivisionError(), 2)):
            shared, logged = Deferred(), []
            for _ in range(2):
                safely(Logger("tests", observer=logged.append), lambda shared=shared: shared)
            shared.callback(outcome if count == 0 else Failure(outcome))
            self.assertEqual(len(logged), count)
            self.assertEqual(self.failureResultOf(shared).value if count else self.successResultOf(shared), outcome)

    def test_generatorHook(self):
        """A hook that is a generator does not run: the log says so, and what to write."""

        class Thing:
            def hook(self):
                yield None

        class AsyncThing:
            async def hook(self):
                yield None

        for thing in (Thing(), AsyncThing()):
            logged = []
            safely(Logger("tests", observer=logged.append), thing.hook)
            self.assertIn("inlineCallbacks", logged[0]["log_failure"].getErrorMessage())

    def test_hookOfAsyncio(self):
        """The log says which reactor a hook needs that awaits asyncio."""
        logged = []

        async def hook():
            await asyncio.sleep(1)

        withoutLoop(self)
        for function in (hook, asyncio.get_running_loop):
            safely(Logger("tests", observer=logged.append), function)
        for event in logged:
            self.assertIn("twistd --reactor=asyncio", event["log_failure"].getErrorMessage())
        self.assertEqual(len(logged), 2)

    def test_hookOfLostPage(self):
        """The loss of a page while its hook awaits it is no error."""
        logged = []

        async def hook():
            raise ConnectionLost("the page was closed")

        safely(Logger("tests", observer=logged.append), hook)
        self.assertEqual(logged, [])

    def test_close(self):
        """After close, nothing is kept, though numbers are given."""
        self.objects.add(Thing())
        self.objects.close()
        self.assertEqual(self.objects.add(Thing()), 2)
        self.assertEqual(list(self.objects), [])
