# -*- test-case-name: tests.assets.test_importlexer -*-
"""Finding the module specifiers of an ES module's imports."""

import json
import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import DIRECTORY, LinkError
from athenalite._assets.importlexer import refuseModuleSyntax, scriptImports, specifiersOf, styleImports
from tools.programs import ADVICE, findNode

#: Text between statements of generated modules, without a module specifier.
INNOCENT = (
    "const a = 1;",
    '// import { x } from "./no.mjs";',
    "/* import './no.mjs'; */",
    "const t = `\nimport x from './no.mjs';\n`;",
    "const u = `a ${b ? `import './no.mjs'` : {c: '}'}.c} \\` ${1}`;",
    "const r = /[/\"'`]import '\\/no.mjs'/g.test(x);",
    "const d = a / b; const e = c / d;",
    "const s = \"import './no.mjs';\";",
    "const q = 'it\\'s';",
    "x.import('./no.mjs'); y?.import(z);",
    "const o = { import: 1, export: 2 };",
    "export const from = './no.mjs';",
    "export default class {}",
    "export { a, b as c };",
    "const m = import.meta.url;",
    "let i = 0; i++ / 2; i-- / 3;",
    "const n = [...x, .../import '.'/.exec(y)];",
    # Each of these was refused, or misread, when a slash after a bracket always divided.
    "if (a) /'/.test(b);",
    "while (c()) /`/.exec(d);",
    "for (const of of [/'/]) /\"/.test(of);",
    "{ } /'/.test(e);",
    "function f() { } /'/.test(g);",
    "const h = function () { } / 2; const k = { } / 2; const l = (m) / 2; // '",
    "class C { import() { } static async *import() { } get import() { } x = 1 / 2; }",
    "const p = { import() { }, async import() { }, *[q]() { } };",
    "const v = (w) => { }\n/'/.test(y);",
    "label: { } /'/.test(z);",
    "const aa = bb ? { } / 2 : { } / 3;",
    "switch (cc) { case 1: { } /'/.test(dd); default: /'/.test(ee); }",
    "const ff = class { } / 2; const gg = `${{ a: `}` }.a}` / 2;",
    "const \\u0069mport2 = 1, n\u0303 = 2; hh = n\u0303 / 2;",
    "const ii = [/[/'`]/, /\\//, /[\\]'/]/];",
    "export { jj as import };",
    "export { kk as from }\n'./no.mjs';",
    "const { import: ll, if: mm = {} } = nn;",
    "do /'/.test(oo); while (pp) /'/.test(qq);",
    "const rr = ss++ / 2, tt = uu\n/ 2; vv ??= /'/;",
    "const ww = xx?.if (yy) / 2; zz = 1_000n / .5 / 0x1f / 1.e3;",
)

#: Statements with import specifiers, for a comparison with node.
IMPORTS = (
    'import "./{}.mjs";',
    "import def{} from './{}.mjs'",
    "import * as all{} from './{}.mjs';",
    "import d{}, {{ from as f{}, default as g{}, 'a b' as h{} }} from /* 'x' */ './{}.mjs';",
    "export * from './{}.mjs';",
    "export * as e{} from './{}.mjs'\n",
    "export {{ x as i{}, default as 'j{}' }} from './{}.mjs';",
    "import k{} from './\\x61{}.mjs' with {{ type: 'json' }}\n/'/.test('');",
)


class SpecifiersTests(SynchronousTestCase):
    """Texts that are module specifiers, and others."""

    def names(self, text):
        """Return the specifiers; each is at its offsets."""
        found = specifiersOf(text, "A.mjs")
        for one in found:
            if "\\" not in text[one.start : one.end]:
                self.assertEqual(text[one.start + 1 : one.end - 1], one.name)
            self.assertIn(text[one.start], "\"'")
        return [one.name for one in found]

    def refused(self, text):
        """Return the text of a refusal."""
        return str(self.assertRaises(LinkError, specifiersOf, text, "A.mjs"))

    def test_forms(self):
        """Every form of import and export-from is found, in any layout."""
        for text in (
            'import "x"',
            "import 'x';",
            'import a from "x";',
            'import * as a from "x";',
            'import a, * as b from "x";',
            'import { a } from "x";',
            'import { a as b, default as c, } from "x";',
            'import from from "x";',
            'import { from } from "x";',
            'import { "a string" as b } from "x";',
            'import {\n    a, // one\n    b, /* "two" */\n} from\n    "x";',
            'import{a}from"x";',
            'a();import"x"',
            'export * from "x";',
            'export * as a from "x";',
            'export { a, b as default } from "x";',
            "export {} from 'x'",
            'const a = await import("x");',
            "const f = () => { if (a) { return import ( 'x' ); } };",
            "const t = `${import('x')}`;",
            '\ufeffimport "x";',
            '#!/usr/bin/env node import "y"\nimport "x";',
            'import a from "x" with { type: "json" };',
            'import "x" with { type: "json" }; export const y = 1;',
            'export { a } from "x" with { type: "json" };',
            'import("x", { with: { type: "json" } });',
            'import { import as a } from "x";',
            'import { a as import_, default as from } from "x";',
            'import from, { from as a } from "x";',
            "import '\\x78';",
            "import '\\u{000078}';",
            "import '\\\n\\u0078';",
            "class A { x = import('x') }",
            "x = { a: import('x'), ...b };",
            "x = { import() { return import('x'); } };",
            "f(...import('x'))",
            "a = b ? import('x') : c",
        ):
            self.assertEqual(self.names(text), ["x"], text)

    def test_others(self):
        """Similar text is not a specifier: in comments, strings, templates, regular expressions, names."""
        for text in INNOCENT:
            self.assertEqual(self.names(text), [], text)

    @given(st.lists(st.one_of(st.sampled_from(INNOCENT), st.integers(0, 99))))
    def test_mixed(self, parts):
        """Imports are found, all and in order, with any text between them."""
        lines = [part if isinstance(part, str) else f'import {{ a }} from "./{part}.mjs";' for part in parts]
        names = [f"./{part}.mjs" for part in parts if isinstance(part, int)]
        self.assertEqual(self.names("\n".join(lines)), names)

    def test_refused(self):
        """Invalid text is refused, with the file, the line, and a description."""
        for text, said in (
            ("import a = b;", "A.mjs, line 1: cannot read 'import a = b;'"),
            ("import { a } from `x`;", "cannot read"),
            ('import defer.x from "x";', "cannot read"),
            ("import.source('x');", "cannot read"),
            ("\nimport(name);", "A.mjs, line 2: import() must have one plain string"),
            ("import('a' + b);", "import() must have one plain string"),
            ("\n/* open", "A.mjs, line 2: a comment is not closed"),
            ("import(`x`);", "import() must have one plain string"),
            ("import {", "not closed"),
            ("import", "cannot read"),
            ('const a = "open;\n', "A.mjs, line 1: a string is not closed"),
            ("a();\nconst t = `open ${a}", "A.mjs, line 2: a template is not closed"),
            ("const t = `${a", "A.mjs, line 1: a bracket or a template is not closed"),
            ("/* open", "not closed"),
            ("}", "closes what is not open"),
        ):
            self.assertIn(said, self.refused(text))

    def test_ownClient(self):
        """The client's own modules are parsed; two of them have a dynamic import of a variable."""
        for path in DIRECTORY.rglob("*.js"):
            text = path.read_text("utf-8").replace("import(address)", "")
            starts = (' from "./', ' from "../', ' import("./', ' import("../', '(import("../')
            imports = sum(text.count(start) for start in starts)
            self.assertEqual(len(self.names(text)), imports, path.name)

    def test_comments(self):
        """Athena's imports are lines of exactly one form; those of style sheets have one more."""
        text = b"//import A\n // import B\n/* import C */\nfoo(); // import D\n// import E\r\n// import F\xc3\xa9.G"
        self.assertEqual(scriptImports(text), ("E", "F\u00e9.G"))
        self.assertEqual(styleImports(text), ("C", "E", "F\u00e9.G"))


