"""The files that guides list."""

from unittest import TestCase

from tests.listings import DOCS, filesIn

GUIDES = ("appearance", "databases", "errors", "pages", "templates")

TEXT = """
One:

.. code-block:: python
    :caption: one.py

    import two

    x = 1

More:

.. code-block:: python
    :caption: one.py

    y = 2

.. code-block:: console

    $ python one.py
"""


class FilesTests(TestCase):
    """Listings with captions are files."""

    def test_joined(self):
        """The listings of one file are joined; commands are left out."""
        self.assertEqual(filesIn(TEXT), {"one.py": "import two\n\nx = 1\n\n\ny = 2\n"})

    def test_noCaption(self):
        """A listing that no test would run is an error."""
        with self.assertRaises(ValueError):
            filesIn(TEXT.replace("    :caption: one.py\n\n    y", "\n    y"))


class GuidesTests(TestCase):
    """The guides themselves."""

    def test_listings(self):
        """Every listing has its file, and every guide has tests of its own."""
        for name in GUIDES:
            text = (DOCS / f"{name}.rst").read_text("utf-8")
            self.assertEqual(text.count(".. code-block:: "), text.count(":caption:"), name)
            self.assertTrue(filesIn(text))

    def test_literals(self):
        """There are no other listings: no literal blocks."""
        for name in GUIDES:
            self.assertNotIn("::\n\n    ", (DOCS / f"{name}.rst").read_text("utf-8"), name)
