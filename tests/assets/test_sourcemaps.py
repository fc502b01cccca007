# -*- test-case-name: tests.assets.test_sourcemaps -*-
"""Source maps that scripts and style sheets name."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets import sourcemaps
from athenalite._assets.sourcemaps import mapOf, withMap


class SourceMapTests(SynchronousTestCase):
    """A script and its source map."""

    def setUp(self) -> None:
        root = Path(self.mktemp()).absolute()
        (root / "js").mkdir(parents=True)
        (root / "maps").mkdir()
        (root / "js/a b.mjs.map").write_bytes(b"beside")
        (root / "maps/a.map").write_bytes(b"elsewhere")
        (root / "secret.py").write_bytes(b"secret")
        os.mkdir(root / "js/directory.map")
        self.script = str(root / "js/a.mjs")

    def test_served(self) -> None:
        """The comment names the address of the map, whatever its file is called; the last one counts."""
        for comment in (b"//# sourceMappingURL=%s", b"//@ sourceMappingURL=%s\r\n", b"/*# sourceMappingURL=%s */"):
            content = withMap(b"x;\n" + comment % b"../maps/x.map", "a.mjs")
            self.assertEqual(content, b"x;\n" + comment % b"a.mjs.map")
        two = b"//# sourceMappingURL=1.map\n//# sourceMappingURL=2.map\n"
        self.assertEqual(withMap(two, "a.js"), b"//# sourceMappingURL=1.map\n//# sourceMappingURL=a.js.map\n")

    def test_unchanged(self) -> None:
        """Addresses stay as they are, and so does what is no such comment."""
        for content in (
            *(b"", b"//# sourceMappingURL=data:application/json;base64,e30=", b"//# sourceMappingURL=/maps/a.map"),
            *(b"//# sourceMappingURL=https://host/a.map", b"let a = '//# sourceMappingURL=a.map';"),
        ):
            self.assertEqual(withMap(content, "a.mjs"), content)
            self.assertIsNone(mapOf(content, self.script))

    def test_found(self) -> None:
        """The file is relative to the script's, and may be quoted."""
        for name, content in ((b"a%20b.mjs.map", b"beside"), (b"../maps/a.map?v=1", b"elsewhere")):
            self.assertEqual(mapOf(b"//# sourceMappingURL=" + name, self.script), content)

    def test_refused(self) -> None:
        """Only a file whose name ends in .map is served, of bounded size."""
        for name in (b"../secret.py", b"gone.map", b"directory.map", b"%00.map", b"a.mjs"):
            self.assertIsNone(mapOf(b"//# sourceMappingURL=" + name, self.script), name)
        self.patch(sourcemaps, "MAX_SIZE", 8)
        self.assertIsNone(mapOf(b"//# sourceMappingURL=../maps/a.map", self.script))
