# -*- test-case-name: tests.rooms.test_redislink -*-
"""
The operations of an engine as commands of Redis: :class:`RedisLink`.
"""

from __future__ import annotations

from itertools import count
from secrets import token_hex
from typing import Any

from twisted.internet.defer import Deferred

from .link import NOWHERE, READ_AT_ONCE, TAKER, Log, Position, Taken
from .scripts import APPEND, CLAIM, DIGESTS, POSITIONS, READ, RELEASE, RENEW, SWEEP, TAKE


class RedisLink:
    """
    Two connections to a server. See :class:`Link` for the operations.

    :ivar isLost: whether it is not used any more.
    :ivar reason: why it is lost.
    :ivar hasWorked: whether the engine has renewed the lease, so that it can write, and nothing was wrong with its
        answers.
    """

    def __init__(self, engine: Any) -> None:
        self.commands: Any = None
        self.notifications: Any = None
        self.isLost = False
        self.reason = ""
        self.hasWorked = False
        self._engine = engine
        self._opened: list[Any] = []
        # Redis delivers what is published to the subscribers of all databases.
        database = engine.address.database
        self._prefix = f"athena:{engine.address.site}{f'@{database}' if database else ''}:"
        self._keysOf: dict[str, list[str]] = {}
        # No epoch is offered twice, by no link.
        self._epochs, self._random = count(), token_hex(8)

    def adopt(self, protocol: Any) -> None:
        """Drop a connection together with the link: at once, if the link was lost while it was made."""
        self._opened.append(protocol)
        if self.isLost:
            protocol.transport.abortConnection()

    def lose(self, reason: str) -> None:
        """Drop both connections, because the engine does not answer as it should. The next link may be no better."""
        if not self.isLost:
            self.hasWorked = False
            self.cut(reason)

    def cut(self, reason: str) -> None:
        """A connection was cut: drop the other one."""
        if self.isLost:
            return
        self.isLost, self.reason = True, reason
        for protocol in self._opened:
            protocol.transport.abortConnection()
        self._engine.linkLost(self, reason)

    def messageReceived(self, channel: str, message: str) -> None:
        """An entry was appended."""
        if self.isLost or not channel.startswith(self._prefix + "{") or not channel.endswith("}:log"):
            return
        room = channel[len(self._prefix) + 1 : -len("}:log")]
        epoch, _, rest = message.partition(" ")
        number, _, text = rest.partition(" ")
        if number.isdecimal():
            self._engine.notified(self, room, Position(epoch, int(number)), text)

    # Requests

    def _keys(self, room: str) -> list[str]:
        found = self._keysOf.get(room)
        if found is None:
            names = [f"{self._prefix}{{{room}}}:{name}" for name in ("meta", "log", "from", "who")]
            found = self._keysOf[room] = [*names, self._prefix + "leases"]
        return found

    def _script(self, script: str, keys: list[str], *arguments: Any) -> Deferred[Any]:
        made: Deferred[Any] = self.commands.command("EVALSHA", DIGESTS[script], len(keys), *keys, *arguments)
        return made

    def _write(self, script: str, room: str, worker: str, number: int, *arguments: Any) -> Deferred[bool]:
        epoch = f"{self._random}{next(self._epochs)}"
        made = self._script(script, self._keys(room), worker, number, epoch, self._engine.history, *arguments)
        return made.addCallback(lambda answer: answer == 1)

    def subscribe(self, room: str) -> Deferred[Any]:
        """Subscribe."""
        made: Deferred[Any] = self.notifications.command("SUBSCRIBE", self._keys(room)[1])
        return made

    def unsubscribe(self, room: str) -> None:
        """Unsubscribe."""
        self.notifications.command("UNSUBSCRIBE", self._keys(room)[1]).addErrback(lambda _: None)
        del self._keysOf[room]

    def read(self, room: str, since: int | None) -> Deferred[Log]:
        """Read."""
        made = self._script(READ, self._keys(room), "" if since is None else since, READ_AT_ONCE)
        return made.addCallback(_logOf)

    def positions(self, rooms: list[str]) -> Deferred[list[Position]]:
        """Read the positions."""
        made = self._script(POSITIONS, [self._keys(room)[0] for room in rooms])
        return made.addCallback(lambda found: [_position(*pair) for pair in _pairs(found or [])])

    def append(self, room: str, worker: str, number: int, text: str) -> Deferred[bool]:
        """Append."""
        return self._write(APPEND, room, worker, number, text)

    def claim(
        self, room: str, worker: str, number: int, name: str, member: str, text: str, was: str = ""
    ) -> Deferred[bool]:
        """Claim a name."""
        return self._write(CLAIM, room, worker, number, name, member, text, was)

    def release(self, room: str, worker: str, number: int, name: str, text: str) -> Deferred[bool]:
        """Release a name."""
        return self._write(RELEASE, room, worker, number, name, text)

    def sweep(self, room: str, worker: str, number: int, attempt: int) -> Deferred[bool]:
        """Remove members of workers that have stopped."""
        return self._write(SWEEP, room, worker, number, attempt)

    def renew(self, worker: str, seconds: float) -> Deferred[frozenset[str]]:
        """Renew a lease."""
        return self._script(RENEW, [self._prefix + "leases"], worker, int(seconds)).addCallback(self._renewed)

    def _renewed(self, alive: list[str]) -> frozenset[str]:
        self.hasWorked = True
        return frozenset(alive)

    def keep(self, key: str, text: str, seconds: float) -> Deferred[Any]:
        """Keep a text."""
        made: Deferred[Any] = self.commands.command("SET", self._prefix + key, text, "EX", int(seconds))
        return made

    def take(self, key: str, name: str, seconds: float) -> Deferred[Taken]:
        """Take it."""
        keys = [self._prefix + key, self._prefix + key + TAKER]
        return self._script(TAKE, keys, name, int(seconds)).addCallback(lambda found: Taken(found[0], found[1] or ""))

    def end(self, worker: str) -> Deferred[Any]:
        """End a lease."""
        made: Deferred[Any] = self.commands.command("ZREM", self._prefix + "leases", worker)
        return made


def _pairs(values: list[Any]) -> list[tuple[Any, Any]]:
    return list(zip(values[::2], values[1::2], strict=True))


def _position(epoch: str, number: Any) -> Position:
    return Position(epoch, int(number)) if epoch else NOWHERE


def _logOf(found: list[Any]) -> Log:
    epoch, number, count, *rest = found
    entries, rest = rest[: 2 * int(count)], rest[2 * int(count) :]
    workers, rest = int(rest[0]), rest[1:]
    numbers, members = rest[: 2 * workers], rest[2 * workers :]
    return Log(
        _position(epoch, number),
        [(int(one), text) for one, text in _pairs(entries)],
        {worker: int(one) for worker, one in _pairs(numbers)},
        dict(_pairs(members)),
    )
