# -*- test-case-name: tests.test_new -*-
"""
``python -m athenalite.new NAME``: makes a project of your own that runs at once. Its README names its files; the
tutorial (``docs/tutorial.rst``) explains what they are made of.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from twisted.python import usage

from ._new.names import BadName, Name
from ._new.project import make

_NAME = "athenalite.new"


class Options(usage.Options):
    """The options of the command."""

    synopsis = f"Usage: python -m {_NAME} [options] NAME"
    longdesc = (
        "Make a project in a new directory NAME, which may have a path: an element with its template, widget and "
        "style, tests in memory and in a browser, and what serves it elsewhere. Nothing that exists is changed."
    )
    optFlags = [["minimal", "m", "Leave out tests in a browser, the container and the unit of systemd."]]

    def parseArgs(self, *paths: str) -> None:
        """
        :raise twisted.python.usage.UsageError: unless there is one argument, and a project can have this name.
        """
        if len(paths) != 1:
            raise usage.UsageError(f"name one project: python -m {_NAME} tea_party")
        self["directory"] = directory = Path(os.path.normpath(paths[0]))
        try:
            self["name"] = Name.of(directory.name)
        except BadName as error:
            raise usage.UsageError(str(error)) from None
        if os.path.lexists(directory):
            raise usage.UsageError(f"{directory} exists already, and is left as it is; choose another name")


def main(arguments: Sequence[str]) -> int:
    """
    :return: the exit status: 0 if the project has been made, 1 if it cannot be written, 2 for wrong usage.
    """
    options = Options()
    try:
        # All options are flags, so they may also follow the name, which Twisted's parser does not allow.
        options.parseOptions(sorted(arguments, key=lambda argument: not argument.startswith("-")))
    except usage.UsageError as error:
        sys.stderr.write(f"{_NAME}: {error}\n")
        return 2
    directory, name = options["directory"], options["name"]
    try:
        make(directory, name, bool(options["minimal"]))
    except OSError as error:
        sys.stderr.write(f"{_NAME}: cannot write {error.filename or directory}: {error.strerror}\n")
        return 1
    sys.stdout.write(
        f"Made {directory}. Try it, at http://localhost:8080/:\n\n"
        f"    cd {directory}\n"
        '    pip install -e ".[dev]"\n'
        f"    twist athena-widget --element={name.package}.board.makeElement --reload\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
