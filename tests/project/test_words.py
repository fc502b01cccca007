# -*- test-case-name: tests.project.test_words -*-
"""The terms of docs/glossary.rst and of the field are used, in both languages, and no words of our own for the same."""

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).parent.parent.parent

#: Words that were ours, and what they are called.
REPLACED = {
    "saying": "broadcast",
    "sayings": "broadcasts",
    "memo": "encode cache",
    "untold": "ack pending",
    "unheard": "unacknowledged",
    "hears": "receives",
    "whoever": "anyone who",
    "directline": "direct write",
    "shortcuts": "fast paths",
    "localobjects": "objects",
    "line is cut": "connection is cut",
    "line was cut": "connection was cut",
    "cut the line": "cut the connection",
}


class WordsTests(SynchronousTestCase):
    """Identifiers, comments, docstrings and documents."""

    def texts(self):
        """Generate the path and the text of each file that people read: of the product, and of its documents."""
        for folder, patterns in {"athenalite": ("*.py", "*.js"), "docs": ("*.rst",), ".": ("*.rst", "*.md")}.items():
            for pattern in patterns:
                base = ROOT / folder
                for path in sorted(base.glob(pattern) if folder == "." else base.rglob(pattern)):
                    yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")

    def test_replaced(self):
        """None of the words that were replaced has come back, alone or as a part of a name."""
        texts = dict(self.texts())
        self.assertGreater(len(texts), 300)
        for word, term in REPLACED.items():
            pattern = re.compile(rf"(?i)(?<![a-z]){word}(?![a-z])".replace(" ", r"\s+"))
            found = [path for path, text in texts.items() if pattern.search(text)]
            self.assertEqual(found, [], f"{word!r}: write {term!r}")

    def test_glossary(self):
        """The glossary defines the words by which the life of a page is described, and each of them once."""
        text = (ROOT / "docs" / "glossary.rst").read_text("utf-8")
        terms = re.findall(r"^   (\w[\w ]*)$", text, re.MULTILINE)
        self.assertEqual(len(terms), len(set(terms)))
        life = {"page", "session", "connection", "connected", "disconnected", "resumed", "lost", "acknowledged"}
        self.assertEqual(life - set(terms), set())