class NodeTests(SynchronousTestCase):
    """Node finds the same specifiers."""

    def compare(self, texts):
        """Compare the texts that are modules to node, and return their number."""
        node = findNode()
        if node is None:
            raise FileNotFoundError(ADVICE["node"])
        ran = subprocess.run(
            [node, "--no-warnings", "--experimental-vm-modules", Path(__file__).parent.parent / "specifiers.mjs"],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        compared = 0
        for text, expected in zip(texts, json.loads(ran.stdout), strict=True):
            if expected is not None:
                found = [one for one in specifiersOf(text, "A.mjs") if not _isDynamic(text, one)]
                self.assertEqual(sorted({one.name for one in found}), sorted(expected), text)
                compared += 1
        return compared

    def test_generated(self):
        """Statements in any order, with or without a line's end between them."""
        texts = []

        @settings(max_examples=300, database=None, deadline=None)
        @given(st.lists(st.tuples(st.sampled_from(IMPORTS + INNOCENT), st.sampled_from(("\n", " ", ";", "\n\n")))))
        def generate(parts):
            statements = [
                part.replace("{}", str(index)).replace("{{", "{").replace("}}", "}") if part in IMPORTS else part
                for index, (part, _) in enumerate(parts)
            ]
            # Names may be declared once.
            texts.append("".join(one + end for one, (_, end) in zip(dict.fromkeys(statements), parts, strict=False)))

        generate()
        self.assertGreater(self.compare(texts), 50)

    def test_noSpecifiers(self):
        """Text without specifiers is valid, as far as this node knows the language."""
        self.assertGreater(self.compare(list(INNOCENT)), len(INNOCENT) - 5)

    def test_files(self):
        """The JavaScript of this repository, and of the package manager that came with node, is parsed as by node."""
        root = Path(__file__).parent.parent.parent
        paths = [path for room in ROOMS for suffix in ("*.js", "*.mjs") for path in (root / room).rglob(suffix)]
        paths += sorted(Path("/usr/lib/node_modules/npm").rglob("*.js"))[:300]
        texts = [text for path in paths for text in [_read(path)] if "import(" not in text]
        self.assertGreater(self.compare(texts), 60)


class ModuleSyntaxTests(SynchronousTestCase):
    """The syntax of ES modules in classic scripts."""

    def test_allowed(self):
        """What is in a text, cannot be read, or is no classic script, is not refused."""
        for name, content in (
            ("a.js", b"/*\nexport class A {}\n*/ var a = `\nexport default 1;\n`;"),
            ("a.js", b"import('./b.js');\nimport.meta;"),
            ("a.js", b"\xff\nexport class A {}"),
            ("a.js", b"'\nexport class A {}"),
            ("a.mjs", b"export class A {}"),
            ("a.css", b"export class A {}"),
        ):
            refuseModuleSyntax(content, name)

    def test_refused(self):
        """Imports and exports are."""
        for content in (b"import './b.js';", b"import a from 'b'", b"export default 1", b"\n\texport { a };"):
            self.assertRaises(LinkError, refuseModuleSyntax, content, "a.js")


ROOMS = (
    "athenalite",
    "examples",
    "chatthing",
    "tests/js",
    "tests/typescript",
    "tests/applications",
    "benchmarks/peers",
)


def _read(path):
    return path.read_text("utf-8", "replace")


def _isDynamic(text, specifier):
    return text[: specifier.start].rstrip().endswith("(")
