"""Faults that tests must find: those of ``mutants.toml``."""

import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Mutant(NamedTuple):
    """
    A fault of the product.

    :ivar fault: what the product does with it.
    :ivar file: the file in which it is.
    :ivar old: the text in the place of which it has ``new``.
    :ivar test: the tests that must fail; nothing if a page runs them.
    """

    fault: str
    file: str
    old: str
    new: str
    test: str = ""

    def text(self) -> str:
        """Return the text of the file."""
        return (ROOT / self.file).read_text("utf-8")

    def changed(self, text: str) -> str:
        """
        Return ``text`` with the fault.

        :raises ValueError: unless the place is in it, once.
        """
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {text.count(self.old)} times {self.old!r}")
        return text.replace(self.old, self.new)


MUTANTS = [Mutant(**one) for one in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["mutant"]]
