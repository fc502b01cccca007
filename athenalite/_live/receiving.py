# -*- test-case-name: tests.live.test_receiving -*-
"""
Receives the files that a page sends: :class:`Receiving`.

They come in pieces, as calls, so that a piece arrives exactly once, in order, over any cut; and each is answered when
the next may come, so that the page's other calls pass between them.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Callable, Sequence
from math import inf
from tempfile import TemporaryFile
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from ..interfaces import IClock
from .sentences import Refused
from .uploads import Offer, Upload

#: What a file counts at least, in bytes: it has a descriptor.
_LEAST: Final = 1024 * 1024
#: The longest piece of a file, in bytes: a multiple of three, which base64 makes four of, and short, because calls
#: wait behind the pieces on their way.
_PIECE: Final = 24_000
#: What a message has besides a piece, in bytes.
_AROUND: Final = 1024
#: The part of the rate limit that files may use, and how long it may be exceeded, in seconds.
_SHARE: Final = 0.75
_BURST: Final = 0.25
#: How many pieces may be without an answer. The client has three.
_MAX_UNANSWERED: Final = 8
#: How many ids of files are known that were in other workers. A page has fewer files at a time.
_MAX_ELSEWHERE: Final = 1024


class Elsewhere(Exception):
    """The page has moved to this worker, and the file was in another one: the browser begins again."""


class Site(Protocol):
    """
    What the pages of one site share.

    :ivar bytesUploading: the size of all files that are being received, or used by methods.
    """

    bytesUploading: int
    limits: Any


class _Incoming:
    """A file that is being received, for one field of one method of one element."""

    def __init__(self, upload: Upload, owner: tuple[int, str, str]) -> None:
        self.upload = upload
        self.owner = owner
        self.received = self.unanswered = 0


class Receiving:
    """
    The files of one page, from the moment in which the server accepts them until they are arguments of a method.
    """

    def __init__(self, site: Site, clock: IClock, log: Logger, makeFile: Callable[[], Any] = TemporaryFile) -> None:
        """
        :param makeFile: makes a file without a name, which is gone when it is closed.
        """
        self._site = site
        self._limits = site.limits
        self._clock = clock
        self._log = log
        self._makeFile = makeFile
        self._files: dict[str, _Incoming] = {}
        self._bytes = self._count = 0
        # With what they will do.
        self._answers: dict[IDelayedCall, Callable[[], None]] = {}
        self._elsewhere: list[str] = []
        self._isHurried = False
        self._free = -inf
        self._active = 0.0
        self._timer: IDelayedCall | None = None

    @property
    def pieceSize(self) -> int:
        """The longest piece of a file that fits into a message, in bytes."""
        most = (self._limits.maxMessageSize - _AROUND) * 3 // 4
        return int(max(3, min(_PIECE, most // 3 * 3)))

    def begin(self, owner: tuple[int, str], offers: Sequence[Offer]) -> list[str]:
        """
        Accept files, which were checked.

        :param owner: the number of the element, and the name of its method.
        :return: their ids.
        :raise Refused: if there is no room, on this page or on the site or on the disk.
        """
        sizes = [max(one.size, _LEAST) for one in offers]
        needed = sum(sizes)
        ofSite = self._site.bytesUploading + needed
        if self._bytes + needed > self._limits.maxPageUploads or ofSite > self._limits.maxUploads:
            raise Refused("room")
        begun: list[str] = []
        try:
            for one, size in zip(offers, sizes, strict=True):
                upload = Upload(one.name, one.type, one.size, self._makeFile(), self._counted(size))
                self._count += 1
                begun.append(str(self._count))
                self._files[begun[-1]] = _Incoming(upload, (*owner, one.field))
        except OSError:
            self.cancel(begun)
            raise self._failed() from None
        self._isActive()
        return begun

    def receive(self, number: str, text: str) -> Deferred[None] | None:
        """
        Take a piece of a file.

        :param text: in base64.
        :return: a Deferred that fires when the next piece may come, or None.
        :raise Refused: if the file is not known (any more), becomes larger than was said, or cannot be written. It is
            removed then.
        :raise Elsewhere: if it was in another worker.
        """
        self._refuseElsewhere([number])
        incoming = self._files.get(number)
        try:
            piece = a2b_base64(text, strict_mode=True)
        except ValueError:
            piece = b""
        if incoming is None or not piece or incoming.unanswered >= _MAX_UNANSWERED:
            self.cancel([number])
            raise Refused("incomplete")
        incoming.received += len(piece)
        if incoming.received > incoming.upload.size:
            self.cancel([number])
            raise Refused("incomplete")
        try:
            incoming.upload.file.write(piece)
            incoming.upload.file.flush()
        except OSError:
            self.cancel([number])
            raise self._failed() from None
        self._isActive()
        return self._paced(incoming, len(text))

    def claim(self, owner: tuple[int, str, str], numbers: Sequence[str]) -> list[Upload]:
        """
        :param owner: the number of the element, and the names of its method and of the field.
        :return: the files. They are yours to close.
        :raise Refused: if one has not come, or is not known, or belongs to something else.
        :raise Elsewhere: if one was in another worker.
        """
        self._refuseElsewhere(numbers)
        found = [self._files.pop(one, None) for one in numbers]
        known = [one for one in found if one is not None]
        if len(known) == len(found) and all(one.owner == owner and one.received == one.upload.size for one in known):
            for one in known:
                one.upload.file.seek(0)
            return [one.upload for one in known]
        for one in known:
            one.upload.close()
        raise Refused("incomplete")

    def cancel(self, numbers: Sequence[str]) -> None:
        """Remove files, if there are such."""
        for one in numbers:
            incoming = self._files.pop(one, None)
            if incoming is not None:
                incoming.upload.close()

    def close(self) -> None:
        """Remove all that no method has got: the page is lost."""
        self.cancel(list(self._files))
        for answer in self._answers:
            answer.cancel()
        self._answers.clear()
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    # Moving

    def hurry(self) -> None:
        """
        Answer all pieces at once, those that wait and later ones. The page moves to another worker when its calls have
        been answered, and must not wait for the rate limit.
        """
        self._isHurried = True
        for later, fire in list(self._answers.items()):
            later.cancel()
            fire()

    def leave(self) -> list[Any]:
        """
        :return: JSON for :meth:`goOn`. The files themselves stay, because the browser has them.
        """
        return [self._count, [*self._elsewhere, *self._files][-_MAX_ELSEWHERE:]]

    def goOn(self, left: Sequence[Any]) -> None:
        """
        The page comes from another worker. No id of there is used again.

        :param left: what :meth:`leave` has returned there.
        """
        self._count, self._elsewhere = int(left[0]), [str(one) for one in left[1]]

    def _refuseElsewhere(self, numbers: Sequence[Any]) -> None:
        if any(one in self._elsewhere for one in numbers):
            raise Elsewhere

    # Bounds

    def _counted(self, size: int) -> Callable[[], None]:
        self._bytes += size
        self._site.bytesUploading += size

        def closed() -> None:
            self._bytes -= size
            self._site.bytesUploading -= size

        return closed

    def _failed(self) -> Refused:
        self._log.failure("A file that a page sends could not be kept")
        return Refused("room")

    def _paced(self, incoming: _Incoming, size: int) -> Deferred[None] | None:
        """Answer later while the pieces come faster than their share of the rate limit, in bytes of text."""
        rate = self._limits.maxMessagesPerSecond * 1024 * _SHARE
        now = self._clock.seconds()
        self._free = max(self._free, now - _BURST) + size / rate
        if self._free <= now or self._isHurried:
            return None
        answer: Deferred[None] = Deferred()

        def fire() -> None:
            del self._answers[later]
            incoming.unanswered -= 1
            answer.callback(None)

        incoming.unanswered += 1
        later = self._clock.callLater(self._free - now, fire)
        self._answers[later] = fire
        return answer

    def _isActive(self) -> None:
        self._active = self._clock.seconds()
        if self._timer is None:
            self._timer = self._clock.callLater(self._limits.uploadTimeout, self._expire)

    def _expire(self) -> None:
        self._timer = None
        left = self._active + self._limits.uploadTimeout - self._clock.seconds()
        if left <= 0:
            self.cancel(list(self._files))
        elif self._files:
            self._timer = self._clock.callLater(left, self._expire)
