# -*- test-case-name: tests.text.test_urls -*-
"""
URLs as Nevow's: immutable, in parts, and with methods that make others of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Self, TypeAlias
from urllib.parse import quote, unquote, unquote_plus, urlsplit

#: A name and a value.
Parameter: TypeAlias = tuple[str, str | None]

#: What Nevow does not escape, besides letters and digits.
_SAFE: Final = "-_.!*'()"
#: What else is not escaped in a path that begins with no slash, as in mailto:somebody@example.org.
_SAFE_OPAQUE: Final = _SAFE + "@:,;+=$&"
#: For the parameter of that name.
_unquote: Final = unquote
_PORTS: Final = (("http", 80), ("https", 443))


def textOf(value: Any) -> str:
    """
    :return: a segment, or a name or value of a parameter, as text.
    """
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def unquerify(query: str) -> list[Parameter]:
    """
    :return: the names and values in a query; a value of None has no "=".
    """
    return list(_parameters(query))


def _parameters(query: str) -> Iterator[Parameter]:
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if part:
            yield unquote_plus(name), unquote_plus(value) if equals else None


def normURLPath(path: str) -> str:
    """
    :return: a path without segments that are "." or "..".
    """
    return "/".join(_normalized(path.split("/")))


def _normalized(given: Sequence[str]) -> list[str]:
    segments: list[str] = []
    for segment in given:
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(segment)
    return [*segments, ""] if given[-1] in (".", "..") else segments


def _written(parameter: Parameter) -> str:
    name, value = parameter
    return quote(name, _SAFE) + ("" if value is None else f"={quote(value, _SAFE)}")


def _encoded(netloc: str) -> str:
    return netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")


class PlainURL:
    """
    A URL. It is immutable: each method returns another.

    :ivar scheme: such as ``http``; empty, as is ``netloc``, in one that is only a path.
    :ivar netloc: the host, and the port if it is not the scheme's own.
    :ivar fragment: decoded.
    """

    # Whether there is a slash before the path: not in mailto:somebody.
    _rooted = True

    def __init__(
        self,
        scheme: str = "http",
        netloc: str = "localhost",
        pathsegs: Sequence[str] | None = None,
        querysegs: Sequence[Parameter] | None = None,
        fragment: str | None = None,
    ) -> None:
        """
        :param pathsegs: the segments of the path, decoded; an empty one at the end is a slash.
        :param querysegs: pairs of names and values, decoded; a value of None has no "=".
        """
        self.scheme, self.netloc = scheme, netloc
        self._qpathlist = [""] if pathsegs is None else list(pathsegs)
        self._querylist = [] if querysegs is None else list(querysegs)
        self.fragment = fragment or ""

    # Making them

    def cloneURL(self, scheme: str, netloc: str, pathsegs: Any, querysegs: Any, fragment: str | None) -> Self:
        """
        Make another URL of this class. A subclass whose ``__init__`` takes other arguments overrides it.
        """
        return type(self)(scheme, netloc, pathsegs, querysegs, fragment)

    @classmethod
    def fromString(cls, text: str) -> Self:
        """
        :raise ValueError: if it is not a URL.
        """
        scheme, netloc, path, query, fragment = urlsplit(text)
        rooted = path.startswith("/") or not path
        segments = [unquote(segment) for segment in path.split("/")][1 if rooted else 0 :]
        made = cls(scheme, netloc, segments, unquerify(query), unquote(fragment))
        made._rooted = rooted
        return made

    # Its parts

    @property
    def path(self) -> str:
        """The path, escaped, without the slash at its beginning."""
        return "/".join(quote(segment, _SAFE) for segment in self._qpathlist)

    @property
    def query(self) -> list[str]:
        """The parameters: names, or names and values with "=" between them, not escaped."""
        return [name if value is None else f"{name}={value}" for name, value in self._querylist]

    def pathList(self, unquote: bool = False, copy: bool = True) -> list[str]:
        """
        :return: the segments of the path, decoded.
        """
        segments = [_unquote(one) for one in self._qpathlist] if unquote else self._qpathlist
        return list(segments) if copy else segments

    def queryList(self, copy: bool = True) -> list[Parameter]:
        """
        :return: the names and values of the parameters, decoded.
        """
        return list(self._querylist) if copy else self._querylist

    def _rest(self) -> tuple[list[str], list[Parameter], str]:
        return self._qpathlist, self._querylist, self.fragment

    def _with(self, segments: list[str] | None = None, query: list[Parameter] | None = None) -> Self:
        path, parameters, fragment = self._rest()
        path = path if segments is None else segments
        made = self.cloneURL(self.scheme, self.netloc, path, parameters if query is None else query, fragment)
        made._rooted = self._rooted
        return made

    # The path. The query and the fragment stay

    def child(self, *segments: Any) -> Self:
        """Append segments: of ``/a`` and of ``/a/`` it is ``/a/name``."""
        path = self.pathList()
        return self._with([*(path[:-1] if path[-1:] == [""] else path), *map(textOf, segments)])

    def sibling(self, segment: Any) -> Self:
        """Replace the last segment: of ``/a`` it is ``/name``, of ``/a/`` it is ``/a/name``."""
        return self._with([*self._qpathlist[:-1], textOf(segment)])

    def curdir(self) -> Self:
        """Remove the last segment: of ``/a/b`` and of ``/a/`` it is ``/a/``."""
        return self.sibling("")

    def up(self) -> Self:
        """Remove the last segment and its slash: of ``/a/b`` and of ``/a/`` it is ``/a``."""
        return self._with(self._qpathlist[:-1])

    def parentdir(self) -> Self:
        """Go to the directory above: of ``/a/b/`` it is ``/a/``, of ``/a/b`` it is ``/``."""
        return self._with([*self._qpathlist[:-2], ""])

    def parent(self) -> Self:
        """The same as :meth:`parentdir`."""
        return self.parentdir()

    def click(self, href: str) -> Self:
        """Resolve a link of a page at this URL."""
        scheme, netloc, path, query, fragment = urlsplit(href)
        if not href:
            return self
        parts = unquerify(query), unquote(fragment)
        if scheme or netloc:
            other = PlainURL.fromString(href)
            made = self.cloneURL(scheme or self.scheme, netloc, other._qpathlist or [""], *parts)
            made._rooted = other._rooted
            return made
        if not path:
            kept = (parts[0], parts[1]) if query else (self._querylist, parts[1] or self.fragment)
            return self.cloneURL(self.scheme, self.netloc, self._qpathlist, *kept)
        given = path.split("/")
        # Of segments as they are sent: an escaped dot or slash is a part of one.
        base = [] if path.startswith("/") else [quote(one, _SAFE) for one in self._qpathlist[:-1]]
        segments = _normalized([*base, *(given[1:] if path.startswith("/") else given)])
        return self.cloneURL(self.scheme, self.netloc, [unquote(one) for one in segments], *parts)

    # The query

    def add(self, name: Any, value: Any = None) -> Self:
        """Add a query parameter."""
        return self._with(query=[*self._querylist, (textOf(name), None if value is None else textOf(value))])

    def replace(self, name: Any, value: Any = None) -> Self:
        """Set a query parameter, at the place of the first of its name, and remove others of its name."""
        before = self.queryList()
        for index, pair in enumerate(before):
            if pair[0] == textOf(name):
                del before[index:]
                break
        after = [pair for pair in self._querylist[len(before) :] if pair[0] != textOf(name)]
        return self._with(query=[*before, *self._with(query=[]).add(name, value)._querylist, *after])

    def remove(self, name: Any) -> Self:
        """Remove the query parameters of this name."""
        return self._with(query=[pair for pair in self._querylist if pair[0] != textOf(name)])

    def clear(self, name: Any = None) -> Self:
        """Remove all query parameters, or those of this name."""
        return self._with(query=[]) if name is None else self.remove(name)

    # The rest

    def anchor(self, anchor: str | None = None) -> Self:
        """Set the fragment, or remove it."""
        return self.cloneURL(self.scheme, self.netloc, self._qpathlist, self._querylist, anchor)

    def secure(self, secure: bool = True, port: int | None = None) -> Self:
        """
        Change the scheme.

        :param secure: whether to ``https``, or to ``http``.
        :param port: None for the scheme's own.
        """
        host = self.netloc.partition("]:")[0] + "]" if "]:" in self.netloc else self.netloc
        host = host if host.endswith("]") else host.partition(":")[0]
        scheme, default = _PORTS[1 if secure else 0]
        return self.cloneURL(scheme, host if port in (None, default) else f"{host}:{port}", *self._rest())

    def __str__(self) -> str:
        text = f"{self.scheme}:" if self.scheme else ""
        text += f"//{_encoded(self.netloc)}" if self.netloc else ""
        if self._rooted:
            # Two slashes at the beginning would be those of a host.
            text += "/." * (not self.netloc and self._qpathlist[:1] == [""] and len(self._qpathlist) > 1)
            text += "".join(f"/{quote(segment, _SAFE)}" for segment in self._qpathlist)
        else:
            text += "/".join(quote(segment, _SAFE_OPAQUE) for segment in self._qpathlist)
        text += "?" * bool(self._querylist) + "&".join(map(_written, self._querylist))
        return f"{text}#{quote(self.fragment, _SAFE)}" if self.fragment else text

    def __repr__(self) -> str:
        return f"{type(self).__name__}.fromString({str(self)!r})"

    def _key(self) -> tuple[Any, ...]:
        return self.scheme, self.netloc, self._rooted, tuple(self._qpathlist), tuple(self._querylist), self.fragment

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, PlainURL) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())
