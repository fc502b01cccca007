# -*- test-case-name: tests.awaiting.test_tasks -*-
"""Coroutines that await Deferreds and asyncio in turn, while asyncio's loop runs."""

import asyncio
import contextvars
import gc
import traceback
from weakref import ref

import anyio
from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite._awaiting.results import driven
from tests.memory import withoutLoop

NAME = contextvars.ContextVar("NAME", default="unset")
SHORT = 0.01


class LoopTestCase(SynchronousTestCase):
    """A test that runs coroutines as under the asyncio reactor, in a loop of its own."""

    def setUp(self):
        withoutLoop(self)
        self.loop = asyncio.new_event_loop()
        self.addCleanup(self.loop.close)
        self.problems = []
        self.loop.set_exception_handler(lambda loop, context: self.problems.append(context["message"]))

    def runAll(self, *functions):
        """Run coroutine functions at the same time; return their results, or raise the first one's error."""

        async def run():
            deferreds = [driven(function()) for function in functions]
            return [await one.asFuture(self.loop) for one in deferreds]

        results = self.loop.run_until_complete(asyncio.wait_for(run(), 60))
        gc.collect()
        self.assertEqual(self.problems, [])
        return results

    def later(self, value=None):
        """A Deferred that the loop fires soon."""
        deferred = Deferred()
        self.loop.call_later(SHORT, deferred.callback, value)
        return deferred


class MixedTests(LoopTestCase):
    """Both kinds in one coroutine."""

    def test_mixed(self):
        """Deferreds, Futures, tasks and other coroutines can be awaited in any order; errors arrive in the place."""

        async def mixed():
            got = [await self.later("deferred")]
            await asyncio.sleep(0)
            await asyncio.sleep(SHORT)
            got.append(await succeed("fired"))
            got.append(await asyncio.gather(asyncio.sleep(SHORT, "one"), asyncio.to_thread(lambda: "two")))
            try:
                await fail(ZeroDivisionError())
            except ZeroDivisionError:
                got.append("deferred failed")
            try:
                await asyncio.create_task(failing())
            except KeyError:
                got.append("task failed")
            return got

        async def failing():
            raise KeyError

        expected = ["deferred", "fired", ["one", "two"], "deferred failed", "task failed"]
        self.assertEqual(self.runAll(mixed), [expected])

    def test_startsAtOnce(self):
        """It runs up to its first wait at once, and to its end if it does not wait: calls start in their order."""
        steps = []

        async def running():
            steps.append("started")
            await asyncio.sleep(SHORT)
            steps.append("ended")

        async def atOnce():
            return await succeed(3)

        async def check():
            steps.append("before")
            waiting = driven(running())
            steps.append("after")
            self.assertEqual(self.successResultOf(driven(atOnce())), 3)
            await waiting.asFuture(self.loop)

        self.runAll(check)
        self.assertEqual(steps, ["before", "started", "after", "ended"])

    def test_resumesAtOnce(self):
        """When a Deferred fires, the coroutine goes on in its callback, as it does under any reactor."""

        async def waiting(deferred):
            return await deferred

        async def check():
            deferred = Deferred()
            result = driven(waiting(deferred))
            deferred.callback(5)
            return self.successResultOf(result)

        self.assertEqual(self.runAll(check), [5])

    def test_sharedDeferred(self):
        """Coroutines that await the same Deferred all get its result, and it keeps it."""
        shared = self.later("value")

        async def waiting():
            return await shared

        self.assertEqual(self.runAll(waiting, waiting, waiting), ["value"] * 3)
        self.assertEqual(self.successResultOf(shared), "value")

    def test_futures(self):
        """A Future or a Task is driven itself."""

        async def check():
            future = self.loop.create_future()
            self.loop.call_later(SHORT, future.set_result, 1)
            return await driven(future), await driven(asyncio.create_task(asyncio.sleep(SHORT, 2)))

        self.assertEqual(self.runAll(check), [(1, 2)])

    def test_context(self):
        """Context variables keep their values in each coroutine across waits of both kinds."""

        async def named(name):
            NAME.set(name)
            await self.later()
            await asyncio.sleep(SHORT)
            return NAME.get()

        self.assertEqual(self.runAll(lambda: named("one"), lambda: named("other")), ["one", "other"])
        self.assertEqual(NAME.get(), "unset")

    def test_traceback(self):
        """An error has the frames of the coroutine, after waits of both kinds."""

        async def inner():
            await asyncio.sleep(SHORT)
            raise ZeroDivisionError

        async def outer():
            await self.later()
            await inner()

        error = self.assertRaises(ZeroDivisionError, self.runAll, outer)
        text = "".join(traceback.format_exception(error))
        self.assertIn("in outer", text)
        self.assertIn("in inner", text)

    def test_otherYields(self):
        """What is neither is an error in the coroutine: another loop's Future would never fire here."""
        other = asyncio.new_event_loop()
        self.addCleanup(other.close)

        class Odd:
            def __await__(self):
                yield "odd"

        for awaited, text in ((Odd(), "neither a Deferred nor"), (other.create_future(), "another event loop")):

            async def waiting(awaited=awaited):
                await awaited

            self.assertIn(text, str(self.assertRaises(RuntimeError, self.runAll, waiting)))


