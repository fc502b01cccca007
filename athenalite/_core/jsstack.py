# -*- test-case-name: tests.core.test_jsstack -*-
"""
Converts stack traces of JavaScript to Python tracebacks.

Browsers write stacks in two formats: Chromium in lines ``at name (url:line:column)``, Firefox and Safari in lines
``name@url:line:column``. :func:`tracebackOf` parses both and makes a real traceback of them, so that a printed Python
error names the widget's own file and shows its line.

A browser's text is only trusted to name a module: no file is opened because its path is in a stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import FrameType, FunctionType, TracebackType
from typing import Final, NamedTuple

#: The module that is the client itself. The names of its other scripts, and of all of athenalite's own, begin with this
#: and a hyphen. They are in every stack, and are left out.
CLIENT: Final = "athenalite"

_MOST_FRAMES: Final = 50
_LONGEST_LINE: Final = 500

_PLACE: Final = r"(?P<url>[^\s()@]+):(?P<line>\d{1,6}):\d{1,9}"
_FORMS: Final = (
    re.compile(rf" +at (?:async )?(?P<function>[^()]+) \({_PLACE}\)"),
    re.compile(rf" +at (?:async )?(?P<function>){_PLACE}"),
    re.compile(rf"(?:async\*)?(?P<function>[^@]*)@{_PLACE}"),
)
_ADDRESS: Final = re.compile(r"/[0-9a-f]{30}/(?P<module>[^/?#]+)\.m?js$")


class JSFrame(NamedTuple):
    """One line of a stack."""

    #: The function, as the browser calls it; empty if it has no name.
    function: str
    url: str
    #: From 1.
    line: int

    @property
    def module(self) -> str | None:
        """The name of the module, if it is one that athenalite served."""
        address = _ADDRESS.search(self.url)
        return address and address["module"]

    @property
    def isOurs(self) -> bool:
        """Whether the place is in a script of athenalite's own."""
        return f"{self.module}-".startswith(f"{CLIENT}-")


def parseStack(stack: str) -> list[JSFrame]:
    """
    :param stack: the ``stack`` of a JavaScript error, from any browser.
    :return: its frames, the innermost first, as in the text. Lines that name no place in a script are left out.
    """
    return list(_frames(stack))


def _frames(stack: str) -> Iterator[JSFrame]:
    for text in stack.splitlines()[:_MOST_FRAMES]:
        for form in _FORMS:
            match = form.fullmatch(text[:_LONGEST_LINE])
            if match:
                yield JSFrame(match["function"], match["url"], int(match["line"]))
                break


def tracebackOf(stack: str, fileOf: Callable[[str], str | None]) -> TracebackType | None:
    """
    Give the result to an exception's ``with_traceback``.

    :param stack: the ``stack`` of a JavaScript error, or an empty text.
    :param fileOf: finds the file of a module by its name, or None.
    :return: the same places, the innermost last, as in Python. Those in the client are left out, unless there are no
        others. None if the stack names no place.
    """
    frames = parseStack(stack)
    traceback = None
    for frame in [frame for frame in frames if not frame.isOurs] or frames:
        file = fileOf(frame.module) if frame.module else None
        traceback = TracebackType(traceback, _pythonFrame(frame, file), _NO_INSTRUCTION, frame.line)
    return traceback


#: Makes the traceback use its own line number, and not one from the code.
_NO_INSTRUCTION: Final = -1


def _pythonFrame(frame: JSFrame, file: str | None) -> FrameType:
    # Nothing reads a file whose name is in angle brackets.
    shown = file or f"<{_printable(frame.url)}>"
    function = _printable(frame.function) or "<anonymous>"
    code = _nothing.__code__.replace(
        co_filename=shown, co_name=function, co_qualname=function, co_firstlineno=frame.line
    )
    # Frames cannot be made; those of generators are there before anything runs in them.
    started: FrameType = FunctionType(code, {})().gi_frame
    return started


def _nothing() -> Iterator[None]:
    yield


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
