# -*- test-case-name: tests.core.test_places -*-
"""
Batches with places that are filled when the batch ends: for parts of pages, which are rendered once per batch.

A place has its position among the messages of the batch from when it is reserved, and its content from the end. So a
call that is made afterwards finds in the browser what was rendered, in its last state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from .batch import Batch
from .broadcast import Broadcast, IOutbox

#: How many places in a row may each be reserved while the one before is filled.
_LONGEST: Final = 100

#: Messages, each with the pages that it is sent to.
Filling: TypeAlias = Sequence[tuple[list[IOutbox], bytes]]


class Place:
    """
    A position in the queue of a batch. See :meth:`PlacesBatch.reserve`.

    :ivar depth: 0, or one more than that of the place that was filled when this was reserved.
    """

    __slots__ = ("depth", "fill")

    def __init__(self, fill: Callable[[], Filling], depth: int) -> None:
        self.fill = fill
        self.depth = depth


class PlacesBatch(Batch):
    """
    A :class:`Batch` with places.

    To fill them runs code of the application, before anything is numbered. What that code queues belongs to the next
    batch, so that it cannot go on without end within one.
    """

    def __init__(self, *given: Any) -> None:
        """See :class:`Batch`."""
        super().__init__(*given)
        self._places = 0
        self._fills = False
        # That of a place which is reserved now.
        self._depth = 0

    def reserve(self, fill: Callable[[], Filling]) -> None:
        """
        Reserve a position behind all messages queued so far.

        :param fill: called once, when the batch ends. It returns what is sent at this position; each message is encoded
            as ``notify``. A failure is logged, and nothing is sent.
        :raise RuntimeError: if this would go on without end: while a place is filled another is reserved, and so on.
        """
        if self._depth > _LONGEST:
            raise RuntimeError("the renderers of parts mark each other, without end: call rerender in a method")
        place: Any = Place(fill, self._depth)
        self._add(place, b"")
        # A page that joined the call before would get that earlier than what is sent here.
        self.last = self._nothing
        self._places += 1

    def end(self) -> None:
        """See :meth:`Batch.end`. While places are being filled, the batch does not end."""
        if self._fills:
            return
        if not self._places:
            super().end()
            return
        queue, self._queue = self._queue, []
        self.last.settle()
        self.last = self._nothing
        self._places = 0
        self._fills = True
        try:
            filled = [one for queued in queue for one in self._filled(queued)]
        finally:
            self._fills, self._depth = False, 0
        later, self._queue = self._queue, filled
        self.last.settle()
        super().end()
        if later:
            self._queue = later + self._queue
            if not self._begun:
                self._begin()

    def _filled(self, queued: Any) -> Sequence[Any]:
        if not isinstance(queued, Place):
            return (queued,)
        self._depth = queued.depth + 1
        try:
            filling = queued.fill()
        except Exception:
            self._log.failure("A part of a page could not be sent")
            return ()
        return [_broadcast(message, outboxes) for outboxes, message in filling if outboxes]


_PAGE: Final = 0


def _broadcast(message: bytes, outboxes: list[IOutbox]) -> Broadcast:
    broadcast = Broadcast(message, _PAGE, "", None)
    broadcast.outboxes = outboxes
    return broadcast
