# -*- test-case-name: tests.project.test_stages -*-
"""
Run make's targets beside one another: ``python -m tools.stages lint types docs pytest``.

The last one has the terminal. The others run one after the other beside it, and their output is kept in
``build/stages/NAME.txt``; that of a failed one is printed to standard error when all have ended. So the last line on
standard output is the last target's. The exit status is 1 if any failed, and standard error has their names.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Stages:
    """
    Commands by their names, and how they ended.

    :ivar failed: the names of those that failed, in the order in which they ended.
    :ivar took: how many seconds each took.
    """

    def __init__(self, command: Sequence[str], directory: Path) -> None:
        """
        :param command: the command that runs a stage; its name is appended.
        :param directory: the directory of the outputs.
        """
        self._command = command
        self._directory = directory
        self.failed: list[str] = []
        self.took: dict[str, float] = {}

    def output(self, name: str) -> str:
        """Return the output of a stage that ran beside the last one."""
        return (self._directory / f"{name}.txt").read_text("utf-8", "replace")

    def _one(self, name: str, kept: bool) -> None:
        began = time.monotonic()
        if kept:
            with (self._directory / f"{name}.txt").open("wb") as file:
                ran = subprocess.run([*self._command, name], stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        else:
            ran = subprocess.run([*self._command, name])
        self.took[name] = time.monotonic() - began
        if ran.returncode != 0:
            self.failed.append(name)

    def _beside(self, names: Sequence[str]) -> None:
        for name in names:
            self._one(name, True)

    def run(self, names: Sequence[str]) -> None:
        """Run all of them, the last in the foreground, and return when all have ended."""
        *beside, last = names
        self._directory.mkdir(parents=True, exist_ok=True)
        thread = threading.Thread(target=self._beside, args=(beside,))
        thread.start()
        try:
            self._one(last, False)
        finally:
            thread.join()


def main(names: Sequence[str], command: Sequence[str] = ("make", "--no-print-directory")) -> int:
    """Run the targets and return the exit status."""
    stages = Stages(command, ROOT / "build" / "stages")
    stages.run(names)
    for name in stages.failed:
        if name != names[-1]:
            print(f"--- {name}\n{stages.output(name)}", file=sys.stderr)
    seconds = ", ".join(f"{name} {stages.took[name]:.0f} s" for name in names)
    print(f"stages: {seconds}", file=sys.stderr)
    if stages.failed:
        print(f"failed: {', '.join(stages.failed)}", file=sys.stderr)
    return 1 if stages.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
