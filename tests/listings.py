"""The listings in documents, as code that runs."""

import importlib
import re
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

DOCS = Path(__file__).parent.parent / "docs"

_BLOCK = re.compile(
    r"^\.\. code-block:: (?P<language>[\w-]+)\n(?P<options>(?: +:[^\n]+\n)*)\n(?P<code>(?:    [^\n]*\n|\n)+)",
    re.MULTILINE,
)
_CAPTION = re.compile(r":caption: (\S+)")
#: Listings in these languages are no part of an application.
_OTHERS = ("console", "nginx", "text")


def runListing(code: str, **names: Any) -> dict[str, Any]:
    """Run Python code as a document has it, indented or not, with these names; return all names there are then."""
    # The code is in this very tree.
    exec(textwrap.dedent(code), names)  # noqa: S102
    return names


def filesIn(text: str) -> dict[str, str]:
    """
    Return the files that a document lists, by their names. A listing's caption names its file; listings of one file are
    joined in their order.

    :raises ValueError: for a listing without a caption, unless it is a command or the like.
    """
    files: dict[str, str] = {}
    for block in _BLOCK.finditer(text):
        caption = _CAPTION.search(block["options"])
        code = textwrap.dedent(block["code"]).rstrip("\n") + "\n"
        if caption is not None:
            files[caption[1]] = f"{files[caption[1]]}\n\n{code}" if caption[1] in files else code
        elif block["language"] not in _OTHERS:
            raise ValueError(f"a listing has no caption: {code}")
    return files


def writeListings(document: Path, directory: Path) -> list[str]:
    """Write the files that a document lists, and return their names."""
    files = filesIn(document.read_text("utf-8"))
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return sorted(files)


class GuideTestCase(SynchronousTestCase):
    """
    The listings of one guide, in a directory of their own, from which modules are imported.

    :cvar guide: the name of the document in ``docs``.
    """

    guide = ""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="athenalite-guide-")))
        self.files = writeListings(DOCS / f"{self.guide}.rst", self.directory)
        self.patch(sys, "path", [str(self.directory), *sys.path])
        self.patch(sys, "dont_write_bytecode", True)
        importlib.invalidate_caches()

    def load(self, name):
        """Import the module that the guide lists as ``name.py``. It and what it imports are of this test alone."""
        self.assertIn(f"{name}.py", self.files)
        for file in self.files:
            if file.endswith(".py"):
                self.addCleanup(sys.modules.pop, file.removesuffix(".py"), None)
        return importlib.import_module(name)
