# -*- test-case-name: tests.porting.test_report -*-
"""
What the porting command found, as text for people and as JSON for programs.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

#: The version of the JSON schema that ``docs/porting.rst`` describes.
SCHEMA: Final = 1
#: What each code stands for. Numbers are never used for anything else.
CODES: Final = MappingProxyType(
    {
        "N101": "a name that the command renames",
        "N102": "a name that is gone",
        "N103": "a name that is elsewhere now, to be imported from there by hand",
        "N104": "a name of Nevow's that nothing is known about",
        "N105": "a use of nevow that the command does not understand, and leaves alone",
        "N106": "a name to rename, in a file that cannot be parsed yet",
        "N107": "a declaration of interfaces that the command writes as a decorator",
        "A201": "a method that is never called",
        "A202": "an attribute that has no effect",
        "A203": "a call of Python 2's zope.interface that the command leaves",
        "A204": "a chain of contexts",
        "A205": "what the page's Content-Security-Policy blocks in tags",
        "A206": "a directory of plugins",
        "A207": "a requirement of Nevow",
        "A208": "text where a request has bytes",
        "A209": "a method or attribute of Nevow's that is gone",
        "A210": "an address at which something else must be than in Nevow",
        "A211": "a name that means something here, and meant nothing to Nevow",
        "P301": "a file that is not valid Python 3",
        "P302": "Python 2",
        "P303": "Python 2 that means something else in Python 3",
        "P304": "a name of Twisted's that is gone",
        "T401": "a template that cannot be loaded",
        "T402": "an attribute or element of Nevow's that templates do not have",
        "T403": "what the page's Content-Security-Policy blocks",
        "T404": "the document of a live page without a document type",
        "S501": "code from a string in JavaScript",
        "S502": "an inline event handler in JavaScript",
        "S503": "a name of Athena's JavaScript that is gone",
        "S504": "a method of a page's own class in JavaScript that means something here",
        "S505": "JavaScript that does something else than in Athena",
        "F601": "a file that cannot be read, decoded or written",
    }
)

#: What the command does itself.
_DONE: Final = frozenset(("N101", "N107"))


class Finding(NamedTuple):
    """A place to look at; sorted as it is printed."""

    path: str
    #: Both count from 1.
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.message}"


class Report(NamedTuple):
    """What a run of the command found and did."""

    findings: tuple[Finding, ...]
    #: How many files were read.
    files: int
    #: The files with names to rename.
    changed: tuple[str, ...]
    #: Whether the changed files were written.
    written: bool

    @property
    def remaining(self) -> tuple[Finding, ...]:
        """What is left to do."""
        done = set(self.changed) - {one.path for one in self.findings if one.code == "F601"} if self.written else set()
        return tuple(one for one in self.findings if not (one.code in _DONE and one.path in done))

    def text(self) -> str:
        """
        :return: a line for each finding that is left, and a summary.
        """
        return "".join(f"{line}\n" for line in [*map(str, self.remaining), *self._summary()])

    def json(self) -> str:
        """
        :return: an object by the documented schema.
        """
        left = set(self.remaining)
        result: dict[str, Any] = {
            "version": SCHEMA,
            "files": self.files,
            "written": self.written,
            "changed": list(self.changed),
            "findings": [{**one._asdict(), "done": one not in left} for one in self.findings],
            "counts": counted(self.findings),
            "remaining": len(left),
        }
        return json.dumps(result, indent=2) + "\n"

    def _summary(self) -> Iterable[str]:
        counts = counted(self.remaining)
        if counts:
            yield ""
        for code, number in counts.items():
            yield f"{number:6} {code} {CODES[code]}"
        names = sum(one.code == "N101" for one in self.findings)
        declarations = sum(one.code == "N107" for one in self.findings)
        hand = sum(one.code not in _DONE for one in self.findings)
        also = f" and {_number(declarations, 'declaration')}" if declarations else ""
        does = "renamed" if self.written else "to rename (--write)"
        yield (
            f"{_number(self.files, 'file')} read; {_number(names, 'name')}{also} {does} in "
            f"{_number(len(self.changed), 'file')}; {hand} left to do by hand"
        )


def counted(findings: Sequence[Finding]) -> dict[str, int]:
    """
    :return: the number of findings for each code that occurs, in the order of the codes.
    """
    counts = Counter(one.code for one in findings)
    return {code: counts[code] for code in CODES if counts[code]}


def _number(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
