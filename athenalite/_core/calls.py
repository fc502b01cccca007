# -*- test-case-name: tests.core.test_calls -*-
"""
Calls in both directions, each answered exactly once.

:class:`RemoteCalls` is a table of the calls whose answers this side awaits, as AMP's BoxDispatcher is;
:class:`LocalCalls` runs the calls of the browser. Only a :class:`LivePageError` crosses the wire
with its text: of any other exception the browser receives the type, and a reference to the server's log.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from .._awaiting.deferreds import follow
from .._awaiting.results import PLAIN, driven, explained
from ..errors import (
    ArgumentError,
    ConnectionLost,
    JSException,
    LivePageError,
    MessageTooLarge,
    NoSuchMethod,
    ProtocolError,
    TooManyCalls,
)
from .answered import Answered
from .callresult import CallResult
from .errbacks import Errbacks
from .json import memoryOf
from .jsstack import tracebackOf
from .sitelog import tracebackFor
from .wire import Call, Made, Respond, encodeError, encodeResult

#: How much of an error's text, and of the name of its class, crosses the wire.
_TEXT: Final = 10_000
_NAME: Final = 200


def _nowhere(moduleName: str) -> str | None:
    return None


class RemoteCalls:
    """
    The calls whose answers are awaited, by number.

    :ivar answered: the messages that were answered, and those that are responses themselves: neither may be answered.
    :ivar errbacks: of calls that only have errbacks, these.
    :ivar elsewhere: the last message that another worker has sent to this page; answers up to it are ignored.
    """

    __slots__ = ("_fileOf", "_log", "_outstanding", "answered", "elsewhere", "errbacks")

    def __init__(self, log: Logger, fileOf: Callable[[str], str | None] = _nowhere) -> None:
        """
        :param fileOf: finds the file of a JavaScript module by its name, for the traceback of an error.
        """
        self._log = log
        self._fileOf = fileOf
        self._outstanding: dict[int, CallResult] = {}
        self.answered = Answered()
        self.errbacks = Errbacks()
        self.elsewhere = 0

    def __len__(self) -> int:
        return len(self._outstanding)

    def callSent(self, number: int, result: CallResult) -> None:
        """Await the answer to the call ``number``, and fire ``result`` with it."""
        self._outstanding[number] = result

    def responseReceived(self, response: Respond) -> None:
        """
        Fire the call's Deferred; its callbacks have run when this returns. The failure of a notify without errbacks is
        logged.

        :param response: its number is at most that of the last message that was sent.
        :raise ProtocolError: for an answer that was not requested, or a second one to the same message.
        """
        result = self._outstanding.pop(response.number, None)
        if result is None:
            self._unawaited(response)
            return
        self.answered.add(response.number)
        if result.called:
            # The application has fired it itself, or cancelled it.
            return
        if response.success:
            result.answered(response.value, self._log)
        else:
            result.answered(Failure(_exception(response.value, self._fileOf)), self._log)

    def _unawaited(self, response: Respond) -> None:
        number = response.number
        if response.success and 1 <= number <= self.elsewhere:
            return
        if response.success or number < 1 or number in self.answered:
            raise ProtocolError("a response to no call")
        if self.answered.isForgotten(number):
            # A notify that fails late, or has failed before: that is not remembered.
            return
        self.answered.add(number)
        error = _exception(response.value, self._fileOf)
        chain = self.errbacks.of(number)
        if chain is not None:
            CallResult.alone(chain).answered(Failure(error), self._log)
            return
        text = f"{error.args[0]} {error.stack}"
        self._log.error("A call that nobody waits for failed in the browser: {error}", error=text)

    def failAll(self, reason: str, acknowledged: int) -> None:
        """
        Fail every call with a ``ConnectionLost`` of ``reason``, in order, and release the page: it is lost.

        :param acknowledged: the last message that the browser has acknowledged, and so has run.
        """
        self._fileOf = _nowhere
        outstanding, self._outstanding = self._outstanding, {}
        errbacks, self.errbacks = self.errbacks, Errbacks()
        for number, chain in errbacks.after(acknowledged):
            if number not in self.answered:
                outstanding[number] = CallResult.alone(chain)
        for _, result in sorted(outstanding.items()):
            # Each gets an exception of its own, because that collects the frames it is raised through.
            result.connectionLost(Failure(ConnectionLost(reason)))


def _exception(error: dict[str, Any], fileOf: Callable[[str], str | None]) -> JSException:
    stack = error.get("stack", "")
    exception = JSException(f"{error['type']}: {error['message']}", error["type"], stack)
    return exception.with_traceback(tracebackOf(stack, fileOf))


class LocalCalls:
    """Runs the browser's calls, and sends one response to each."""

    __slots__ = (
        "_bytesPending",
        "_convert",
        "_debug",
        "_locate",
        "_log",
        "_maxBytesPending",
        "_maxPending",
        "_maxSize",
        "_pending",
        "_respond",
    )

    def __init__(
        self,
        locate: Callable[[int, str], Callable[..., Any]],
        respond: Callable[[int, bytes], None],
        convert: Callable[[Any], tuple[Any, Made]],
        maxPending: int,
        maxSize: int,
        debug: bool,
        log: Logger,
        maxBytesPending: int = 4 * 1024 * 1024,
    ) -> None:
        """
        :param locate: finds an exposed method by object number and name, or raises ``NoSuchMethod``.
        :param respond: takes the number of a call and the message that answers it.
        :param convert: see :meth:`athenalite.interfaces.IPage.convertValue`.
        :param maxPending: how many calls may run at once; another fails with ``TooManyCalls``.
        :param maxBytesPending: how much memory the arguments of these may occupy; with more, another fails likewise.
        :param maxSize: how large an answer may be, in bytes.
        :param debug: whether the browser sees the text of every exception.
        """
        self._locate = locate
        self._respond = respond
        self._convert = convert
        self._maxPending = maxPending
        self._maxSize = maxSize
        self._debug = debug
        self._log = log
        self._maxBytesPending = maxBytesPending
        # The numbers of the calls that run, each with the size of its arguments.
        self._pending: dict[int, int] = {}
        self._bytesPending = 0

    def __len__(self) -> int:
        return len(self._pending)

    def drop(self) -> None:
        """Release the page, because it is lost: results of running methods are ignored."""
        self._respond = _ignore
        self._locate = _ignore
        self._convert = _ignore
        self._pending.clear()
        self._bytesPending = 0

    def abandon(self, reason: str) -> None:
        """Answer all running calls with a ``ConnectionLost`` of ``reason``: the page goes on in another worker."""
        for number in self._pending:
            self._respond(number, encodeError(number, {"type": ConnectionLost.__name__, "message": reason}))

    def refusal(self, number: int, reason: str) -> bytes:
        """
        :return: a ``TooManyCalls``, to be sent instead of a response for which there is no room.
        """
        return self._encodeFailure(number, "", Failure(TooManyCalls(reason)))

    def callReceived(self, number: int, call: Call) -> None:
        """Run a call. Never raises: a method's exception becomes its response, and affects no other call."""
        try:
            if len(self._pending) >= self._maxPending or self._bytesPending >= self._maxBytesPending:
                raise TooManyCalls(f"{len(self._pending)} calls are waiting for their answers already")
            value = self._locate(call.objectID, call.methodName)(*call.args, **call.kwargs)
            isPlain = type(value) in PLAIN
            if not isPlain:
                value = driven(value)
        except BaseException:
            # SystemExit as well: a browser must not end the server, and gets a response.
            self._failed(number, call.methodName, explained(Failure()))
            return
        if isPlain or not isinstance(value, Deferred):
            self._succeeded(number, call.methodName, call.wanted, value)
        else:
            self._wait(number, call, value)

    def _wait(self, number: int, call: Call, value: Deferred[Any]) -> None:
        # References only what the response needs of the call, so that the method decides how long its arguments live.
        wanted, methodName = call.wanted, call.methodName
        pending: Deferred[Any] = Deferred()
        pending.addCallback(lambda result: self._succeeded(number, methodName, wanted, result))
        pending.addErrback(lambda failure: self._failed(number, methodName, failure))

        def fired(result: Any) -> None:
            self._bytesPending -= self._pending.pop(number, 0)
            pending.callback(result)

        self._pending[number] = 0
        # The application may return the same Deferred to other calls.
        follow(value, fired)
        if number in self._pending:
            # The method may reference its arguments until it ends.
            self._pending[number] = size = memoryOf([call.args, call.kwargs])
            self._bytesPending += size

    def _succeeded(self, number: int, methodName: str, wanted: bool, value: Any) -> None:
        if wanted:
            try:
                message = self._encodeResult(number, value)
            except Exception:
                self._failed(number, methodName, Failure())
                return
            self._respond(number, message)

    def _encodeResult(self, number: int, value: Any) -> bytes:
        try:
            message = encodeResult(number, value)
        except TypeError:
            converted, made = self._convert(value)
            message = encodeResult(number, converted, made)
        if len(message) > self._maxSize:
            raise MessageTooLarge(f"the result is larger than the {self._maxSize} bytes kept for a page")
        return message

    def _failed(self, number: int, methodName: str, failure: Failure) -> None:
        if self._respond is _ignore and failure.check(ConnectionLost):
            # The method awaited its own page. That the page is lost is not an error.
            return
        self._respond(number, self._encodeFailure(number, methodName, failure))

    def _encodeFailure(self, number: int, methodName: str, failure: Failure) -> bytes:
        error = failure.value
        assert error is not None
        try:
            message = self._describe(number, methodName, failure, error)
            if len(message) <= self._maxSize:
                return message
        except Exception:
            # An error is an application's object, and any part of it may fail or be no JSON.
            self._log.failure("The error of {methodName!r} could not be described", methodName=methodName)
        return encodeError(number, {"type": type(error).__name__[:_NAME], "message": "an error that cannot be sent"})

    def _describe(self, number: int, methodName: str, failure: Failure, error: BaseException) -> bytes:
        name = type(error).__name__[:_NAME]
        if isinstance(error, LivePageError):
            described = {"type": name, "message": _text(error)}
            if isinstance(error, ArgumentError) and error.argument is not None:
                described["argument"] = error.argument
            if self._debug and isinstance(error, NoSuchMethod) and error.remedy is not None:
                described["traceback"] = error.remedy()
                self._log.warn("{remedy}", remedy=described["traceback"])
            declared = {"jsClass": str(error.jsClass), "args": list(error.args)} if error.jsClass else {}
            try:
                return encodeError(number, {**described, **declared})
            except TypeError:
                return encodeError(number, described)
        reference = token_hex(4)
        self._log.failure(
            "An exposed method failed: {methodName!r}. Reference {reference}",
            failure,
            methodName=methodName,
            reference=reference,
        )
        message = _text(error) if self._debug else f"see reference {reference} in the server's log"
        described = {"type": name, "message": message, "reference": reference}
        if self._debug:
            described["traceback"] = tracebackFor(self._log, failure)
        return encodeError(number, described)


def _ignore(*_: Any) -> Any:
    return None


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_TEXT]
    except Exception:
        return "(an error whose text cannot be had)"
