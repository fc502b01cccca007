# -*- test-case-name: tests.project.test_documents -*-
"""
A Sphinx extension for documents that are also read outside of Sphinx.

``README.rst``, ``CONTRIBUTING.rst`` and the like are shown by editors and package indexes, which know neither Sphinx's
roles nor its paths. All documents name each other as files (``docs/tutorial.rst``), and pictures by paths in the tree.
Those outside of ``docs`` are included there, and this extension turns the names of documents into links, and paths
into those that hold below ``docs``.
"""

import re
from pathlib import Path
from typing import Any

from docutils.parsers.rst.directives import register_directive
from docutils.parsers.rst.roles import rfc_reference_role
from sphinx.directives.admonitions import SeeAlso
from sphinx.directives.code import CodeBlock
from sphinx.directives.patches import Code
from sphinx.domains.changeset import VersionChange

#: pydoctor's extension makes the API reference with the priority 490.
_AFTER_PYDOCTOR = 495
#: It replaces these for the whole process, by listings without captions and languages for instance.
_REPLACED = {
    "code": Code,
    "code-block": CodeBlock,
    "deprecated": VersionChange,
    "seealso": SeeAlso,
    "versionadded": VersionChange,
    "versionchanged": VersionChange,
}
_FILE = re.compile(r"``([\w./-]+\.rst)``")
_PICTURE = re.compile(r"(?m)^(\.\. (?:image|figure):: )docs/")


def documentsOf(docs: Path) -> dict[str, str]:
    """
    Return the documents that can be linked, as ``{path in the tree: name in Sphinx}``. A document that only includes
    another file is known by that file's path.
    """
    found = {}
    for path in docs.glob("*.rst"):
        name = path.stem
        included = re.search(r"(?m)^\.\. include:: \.\./(\S+)$", path.read_text("utf-8"))
        found[included[1] if included else f"docs/{path.name}"] = name
    return found


def linked(text: str, documents: dict[str, str], current: str = "") -> str:
    """
    Return ``text`` with the names of documents as links, and the paths of pictures as they are below ``docs``.

    :param documents: see :func:`documentsOf`.
    :param current: the document that the text is in, which is not linked to itself.
    """

    def link(match: re.Match[str]) -> str:
        name = documents.get(match[1]) or documents.get(f"docs/{match[1]}")
        return match[0] if name is None or name == current else f":doc:`/{name}`"

    return _PICTURE.sub(r"\1/", _FILE.sub(link, text))


def _read(app: Any, name: str, content: list[str]) -> None:
    content[0] = linked(content[0], documentsOf(Path(app.srcdir)), name)


def _included(app: Any, path: Path, parent: str, content: list[str]) -> None:
    _read(app, parent, content)


def _restoreDirectives(app: Any) -> None:
    for name, directive in _REPLACED.items():
        register_directive(name, directive)


def setup(app: Any) -> dict[str, Any]:
    """Called by Sphinx when it loads the extension."""
    app.connect("source-read", _read)
    app.connect("include-read", _included)
    app.connect("builder-inited", _restoreDirectives, priority=_AFTER_PYDOCTOR)
    # Sphinx's own role needs Sphinx's environment, and pydoctor parses docstrings in this process without one.
    app.add_role("rfc", rfc_reference_role, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
