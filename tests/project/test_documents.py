# -*- test-case-name: tests.project.test_documents -*-
"""``tools.documents`` lets Sphinx build documents that are also read as files. ``make docs`` builds them all, once."""

import contextlib
import importlib
import io
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace
from unittest import TestCase

from docutils.core import publish_doctree
from docutils.parsers.rst import directives
from sphinx.directives.code import CodeBlock

from tools import documents

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
NAMES = {"README.rst": "index", "docs/b.rst": "b", "examples/README.rst": "examples"}


class LinkedTests(TestCase):
    """Names of files become links."""

    def test_document(self):
        """The path of a document in the tree is a link to it, and so is a name beside the document."""
        for text in ("see ``docs/b.rst``.", "see ``b.rst``."):
            self.assertEqual(documents.linked(text, NAMES), "see :doc:`/b`.")

    def test_included(self):
        """A document that is included is linked by the path of the file."""
        self.assertEqual(documents.linked("``examples/README.rst``", NAMES), ":doc:`/examples`")

    def test_current(self):
        """A document has no link to itself."""
        self.assertEqual(documents.linked("``docs/b.rst``", NAMES, "b"), "``docs/b.rst``")

    def test_others(self):
        """Other literals stay as they are."""
        for text in ("``docs/c.rst``", "``b``", "docs/b.rst", "``tests/test_b.py``"):
            self.assertEqual(documents.linked(text, NAMES), text)

    def test_pictures(self):
        """A picture below docs is found from there; pictures elsewhere stay."""
        text = ".. image:: docs/chat.png\n   :alt: A chat\n\n.. image:: chat.svg\n"
        self.assertEqual(documents.linked(text, NAMES), text.replace("docs/chat", "/chat"))


class ExtensionTests(TestCase):
    """The functions that Sphinx calls."""

    def setUp(self):
        self.handlers = {}
        self.roles = {}
        self.app = SimpleNamespace(
            srcdir=DOCS,
            connect=lambda event, handler, priority=500: self.handlers.__setitem__(event, handler),
            add_role=lambda name, role, override: self.roles.__setitem__(name, role),
        )
        self.assertTrue(documents.setup(self.app)["parallel_read_safe"])

    def test_source(self):
        """Links are made in documents of docs."""
        content = ["``docs/tutorial.rst``"]
        self.handlers["source-read"](self.app, "testing", content)
        self.assertEqual(content, [":doc:`/tutorial`"])

    def test_included(self):
        """Links are made in included documents, but not to the document that includes them."""
        content = ["``docs/tutorial.rst``, ``README.rst``"]
        self.handlers["include-read"](self.app, Path("../README.rst"), "index", content)
        self.assertEqual(content, [":doc:`/tutorial`, ``README.rst``"])

    def test_rfc(self):
        """The role rfc works in docstrings, too: it is the one of docutils."""
        self.assertEqual(self.roles["rfc"].__module__, "docutils.parsers.rst.roles")

    def test_directives(self):
        """After pydoctor has run, directives are Sphinx's again: listings have captions, and are in all languages."""
        from pydoctor.epydoc.markup import restructuredtext

        importlib.reload(restructuredtext)
        replaced = {
            name: one for name, one in directives._directives.items() if one.__module__ == restructuredtext.__name__
        }
        self.assertIn("code-block", replaced)
        self.handlers["builder-inited"](self.app)
        self.assertEqual(directives._directives["code-block"], CodeBlock)
        for name in {*replaced} - {"python"}:
            self.assertTrue(directives._directives[name].__module__.startswith("sphinx."), name)


class DocumentsTests(TestCase):
    """The documents of the tree."""

    def test_found(self):
        """A document that includes another is found by the path of that one, others by their own."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (directory / "a.rst").write_text("=\nA\n=\n", "utf-8")
        (directory / "b.rst").write_text(".. include:: ../x/README.rst\n", "utf-8")
        self.assertEqual(documents.documentsOf(directory), {"docs/a.rst": "a", "x/README.rst": "b"})

    def test_all(self):
        """Every document of the tree is in docs, or is included there; so ``make docs`` reads it."""
        found = [*ROOT.glob("*.rst"), *ROOT.glob("*/*.rst"), *ROOT.glob("tests/*/*.rst")]
        names = {path.relative_to(ROOT).as_posix() for path in found}
        fragments = {name for name in names if name.startswith("newsfragments/") and not name.endswith("README.rst")}
        including = {f"docs/{name}.rst" for path, name in documents.documentsOf(DOCS).items() if "docs/" not in path}
        self.assertEqual(sorted(names - fragments - including), sorted(documents.documentsOf(DOCS)))

    def test_plain(self):
        """Documents that are read outside of Sphinx are plain reST."""
        for name in ("README.rst", "CONTRIBUTING.rst", "CHANGELOG.rst", "examples/README.rst"):
            with self.subTest(name), contextlib.redirect_stderr(io.StringIO()):
                publish_doctree(
                    (ROOT / name).read_text("utf-8"), name, settings_overrides={"report_level": 2, "halt_level": 2}
                )

    def test_sections(self):
        """A section of a document that another file quotes exists."""
        headings = {
            path.stem: set(re.findall(r"^(\S.*)\n[=-]{3,}$", path.read_text("utf-8"), re.MULTILINE))
            for path in DOCS.glob("*.rst")
        }
        quoted = []
        for path in [*DOCS.glob("*.rst"), *ROOT.glob("*.rst"), *(ROOT / "athenalite").rglob("*.[pj][ys]")]:
            # Lines are joined without their comment marks.
            text = re.sub(r"\n *(?:#:?|\*|//)? *", " ", path.read_text("utf-8"))
            for name, section in re.findall(r"([\w-]+)\.rst(?:``)?(?:,| \() ?\"([^\"]+)\"", text):
                quoted.append((name, section))
                self.assertIn(section, headings[name], path)
        self.assertGreater(len(quoted), 10)

    def test_names(self):
        """Each document of docs that another one names exists."""
        for path in [*DOCS.glob("*.rst"), ROOT / "README.rst", ROOT / "CONTRIBUTING.rst"]:
            for name in re.findall(r"``(docs/[\w.-]+\.rst)``", path.read_text("utf-8")):
                self.assertTrue((ROOT / name).exists(), f"{path.name}: {name}")

    def test_models(self):
        """The document of the models lists each of their rules, and no others."""
        listed = re.findall(r"^``([A-Z_]+)``", (DOCS / "models.rst").read_text("utf-8"), re.MULTILINE)
        models = [path.read_text("utf-8") for path in (DOCS / "models").glob("*.pml")]
        rules = [rule for model in models for rule in re.findall("#ifn?def ([A-Z_]+)", model)]
        self.assertGreater(len(rules), 10)
        self.assertEqual(sorted(listed), sorted(rules))
