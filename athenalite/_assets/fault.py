# -*- test-case-name: tests.assets.test_fault -*-
"""
Describes why something could not be rendered: the cause, the place in the template, the renderer, and the frames of the
application's code. Values of variables are left out, because they may be secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from inspect import getattr_static
from types import FrameType
from typing import Any, Final, NamedTuple

from twisted.python.failure import Failure
from twisted.web.error import FlattenerError, MissingRenderMethod, UnfilledSlot, UnsupportedType
from twisted.web.iweb import IRenderable
from twisted.web.template import Tag, slot

_FLATTENER: Final = "twisted.web._flatten"
_LIBRARIES: Final = ("twisted", "athenalite")
#: The frames of a recursion that has no end.
_MOST_FRAMES: Final = 50


class Place(NamedTuple):
    """A line of a file; ``name`` is what it belongs to, a function or a node of a template."""

    filename: str
    line: int
    name: str


class Fault(NamedTuple):
    """A failure, described without references to it."""

    #: The class of the exception, and its text with the remedy.
    cause: str
    #: The node of the template, if the failure is in rendering and the node is from a file.
    template: Place | None
    #: The renderer that was called last, such as ``the renderer 'total' of Cart``, or the element; may be empty.
    renderer: str
    #: The frames of the application's code, or all if there are none; the innermost is last.
    frames: tuple[Place, ...]

    @property
    def summary(self) -> str:
        """The cause, the template's file and line, the renderer, and the innermost frame, in one line."""
        place = f", at {self.template.filename}:{self.template.line}" if self.template else ""
        renderer = f", in {self.renderer}" if self.renderer else ""
        raised = f", raised at {self.frames[-1].filename}:{self.frames[-1].line}" if self.frames else ""
        return f"{self.cause}{place}{renderer}{raised}"


def faultOf(failure: Failure) -> Fault:
    """
    :param failure: of a page, or of anything else.
    """
    error: Any = failure.value
    roots: list[Any] = []
    owner: Any = None
    while isinstance(error, FlattenerError) and len(error.args) > 1:
        roots += error.args[1]
        error = error.args[0]
    entries = list(_tracebackOf(error))
    for frame, _ in entries:
        # The node that has failed is left out of the roots.
        if frame.f_globals.get("__name__") == _FLATTENER and "root" in frame.f_locals:
            roots.append(frame.f_locals["root"])
            owner = frame.f_locals.get("renderFactory") or owner
    _completePlaces(roots)
    return Fault(_cause(error), _template(roots), _renderer(roots, owner), _places(entries, failure))


def _tracebackOf(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    traceback = error.__traceback__
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _places(entries: list[tuple[FrameType, int]], failure: Failure) -> tuple[Place, ...]:
    found = [
        (str(frame.f_globals.get("__name__")), Place(frame.f_code.co_filename, line, frame.f_code.co_name))
        for frame, line in entries
    ] or [("", Place(filename, line, name)) for name, filename, line, *_ in failure.frames]
    own = [place for module, place in found if module.partition(".")[0] not in _LIBRARIES and _hasFile(place)]
    # No frame is in a module that cannot be compiled.
    error: Any = failure.value
    if isinstance(error, SyntaxError) and error.filename:
        own.append(Place(error.filename, error.lineno or 1, "the module"))
    return tuple(own or [place for _, place in found])[-_MOST_FRAMES:]


def _hasFile(place: Place) -> bool:
    # Python's import system is frozen.
    return not place.filename.startswith("<frozen ")


def _completePlaces(roots: list[Any]) -> None:
    # Twisted formats file, line and column together, and fails if one is missing.
    for root in roots:
        if isinstance(root, Tag) and root.filename is not None:
            root.lineNumber = root.lineNumber or 0
            root.columnNumber = root.columnNumber or 0


def _template(roots: list[Any]) -> Place | None:
    for root in reversed(roots):
        if isinstance(root, (Tag, slot)) and root.filename is not None and root.lineNumber is not None:
            tagName = root.tagName if isinstance(root, Tag) else "slot"
            name = tagName.decode("ascii", "replace") if isinstance(tagName, bytes) else tagName
            return Place(root.filename, root.lineNumber, name)
    return None


def _renderer(roots: list[Any], owner: Any) -> str:
    name, around = None, owner
    for root in roots:
        if IRenderable.providedBy(root):
            around = root
        elif isinstance(root, Tag) and root.render is not None and not _isOurs(root.render):
            name, owner = root.render, around if owner is None else owner
    if name is None:
        return "" if around is None else _nameOf(around)
    name = getattr(name, "__name__", None) or str(name)
    return f"the renderer {name!r}" + (f" of {_nameOf(owner)}" if owner is not None else "")


def _isOurs(render: Any) -> bool:
    # What a document is marked with for itself, and no renderer of the application.
    return str(getattr(render, "__module__", "")).startswith("athenalite.")


def _nameOf(renderable: Any) -> str:
    # A page renders through a document of its own, and an element may have begun to be rendered.
    return type(getattr(renderable, "_page", None) or getattr(renderable, "_begun", None) or renderable).__name__


def _cause(error: BaseException) -> str:
    return f"{type(error).__name__}: {_text(error)}"


def _text(error: BaseException) -> str:
    if isinstance(error, MissingRenderMethod):
        return _missing(error)
    if isinstance(error, UnfilledSlot):
        name = error.args[0]
        return (
            f"the slot {name!r} is not filled; call fillSlots({name}=...) on a tag around it in a renderer, or give it "
            "the attribute default"
        )
    if isinstance(error, UnsupportedType):
        name = type(error.args[0]).__name__
        return f"a value of type {name} cannot be rendered; use text, a tag, an element, a list, or a Deferred of these"
    try:
        return str(error)
    except Exception:
        return "(an error whose text cannot be had)"


def _missing(error: MissingRenderMethod) -> str:
    element = getattr(error.element, "_page", None) or error.element
    cls, name = type(element), str(error.renderName)
    if callable(getattr_static(cls, name, None)):
        return f"the method {name!r} of {cls.__name__} is no renderer; write @renderer above it"
    names = [one.removeprefix("render_") for one in dir(cls) if _isRenderer(cls, one)]
    first, *arguments = re.split("[ :(]", name, maxsplit=1)
    if arguments and first in names:
        return (
            f"{cls.__name__} has no renderer {name!r}: the renderer {first!r}, which has @renderer above it, takes no "
            f"arguments in a directive; write {first!r}, and read what differs from attributes or slots of its tag"
        )
    if callable(getattr_static(cls, f"render_{name}", None)):
        return (
            f"{cls.__name__} has no renderer {name!r}: render_{name}(self, ctx, data) is one for fragments and pages; "
            f"an element has {name}(self, request, tag), with @renderer above it"
        )
    similar = get_close_matches(name, names, 1)
    hint = f"did you mean {similar[0]!r}? Otherwise define it" if similar else "define it"
    return f"{cls.__name__} has no renderer {name!r}; {hint}, as a method with @renderer above it"


def _isRenderer(cls: type, name: str) -> bool:
    return name.startswith("render_") or getattr(getattr_static(cls, name), "exposedThrough", None) is not None
