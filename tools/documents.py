# -*- test-case-name: tests.test_documents -*-
"""
Make HTML of the documents: ``python -m tools.documents build/docs``. Whatever docutils warns of is an error.

The tree stays as it is, so that pictures are found. Documents name each other as files, ``docs/tutorial.rst``, which
is what one reads in an editor; here such a name is a link.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from docutils.core import publish_file
from docutils.readers.standalone import Reader
from docutils.transforms import Transform
from docutils.utils import SystemMessage

ROOT = Path(__file__).parent.parent
WARNING = 2

SETTINGS = {
    "report_level": WARNING,
    "halt_level": WARNING,
    "exit_status_level": WARNING,
    "input_encoding": "utf-8",
    "output_encoding": "utf-8",
    "syntax_highlight": "long",
    "stylesheet_path": ["minimal.css", "responsive.css"],
    "traceback": True,
}


API = {"build/docs/api/index.html": "api/index.html"}
"""What pydoctor makes, and where it is below the output."""


def documents() -> dict[str, str]:
    """Return all that is written for people to read: by its path in the tree, where it goes below the output."""
    found = [*ROOT.glob("*.rst"), *ROOT.glob("*/*.rst"), *ROOT.glob("tests/*/*.rst")]
    names = sorted(path.relative_to(ROOT).as_posix() for path in found)
    return {name: str(PurePosixPath(name).with_suffix(".html")) for name in names}


class LinkNames(Transform):
    """Makes a link of each literal that is a key of ``settings.links``."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        """What docutils calls."""
        settings = self.document.settings
        here = PurePosixPath(settings.target).parent
        for literal in list(self.document.findall(nodes.literal)):
            target = settings.links.get(literal.astext())
            if target is not None:
                link = nodes.reference("", "", refuri=os.path.relpath(target, here))
                literal.replace_self(link)
                link += literal


class LinkingReader(Reader):
    """Reads a document, and links it to others."""

    def get_transforms(self) -> list[type[Transform]]:
        """The usual ones, and ours."""
        return [*super().get_transforms(), LinkNames]


def publish(source: Path, output: Path, target: str, links: Mapping[str, str]) -> None:
    """
    Write one document as HTML.

    :param target: where, below ``output``.
    :param links: what its literals may name, and where that is below ``output``.
    :raises docutils.utils.SystemMessage: at the first warning, with the file and the line.
    """
    (output / target).parent.mkdir(parents=True, exist_ok=True)
    publish_file(
        source_path=str(source),
        destination_path=str(output / target),
        reader=LinkingReader(),
        writer="html5",
        settings_overrides={**SETTINGS, "links": links, "target": target},
    )


def main(directory: str) -> int:
    """Write all documents, and what they show; return the exit status."""
    output, found = Path(directory), documents()
    for name, target in found.items():
        try:
            publish(ROOT / name, output, target, {**found, **API})
        except SystemMessage:
            # It has been written to standard error.
            return 1
    for picture in [*ROOT.glob("docs/*.png"), *ROOT.glob("docs/*.svg")]:
        shutil.copy(picture, output / "docs")
    shutil.copy(output / "README.html", output / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