class TaskTests(LoopTestCase):
    """What asyncio and anyio ask of the current task."""

    def test_currentTask(self):
        """Each coroutine is a task of its own; one that fires another's Deferred is the current one afterwards."""
        seen = []

        async def waiting(deferred):
            seen.append(asyncio.current_task())
            await deferred
            seen.append(asyncio.current_task())

        async def firing():
            mine, deferred = asyncio.current_task(), Deferred()
            result = driven(waiting(deferred))
            self.assertIs(asyncio.current_task(), mine)
            deferred.callback(None)
            self.assertIs(asyncio.current_task(), mine)
            self.successResultOf(result)
            return mine

        (mine,) = self.runAll(firing)
        self.assertIs(seen[0], seen[1])
        self.assertIsNot(seen[0], mine)
        self.assertIn("waiting", seen[0].get_name())
        self.assertEqual(seen[0].get_coro().__name__, "waiting")
        self.assertTrue(seen[0].done())
        self.assertFalse(seen[0].cancel())

    def test_timeouts(self):
        """Time-outs of asyncio and anyio end a wait of either kind, and the coroutine goes on."""

        async def limited():
            ended = []
            for wait in (Deferred, lambda: asyncio.sleep(60), self.loop.create_future):
                try:
                    async with asyncio.timeout(SHORT):
                        await wait()
                except TimeoutError:
                    ended.append("asyncio")
                with anyio.move_on_after(SHORT) as scope:
                    await wait()
                ended.append(scope.cancelled_caught)
            try:
                await asyncio.wait_for(asyncio.sleep(60), SHORT)
            except TimeoutError:
                ended.append("wait_for")
            self.assertEqual(asyncio.current_task().cancelling(), 0)
            await asyncio.sleep(0)
            return ended

        self.assertEqual(self.runAll(limited), [["asyncio", True] * 3 + ["wait_for"]])

    def test_groups(self):
        """Task groups of both work, and so do anyio's threads."""

        async def grouped():
            async with asyncio.TaskGroup() as group:
                one = group.create_task(asyncio.sleep(SHORT, 1))
            async with anyio.create_task_group() as other:
                other.start_soon(anyio.sleep, SHORT)
            return one.result(), await anyio.to_thread.run_sync(lambda: 2)

        self.assertEqual(self.runAll(grouped), [(1, 2)])

    def test_cancelSelf(self):
        """A coroutine that cancels its own task gets the error at its next wait."""

        async def cancelling():
            asyncio.current_task().cancel("why")
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError as error:
                return error.args

        async def afterwards():
            asyncio.current_task().cancel()
            asyncio.current_task().uncancel()
            await self.later()
            return "not cancelled" if not asyncio.current_task().cancelling() else "cancelled"

        self.assertEqual(self.runAll(cancelling)[0], ("why",))
        self.runAll(afterwards)

    def test_cancelWhereFired(self):
        """A cancellation that comes together with the Deferred's result reaches the coroutine nevertheless."""

        async def waiting(deferred):
            try:
                await deferred
            except asyncio.CancelledError:
                await asyncio.sleep(SHORT)
                return "cancelled"

        async def check():
            deferred, tasks = Deferred(), []

            async def noting():
                tasks.append(asyncio.current_task())
                return await waiting(deferred)

            result = driven(noting())
            tasks[0].cancel()
            deferred.callback("value")
            return await result

        self.assertEqual(self.runAll(check), ["cancelled"])


class CancelTests(LoopTestCase):
    """The Deferred is cancelled."""

    def test_cancel(self):
        """What the coroutine awaits is cancelled, its cleanup runs, and the Deferred fails as Twisted's do."""
        cleaned = []

        async def waiting(wait):
            try:
                await wait()
            finally:
                await asyncio.sleep(SHORT)
                cleaned.append(wait)

        async def check():
            task = asyncio.create_task(asyncio.sleep(60))
            waits = (Deferred, lambda: asyncio.sleep(60), lambda: asyncio.sleep(0), lambda: task)
            for wait in waits:
                result = driven(waiting(wait))
                result.cancel()
                try:
                    await result
                except CancelledError:
                    pass
                else:
                    self.fail("not cancelled")
            self.assertTrue(task.cancelled())
            self.assertEqual(len(cleaned), len(waits))

        self.runAll(check)

    def test_future(self):
        """A Task that is driven itself is cancelled with its Deferred."""

        async def check():
            task = asyncio.create_task(asyncio.sleep(60))
            result = driven(task)
            result.cancel()
            try:
                await result
            except CancelledError:
                return task.cancelled()

        self.assertEqual(self.runAll(check), [True])


class FreedTests(LoopTestCase):
    """Memory."""

    def test_freed(self):
        """A coroutine that has ended or failed is freed without the garbage collector."""
        kept = []

        class Held:
            pass

        async def holding(fails):
            held = Held()
            kept.append(ref(held))
            await asyncio.sleep(0)
            await self.later()
            if fails:
                raise ZeroDivisionError

        async def check():
            for fails in (False, True):
                # An error that is raised again here would be in a cycle of Twisted's own.
                await driven(holding(fails)).addErrback(lambda failure: None)

        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        self.loop.run_until_complete(driven_future(self.loop, check))
        self.assertEqual([one() for one in kept], [None, None])

    def test_dropped(self):
        """One whose Deferred is never fired is closed when it is freed, and nothing is reported."""
        closed = []

        async def waiting():
            try:
                await Deferred()
            finally:
                closed.append(True)

        async def start():
            driven(waiting())

        self.runAll(start)
        gc.collect()
        self.assertEqual((closed, self.problems, self.flushLoggedErrors()), ([True], [], []))

    def test_firedOutside(self):
        """A Deferred that is fired while the loop does not run resumes its coroutine nevertheless."""
        deferred, ended = Deferred(), []

        async def waiting():
            ended.append(await deferred)

        async def start():
            driven(waiting())

        self.runAll(start)
        deferred.callback(7)
        self.assertEqual(ended, [7])


async def driven_future(loop, function):
    """Await a coroutine function as the reactor would run it."""
    return await driven(function()).asFuture(loop)
