# -*- test-case-name: tests.assets.test_esm -*-
"""The served form of ES modules."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import LinkError
from athenalite._assets.esm import ESModules
from athenalite._assets.modules import AutoJSPackage, Module, Modules
from athenalite.errors import UnknownClass

CLIENT = Module("athenalite", b"client();", "c11e", ())


class ESModulesTests(SynchronousTestCase):
    """A directory of files."""

    def setUp(self):
        self.root = Path(self.mktemp())
        self.root.mkdir()
        self.saved = 0

    def write(self, name, text):
        """Write a file. Each is newer than all before, as in practice."""
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.saved += 1
        os.utime(path, ns=(self.saved, self.saved))
        return path

    def modules(self, client=CLIENT):
        """Return the modules that are served from these files."""
        return ESModules(Modules(AutoJSPackage(self.root).mapping), client)

    def text(self, modules, name):
        """Return the served text of a module."""
        return modules.linked(name).content.decode("utf-8")

    def test_client(self):
        """The name athenalite becomes the address of the client, relative to the module's; nothing else changes."""
        self.write("Chat.mjs", 'import { Widget } from \'athenalite\'; // "athenalite"\nconst s = "athenalite";\n')
        self.assertEqual(
            self.text(self.modules(), "Chat"),
            'import { Widget } from "../c11e/athenalite.js"; // "athenalite"\nconst s = "athenalite";\n',
        )

    def test_relative(self):
        """Names of files become addresses of modules, wherever they are imported."""
        self.write("A.mjs", 'import "./A/B.mjs";\nexport * from "./C.mjs";\n')
        self.write("A/B.mjs", 'import "../C.mjs";\nconst later = () => import("./D.mjs");\n')
        self.write("A/D.mjs", "")
        self.write("C.mjs", "")
        modules = self.modules()
        b, c, d = (modules.linked(name).digest for name in ("A.B", "C", "A.D"))
        self.assertEqual(self.text(modules, "A"), f'import "../{b}/A.B.mjs";\nexport * from "../{c}/C.mjs";\n')
        self.assertEqual(
            self.text(modules, "A.B"), f'import "../{c}/C.mjs";\nconst later = () => import("../{d}/A.D.mjs");\n'
        )
        # A.D is imported later, or never.
        self.assertEqual([one.name for one in modules.imported("A")], ["A.B", "C"])

    def test_addresses(self):
        """Addresses are kept."""
        text = 'import "/static/library.js";\nimport "https://example.com/x.js";\nimport "http://localhost/y.js";\n'
        self.write("A.mjs", text)
        self.assertEqual(self.text(self.modules(), "A"), text)

    def test_digest(self):
        """An edit changes the addresses of the module and of all that import it, and of no other."""
        self.write("A.mjs", 'import "./B.mjs";')
        self.write("B.mjs", 'import "./C.mjs";')
        self.write("C.mjs", "1;")
        self.write("D.mjs", "1;")
        modules = self.modules()
        before = {name: modules.linked(name).digest for name in "ABCD"}
        self.assertEqual(len(set(before.values())), 4)
        self.write("C.mjs", "2;")
        after = {name: modules.linked(name).digest for name in "ABCD"}
        self.assertEqual([name for name in "ABCD" if after[name] != before[name]], ["A", "B", "C"])
        self.assertIn(after["C"], self.text(modules, "B"))
        self.assertIs(modules.linked("A"), modules.linked("A"))

    def test_newClient(self):
        """Another client changes all addresses, because the served modules contain the client's."""
        self.write("A.mjs", 'import "athenalite";')
        other = CLIENT._replace(digest="0ther")
        self.assertNotEqual(self.modules().linked("A").digest, self.modules(other).linked("A").digest)

    def test_cycle(self):
        """Modules may import each other."""
        self.write("A.mjs", 'import "./B.mjs";')
        self.write("B.mjs", 'import "./A.mjs";')
        modules = self.modules()
        a, b = modules.linked("A"), modules.linked("B")
        self.assertNotEqual(a.digest, b.digest)
        self.assertEqual(a.content.decode(), f'import "../{b.digest}/B.mjs";')
        self.assertEqual(b.content.decode(), f'import "../{a.digest}/A.mjs";')

    def test_refused(self):
        """An import that cannot be resolved is refused with the file and the line, in any module."""
        self.write("Classic.js", "")
        self.write("A.mjs", 'import "./Broken.mjs";')
        for specifier, said in (
            ("lit", '"lit" is no address'),
            ("node:fs", "is no address"),
            ("./Classic.js", "is no .mjs file"),
            ("./Gone.mjs", "is no module of this site"),
            ("../../../etc/passwd.mjs", "is no module of this site"),
            ("./Broken.mjs?x", "is no .mjs file"),
        ):
            path = self.write("Broken.mjs", f'\nimport "{specifier}";')
            message = str(self.assertRaises(LinkError, self.modules().linked, "A"))
            self.assertIn(f"{path}, line 2: ", message)
            self.assertIn(said, message)

    def test_notUTF8(self):
        """The error for a file in another encoding names it."""
        self.write("A.mjs", "").write_bytes(b"\xff")
        self.assertIn("A.mjs: is not UTF-8", str(self.assertRaises(LinkError, self.modules().linked, "A")))

    def test_unknown(self):
        """A missing module is an UnknownClass, as for other modules."""
        self.assertRaises(UnknownClass, self.modules().linked, "A")
