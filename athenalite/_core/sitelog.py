# -*- test-case-name: tests.core.test_sitelog -*-
"""
The log of a site: :class:`SiteLog`, through which every event of athenalite passes.

It escapes text of peers and of applications' exceptions, removes pages' secrets, and bounds what one peer can cause to
be written, so that code that logs need not do any of it.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger, LogLevel, formatEvent
from twisted.python.failure import Failure
from twisted.python.reflect import qual, safe_str

from .._text.printable import printable
from ..interfaces import IClock

#: How much may be logged because of one peer within :data:`PERIOD`, in bytes of text. Two periods may touch, so no
#: minute has more than twice as much.
PER_PEER: Final = 10_000
#: In seconds.
PERIOD: Final = 60.0
#: How many addresses are counted apart. Others share one count until some of these are a period old.
MOST_ADDRESSES: Final = 1000

#: How long a text and a traceback in the log may be, in bytes.
_TEXT: Final = 2000
_TRACEBACK: Final = 6000
#: How many frames of it an observer gets that writes them by itself, as JSON.
_FRAMES: Final = 40
#: What an observer writes in front of an event (time, namespace, level) at most, besides the namespace.
_PREFIX: Final = 50
#: The size of the event that reports how many events were left out, in bytes.
_SUMMARY: Final = 300
#: A longer text is shortened before it is searched for secrets, in characters.
_SEARCHED: Final = 20_000

#: What a token is made of, and how long it is (``sessions.newToken``).
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43,}")
_TOKEN_LENGTH: Final = 43
#: The subprotocol that shows one: ``open.`` and base64 (``docs/protocol.rst``, "Opening and resuming a socket").
_SHOWN: Final = re.compile(r"open\.[A-Za-z0-9_+/=-]{40,}")
_HIDDEN: Final = "(hidden)"
_AUTOBAHN: Final = re.compile(r"tcp[46]?:(.*):\d+")


def _shortened(text: str, limit: int) -> str:
    """``text`` in at most about ``limit`` bytes: its beginning, and a third of that from its end."""
    encoded = text.encode("utf-8")
    if len(encoded) <= limit:
        return text
    tail = limit // 4
    head = encoded[: limit - tail].decode("utf-8", "ignore")
    return f"{head} ({len(encoded) - limit} bytes are left out) {encoded[-tail:].decode('utf-8', 'ignore')}"


def _ends(frames: list[Any]) -> list[Any]:
    return frames if len(frames) <= _FRAMES else frames[: _FRAMES // 2] + frames[-_FRAMES // 2 :]


class LoggedFailure(Failure):
    """
    A copy of a ``Failure`` that shows a text made for the log, however an observer formats it.

    :ivar loggedText: the traceback, without control characters and secrets.
    """

    def __init__(self, failure: Failure, text: str, message: str) -> None:
        # As Failure itself takes over another one.
        self.__dict__.update(failure.__dict__)
        # An observer that writes JSON writes the frames' variables, if there are any.
        self.captureVars = False
        self._frames = [frame[:3] + ((), ()) for frame in _ends(failure.frames)]
        self.loggedText = text
        self._message = message

    def printTraceback(self, file: Any = None, elideFrameworkCode: Any = 0, detail: str = "default") -> None:
        if file is None:
            from twisted.python import log

            file = log.logerr
        file.write(self.loggedText)

    def getErrorMessage(self) -> str:
        return self._message


def _addressOf(peer: Any) -> str:
    host = getattr(peer, "host", None)
    if host is not None:
        return str(host)
    match = _AUTOBAHN.fullmatch(str(peer))
    return match[1] if match else str(peer)


class SiteLog(Logger):
    """
    A ``Logger`` in front of another one. Of the events that pass, every text is escaped and shortened, every other
    object replaced by its text, and every failure by a :class:`LoggedFailure`; so an observer may format them as it
    likes, and numbers stay numbers.

    What is logged because of a peer goes through the log that :meth:`forPeer` or :meth:`forAddress` returns, which is
    bounded. What is logged here directly is not.
    """

    def __init__(self, log: Logger, clock: IClock, isSecret: Callable[[str], bool]) -> None:
        """
        :param log: receives the events.
        :param clock: measures the periods, and calls when one is over in which something was left out.
        :param isSecret: whether a text of 43 characters is the token of a page.
        """
        super().__init__(log.namespace, log.source, log.observer)
        self.clock = clock
        self._log = log
        self._isSecret = isSecret
        self._addresses: OrderedDict[str, PeerLog] = OrderedDict()
        self._others = PeerLog(self, "other addresses")

    def emit(self, level: Any, format: str | None = None, **kwargs: object) -> None:
        self._log.emit(level, None if format is None else self._safe(format), **self.made(kwargs))

    def made(self, values: dict[str, Any]) -> dict[str, Any]:
        """
        :return: the values of an event as they may be logged.
        """
        return {name: self._value(name, value) for name, value in values.items()}

    def deliver(self, level: Any, format: str, values: dict[str, Any]) -> None:
        """Log the values that :meth:`made` has returned."""
        self._log.emit(level, format, **values)

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, Failure):
            return self._failure(value)
        if (
            value is None
            or isinstance(value, (bool, int, float))
            or (name.startswith("log_") and not isinstance(value, str))
        ):
            return value
        return _shortened(self._safe(safe_str(value)), _TEXT)

    def _failure(self, failure: Failure) -> Failure:
        if isinstance(failure, LoggedFailure):
            return failure
        message = safe_str(failure.value)
        text = failure.getTraceback()
        last = f"{qual(type(failure.value))}: {message}\n"
        # Line ends between the frames are the traceback's own; those in the message would look like more of them.
        frames = "\n".join(map(self._safe, text.removesuffix(last).split("\n")))
        end = _shortened(self._safe(last[:-1]), _TEXT) + "\n" if text.endswith(last) else ""
        return LoggedFailure(
            failure, _shortened(frames, _TRACEBACK - _TEXT) + end, _shortened(self._safe(message), _TEXT)
        )

    def _safe(self, text: str) -> str:
        return printable(self._withoutSecrets(text))

    def _withoutSecrets(self, text: str) -> str:
        if len(text) > _SEARCHED:
            text = f"{text[: _SEARCHED // 2]} ... {text[-_SEARCHED // 2 :]}"
        return _TOKEN.sub(self._hideTokens, _SHOWN.sub(_HIDDEN, text))

    def _hideTokens(self, match: re.Match[str]) -> str:
        text = match[0]
        parts = []
        start = at = 0
        while at + _TOKEN_LENGTH <= len(text):
            if self._isSecret(text[at : at + _TOKEN_LENGTH]):
                parts += [text[start:at], _HIDDEN]
                start = at = at + _TOKEN_LENGTH
            else:
                at += 1
        return "".join([*parts, text[start:]])

    def forPeer(self, name: str, address: str | None = None) -> PeerLog:
        """
        :param name: what the log calls the peer.
        :param address: its address, if its events count for :meth:`forAddress` of that, too: otherwise a peer could
            begin anew with each page that it loads.
        :return: a log that is bounded by itself. Close it when the peer is gone.
        """
        return PeerLog(self, name, address)

    def forAddress(self, peer: Any) -> PeerLog:
        """
        :param peer: an ``IAddress``, or one as Autobahn writes it, such as ``tcp4:127.0.0.1:40312``. All ports of a
            host have one log.
        :return: a bounded log. It is kept here, as long as it is needed.
        """
        address = _addressOf(peer)
        log = self._addresses.get(address)
        if log is None:
            self._forgetAddresses()
            if len(self._addresses) >= MOST_ADDRESSES:
                return self._others
            log = self._addresses[address] = PeerLog(self, printable(address)[:100])
        return log

    def _forgetAddresses(self) -> None:
        # The oldest come first. One whose events were left out has a timer, and is over when that has fired.
        for address, log in list(self._addresses.items()):
            if not log.isOver:
                break
            del self._addresses[address]

    def close(self) -> None:
        """Report how many events of addresses were left out, and cancel all timers."""
        for log in (*self._addresses.values(), self._others):
            log.close()
        self._addresses.clear()


class PeerLog(Logger):
    """
    The log of what one peer causes: at most :data:`PER_PEER` bytes in a period of :data:`PERIOD` seconds, which begins
    with its first event. From the first event that does not fit, all are left out until the period is over; then one
    event reports how many.
    """

    def __init__(self, site: SiteLog, name: str, address: str | None = None) -> None:
        super().__init__(site.namespace, site.source, site.observer)
        self._site = site
        self._name = name
        self._address = address
        #: Is called with the level, format and values of each event that is logged here, as they are logged.
        self.alsoTo: Callable[[Any, str, dict[str, Any]], object] | None = None
        self._began: float | None = None
        self._written = 0
        self._leftOut = 0
        self._timer: IDelayedCall | None = None

    @property
    def isOver(self) -> bool:
        """Whether this log has nothing to remember: it has not begun, or its period is over."""
        if self._timer is not None:
            return False
        return self._began is None or self._site.clock.seconds() - self._began >= PERIOD

    def emit(self, level: Any, format: str | None = None, **kwargs: object) -> None:
        logs = [self] if self._address is None else [self, self._site.forAddress(self._address)]
        for log in logs:
            if log._leftOut:
                # Not even formatted.
                log._leftOut += 1
                return
        values = self._site.made(kwargs)
        size = self._sizeOf(format or "", values)
        if all(log._takes(size) for log in logs):
            self._site.deliver(level, format or "", values)
            if self.alsoTo is not None:
                self.alsoTo(level, format or "", values)

    def _takes(self, size: int) -> bool:
        if self.isOver:
            self._began, self._written = self._site.clock.seconds(), 0
        if self._written + size > PER_PEER - _SUMMARY:
            self._leftOut = 1
            self._timer = self._site.clock.callLater(self._rest(), self._periodOver)
            return False
        self._written += size
        return True

    def _rest(self) -> float:
        assert self._began is not None
        return min(max(self._began + PERIOD - self._site.clock.seconds(), 0), PERIOD)

    def _sizeOf(self, format: str, values: dict[str, Any]) -> int:
        failure = values.get("log_failure")
        traceback = failure.loggedText if isinstance(failure, LoggedFailure) else ""
        text = formatEvent({"log_format": format, **values})
        # Observers indent lines by one character.
        return (
            _PREFIX + len(self.namespace) + sum(len(one.encode("utf-8")) + one.count("\n") for one in (text, traceback))
        )

    def _periodOver(self) -> None:
        self._timer = None
        self._began = None
        self._reportLeftOut()

    def _reportLeftOut(self) -> None:
        count, self._leftOut = self._leftOut, 0
        if count:
            self._site.emit(LogLevel.info, "{count} more log events because of {peer}", count=count, peer=self._name)

    def close(self) -> None:
        """
        Report at once how many events were left out: the peer is gone. Further events because of it are still bounded.
        """
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        self._reportLeftOut()


def tracebackFor(log: Logger, failure: Failure) -> str:
    """
    :param log: a :class:`SiteLog` or :class:`PeerLog`.
    :return: the traceback as the log shows it: without values of variables, control characters and secrets, and
        bounded.
    """
    site = log._site if isinstance(log, PeerLog) else log
    if not isinstance(site, SiteLog):
        return ""
    logged = site.made({"failure": failure})["failure"]
    return logged.loggedText if isinstance(logged, LoggedFailure) else ""
