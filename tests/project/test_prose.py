# -*- test-case-name: tests.project.test_prose -*-
"""The documents are wrapped at 120 columns: ``tools.prose``."""

from unittest import TestCase

from tools.prose import documents, tooLong, wrapped

LONG = "word " * 30
TWO = ["word " * 23 + "word", "word " * 5 + "word"]

#: What is as wide as it must be: a table, listings, a comment, an option, a target.
KEPT = f"""\
=====  =====
Name   Text
=====  =====
a      {LONG}
       more

b      {LONG}
=====  =====

A listing::

    {LONG}

.. code-block:: python

    {LONG}

.. figures pace begin ({LONG})

.. figure:: a.svg
   :alt: {LONG}

.. _a: https://example.org/{"x" * 120}

* An item with a listing::

    {LONG}

* ``{LONG.strip()}``

| {LONG}
"""


class WrappedTests(TestCase):
    """``wrapped`` and ``tooLong``."""

    def assertWrapped(self, text, expected):
        """Assert that the text has long lines, and what becomes of it, which is not changed again."""
        self.assertNotEqual(tooLong(text), [])
        self.assertEqual(wrapped(text), expected)
        self.assertEqual((tooLong(expected), wrapped(expected)), ([], expected))

    def test_paragraph(self):
        """A paragraph with a long line is filled again, and one without stays as it is."""
        self.assertWrapped(f"short\nlines\n\n{LONG.strip()}\n", "\n".join(["short\nlines", "", *TWO, ""]))

    def test_numbers(self):
        """The lines that are too long are found by their numbers."""
        self.assertEqual(tooLong(f"short\n\n{LONG}\n{LONG}"), [3, 4])

    def test_item(self):
        """The lines of an item are below its text, also in a list of items."""
        for mark in ("* ", "1. ", "   - ", "   * - "):
            text = f"{mark}{'x' * 100} {'y' * 30}\n"
            self.assertWrapped(text, f"{mark}{'x' * 100}\n{' ' * len(mark)}{'y' * 30}\n")

    def test_note(self):
        """The content of a note, a definition, and what follows a listing are prose."""
        listing, glossary = "   Listing::\n\n       code\n\n   ", ".. glossary::\n   :sorted:\n\n   a\n      "
        for begin in (".. note::\n\n   ", "term\n   ", listing, glossary):
            indent = " " * (len(begin) - begin.rindex("\n") - 1)
            text = f"{begin}{'x' * 100} {'y' * 30}\n"
            self.assertWrapped(text, f"{begin}{'x' * 100}\n{indent}{'y' * 30}\n")

    def test_mark(self):
        """No line begins with what would be the mark of an item."""
        text = f"{'x' * 58} {'y' * 60} - {'z' * 10}\n"
        self.assertWrapped(text, f"{'x' * 58}\n{'y' * 60} - {'z' * 10}\n")

    def test_kept(self):
        """Tables, listings, comments and options are as wide as they are."""
        self.assertEqual((tooLong(KEPT), wrapped(KEPT)), ([], KEPT))


class DocumentsTests(TestCase):
    """The documents of the tree."""

    def test_narrow(self):
        """No line of prose is longer than 120 columns: ``make format`` wraps them."""
        paths = documents()
        self.assertGreater(len(paths), 200)
        for path in paths:
            with self.subTest(path.name):
                self.assertEqual(tooLong(path.read_text("utf-8")), [])
