# -*- test-case-name: tests.test_port -*-
"""
``python -m athenalite.port DIRECTORY...``: renames Nevow's names in an application, and reports what is left to do by
hand. It needs the extra ``athenalite[port]``; see ``docs/porting.rst``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from getopt import GetoptError, gnu_getopt
from importlib import import_module
from pathlib import Path

from twisted.python import usage

from ._porting.application import Application

_NAME = "athenalite.port"


class Options(usage.Options):
    """The options of the command."""

    synopsis = f"Usage: python -m {_NAME} [options] DIRECTORY..."
    longdesc = (
        "Look at an application for Nevow: its Python, templates and scripts. Without --write nothing is changed. "
        "The exit status is 0 if nothing is left to do, 1 if something is, and 2 if the command was used wrongly."
    )
    optFlags = [
        ["write", "w", "Write the files with the new names."],
        ["diff", "d", "Show the new names as unified diffs."],
    ]
    optParameters = [["format", "f", "text", "How to report: text or json."]]

    def parseArgs(self, *paths: str) -> None:
        """
        :raise twisted.python.usage.UsageError: without arguments.
        """
        if not paths:
            raise usage.UsageError("name a directory or a file of the application")
        self["paths"] = [Path(path) for path in paths]

    def postOptions(self) -> None:
        """
        :raise twisted.python.usage.UsageError: if the options do not go together, or a path does not exist.
        """
        if self["format"] not in ("text", "json"):
            raise usage.UsageError(f"--format: {self['format']!r} is neither text nor json")
        if self["diff"] and self["format"] == "json":
            raise usage.UsageError("--diff shows text: it does not go with --format=json")
        for path in self["paths"]:
            if not path.exists():
                raise usage.UsageError(f"{path} does not exist")


def _withOptionsFirst(options: Options, arguments: Sequence[str]) -> Sequence[str]:
    # Twisted takes what follows the first directory for more of them.
    try:
        given, paths = gnu_getopt(list(arguments), options.shortOpt, options.longOpt)
    except GetoptError:
        # It has its own message.
        return arguments
    joined = (f"{name}={value}" if value and name.startswith("--") else name + value for name, value in given)
    return [*joined, "--", *paths]


def main(arguments: Sequence[str]) -> int:
    """
    :return: the exit status.
    """
    options = Options()
    try:
        options.parseOptions(_withOptionsFirst(options, arguments))
        application = Application(import_module("._porting.python", "athenalite"))
    except usage.UsageError as error:
        sys.stderr.write(f"{_NAME}: {error}\n")
        return 2
    except ModuleNotFoundError as error:
        if error.name != "libcst":
            raise
        sys.stderr.write(f'{_NAME}: this command needs LibCST: pip install "athenalite[port]"\n')
        return 2
    application.look(options["paths"])
    if options["write"]:
        application.write()
    report = application.report(bool(options["write"]))
    if options["diff"]:
        sys.stdout.writelines(change.diff() for change in application.changes)
    sys.stdout.write(report.json() if options["format"] == "json" else report.text())
    return 1 if report.remaining else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
