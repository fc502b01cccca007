# -*- test-case-name: tests.project.test_line -*-
"""
The server's side of ``stress.line``: one page, whose element and widget call each other.

``python -m stress.line_server CALLS`` reports its port, then its completion, and its figures when its standard input
has ended, each as one line of JSON on standard output. If a guarantee is broken, it reports that and ends.
"""

import json
import sys
from collections import Counter
from threading import Thread
from typing import Any, Final
from unittest.mock import patch

from twisted.internet import reactor as theReactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.logger import LogEvent, Logger, LogLevel, formatEvent, globalLogBeginner
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import Site
from twisted.web.template import tags

from athenalite import ElementRenderingLivePage, Limits, LiveElement, LivePageError, LivePageFactory, expose
from athenalite._core import sitelog
from athenalite.loaders import stan

from .line_account import SPEED, Account, isAwaited, methodOf, padOf

# It provides more interfaces than its annotation.
reactor: Final[Any] = theReactor

#: The server's times are as fast as the browser's clock, and the browser has no rate limit.
LIMITS: Final = Limits(
    **{name: getattr(Limits, name) / SPEED for name in ("openTimeout", "ackDelay", "pingInterval", "pingTimeout")},
    maxMessagesPerSecond=1_000_000,
)
#: The only warnings and errors in the log are those that the calls provoke.
_CRASHED: Final = "An exposed method failed"
_UNAWAITED: Final = "A call that nobody waits for failed"


class Report:
    """
    The reports of this process.

    :ivar expected: the events that the log should have, and how often.
    :ivar resumed: how many sockets have resumed the session.
    """

    def __init__(self, calls: int) -> None:
        self.account = Account(calls, self.broken)
        self.expected: Counter[str] = Counter()
        self.resumed = 0
        self._logged: Counter[str] = Counter()

    def write(self, **words: object) -> None:
        """Print one line of JSON."""
        print(json.dumps(words), flush=True)

    def checkCompletion(self) -> None:
        # Only once: whatever runs or is answered after that breaks a guarantee.
        if self.account.isComplete:
            self.write(complete=True)

    def broken(self, how: str) -> None:
        """Report a broken guarantee, and end the process."""
        self.write(broken=how)
        reactor.callLater(0, _stop)

    def logged(self, event: LogEvent) -> None:
        """Count the expected warnings and errors; any other breaks a guarantee."""
        if event["log_level"] >= LogLevel.warn:
            text = formatEvent(event)
            known = next((one for one in (_CRASHED, _UNAWAITED) if text.startswith(one)), None)
            if known is None:
                self.broken(f"in the log: {text} {event.get('log_failure', '')}")
            else:
                self._logged[known] += 1

    def finish(self) -> None:
        """Check the log, and report the figures."""
        if self._logged != self.expected:
            self.broken(f"the log holds {dict(self._logged)}, not {dict(self.expected)}")
        account, unawaited = self.account, self._logged[_UNAWAITED]
        self.write(ran=account.ran, answered=account.answered, unawaited=unawaited, resumed=self.resumed)


class Refused(LivePageError):
    """An error whose text is sent to the browser."""


class LineElement(LiveElement):
    """Issues calls as its account allows, and runs those of its widget."""

    docFactory = stan(tags.div(render="liveElement"))

    def __init__(self, report: Report) -> None:
        super().__init__()
        self._report = report
        self._account = report.account

    def connectionMade(self) -> None:
        self._issueMore()

    def resumed(self) -> None:
        self._report.resumed += 1

    def connectionLost(self, reason: Failure) -> None:
        self._report.broken(f"the page was lost: {reason.getErrorMessage()}")

    def _issueMore(self) -> None:
        while self._account.mayIssue:
            number = self._account.issue()
            result = self.callRemote(methodOf(number), number, padOf(number))
            if isAwaited(number):
                result.addCallbacks(self._answered, self._failed, [number], errbackArgs=[number])
                # A mistake of this program.
                result.addErrback(lambda failure: self._report.broken(failure.getTraceback()))
            elif methodOf(number) in ("refuse", "crash"):
                self._report.expected[_UNAWAITED] += 1

    def _answered(self, value: Any, number: int) -> None:
        # The second item is how many calls its side had issued by then. They have all run here, and no later one.
        self._came(number, value, [number, self._account.ran])

    def _failed(self, failure: Failure, number: int) -> None:
        expected = {"refuse": f"Refused: {number}", "crash": "Error: null"}
        self._came(number, failure.getErrorMessage(), expected.get(methodOf(number)))

    def _came(self, number: int, answer: Any, expected: Any) -> None:
        self._account.answerCame(number, answer, expected)
        self._issueMore()
        self._report.checkCompletion()

    # What the widget calls

    def _ran(self, number: int, methodName: str, pad: str) -> None:
        self._account.callRan(number, methodName, pad)
        self._report.checkCompletion()

    @expose
    def answer(self, number: int, pad: str) -> list[int]:
        self._ran(number, "answer", pad)
        return [number, self._account.issued]

    @expose
    async def later(self, number: int, pad: str) -> list[int]:
        self._ran(number, "later", pad)
        await _pause(number)
        return [number, self._account.issued]

    @expose
    def deferred(self, number: int, pad: str) -> Deferred[list[int]]:
        self._ran(number, "deferred", pad)
        return _pause(number).addCallback(lambda _: [number, self._account.issued])

    @expose
    def refuse(self, number: int, pad: str) -> None:
        self._ran(number, "refuse", pad)
        raise Refused(number)

    @expose
    def crash(self, number: int, pad: str) -> None:
        self._ran(number, "crash", pad)
        self._report.expected[_CRASHED] += 1
        raise ZeroDivisionError(number)


def _pause(number: int) -> Deferred[None]:
    return deferLater(reactor, number % 5 / 1000)


class Root(Resource):
    """Make a new page for each request."""

    def __init__(self, factory: LivePageFactory, report: Report) -> None:
        super().__init__()
        self._factory = factory
        self._report = report
        self.putChild(b"_athena", factory.resource)

    def getChild(self, path: bytes, request: Any) -> Resource:
        return ElementRenderingLivePage(LineElement(self._report), self._factory)


def main(calls: int) -> None:
    """Serve until standard input ends, so that this process ends with the one that started it."""
    report = Report(calls)
    logged: Any = report.logged
    globalLogBeginner.beginLoggingTo([logged], discardBuffer=True, redirectStandardIO=False)
    factory = LivePageFactory(reactor, LIMITS, log=Logger(observer=logged))
    port = reactor.listenTCP(0, Site(Root(factory, report)), interface="127.0.0.1")
    report.write(port=port.getHost().port)
    reactor.callWhenRunning(Thread(target=_stopAfterInput, daemon=True).start)
    # One page provokes more errors here than are logged for one peer, and each is counted.
    with patch.object(sitelog, "PER_PEER", sys.maxsize):
        reactor.run()
    report.finish()


def _stopAfterInput() -> None:
    sys.stdin.read()
    reactor.callFromThread(_stop)


def _stop() -> None:
    # A broken guarantee may have stopped it before.
    if reactor.running:
        reactor.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
