# -*- test-case-name: tests.porting.test_files -*-
"""Files of an application are found, read and written."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.files import Edit, Source, filesOf, pluginsIn, write


class SourceTests(SynchronousTestCase):
    """``Source``"""

    def test_places(self):
        """Lines and columns count from 1, in characters, whatever ends the lines."""
        source = Source("é = 1\r\nb\rc\nd".encode())
        self.assertEqual([source.place(source.text.index(one)) for one in "=bcd"], [(1, 3), (2, 1), (3, 1), (4, 1)])
        self.assertEqual(source.offset(4, 0), source.text.index("d"))

    def test_unchanged(self):
        """A mark, an encoding and line ends stay."""
        for content in (b"\xef\xbb\xbfa\r\nb", b"# coding: latin-1\nx = '\xe9'", "é\x0c\n".encode(), b""):
            source = Source(content, isPython=True)
            self.assertEqual(source.encoded(source.text), content)

    def test_undecodable(self):
        """What is not in its encoding is an error."""
        self.assertRaises(UnicodeDecodeError, Source, b"\xe9")
        self.assertRaises(SyntaxError, Source, b"# coding: nothing\n", True)

    def test_edited(self):
        """Edits are made in any order, and never where the text is another."""
        source = Source(b"a b c")
        self.assertEqual(source.edited([Edit(4, "c", "three"), Edit(0, "a", "one")]), "one b three")
        self.assertRaises(ValueError, source.edited, [Edit(0, "b", "")])
        self.assertRaises(ValueError, source.edited, [Edit(0, "a b", ""), Edit(2, "b", "")])


class FilesTests(SynchronousTestCase):
    """``filesOf``, ``pluginsIn`` and ``write``"""

    def setUp(self):
        self.directory = Path(self.mktemp())
        self.directory.mkdir()

    def make(self, name, content=b""):
        """Write a file."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def test_found(self):
        """Python, templates and scripts, sorted; none in directories of tools."""
        for name in ("b.tac", "a/x.html", "a/x.js", "c.txt", ".git/d.py", "node_modules/e.js", "venv/f.py", "b.py"):
            self.make(name)
        found = [path.relative_to(self.directory).as_posix() for path in filesOf(self.directory)]
        self.assertEqual(found, ["b.py", "b.tac", "a/x.html", "a/x.js"])

    def test_links(self):
        """Links in the directory are not followed."""
        outside = Path(self.mktemp())
        outside.mkdir()
        (outside / "x.py").write_bytes(b"")
        os.symlink(outside.absolute(), self.directory / "directory")
        os.symlink((outside / "x.py").absolute(), self.directory / "file.py")
        self.assertEqual(list(filesOf(self.directory)), [])

    def test_unreadable(self):
        """A directory that cannot be read is given, too, so that it is reported."""
        self.patch(os, "scandir", lambda path: (_ for _ in ()).throw(PermissionError(13, "no", str(path))))
        self.assertEqual(list(filesOf(self.directory)), [self.directory])

    def test_file(self):
        """One file may be named, whatever its name."""
        self.assertEqual(list(filesOf(self.make("x"))), [self.directory / "x"])

    def test_plugins(self):
        """Directories for Nevow's plugins."""
        self.make("p/nevow/plugins/mine.py")
        self.make("p/twisted/plugins/mine.py")
        self.assertEqual(list(pluginsIn(self.directory)), [self.directory / "p/nevow/plugins"])

    def test_mode(self):
        """A written file keeps its mode, and no other file stays."""
        path = self.make("x.py", b"a")
        path.chmod(0o754)
        write(path, b"b")
        self.assertEqual((path.read_bytes(), path.stat().st_mode & 0o777), (b"b", 0o754))
        self.assertEqual(os.listdir(self.directory), ["x.py"])

    def test_failed(self):
        """If it cannot be replaced, the old file stays, and no other."""
        path = self.make("x.py/y").parent
        self.assertRaises(OSError, write, path, b"b")
        self.assertEqual(os.listdir(self.directory), ["x.py"])
