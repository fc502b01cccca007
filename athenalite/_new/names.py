# -*- test-case-name: tests.new.test_names -*-
"""
The name of a new project: :class:`Name`.
"""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import dataclass
from importlib.machinery import PathFinder
from typing import Final

#: Python packages of every project; another of the same name would hide one of them.
_USED: Final = ("tests", "test", "js", "css", "deploy", "wheels", "build", "dist")
#: A longer one is no longer readable in addresses and commands.
_LONGEST: Final = 50


class BadName(ValueError):
    """A project cannot have this name; the text says why, and what to do."""


@dataclass(frozen=True)
class Name:
    """
    The name of a project, in its three forms.

    :ivar package: of the Python package, such as ``tea_party``.
    :ivar module: of the JavaScript module, such as ``TeaParty``.
    :ivar title: of the page, such as ``Tea party``.
    """

    package: str
    module: str
    title: str

    @classmethod
    def of(cls, text: str) -> Name:
        """
        :raise BadName: unless ``text`` is a name for a Python package in lower case that hides no other.
        """
        if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", text):
            raise BadName(f"{text!r} is not a name for a Python package; write it as {_suggested(text)}")
        if len(text) > _LONGEST:
            raise BadName(f"{text!r} is too long; choose a name of at most {_LONGEST} characters")
        if keyword.iskeyword(text) or keyword.issoftkeyword(text):
            raise BadName(f"{text!r} is a word of Python's; choose another name, such as my_{text}")
        if text in _USED or text in sys.stdlib_module_names or _isInstalled(text):
            raise BadName(f"{text!r} is the name of another module; choose another, such as my_{text}")
        words = text.split("_")
        return cls(text, "".join(word.capitalize() for word in words), " ".join(words).capitalize())


def _suggested(text: str) -> str:
    # Words that are joined by capitals, dashes, dots or blanks.
    words = re.findall("[a-z0-9]+", re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", text).lower())
    suggested = "_".join(words).lstrip("0123456789_")[:_LONGEST].rstrip("_")
    return suggested or "tea_party"


def _isInstalled(text: str) -> bool:
    # The current directory is where the project is to be made, and only it may have this name.
    paths = [path for path in sys.path[1:] if path not in ("", ".")]
    return PathFinder.find_spec(text, paths) is not None
