# -*- test-case-name: tests.live.test_uploads -*-
"""
Files that people send with forms: :class:`Upload`, and what a method accepts of them, :class:`UploadLimits`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from os import unlink
from shutil import copyfileobj
from types import UnionType
from typing import Annotated, Any, BinaryIO, Final, NamedTuple, Union, get_args, get_origin
from weakref import finalize

from msgspec import Struct

from .sentences import Refused

#: The kinds of collections that several fields of one name are converted to.
SEVERAL: Final = (list, set, frozenset, tuple)

_SEPARATORS: Final = re.compile(r"[/\\]")
_MAX_NAME: Final = 200
_UNNAMED: Final = "file"
#: :rfc:`6838`, section 4.2, in small letters.
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)
_UNKNOWN_TYPE: Final = "application/octet-stream"
_UNITS: Final = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


@dataclass(frozen=True)
class UploadLimits:
    """
    Which files a method accepts: ``picture: Annotated[Upload, UploadLimits(5_000_000, ["image/*"])]``.

    :ivar maxBytes: the size of each.
    :ivar types: as in the attribute ``accept`` of a file field: ``.png``, ``image/png``, ``image/*``; any without them.
        They are compared with what the browser says, which may be wrong.
    :ivar maxFiles: how many, if the method takes several.
    :raise TypeError: for ``types`` that are one text.
    :raise ValueError: for numbers that are not positive, and for what is no type.
    """

    maxBytes: int = 1_000_000
    types: Sequence[str] = ()
    maxFiles: int = 10

    def __post_init__(self) -> None:
        if isinstance(self.types, str):
            raise TypeError(f"types is a list of types, not the text {self.types!r}")
        if self.maxBytes <= 0 or self.maxFiles <= 0:
            raise ValueError("maxBytes and maxFiles are positive")
        wrong = [one for one in self.types if not one.startswith(".") and "/" not in one]
        if wrong:
            raise ValueError(f"a type is '.png', 'image/png' or 'image/*', and not {wrong[0]!r}")
        # An annotation is hashed where it is one of several: Annotated[Upload, ...] | None.
        object.__setattr__(self, "types", tuple(self.types))

    def accepts(self, name: str, kind: str) -> bool:
        """
        :return: whether a file of this name and type is of one of the types.
        """
        types = [one.lower() for one in self.types]
        wild = f"{kind.partition('/')[0]}/*"
        return not types or any(
            name.lower().endswith(one) if one.startswith(".") else one in (kind, wild, "*/*") for one in types
        )


class Upload:
    """
    A file that a person has sent: an argument of a method for ``onsubmit``. When the method's result is there it is
    removed. Everything but the size and the content is what the browser says.

    :ivar name: the last part of its name, to be shown, without control characters. It is no safe path.
    :ivar type: its media type, such as ``image/png``; ``application/octet-stream`` if it has none.
    :ivar size: in bytes.
    :ivar file: the content: a binary file at its beginning. It has no name in the file system.
    """

    def __init__(self, name: str, type: str, size: int, file: BinaryIO, closed: Callable[[], object] = int) -> None:
        """
        :param closed: called when it is removed.
        """
        self.name = nameOf(name)
        self.type = typeOf(type)
        self.size = size
        self.file = file
        # Also when nothing refers to it any more: a method may never have a result.
        self._close = finalize(self, _close, file, closed)
        self._close.atexit = False

    def __repr__(self) -> str:
        return f"<Upload {self.name!r} {self.type} {self.size}>"

    def save(self, path: Any) -> None:
        """
        Copy the content into a new file. It takes its time: for large files do it in a thread, and await that.

        :param path: made by you, and not of :attr:`name`.
        :raise FileExistsError: if there is a file.
        :raise OSError: if it cannot be written. There is none then.
        """
        self.file.seek(0)
        with open(path, "xb") as target:
            try:
                copyfileobj(self.file, target)
                target.flush()
            except BaseException:
                with suppress(OSError):
                    unlink(path)
                raise

    def close(self) -> None:
        """Remove it. It is called when the method's result is there."""
        self._close()


def _close(file: BinaryIO, closed: Callable[[], object]) -> None:
    closed()
    # What was written is not wanted any more, so it does not matter if it could not be.
    with suppress(OSError):
        file.close()


def nameOf(name: str) -> str:
    """
    :return: the last part of a file's name, without characters that are not seen, and no special name of a folder.
    """
    last = "".join(one for one in _SEPARATORS.split(name)[-1] if one.isprintable())
    return last[-_MAX_NAME:].strip(". ") or _UNNAMED


def typeOf(type: str) -> str:
    """
    :return: a media type without parameters.
    """
    kind = type.partition(";")[0].strip().lower()
    return kind if _TYPE.fullmatch(kind) else _UNKNOWN_TYPE


class Offer(Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """A file that a browser wants to send, for a field."""

    field: str
    name: str
    size: int
    type: str


class FileField(NamedTuple):
    """A parameter for files."""

    limits: UploadLimits
    #: What it is a collection of, or None.
    several: Callable[[Iterable[Any]], Any] | None = None
    isOptional: bool = False

    @classmethod
    def of(cls, annotation: Any, limits: UploadLimits | None = None) -> FileField | None:
        """
        :return: that of the annotation, if it is one of files.
        """
        if annotation is Upload:
            return cls(limits or UploadLimits())
        origin = get_origin(annotation)
        if origin is Annotated:
            own = [one for one in annotation.__metadata__ if isinstance(one, UploadLimits)]
            return cls.of(annotation.__origin__, limits or next(iter(own), None))
        inner = [found for one in get_args(annotation) if (found := cls.of(one, limits)) is not None]
        if not inner:
            return None
        if origin in (Union, UnionType):
            return inner[0]._replace(isOptional=type(None) in get_args(annotation))
        return inner[0]._replace(several=origin) if origin in SEVERAL else None

    def check(self, offers: Sequence[Offer]) -> None:
        """
        :raise Refused: if a method does not accept these files.
        """
        self.checkCount(len(offers))
        for one in offers:
            if not 0 <= one.size <= self.limits.maxBytes:
                raise Refused("size", sizeText(self.limits.maxBytes))
            if not self.limits.accepts(nameOf(one.name), typeOf(one.type)):
                raise Refused("type", ", ".join(self.limits.types))

    def checkCount(self, count: int) -> None:
        """
        :raise Refused: if these are too many, or none.
        """
        most = self.limits.maxFiles if self.several else 1
        if count > most:
            raise Refused("count", str(most))
        if not count and not self.several and not self.isOptional:
            raise Refused("file")

    def valueOf(self, files: Sequence[Any]) -> Any:
        """
        :return: the argument for a method that gets these files.
        """
        if self.several is not None:
            return self.several(files)
        return files[0] if files else None


def sizeText(size: int) -> str:
    """
    :return: a number of bytes for people, with at most three digits of its unit.
    """
    for factor, unit in _UNITS:
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size} B"
