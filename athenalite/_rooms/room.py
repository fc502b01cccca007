# -*- test-case-name: tests.rooms.test_room -*-
"""
A place that pages of all workers share: :class:`Room`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from twisted.internet.defer import Deferred

from .._awaiting.checks import mustNotYield
from .carrier import Carrier
from .everywhere import checkMethods
from .home import carrierFor

#: The longest name of a room, and of a member, in characters.
MAX_NAME: Final = 200
_HOOKS: Final = ("entered", "left", "taken", "missed")


class Room:
    """
    A place that all workers of a site share by its name. Subclass it, and mark the methods that are to run in every
    worker with :func:`everywhere`::

        class ChatRoom(Room):

            def __init__(self):
                Room.__init__(self, "lobby")
                self.chatters = Members()

            @everywhere
            def wall(self, message):
                for chatter in self.chatters:
                    chatter.wall(message)

    Each worker makes its own object for the room. What the objects keep is not shared, except :attr:`present`.

    :ivar name: its name, the same in all workers.
    """

    def __init__(self, name: str) -> None:
        """
        :param name: text of at most 200 characters, without braces and control characters.
        :raise ValueError: for another name, or if this process has a room of that name.
        """
        _checkName(name, "a room")
        self.name = name
        self._athenaCarrier: Carrier = carrierFor(self)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        checkMethods(cls)
        mustNotYield(cls, *_HOOKS)

    @property
    def present(self) -> Mapping[str, Any]:
        """The members in all workers: the claimed names, and the information given with each."""
        return MappingProxyType({name: member.info for name, member in self._athenaCarrier.members.items()})

    def claim(self, name: str, info: Any = None) -> Deferred[bool]:
        """
        Claim a name for a member of this worker. It is one step in the engine: of two claims in different workers, one
        is granted. (To look into :attr:`present` first leaves a moment in which another may take the name.)

        A member that has claimed a name leaves with :meth:`release`. The members of a worker that has stopped leave by
        themselves, within about 40 seconds.

        :param info: a JSON value, for :meth:`entered` and :attr:`present` in all workers.
        :return: fires with whether the name is granted; fails with :class:`EngineAway` if the engine does not answer in
            time. The name is not kept then.
        :raise TypeError: if ``info`` is not JSON.
        :raise ValueError: if the name is empty, longer than 200 characters, or has control characters.
        """
        _checkName(name, "a member")
        return self._athenaCarrier.claim(name, info)

    def release(self, name: str) -> Deferred[None]:
        """
        Release a name that this worker has claimed. One that it has not is left alone.

        :return: fires when the engine has it.
        """
        return self._athenaCarrier.release(name)

    def entered(self, name: str, info: Any) -> Any:
        """Hook, in every worker: a member has claimed this name."""

    def left(self, name: str, info: Any) -> Any:
        """Hook, in every worker: a member has released this name, or its worker has stopped."""

    def taken(self, name: str) -> Any:
        """
        Hook, in a worker that had claimed this name: a member of another worker has it now, because this worker had no
        connection to the engine for longer than its lease. Close the page that uses the name, or inform its user.
        """

    def missed(self, count: int | None) -> Any:
        """
        Hook: calls that the engine had accepted did not run in this worker, and will not. Reload what the pages show.

        :param count: how many; None if that is unknown, because the engine has lost data.
        """

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} {getattr(self, 'name', None)!r}>"


def _checkName(name: object, what: str) -> None:
    if not isinstance(name, str):
        raise TypeError(f"the name of {what} is text, not {name!r}")
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(f"the name of {what} has lone surrogates: {name!r}") from None
    if not 0 < len(name) <= MAX_NAME or not name.isprintable() or (what == "a room" and set(name) & set("{}")):
        raise ValueError(
            f"{name[: MAX_NAME + 1]!r} cannot be the name of {what}: use 1 to {MAX_NAME} printable characters"
            + (", without braces" if what == "a room" else "")
        )
