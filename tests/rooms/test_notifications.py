# -*- test-case-name: tests.rooms.test_notifications -*-
"""Notifications are read as txredisapi reads them, among other answers, and in pieces of any length."""

from types import SimpleNamespace
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from txredisapi import SubscriberProtocol

from athenalite._rooms.notifications import notificationsIn
from athenalite._rooms.redis import _Notifications


def notification(text, channel="athena:site:{lobby}:log"):
    """What Redis sends."""
    parts = [f"${len(one.encode())}\r\n{one}\r\n" for one in ("message", channel, text)]
    return f"*3\r\n{''.join(parts)}".encode()


class NotificationTests(TestCase):
    """``notificationsIn``"""

    def test_whole(self):
        """All whole notifications at the beginning, and the rest."""
        one, other = notification("e 1 [\r\n$7\r\nmessage]"), notification("\u2028\xff", "x")
        found = [("athena:site:{lobby}:log", "e 1 [\r\n$7\r\nmessage]"), ("x", "\u2028\xff")]
        for rest in (b"", b"*", one[:-1], other[:30], b":1\r\n", b"$-1\r\n"):
            self.assertEqual(notificationsIn(one + other + rest), (found, rest))

    def test_others(self):
        """What is no notification in UTF-8 is left to others, and so is a length that is wrong."""
        wrong = notification("text")
        for data in (b"", b":1\r\n", notification("x").replace(b"message", b"massage"), wrong.replace(b"$4", b"$3")):
            self.assertEqual(notificationsIn(data), ([], data))
        for data in (wrong.replace(b"text", b"te\xfft"), wrong.replace(b"$4", b"$99999999"), b"*4" + wrong[2:]):
            self.assertEqual(notificationsIn(data), ([], data))


ANSWERS = st.one_of(
    st.text(max_size=8).map(notification),
    st.sampled_from([b":1\r\n", b"+OK\r\n", b"$-1\r\n", b"$3\r\na\r\n\r\n", b"*0\r\n", b"*2\r\n:1\r\n$1\r\nx\r\n"]),
    st.just(notification("x").replace(b"message", b"subscribe").replace(b"$7", b"$9")),
    st.just(notification("text").replace(b"text", b"t\xff\xfet")),
)


class EqualTests(TestCase):
    """The connection for notifications, with and without it"""

    def read(self, protocol, chunks, isPausing=True):
        """Let a protocol read, by a transport that pauses or does not. :return: the notifications and other answers."""
        clock, got, protocol.factory = Clock(), [], SimpleNamespace(continueTrying=False)
        protocol.callLater = clock.callLater
        protocol.makeConnection(StringTransport())
        protocol.messageReceived = lambda pattern, channel, message: got.append((channel, message))
        protocol.replyQueue.put = got.append
        for chunk in chunks:
            protocol.dataReceived(chunk)
            while isPausing and clock.getDelayedCalls():
                clock.advance(0)
        while clock.getDelayedCalls():
            clock.advance(0)
        return got

    @given(st.lists(ANSWERS, max_size=6), st.lists(st.integers(0, 200), max_size=6))
    def test_equal(self, answers, cuts):
        """The same notifications and answers, in the same order."""
        data = b"".join(answers)
        edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
        for isPausing in (True, False):
            self.equal(*[data[start:end] for start, end in zip(edges, edges[1:], strict=False)], isPausing=isPausing)

    def test_inText(self):
        """A notification in the text of a notification is text, also if it comes alone."""
        inner, end = notification("inner"), b"\r\n"
        begin = notification(inner.decode())[: -len(inner + end)]
        self.assertEqual(self.equal(begin, inner, end + notification("next"))[0][1], inner.decode())
        answer = f"${len(inner)}\r\n".encode()
        self.assertEqual(self.equal(answer, inner, end)[0], inner.decode())

    def test_after(self):
        """A notification that comes while an answer is read comes after it, or is in it."""
        late = self.equal(b"$1\r\nx\r\n:1\r\n", notification("late"), isPausing=False)
        self.assertEqual(late, ["x", 1, ("athena:site:{lobby}:log", "late")])
        self.assertNotIn(("athena:site:{lobby}:log", "in"), self.equal(b"*2\r\n", notification("in"), b":2\r\n"))

    def equal(self, *chunks, isPausing=True):
        """Let both read. :return: what they have found."""
        fast = _Notifications(SimpleNamespace(adopt=lambda _: None))
        fast.connectionMade = lambda: None
        plain = SubscriberProtocol(charset="utf-8", errors="replace", convertNumbers=False)
        plain.connectionMade = lambda: None
        found = self.read(fast, chunks, isPausing)
        self.assertEqual(found, self.read(plain, chunks, isPausing))
        return found
