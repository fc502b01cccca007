# -*- test-case-name: tests.assets.test_beside -*-
"""Files beside style sheets"""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.beside import MAX_SIZE, Beside
from athenalite._assets.modules import AutoCSSPackage, cssModules


class BesideTests(SynchronousTestCase):
    """Two packages with style sheets and images."""

    def setUp(self) -> None:
        root = Path(self.mktemp()).absolute()
        for name in ("a/css/A.css", "a/css/A/Inner.css", "a/css/bg.png", "a/css/img/Logo.SVG", "a/secret.png",
                     "a/css/A.py", "a/css/notes.txt", "a/css/.hidden.png", "a/css/.git/x.png", "b/css/B.css",
                     "b/css/b.woff2", "a/css/A/inner.png", "a/css/Käse 1%.png"):  # fmt: skip
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).touch()
        os.symlink(root / "a/secret.png", root / "a/css/link.png")
        os.symlink(root / "a/css/bg.png", root / "a/css/inside.png")
        (root / "a/css/directory.png").mkdir()
        (root / "a/css/A/Inner.css").write_text("p {}")
        (root / "a/css/A.css").write_text("b {}")
        (root / "b/css/B.css").write_text("b {}")
        self.root = root
        self.styles = cssModules()
        self.styles.mapping.update(AutoCSSPackage(root / "a/css").mapping)
        self.styles.mapping.update(AutoCSSPackage(root / "b/css").mapping)
        self.beside = Beside(self.styles)
        self.digests = {name: self.registered(name) for name in ("A", "A.Inner", "B")}

    def found(self, style: str, *segments: str) -> str | None:
        """The file, relative to the directory of both packages."""
        file = self.beside.file(self.digests[style], segments)
        return file and os.path.relpath(file.path, os.path.realpath(self.root))

    def registered(self, name: str) -> str:
        """Register a style sheet. Return its digest."""
        style = self.styles.get(name)
        self.beside.register(style)
        return style.digest

    def test_found(self) -> None:
        """A file of a known type is found in the style sheet's directory and below."""
        self.assertEqual(self.found("A", "bg.png"), "a/css/bg.png")
        self.assertEqual(self.found("A", "img", "Logo.SVG"), "a/css/img/Logo.SVG")
        self.assertEqual(self.found("A", "Käse 1%.png"), "a/css/Käse 1%.png")
        self.assertEqual(self.found("A", "inside.png"), "a/css/bg.png")
        self.assertEqual(self.found("A.Inner", "inner.png"), "a/css/A/inner.png")
        file = self.beside.file(self.digests["A"], ["img", "Logo.SVG"])
        self.assertEqual(file and file.contentType, "image/svg+xml")

    def test_warned(self) -> None:
        """What a style sheet, or one that it imports, names and is not served is a warning with file and line, once."""
        style = self.root / "a/css/A.css"
        (self.root / "a/base.css").write_text("b {}\nb { background: url(none.gif) }")
        (self.root / "a/css/large.png").write_bytes(b"x" * (MAX_SIZE + 1))
        style.write_text("""@import "../base.css";
            a { background: url(bg.png), url(/other.png), url(http://a/b.png), url(#c), url(data:,) }
            b { background: url(img/none.png) } i { background: url(notes.txt), url(.hidden.png), url(large.png) }""")
        warned: list[str] = []
        self.beside = Beside(self.styles, warned.append)
        self.registered("A")
        self.registered("A")
        for expected, text in zip(
            (
                f"{style}:3: img/none.png is not served: there is no file {self.root}/a/css/img/none.png",
                f"{style}:3: notes.txt is not served: it is not an image, font or style sheet by its suffix",
                f"{style}:3: .hidden.png is not served: a part of its name begins with a dot",
                f"{style}:3: large.png is not served: it is larger than 4 MiB",
                f"{self.root}/a/base.css:2: none.gif is not served: there is no file {self.root}/a/none.gif",
            ),
            warned,
            strict=True,
        ):
            self.assertIn(expected, text)

    def test_sameContent(self) -> None:
        """Style sheets of one content in two directories have one address; files of both are found."""
        self.assertEqual(self.digests["A"], self.digests["B"])
        self.assertEqual([self.found("B", "b.woff2"), self.found("A", "bg.png")], ["b/css/b.woff2", "a/css/bg.png"])

    def test_refused(self) -> None:
        """Nothing else is: other types, hidden files, directories, and what is outside, by any path or link."""
        for segments in [
            ("A.py",), ("notes.txt",), (".hidden.png",), (".git", "x.png"), ("directory.png",), ("link.png",),
            ("gone.png",),
            ("..", "secret.png"), ("img", "..", "bg.png"), ("../secret.png",), ("..\\secret.png",), ("", "bg.png"),
            (str(self.root / "a/secret.png"),), ("bg.png\0.png",), ("C:bg.png",), ("bg.png", ""), ("",),
        ]:  # fmt: skip
            self.assertIsNone(self.found("A", *segments), segments)
        self.assertIsNone(self.beside.file("0123", ["bg.png"]))
        self.assertIsNone(self.found("A.Inner", "bg.png"))

    def test_large(self) -> None:
        """A file that is too large to be sent from memory is not served."""
        with open(self.root / "a/css/bg.png", "wb") as file:
            file.truncate(MAX_SIZE)
            self.assertEqual(self.found("A", "bg.png"), "a/css/bg.png")
            file.truncate(MAX_SIZE + 1)
        self.assertIsNone(self.found("A", "bg.png"))

    def test_named(self) -> None:
        """Outside the directory, the files that the style sheet names are found, and those of what it imports."""
        (self.root / "a/css/A.css").write_text("@import '../base.css'; b { c: url(../secret.png#x) }")
        (self.root / "a/base.css").write_text("b { c: url(../b/css/b.woff2) url(../b/x.py) url(../.hidden.png) }")
        self.digests["A"] = self.registered("A")
        for segments, found in (
            (("@up", "secret.png"), "a/secret.png"),
            (("@up", "base.css"), "a/base.css"),
            (("@up", "@up", "b", "css", "b.woff2"), "b/css/b.woff2"),
        ):
            self.assertEqual(self.found("A", *segments), found)
        for others in (
            ("@up", "css", "bg.png"),
            ("@up", "@up", "b", "x.py"),
            ("@up", "@up", ".hidden.png"),
            ("@up",),
        ):
            self.assertIsNone(self.found("A", *others), others)
        self.assertIsNone(self.found("A.Inner", "@up", "bg.png"))
        # The names are those of the file as it is now, at the address that the page has.
        (self.root / "a/base.css").write_text("b {}")
        self.assertIsNone(self.found("A", "@up", "@up", "b", "css", "b.woff2"))
        (self.root / "a/base.css").unlink()
        self.assertIsNone(self.found("A", "@up", "base.css"))

    def test_circle(self) -> None:
        """Style sheets may import each other."""
        (self.root / "a/css/A.css").write_text("@import '../base.css'")
        (self.root / "a/base.css").write_text("@import 'css/A.css'; @import 'base.css'; b { c: url(secret.png) }")
        self.digests["A"] = self.registered("A")
        self.assertEqual(self.found("A", "@up", "secret.png"), "a/secret.png")

    def test_packageWithoutText(self) -> None:
        """A directory without a style sheet of its own has nothing beside it."""
        self.styles.mapping["Empty"] = ""
        digest = self.registered("Empty")
        self.assertIsNone(self.beside.file(digest, ["bg.png"]))
