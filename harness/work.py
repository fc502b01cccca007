# -*- test-case-name: tests.project.test_benchmarks -*-
"""
The work that is measured: pages broadcast and call, and the server's CPU time is read.
"""

from __future__ import annotations

import select
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, Final

from .dialects import encode
from .fleet import Page, attendUntil, fromBrowser, fromServer
from .subjects import Subject

#: About as long as what people type.
TEXT: Final = "message {number:08d}, as long as a line in a chat"


def p99(values: Sequence[float]) -> float:
    """Return the 99th percentile of two values or more."""
    return quantiles(values, n=100, method="inclusive")[98]


@dataclass
class Broadcasts:
    """
    Broadcasts that the first page of a server's fleet starts.

    :ivar size: the least length of the texts.
    :ivar burst: how many messages are broadcast in one batch; 0 to use the tutorial's ``say``, which sends one.
    :ivar elements: how many elements of each page receive them.
    :ivar data: makes the value that is broadcast of a text; not for bursts.
    :ivar latencies: of the last run, seconds from each broadcast to its last delivery.
    """

    server: Subject
    size: int = 0
    burst: int = 0
    elements: int = 1
    data: Callable[[str], Any] = str

    def __post_init__(self) -> None:
        self._fleet = self.server.fleet
        self._began: deque[float] = deque()
        self._missing: deque[int] = deque()
        self._done = 0
        self.latencies: list[float] = []

    def join(self) -> None:
        """Choose a name, if the chat needs one, and await its announcement."""
        joining = self._fleet.dialect.join()
        if joining is not None:
            self._expect(joining[1])
            self._fleet.pages[0].socket.sendall(self._call(joining[0]))
            self._fleet.until(lambda: not self._missing, self._came)

    def run(self, count: int, window: int) -> float:
        """
        Broadcast, and await all deliveries.

        :param count: how many broadcasts to start.
        :param window: how many of them are in flight.
        :return: the CPU seconds of a delivery.
        """
        self.latencies = []
        each = self.elements * max(1, self.burst)
        before = self.server.spent
        self._done = 0
        self._say(window)
        started = window
        while self._done < count * each:
            done = self._done
            self._fleet.until(lambda done=done: self._done // each > done // each, self._came)  # type: ignore[misc]
            more = min(self._done // each - done // each, count - started)
            self._say(more)
            started += more
        self._fleet.until(lambda: not self._fleet.pages[0].answered, self._came)
        return (self.server.spent - before) / (count * each * len(self._fleet))

    def measure(self, deliveries: int, window: int = 1) -> float:
        """
        Warm up, and make about so many deliveries.

        :return: the CPU seconds of a delivery.
        """
        self.run(window, window)
        each = len(self._fleet) * self.elements * max(1, self.burst)
        return self.run(max(deliveries // each, 2 * window), window)

    def pace(self, count: int, seconds: float) -> None:
        """Broadcast at this pace, whether the ones before have arrived or not, and await all deliveries."""
        self.latencies = []
        self._done = 0
        due = time.monotonic()
        for _ in range(count):
            self._say(1)
            due += seconds
            self._fleet.settle(due - time.monotonic(), self._came)
        self._fleet.until(lambda: self._done == count, self._came)

    def begin(self) -> None:
        """Broadcast once, and await nothing."""
        self._done = 0
        self._say(1)

    @property
    def isDone(self) -> bool:
        """Whether all pages have received what :meth:`begin` has broadcast."""
        return self._done > 0 and not self._fleet.pages[0].answered

    def attend(self) -> None:
        """Read what has arrived."""
        self._fleet.attend(0, self._came)

    def _say(self, count: int) -> None:
        # In one write. Otherwise it would depend on the load how many of them the server reads at once.
        self._fleet.pages[0].socket.sendall(b"".join([self._said() for _ in range(count)]))

    def _said(self) -> bytes:
        dialect = self._fleet.dialect
        text = TEXT.format(number=len(self._fleet.expected)).ljust(self.size, ".")
        if not self.burst:
            value = self.data(text)
            self._expect(dialect.broadcast(value))
            return self._call(dialect.say(value))
        for number in range(self.burst):
            for element in range(1, self.elements + 1):
                self._expect(dialect.broadcast(f"{text} {number}", element))
        return self._call(dialect.burst(self.burst, text))

    def _expect(self, message: bytes) -> None:
        self._missing.append(len(self._fleet))
        self._began.append(time.perf_counter())
        self._fleet.expected.append(fromServer(message))

    def _call(self, message: bytes) -> bytes:
        sender = self._fleet.pages[0]
        sender.sent += 1
        answer = self._fleet.dialect.answerToSay(sender.sent)
        if answer is not None:
            sender.answered.append(fromServer(answer))
        return fromBrowser(message)

    def _came(self, page: Page, delivered: int) -> None:
        oldest = len(self._fleet.expected) - len(self._missing)
        for number in range(delivered - oldest, page.delivered - oldest):
            self._missing[number] -= 1
        now = time.perf_counter()
        while self._missing and not self._missing[0]:
            self._missing.popleft()
            self.latencies.append(now - self._began.popleft())
            self._done += 1


def together(senders: Sequence[Broadcasts], lines: int) -> float:
    """
    Broadcast in several servers at once, line after line.

    :return: the CPU seconds of each delivery.
    """
    before = sum(one.server.spent for one in senders)
    with select.epoll() as epoll:
        # All fleets are read as their messages arrive. A send costs its server less while no process reads the socket.
        byNumber = {one.server.fleet.fileno(): one for one in senders}
        for number in byNumber:
            epoll.register(number, select.EPOLLIN)

        def attend(timeout: float) -> bool:
            found = epoll.poll(timeout)
            for number, _ in found:
                byNumber[number].attend()
            return bool(found)

        for _ in range(lines):
            for one in senders:
                one.begin()
            attendUntil(lambda: all(one.isDone for one in senders), attend)
    spent = sum(one.server.spent for one in senders) - before
    return spent / (lines * sum(len(one.server.fleet) for one in senders))


def call(server: Subject, count: int, window: int, size: int = 0, data: Callable[[str], Any] = str) -> float:
    """
    Let every page call the server.

    :param count: how many calls each page makes.
    :param window: how many of them are in flight.
    :param size: the least length of the argument, which is also the result.
    :param data: makes the argument of a text.
    :return: the CPU seconds of a call with its result.
    """
    fleet = server.fleet
    last = {page: page.sent + count for page in fleet.pages}

    def more(page: Page, _: int = 0) -> None:
        frames = []
        while len(page.answered) < window and page.sent < last[page]:
            page.sent += 1
            value = data(TEXT.format(number=page.sent).ljust(size, "."))
            page.answered.append(fromServer(page.dialect.answer(page.sent, value)))
            frames.append(fromBrowser(page.dialect.call(page.sent, value)))
        if frames:
            page.socket.sendall(b"".join(frames))

    before = server.spent
    for page in fleet.pages:
        more(page)
    fleet.until(lambda: not any(page.answered for page in fleet.pages), more)
    return (server.spent - before) / (count * len(fleet))


def ask(server: Subject, count: int) -> float:
    """
    Let the server call every page and await the results, ``count`` times, each on a call of the first page.

    :return: the CPU seconds of a call with its result.
    """
    fleet, sender = server.fleet, server.fleet.pages[0]

    def answer(page: Page, delivered: int) -> None:
        for number in range(delivered, page.delivered):
            asked = page.numbered - (page.delivered - number) + 1
            page.socket.sendall(fromBrowser(encode("respond", asked, True, number)))
            page.sent += 1
            # A result acknowledges, too.
            page.unacknowledged = 0

    before = server.spent
    for _ in range(count):
        sender.sent += 1
        fleet.expected.append(fromServer(encode("call", 1, "answer", [len(fleet.expected)])))
        sender.answered.append(fromServer(encode("respond", sender.sent, True, len(fleet))))
        sender.socket.sendall(fromBrowser(encode("call", 1, "ask", [len(fleet.expected) - 1])))
        fleet.until(lambda: not sender.answered, answer)
    return (server.spent - before) / (count * len(fleet))
