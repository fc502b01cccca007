# -*- test-case-name: tests.assets.test_client -*-
"""The client's modules are linked into one script."""

import gzip
import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import DIRECTORY, LinkError, compacted, link, readModule

OPENER = DIRECTORY / "opener.js"
OVERLAY = DIRECTORY / "overlay.js"


def exportedNames():
    """Return the names that the client exports."""
    [names] = re.findall(r"(?m)^export \{([^}]*)\};$", link().decode("utf-8"))
    return re.findall(r"\w+", names)


class LinkTests(SynchronousTestCase):
    """The linker's input and output."""

    def link(self, **files):
        """Return the script of ``main.js`` and the files that it imports."""
        root = Path(self.mktemp())
        root.mkdir()
        for name, text in files.items():
            path = root / (name.replace("__", "/") + ".js")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return link(root / "main.js").decode("utf-8")

    def assertRefused(self, text, **files):
        """Assert that linking fails with an error that contains this text."""
        self.assertIn(text, str(self.assertRaises(LinkError, self.link, **files)))

    def test_order(self):
        """Imported modules come first, once, and no import or export is left."""
        linked = self.link(
            main='import { a } from "./a.js";\nimport { b } from "./sub/b.js";\na(b);\n',
            a='import { b } from "./sub/b.js";\nexport function a(x) { return x + b; }\n',
            sub__b="export const b = 1;\n",
        )
        self.assertEqual(
            linked,
            "// b.js\nconst b = 1;\n// a.js\nfunction a(x) { return x + b; }\n// main.js\na(b);\n",
        )

    def test_declarations(self):
        """All forms of declaration may be exported, and imports may span lines or be for the effect only."""
        linked = self.link(
            main='import {\n    f,\n    C,\n} from "./a.js";\nimport "./a.js";\nf(C);\n',
            a="export class C {}\nexport async function f() {}\nexport let l = 1;\nexport function* g() {}\n",
        )
        self.assertNotIn("import", linked)
        self.assertNotIn("export", linked)

    def test_upwards(self):
        """A module in a directory may import from the one above."""
        self.assertIn(
            "const b", self.link(main='import "./sub/a.js";\n', sub__a='import "../b.js";\n', b="const b = 1;\n")
        )

    def test_comments(self):
        """Comments on lines of their own are removed; similar lines in a text are kept."""
        source = '/**\n * Doc.\n */\n// more\nconst url = "http://a//b";  // kept\n    // gone\nconst b = "/** */";\n'
        linked = self.link(main=source)
        self.assertEqual(linked, '// main.js\nconst url = "http://a//b";  // kept\nconst b = "/** */";\n')

    def test_texts(self):
        """Lines of a template or a string that look like comments, imports or exports are not treated as such."""
        source = (
            'const a = `\n// kept\n/** kept */\nimport { x } from "./gone.js";\nexport const b = 1;\nawait x;\n'
            "${\n// removed\nc}\n// kept\n`;\nconst c = /[/*]/;\n// removed\n"
            'const d = "\\\n// kept\\\n"; /* kept\n// kept */\n'
        )
        linked = self.link(main=source)
        self.assertEqual(linked, "// main.js\n" + source.replace("// removed\n", ""))

    def test_values(self):
        """Functions and classes that are values declare no name, nor do names within them."""
        main = 'import "./a.js";\nconst f = async function () { const x = 1; }, g = class x {};\nf(function x() {});\n'
        self.assertIn("const x = 2", self.link(main=main, a="const x = 2;\n"))

    def test_anyPlace(self):
        """Declarations and imports are found anywhere in a line, and each name of a declaration."""
        for declared in ("let y = 1; const x = 1;", "  class x {}", "let y = [1, 2], x;", "async function* x() {}"):
            self.assertRefused("both declare x", main=f'"use strict"; import "./a.js";\n{declared}\n', a="var x;\n")

    def test_line(self):
        """An error names the file and the line."""
        self.assertRefused("main.js, line 3: cannot link 'export default 1;'", main="`\n`;\nexport default 1;\n")
        self.assertRefused("main.js, line 2: a string is not closed", main="let x;\nlet y = 'open;\n")

    def test_clash(self):
        """Two modules that declare one name cannot be linked; the error names both and the name."""
        self.assertRefused(
            "main.js and a.js both declare x", main='import "./a.js";\nconst x = 1;\n', a="function x() {}\n"
        )

    def test_forbidden(self):
        """Syntax that cannot be linked by text is refused with its line."""
        for line in (
            'import x from "./a.js";',
            'import * as x from "./a.js";',
            'import { x as y } from "./a.js";',
            'import { x } from "package";',
            "export default 1;",
            "export { x };\nx();",
            "export { x as y };",
            'export { x } from "./a.js";',
            'export * from "./a.js";',
            "await x;",
            "const { x } = y;",
            'import { x } from "./a.js"',
        ):
            self.assertRefused("main.js", main=line + "\n", a="export const x = 1;\n")

    def test_public(self):
        """The linked script exports the names that main lists at its end, also imported ones; no other may list any."""
        main = 'import { x } from "./a.js";\nconst y = x;\n\nexport {\n    x,\n    y,\n};\n'
        linked = self.link(main=main, a="export const x = 1;\n")
        self.assertEqual(linked, "// a.js\nconst x = 1;\n// main.js\nconst y = x;\n\nexport {\n    x,\n    y,\n};\n")
        self.assertRefused("a.js", main='import "./a.js";\n', a="const x = 1;\nexport { x };\n")

    def test_meta(self):
        """import.meta is that of the linked script, and so only main may use it."""
        self.assertIn("import.meta.url", self.link(main="const u = import.meta.url;\n"))
        self.assertRefused("a.js: cannot link 'import.meta'", main='import "./a.js";\n', a="f(import.meta.url);\n")

    def test_missing(self):
        """The error for a missing module names it."""
        self.assertIn("gone.js", str(self.assertRaises(FileNotFoundError, self.link, main='import "./gone.js";\n')))

    def test_client(self):
        """The client itself links, with all of its modules, and needs no eval."""
        linked = link().decode("utf-8")
        # Except those that are scripts of their own.
        others = {
            DIRECTORY / "legacy" / "xhtml.js",
            OPENER,
            OVERLAY,
            *(DIRECTORY / "parts").iterdir(),
            *(DIRECTORY / "live").iterdir(),
            *(DIRECTORY / "remote").iterdir(),
            *(DIRECTORY / "addresses").iterdir(),
            *(DIRECTORY / "tracing").iterdir(),
            *(DIRECTORY / "debug").iterdir(),
        }
        others |= {DIRECTORY / "reach.js", DIRECTORY / "keeping.js"}
        for path in set(DIRECTORY.rglob("*.js")) - others:
            self.assertIn(f"// {path.name}\n", linked)
        for word in ("eval(", "new Function", "document.write", "innerHTML"):
            self.assertNotIn(word, linked)

    def test_exported(self):
        """Applications can import the widget's class, Deferreds and errors; all that is exported is declared."""
        names = exportedNames()
        for name in ("Widget", "registerClass", "Deferred", "RemoteError", "ConnectionLost"):
            self.assertIn(name, names)
        for name in names:
            self.assertRegex(link().decode("utf-8"), rf"(?m)^(async )?(function|class|const) {name}\b")

    def test_declarations_ts(self):
        """The TypeScript declarations declare what is exported, and nothing else."""
        declarations = (DIRECTORY / "athenalite.d.ts").read_text("utf-8")
        declared = set(re.findall(r"(?m)^    export (?:function|class|const) (\w+)", declarations))
        self.assertEqual(declared, set(exportedNames()))

    def test_opener(self):
        """The script that opens the first socket, and keeps early events, has at most 1.3 kB as it is transferred."""
        linked = link(OPENER, isCompact=True)
        self.assertLessEqual(len(gzip.compress(linked)), 1_300)
        self.assertNotIn(b"export", linked)

    def test_size(self):
        """
        Without the legacy layer the client is at most 26 kB as it is served: without comments and blanks, ends of
        lines and names kept, gzipped. A fifth is what people see of a lost connection, which cannot be loaded when
        there is none.
        """
        paths = set(DIRECTORY.glob("*.js")) - {OPENER, OVERLAY}
        core = compacted(tuple(readModule(path.read_text("utf-8")) for path in sorted(paths)))
        self.assertLessEqual(len(gzip.compress(core.encode("utf-8"))), 26_000)
