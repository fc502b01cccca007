# -*- test-case-name: tests.core.test_calls -*-
"""Each call has one answer, whatever the method does, and whenever the page is lost."""

import asyncio
import gc
import json
import weakref

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.logger import Logger, eventAsText
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.callresult import CallResult
from athenalite._core.calls import LocalCalls, RemoteCalls
from athenalite._core.objects import ObjectTable
from athenalite._core.sitelog import SiteLog
from athenalite._core.wire import Call, Notify, Respond
from athenalite.errors import ArgumentError, ConnectionLost, JSException, LivePageError, NoSuchMethod, ProtocolError
from tests.memory import FakePage, Refused, outcome, withoutLoop

MANY = 10_000_000


class RemoteCallsTests(SynchronousTestCase):
    """The calls that the browser has to answer."""

    def setUp(self):
        self.logged = []
        log = SiteLog(Logger("tests", observer=self.logged.append), Clock(), lambda text: False)
        self.calls = RemoteCalls(log.forPeer("a page"))

    def sent(self, number):
        """Send the call ``number``, and return its Deferred."""
        result = CallResult()
        results = outcome(result)
        self.calls.callSent(number, result)
        return results

    def test_value(self):
        """An answer fires its own call's Deferred, once, and the call is forgotten."""
        one, two = self.sent(1), self.sent(2)
        self.calls.responseReceived(Respond(2, True, "x"))
        self.assertEqual((one, two, len(self.calls)), ([], ["x"], 1))

    def test_error(self):
        """An error of the browser is a JSException with class, message and stack."""
        results = self.sent(1)
        self.calls.responseReceived(Respond(1, False, {"type": "TypeError", "message": "x", "stack": "at f"}))
        error = results[0].value
        self.assertIsInstance(error, JSException)
        self.assertEqual((str(error), error.type, error.stack), ("TypeError: x", "TypeError", "at f"))

    def test_noCall(self):
        """A result that was not requested breaks the protocol, and so does a second one."""
        self.assertRaises(ProtocolError, self.calls.responseReceived, Respond(1, True, None))
        self.sent(1)
        self.calls.responseReceived(Respond(1, True, None))
        self.assertRaises(ProtocolError, self.calls.responseReceived, Respond(1, True, None))

    def test_failedNotify(self):
        """A failure without a kept result is logged, bounded, in one line that the browser cannot forge."""
        error = {"type": "E", "message": "x\n2026 [forged] line \x1b[31m\u2028", "stack": "s" * 10_000}
        self.calls.responseReceived(Respond(1, False, error))
        (event,) = self.logged
        self.assertTrue(event["error"].isprintable())
        self.assertLess(len(event["error"]), 5000)
        self.assertIn("forged", event["error"])

    def failed(self, number):
        """Report a notify as failed."""
        self.calls.responseReceived(Respond(number, False, {"type": "E", "message": "x"}))

    def test_failedTwice(self):
        """A notify fails at most once, in any order."""
        for number in (3, 1, 2):
            self.failed(number)
        for number in (1, 2, 3):
            self.assertRaises(ProtocolError, self.failed, number)
        self.assertEqual(len(self.logged), 3)

    def test_answeredTwice(self):
        """An answered call cannot fail as well."""
        for success, value in ((True, None), (False, {"type": "E", "message": "x"})):
            self.setUp()
            self.sent(7)
            self.calls.responseReceived(Respond(7, success, value))
            self.assertRaises(ProtocolError, self.failed, 7)

    def test_zero(self):
        """A failure of message number 0 is an error."""
        self.assertRaises(ProtocolError, self.failed, 0)

    def test_response(self):
        """A failure of a response is an error."""
        self.calls.answered.add(5)
        self.assertRaises(ProtocolError, self.failed, 5)
        self.failed(4)

    def test_late(self):
        """The failure of an old notify is ignored; the answer to a call is not, however late it is."""
        results = self.sent(1)
        self.failed(2)
        self.failed(10_000)
        self.failed(2)
        self.failed(3)
        self.assertEqual(len(self.logged), 2)
        self.calls.responseReceived(Respond(1, True, "late"))
        self.assertEqual(results, ["late"])
        self.assertRaises(ProtocolError, self.calls.responseReceived, Respond(1, True, "late"))

    def test_lost(self):
        """When the page is lost, every call fails with the reason, once; calls made by errbacks are not among them."""
        results = [self.sent(number) for number in (1, 2)]
        self.calls.failAll(ConnectionLost("gone"), 0)
        self.calls.failAll(ConnectionLost("again"), 0)
        self.assertEqual([[str(failure.value) for failure in one] for one in results], [["gone"], ["gone"]])
        self.assertEqual(len(self.calls), 0)

    def test_lostInSilence(self):
        """The loss of a page is never logged as an unhandled error; any other failure is."""
        self.calls.callSent(1, CallResult())
        self.calls.callSent(2, CallResult())
        self.calls.responseReceived(Respond(2, False, {"type": "E", "message": "x"}))
        self.calls.failAll(ConnectionLost("gone"), 0)
        gc.collect()
        self.assertEqual([event["log_failure"].type for event in self.logged], [JSException])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_wrongCallback(self):
        """So is the error of a callback, whose text may quote the browser."""
        result = CallResult()
        result.addCallback({}.__getitem__)
        self.calls.callSent(1, result)
        del result
        self.calls.responseReceived(Respond(1, True, "x"))
        gc.collect()
        self.assertEqual([event["log_failure"].type for event in self.logged], [KeyError])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_lostThenWrong(self):
        """An errback that itself fails is an unhandled error, even if it was the loss that made it run."""
        result = CallResult()
        result.addErrback(lambda _: 1 // 0)
        self.calls.callSent(1, result)
        del result
        self.calls.failAll(ConnectionLost("gone"), 0)
        gc.collect()
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_cancelled(self):
        """An application may cancel a result; the late answer then changes nothing."""
        result = CallResult()
        results = outcome(result)
        self.calls.callSent(1, result)
        result.cancel()
        self.calls.responseReceived(Respond(1, True, "late"))
        self.assertEqual([failure.type for failure in results], [CancelledError])

    def test_awaited(self):
        """Any callback makes a result awaited, however it is added."""
        for add in ("addCallback", "addErrback", "addBoth", "addCallbacks"):
            result = CallResult()
            self.assertFalse(result.awaited)
            self.assertIs(getattr(result, add)(lambda value: value), result)
            self.assertTrue(result.awaited, add)


class Odd(Exception):
    """An error whose ``str`` fails."""

    def __str__(self):
        raise ValueError


class OddDeclared(LivePageError):
    """A declared error with an argument that is not JSON."""


class LocalCallsTests(SynchronousTestCase):
    """Running the browser's calls."""

    def calls(self, method, maxPending=2, debug=False, maxBytesPending=MANY):
        """Prepare to run calls of ``method``."""
        self.logged = []
        self.answers = []

        def locate(objectID, methodName):
            if methodName != "m":
                raise NoSuchMethod(objectID, methodName)
            return method

        def respond(number, message):
            self.answers.append((number, json.loads(message)))

        log = Logger("tests", observer=self.logged.append)
        return LocalCalls(locate, respond, FakePage().convertValue, maxPending, 1000, debug, log, maxBytesPending)

    def test_longError(self):
        """Only the beginning of an error's long text is sent."""

        def fail():
            raise LivePageError("x" * 5_000_000)

        with self.subTest("cut"):
            self.assertEqual(self.error(fail)["message"], "an error that cannot be sent")

    def test_oddError(self):
        """An error whose attributes fail is answered all the same, once."""

        class Unspeakable(LivePageError):
            @property
            def jsClass(self):
                raise ValueError

        def fail():
            raise Unspeakable("x")

        self.assertEqual(self.error(fail)["type"], "Unspeakable")

    def test_leftWaiting(self):
        """A coroutine that awaited its page when that was lost is no error; another exception from it is."""

        async def wait(page, error):
            try:
                await page
            except ConnectionLost:
                raise error from None

        for error, logged in ((ConnectionLost("gone"), 0), (ValueError(), 1)):
            page = Deferred()
            calls = self.calls(lambda page=page, error=error: wait(page, error))
            calls.callReceived(1, Call(1, "m", [], {}))
            calls.drop()
            page.errback(ConnectionLost("gone"))
            self.assertEqual((len(self.logged), self.answers), (logged, []))
        self.flushLoggedErrors(ValueError)

    def test_lostElsewhere(self):
        """A call that fails because another page is lost is answered, and logged."""
        error = self.error(lambda: fail(ConnectionLost("gone")))
        self.assertEqual(error["type"], "ConnectionLost")
        self.assertEqual(len(self.logged), 1)

    def test_tooLarge(self):
        """A result larger than a page's bound fails that one call, and is not sent."""
        error = self.error(lambda: "x" * 1000)
        self.assertEqual(error["type"], "MessageTooLarge")

    def call(self, method, *args, wanted=True, debug=False, **kwargs):
        """Run one call of ``method``, and return its answer, if there is one."""
        self.calls(method, debug=debug).callReceived(1, (Call if wanted else Notify)(1, "m", list(args), kwargs))
        self.assertLessEqual(len(self.answers), 1)
        return self.answers[0][1][2:] if self.answers else None

    def error(self, method, **options):
        """Run a call that fails, and return the error that the browser receives."""
        success, error = self.call(method, **options)
        self.assertFalse(success)
        return error

    def test_value(self):
        """The answer is the method's result: a value, a Deferred's, a coroutine's."""

        async def coroutine():
            return await succeed("awaited")

        self.assertEqual(self.call(lambda a, b: [a, b], 1, b=2), [True, [1, 2]])
        self.assertEqual(self.call(lambda: succeed("x")), [True, "x"])
        self.assertEqual(self.call(coroutine), [True, "awaited"])

    def test_later(self):
        """A Deferred answers when it fires, and its call is pending until then."""
        waiting = Deferred()
        calls = self.calls(lambda: waiting)
        calls.callReceived(7, Call(1, "m", [], {}))
        self.assertEqual((len(calls), self.answers), (1, []))
        waiting.callback("x")
        self.assertEqual((len(calls), self.answers), (0, [(7, ["respond", 7, True, "x"])]))

    def test_notWanted(self):
        """A call without a requested result is answered only by an error."""
        self.assertIsNone(self.call(lambda: "x", wanted=False))
        self.assertIsNone(self.call(lambda: object(), wanted=False))
        self.assertEqual(self.call(lambda: fail(Refused("no")), wanted=False)[0], False)

    def test_declared(self):
        """An error that the application declared is sent with class, text and arguments, and not logged."""

        def refuse():
            raise Refused("no", 3)

        expected = {"type": "Refused", "message": "('no', 3)", "jsClass": "Chat.Refused", "args": ["no", 3]}
        self.assertEqual(self.error(refuse), expected)
        self.assertEqual(self.logged, [])

    def test_argument(self):
        """An ArgumentError names the argument, if it has a name; it is no instance of an application's class."""

        def refuse(argument):
            raise ArgumentError("no", argument)

        expected = {"type": "ArgumentError", "message": "no"}
        self.assertEqual(self.error(lambda: refuse(None)), expected)
        self.assertEqual(self.error(lambda: refuse("name")), {**expected, "argument": "name"})

    def test_undeclared(self):
        """For any other exception the browser receives the type, and a reference to the traceback in the log."""
        error = self.error(lambda: 1 // 0)
        self.assertEqual(error["type"], "ZeroDivisionError")
        self.assertNotIn("division", json.dumps(error))
        (event,) = self.logged
        self.assertEqual(event["reference"], error["reference"])
        self.assertEqual(event["log_failure"].type, ZeroDivisionError)

    def test_debug(self):
        """In debug mode it receives the text too."""
        self.assertIn("division", self.error(lambda: 1 // 0, debug=True)["message"])

    def test_oddValue(self):
        """A result that cannot be sent fails its own call."""
        for odd in (object(), b"x", float("nan"), {(): 1}, 10**400):
            self.assertEqual(self.error(lambda odd=odd: odd)["type"], "TypeError")

    def test_oddErrors(self):
        """Any error is answered: without text, with arguments that are not JSON, with a lone surrogate."""

        def raising(error):
            def method():
                raise error

            return method

        self.assertEqual(self.error(raising(Odd()), debug=True)["type"], "Odd")
        self.assertEqual(self.error(raising(OddDeclared(object())))["type"], "OddDeclared")
        self.assertEqual(self.error(raising(Refused("\ud800")))["message"], "\ufffd")
        self.assertEqual(self.error(raising(Refused(float("nan"))))["message"], "nan")

    def test_wrongArguments(self):
        """Arguments that a method does not take fail the call."""
        self.assertEqual(self.error(lambda a: a)["type"], "TypeError")

    def test_noSuchMethod(self):
        """A method that is not exposed is a NoSuchMethod that names it."""
        self.calls(None).callReceived(1, Call(5, "steal", [], {}))
        ((_, (_, _, success, error)),) = self.answers
        self.assertEqual((success, error["type"], error["args"]), (False, "NoSuchMethod", [5, "steal"]))

    def test_remedy(self):
        """In debug mode the browser and the log have what the author of the object has to do."""

        class Thing:
            def steal(self):
                """Not exposed."""

        objects = ObjectTable(Thing())
        for debug in (False, True):
            self.calls(None, debug=debug)
            log = Logger("tests", observer=self.logged.append)
            calls = LocalCalls(
                objects.locateMethod, lambda *answer: self.answers.append(answer), None, 2, 1000, debug, log, MANY
            )
            calls.callReceived(1, Call(0, "steal", [], {}))
            error = json.loads(self.answers[0][1])[3]
            self.assertEqual("write @expose above it" in error.get("traceback", ""), debug)
            self.assertEqual(["write @expose" in eventAsText(event) for event in self.logged], [True] * debug)

    def test_tooMany(self):
        """Beyond the bound a call fails and does not run; when one has ended there is room again."""
        waiting = []

        def method():
            waiting.append(Deferred())
            return waiting[-1]

        calls = self.calls(method)
        for number in (1, 2, 3):
            calls.callReceived(number, Call(1, "m", [], {}))
        self.assertEqual(len(waiting), 2)
        self.assertEqual([(number, answer[3]["type"]) for number, answer in self.answers], [(3, "TooManyCalls")])
        waiting[0].callback(None)
        calls.callReceived(4, Call(1, "m", [], {}))
        self.assertEqual(len(waiting), 3)

    def test_tooLargeArguments(self):
        """So it is beyond the bound of the memory of arguments, also of those that are small as text."""
        for argument in ("x" * 30_000, [[]] * 500, {"x": [1.5] * 1000}):
            waiting = []

            def method(value, waiting=waiting):
                waiting.append(Deferred())
                return waiting[-1]

            calls = self.calls(method, maxPending=100, maxBytesPending=50_000)
            for number in range(1, 11):
                calls.callReceived(number, Call(1, "m", [argument], {}))
            self.assertEqual((len(waiting), {answer[3]["type"] for _, answer in self.answers}), (2, {"TooManyCalls"}))
            waiting.pop().callback(None)
            calls.callReceived(11, Call(1, "m", [argument], {}))
            self.assertEqual(len(waiting), 2)

    def test_endedAtOnce(self):
        """A Deferred that has fired, and a coroutine that awaits nothing, hold nothing."""

        async def method(value):
            return None

        calls = self.calls(method, maxBytesPending=50_000)
        for number in range(1, 11):
            calls.callReceived(number, Call(1, "m", ["x" * 30_000], {}))
        self.assertEqual([answer[2] for _, answer in self.answers], [True] * 10)

    def test_argumentsAreTheMethods(self):
        """While a call runs, only the method holds the arguments."""

        class Argument(str):
            """A text with weak references."""

        argument = Argument("x")
        held = weakref.ref(argument)
        self.calls(lambda value: Deferred()).callReceived(1, Call(1, "m", [argument], {}))
        del argument
        self.assertIsNone(held())

    @given(st.recursive(st.just(None), lambda inner: st.lists(inner, min_size=1), max_leaves=5))
    def test_deferredStaysTheApplications(self, value):
        """Callbacks that are added to a returned Deferred afterwards get the result, and cannot change the answer."""
        waiting = Deferred()
        calls = self.calls(lambda: waiting)
        calls.callReceived(1, Call(1, "m", [], {}))
        waiting.callback(value)
        self.assertEqual(self.answers[0][1][3], value)

    def test_sharedDeferred(self):
        """One Deferred that is returned to several callers, before and after it fires, gives each the value."""
        shared = Deferred()
        calls = self.calls(lambda: shared, maxPending=3)
        for number in (1, 2, 3):
            calls.callReceived(number, Call(1, "m", [], {}))
        shared.callback("value")
        for number in (4, 5):
            calls.callReceived(number, Call(1, "m", [], {}))
        self.assertEqual([answer[1:] for _, answer in self.answers], [[n, True, "value"] for n in range(1, 6)])
        self.assertEqual(self.successResultOf(shared), "value")

    def test_sharedFailure(self):
        """Each caller gets the failure, with a reference of its own; it is not reported as unhandled besides."""
        shared = [Deferred()]
        calls = self.calls(lambda: shared[0])
        for number in (1, 2):
            calls.callReceived(number, Call(1, "m", [], {}))
        shared[0].errback(ZeroDivisionError())
        calls.callReceived(3, Call(1, "m", [], {}))
        self.assertEqual([answer[3]["type"] for _, answer in self.answers], ["ZeroDivisionError"] * 3)
        self.assertEqual(len({answer[3]["reference"] for _, answer in self.answers}), 3)
        self.assertEqual(len(self.logged), 3)
        shared.clear()
        gc.collect()
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_resultOfBrowser(self):
        """A call's own Deferred that is returned counts as handled, too, when the browser's method fails."""
        results = [CallResult()]
        calls = self.calls(lambda: results[0])
        calls.callReceived(1, Call(1, "m", [], {}))
        results[0].answered(Failure(JSException("E: x", "E")), Logger("tests", observer=self.logged.append))
        self.assertEqual(self.answers[0][1][3]["type"], "JSException")
        self.assertEqual(len(self.logged), 1)
        results.clear()
        gc.collect()
        self.assertEqual((len(self.logged), self.flushLoggedErrors()), (1, []))

    def test_asyncio(self):
        """A method that needs asyncio's loop fails with an error that says how to run it, in the log and to authors."""

        async def sleep():
            await asyncio.sleep(1)

        withoutLoop(self)
        for method in (sleep, asyncio.get_running_loop):
            error = self.error(method, debug=True)
            self.assertEqual(error["type"], "AsyncioReactorNeeded")
            self.assertIn("twistd --reactor=asyncio", error["message"])
            self.assertIn("twistd --reactor=asyncio", self.logged[0]["log_failure"].getErrorMessage())

    def test_failedLater(self):
        """A Deferred that fails answers with its error, once, and the failure counts as handled."""
        waiting = [Deferred()]
        calls = self.calls(lambda: waiting[0])
        calls.callReceived(1, Call(1, "m", [], {}))
        waiting[0].errback(Failure(Refused("no")))
        self.assertEqual(len(self.answers), 1)
        waiting.clear()
        gc.collect()
        self.assertEqual(self.flushLoggedErrors(), [])
