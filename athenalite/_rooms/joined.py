# -*- test-case-name: tests.rooms.test_joined -*-
"""
A room on an engine: :class:`JoinedCarrier`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure

from .._core.json import encode, parse
from .arriving import ARRIVING, RUNNING, Running
from .carrier import Member
from .entries import ENTERED, LEFT, WAS, BadEntry, Entry, decodeEntry, encodeArguments
from .follower import Event, Follower, Found, Missed, Skipped, isMember
from .link import Link, Log, Position
from .queue import Item
from .sending import Client, SendingCarrier

#: In renewals of the lease.
_PATIENCE: Final = 6


class JoinedCarrier(SendingCarrier):
    """
    Sends calls to the engine, and runs those that it notifies of. It joins the room when there is a link, and sends
    nothing before. On later links it sends at once, because a link may not last for long.
    """

    def __init__(self, room: Any, client: Client) -> None:
        super().__init__(room, client)
        self.follower = Follower()
        self._isJoined = False
        #: The names that this worker has claimed, with their information, and those that it is claiming.
        self._mine: dict[str, Any] = {}
        self._claiming: set[str] = set()
        #: Members that the engine has forgotten, and after how many renewals of the lease they leave.
        self._forgotten: dict[str, int] = {}

    # What the application asks for

    def claim(self, name: str, info: Any) -> Deferred[bool]:
        arrival = ARRIVING.get()
        was = "" if arrival is None else arrival.worker
        if name in self._mine or name in self._claiming:
            return succeed(was == self._client.worker and name in self._mine)
        ending = encodeArguments(ENTERED, (name, info, self._client.worker), {WAS: was} if was else {})
        item = self._add(self._claimer(name, info, ending, was), len(ending))
        if item is None:
            return self._refused()
        self._claiming.add(name)
        return item.result.addBoth(self._claimed, name, info)

    def release(self, name: str) -> Deferred[None]:
        if self._mine.pop(name, self) is self:
            return succeed(None)
        return self._release(name).addCallback(lambda _: None)

    # Names

    def _claimer(self, name: str, info: Any, ending: str, was: str = "") -> Callable[[Link, Item], Deferred[bool]]:
        worker = self._client.worker
        member = encode([worker, info]).decode("utf-8")

        def claim(link: Link, item: Item) -> Deferred[bool]:
            return link.claim(self.name, worker, item.number, name, member, self._entry(item, ending), was)

        return claim

    def _claimed(self, result: Any, name: str, info: Any) -> Any:
        self._claiming.discard(name)
        if result is True:
            self._mine[name] = info
        elif isinstance(result, Failure):
            # It may be accepted yet.
            self._release(name)
        return result

    def _release(self, name: str) -> Deferred[bool]:
        ending = encodeArguments(LEFT, ([name],), {})

        def release(link: Link, item: Item) -> Deferred[bool]:
            return link.release(self.name, self._client.worker, item.number, name, self._entry(item, ending))

        # It never fails: a name would be taken for as long as this worker lives.
        item = self._add(release, len(ending), mayFail=False)
        assert item is not None
        return item.result

    def sweep(self, alive: frozenset[str]) -> None:
        """The lease was renewed: let the members of workers without one leave."""
        self._leaveForgotten(alive)
        if any(member.worker not in alive for member in self.members.values()):
            worker = self._client.worker
            self._add(lambda link, item: link.sweep(self.name, worker, item.number, item.attempt), 0, mayFail=False)

    def _leaveForgotten(self, alive: frozenset[str]) -> None:
        for name, patience in list(self._forgotten.items()):
            member = self.members.get(name)
            if patience and member is not None and member.worker in alive:
                self._forgotten[name] -= 1
                continue
            del self._forgotten[name]
            if member is not None:
                super().deliver(Entry(member.worker, 0, LEFT, [[name]], {}))

    def _send(self) -> None:
        # It runs its own calls, too, so it must have joined before.
        if self.follower.position is not None:
            super()._send()

    # What arrives

    def connected(self, link: Link) -> None:
        """The engine is connected: subscribe, then read the log; send the queued operations when it has joined."""
        self.follower.subscribing()
        self._client.request(link.subscribe(self.name), lambda _: self._subscribed())
        self._send()

    def disconnected(self) -> None:
        """The link is lost."""
        self._isJoined = False
        self.queue.disconnected()

    def _subscribed(self) -> None:
        self.follower.subscribed()
        self._read()

    def _read(self) -> None:
        link = self._client.link
        if self.follower.needsRead and link is not None:
            since = self.follower.since
            self.follower.reading()
            self._client.request(link.read(self.name, since), self._wasRead)

    def _wasRead(self, log: Log) -> None:
        self._happened(self.follower.read(log))
        self._isJoined = True
        self._send()

    def notified(self, position: Position, text: str) -> None:
        """An entry was appended, at this position."""
        self._happened(self.follower.notified(position, text))

    def check(self, position: Position) -> bool:
        """
        :param position: of the room, in the engine.
        :return: whether notifications arrive.
        """
        isAlive = self.follower.isNotified(position)
        self._read()
        return isAlive

    def _happened(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Entry):
                self.deliver(event)
            elif isinstance(event, Missed):
                self.missed(event.lost)
            elif isinstance(event, Found):
                self._found(event)
            elif isinstance(event, Skipped):
                self.report(event.reason)
        self._read()

    # Members

    def deliver(self, entry: Entry) -> None:
        token = RUNNING.set(Running(self.name, entry.at))
        try:
            super().deliver(entry)
        finally:
            RUNNING.reset(token)
        if entry.method == ENTERED:
            name, _, worker = entry.args
            self._forgotten.pop(name, None)
            if worker == self._client.worker:
                self._entered(name)
            elif entry.kwargs.get(WAS) == self._client.worker:
                # Its page has moved there.
                self._mine.pop(name, None)
        elif entry.method == LEFT:
            self._reclaim(name for name in entry.args[0] if name in self._mine)

    def _entered(self, name: str) -> None:
        if name not in self._mine and name not in self._claiming:
            # A claim that has failed here was accepted all the same.
            self._release(name)

    def _found(self, event: Found) -> None:
        members = {}
        for name, text in event.members.items():
            try:
                value = parse(text)
            except ValueError:
                value = None
            if isMember(value):
                members[name] = Member(value[1], value[0])
            else:
                self.report("a member is not a list of a worker and its information")
        if event.isJoining:
            self.members.update(members)
            return
        # Their workers claim them again. An engine that has lost its data causes no events of leaving and entering.
        self._forgotten = {name: _PATIENCE for name in self.members if name not in members}
        self.found({**members, **{name: self.members[name] for name in self._forgotten}})
        own = self._client.worker
        for name in [name for name, member in members.items() if member.worker == own]:
            self._entered(name)
        self._reclaim(name for name in list(self._mine) if name not in members or members[name].worker != own)

    def _reclaim(self, names: Any) -> None:
        """Members of this worker have left without its doing: it was away for longer than its lease."""
        for name in list(names):
            info = self._mine[name]
            ending = encodeArguments(ENTERED, (name, info, self._client.worker), {})
            item = self._add(self._claimer(name, info, ending), len(ending), mayFail=False)
            assert item is not None
            item.result.addCallback(self._reclaimed, name)

    def _reclaimed(self, isGranted: bool, name: str) -> None:
        if not isGranted and self._mine.pop(name, self) is not self:
            self.log.warn("room {name}: {member} is claimed by another worker now", name=self.name, member=name)
            self.taken(name)

    # Pages that come from other workers

    def hasJoined(self) -> bool:
        """Return whether it has read the log."""
        return self._isJoined

    @property
    def here(self) -> Position | None:
        """See :class:`athenalite._rooms.arriving.Catching`, also for the others."""
        return self.follower.position if self._isJoined else None

    def entriesFrom(self, number: int) -> Deferred[Log]:
        """Read the log."""
        link = self._client.link
        return fail(ConnectionError("the engine is away")) if link is None else link.read(self.name, number)

    def runFor(self, number: int, text: str, elements: Sequence[Any]) -> None:
        """Run an entry for these elements."""
        token = RUNNING.set(Running(self.name, number, elements))
        try:
            self.repeat(decodeEntry(text))
        except BadEntry:
            # It was reported when it arrived.
            return
        finally:
            RUNNING.reset(token)
