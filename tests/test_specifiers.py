# -*- test-case-name: tests.test_specifiers -*-
"""Where an ES module names the modules that it imports."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite.client import DIRECTORY, LinkError
from athenalite.specifiers import specifiersOf

#: What is between statements of generated modules, and never has a module specifier.
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
)


class SpecifiersTests(SynchronousTestCase):
    """What is a module specifier, and what is not."""

    def names(self, text):
        """The specifiers, each of which stands where it is said to stand."""
        found = specifiersOf(text, "A.mjs")
        for one in found:
            self.assertEqual(text[one.start + 1 : one.end - 1], one.name)
            self.assertIn(text[one.start], "\"'")
        return [one.name for one in found]

    def refused(self, text):
        """What a refusal says."""
        return str(self.assertRaises(LinkError, specifiersOf, text, "A.mjs"))

    def test_forms(self):
        """Every form of import and export-from, however it is laid out."""
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
        ):
            self.assertEqual(self.names(text), ["x"], text)

    def test_others(self):
        """What only looks like one is none: in comments, strings, templates, regular expressions, names."""
        for text in INNOCENT:
            self.assertEqual(self.names(text), [], text)

    @given(st.lists(st.one_of(st.sampled_from(INNOCENT), st.integers(0, 99))))
    def test_mixed(self, parts):
        """Imports are found, all and in order, whatever stands between them."""
        lines = [part if isinstance(part, str) else f'import {{ a }} from "./{part}.mjs";' for part in parts]
        names = [f"./{part}.mjs" for part in parts if isinstance(part, int)]
        self.assertEqual(self.names("\n".join(lines)), names)

    def test_refused(self):
        """What cannot be read is refused, with the file, the line, and what it is."""
        for text, said in (
            ('\n\nimport a from "x" with { type: "json" };', "A.mjs, line 3: cannot read 'import a from"),
            ("import a = b;", "A.mjs, line 1: cannot read 'import a = b;'"),
            ("import { a } from `x`;", "cannot read"),
            ('import defer.x from "x";', "cannot read"),
            ("import.source('x');", "cannot read"),
            ("\nimport(name);", "A.mjs, line 2: import() takes one plain string"),
            ("import('a' + b);", "import() takes one plain string"),
            ("import(`x`);", "import() takes one plain string"),
            ("import {", "not closed"),
            ("import", "cannot read"),
            ('import "\\x2e/a.mjs";', "escape"),
            ('const a = "open;\n', "A.mjs, line 1: a string is not closed"),
            ("a();\nconst t = `open ${a}", "A.mjs, line 2: a template is not closed"),
            ("const t = `${a", "A.mjs, line 1: a brace or a template is not closed"),
            ("/* open", "not closed"),
            ("}", "closed that is not open"),
        ):
            self.assertIn(said, self.refused(text))

    def test_ownClient(self):
        """The client's own modules, which are written as people write, are read; one loads what it is told to load."""
        for path in DIRECTORY.rglob("*.js"):
            text = path.read_text("utf-8").replace("import(address)", "")
            self.assertEqual(len(self.names(text)), text.count(' from "./') + text.count(' from "../'), path.name)
