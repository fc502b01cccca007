# -*- test-case-name: tests.porting.test_imports -*-
"""Imports of Nevow's modules: where each name is imported from then, and whether ``nevow`` itself is renamed."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.files import Source
from athenalite._porting.imports import Imports
from athenalite._porting.parsed import Parsed


class ImportTests(SynchronousTestCase):
    """``Imports``"""

    def found(self, text):
        """:return: whether ``nevow`` was renamed, the text with the names renamed, and the codes of the findings."""
        parsed = Parsed(Source(text.encode()))
        imports = Imports(parsed, parsed.module)
        parsed.module.visit(imports)
        isRenamed = imports.renameRoots()
        for edit in sorted(parsed.edits, reverse=True):
            text = text[: edit.start] + edit.new + text[edit.start + len(edit.old) :]
        return isRenamed, text, [note.code for note in parsed.notes]

    def test_one(self):
        """A module is renamed by its name, and so are names from it, to where all of them are now."""
        for text, *expected in (
            ("import nevow.rend", True, "import athenalite.rend", ["N101"]),
            ("import nevow.rend as r", False, "import athenalite.rend as r", ["N101"]),
            ("from nevow import rend, tags", False, "from athenalite import rend, tags", ["N101"]),
            ("from nevow.util import log", False, "from twisted.python import log", ["N101"]),
        ):
            self.assertEqual(self.found(text), tuple(expected), text)

    def test_severalPlaces(self):
        """Names that are in several modules now stay, unless the module itself is in one of these."""
        for text, renamed in (
            ("from nevow.flat.ten import flatten, registerFlattener", "from athenalite.flat import"),
            ("from nevow.util import log, Deferred", "from nevow.util import"),
        ):
            found = self.found(text)
            self.assertTrue(found[1].startswith(renamed), found)

    def test_somethingElse(self):
        """If ``nevow`` is bound otherwise, too, no import of it is renamed."""
        for other in ("nevow = 1", "import other as nevow"):
            isRenamed, text, codes = self.found(f"import nevow.rend\n{other}")
            self.assertEqual((isRenamed, text, codes), (False, f"import nevow.rend\n{other}", ["N105"]))
