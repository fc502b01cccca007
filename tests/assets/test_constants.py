# -*- test-case-name: tests.assets.test_constants -*-
"""Short names for the constants of a script that is transferred."""

import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import LinkError, link


class ConstantsTests(SynchronousTestCase):
    """Scripts are linked as they are transferred."""

    def link(self, **modules):
        """Link ``main`` with these other modules."""
        with tempfile.TemporaryDirectory() as directory:
            for name, text in modules.items():
                Path(directory, f"{name}.js").write_text(text)
            return link(Path(directory, "main.js"), isCompact=True).decode("utf-8")

    def assertLinked(self, expected, **modules):
        self.assertEqual(self.link(**modules), f"{expected}\n")

    def test_constants(self):
        """A constant has the same short name in all modules; other names stay."""
        self.assertLinked(
            "const $0=1;\nconst $1=$0*2;\nconst aB=$0?$1:f($0,[$1]);\nclass C{}",
            main='import { ONE } from "./a.js";\nconst MAX_SIZE = ONE * 2;\n'
            "const aB = ONE ? MAX_SIZE : f(ONE, [MAX_SIZE]);\nclass C {}\n",
            a="export const ONE = 1;\n",
        )

    def test_inside(self):
        """It has it in templates, blocks and defaults as well, and not in strings or regular expressions."""
        self.assertLinked(
            'const $0=1;\nfunction f(e=$0){\nif($0){\nreturn`AB${$0}`+ /AB/ +"AB";}}',
            main='const AB = 1;\nfunction f(x = AB) {\n  if (AB) {\n    return `AB${AB}` + /AB/ + "AB";\n  }\n}\n',
        )

    def test_properties(self):
        """Properties of the same name keep it; so does a constant where the name could be either."""
        self.assertLinked("const $0=a.AB;\nx?.AB($0);", main="const AB = a.AB;\nx?.AB(AB);\n")
        for use in ("f({ AB });", "f({ a, AB, b });", "f({ AB: 1 });", "function g({ AB = 1 }) {}", "x = { AB() {} };"):
            with self.subTest(use):
                linked = self.link(main=f'import "./a.js";\n{use}\n', a="const AB = 1;\nf(AB);\n")
                self.assertIn("const AB=1;\nf(AB);\n", linked)

    def test_fields(self):
        """A private field has a short name; a private method keeps its own, and so does a field that is called."""
        self.assertLinked(
            "class A{\n#$0=1;\n#f;\n#m(){\nreturn this.#$0+#$0 in this+this.#f();}}",
            main="class A {\n #field = 1;\n #f;\n #m() {\n return this.#field + #field in this + this.#f();\n }\n}\n",
        )

    def test_undeclared(self):
        """What no module declares keeps its name; what is declared elsewhere than at the top is a local name."""
        self.assertLinked("f(JSON);\n{\nconst e=1;}", main="f(JSON);\n{\n    const AB = 1;\n}\n")

    def test_exported(self):
        """An exported constant keeps its name."""
        self.assertLinked("const AB=1;\nexport{AB};", main="const AB = 1;\n\nexport { AB };\n")

    def test_reserved(self):
        """No module may use a short name itself."""
        error = self.assertRaises(LinkError, self.link, main="f();\nconst $1 = 1;\n")
        self.assertEqual(str(error), "main.js, line 2: the name $1 is reserved for constants")
