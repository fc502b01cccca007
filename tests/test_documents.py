# -*- test-case-name: tests.test_documents -*-
"""``tools.documents`` makes HTML of the documents, and lets no mistake in them pass."""

import contextlib
import io
import tempfile
from pathlib import Path
from unittest import TestCase, mock

from docutils.utils import SystemMessage

from tools import documents


class PublishTests(TestCase):
    """One document."""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def publish(self, text, target="docs/a.html", **links):
        """Return the HTML of a document that says this."""
        source = self.directory / "a.rst"
        source.write_text(text, "utf-8")
        documents.publish(source, self.directory, target, links)
        return (self.directory / target).read_text("utf-8")

    def test_warnings(self):
        """What docutils warns of is an error that names the line."""
        wrong = ("A title\n=====\n", "a ``literal\n", "see nowhere_\n")
        for text in wrong:
            with self.subTest(text), self.assertRaisesRegex(SystemMessage, r"a\.rst:\d+: \((WARNING|ERROR)"):
                self.publish(text)

    def test_links(self):
        """The name of another document is a link to it, from wherever it is; other literals are none."""
        text = "``docs/b.rst``, ``docs/c.rst``.\n"
        links = {"docs/b.rst": "docs/b.html"}
        for target, expected in (
            ("docs/a.html", "b.html"),
            ("a.html", "docs/b.html"),
            ("x/y/a.html", "../../docs/b.html"),
        ):
            html = self.publish(text, target, **links)
            self.assertIn(f'href="{expected}"><span class="docutils literal">docs/b.rst</span></a>', html)
            self.assertEqual(html.count("<a "), 1)


class DocumentsTests(TestCase):
    """Those that there are."""

    def test_all(self):
        """Whatever is written for people is among them."""
        found = documents.documents()
        for name in (
            "README.rst",
            "docs/tutorial.rst",
            "examples/README.rst",
            "CHANGELOG.rst",
            "tests/vectors/README.rst",
        ):
            self.assertEqual(found[name], name.replace(".rst", ".html"))

    def test_valid(self):
        """All can be made, and there are no links to what is not."""
        directory = self.enterContext(tempfile.TemporaryDirectory())
        self.assertEqual(documents.main(directory), 0)
        self.assertIn('href="docs/tutorial.html"', (Path(directory) / "index.html").read_text("utf-8"))

    def test_invalid(self):
        """One that is wrong is said, and is the exit status of the command."""
        root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (root / "README.rst").write_text("A title\n=====\n", "utf-8")
        said = self.enterContext(contextlib.redirect_stderr(io.StringIO()))
        with mock.patch.object(documents, "ROOT", root):
            self.assertEqual(documents.main(str(root / "out")), 1)
        self.assertIn("README.rst:2: (WARNING", said.getvalue())
