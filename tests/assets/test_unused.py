# -*- test-case-name: tests.assets.test_unused -*-
"""What a script does not use is not transferred."""

import re
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.client import DIRECTORY, MAIN, compacted, link, readModule

MODULE = """export function used(a = {}) {
    return `${a}`;
}

/** Calls itself. */
export function unused() {
    return [unused, second];
}

async function second() {
    await 1;
}

const last = used;
last.value = function third() {}
"""


class UnusedTests(SynchronousTestCase):
    """``compacted``"""

    def test_functions(self):
        """A script has no function of an imported module that it does not use, but all of its own."""
        one = readModule(MODULE)
        self.assertEqual([name for name, _ in one.declarations], ["used", "unused", "second", "last"])
        used = "function used(e={}){\nreturn`${e}`;}\n"
        unused = "function unused(){\nreturn[unused,second];}\nasync function second(){\nawait 1;}\n"
        last = "const last=used;\nlast.value=function third(){}\n"
        self.assertEqual(compacted((one, readModule(""))), used + last)
        self.assertEqual(compacted((one,)), used + unused + last)
        other = readModule("const first = unused;\n")
        self.assertEqual(compacted((one, other)), f"{used}{unused}{last}const first=unused;\n")

    def test_constants(self):
        """Nor a constant, unless its value may have an effect; and not what only it uses."""
        for text, isLeft in (
            ("const a = b.c;", False),
            ("const a = Reflect.d?.e;", False),
            ('const a = f("x", [1], { k: 2 });', False),
            ("const a = (b) => { b.c = 1; await b; };", False),
            ("const a = /=/;", False),
            ("const a = await b;", True),
            ("const a = new B();", True),
            ("const a = b = 1;", True),
            ("const a = b++;", True),
            ("const a = [b = 1];", True),
            ("const a = 1, b = f();", True),
            ("let a = 1;", True),
        ):
            with self.subTest(text):
                self.assertEqual(compacted((readModule(f"{text}\n"), readModule("f();\n"))) != "f();\n", isLeft)
        one = readModule("const a = 1;\nconst b = (c) => a + c;\n")
        self.assertEqual(compacted((one, readModule("f();\n"))), "f();\n")
        self.assertEqual(compacted((one, readModule("f(b);\n"))), "const a=1;\nconst b=(e)=>a+e;\nf(b);\n")

    def test_scripts(self):
        """The client's scripts have no function and no constant that they do not use."""
        for path in (MAIN, DIRECTORY / "live" / "live.js"):
            words = Counter(re.findall(r"[\w$]+", link(path, isCompact=True).decode("utf-8")))
            declared = re.findall(r"(?m)^(?:(?:async )?function|const) (\w+)", link(path).decode("utf-8"))
            self.assertEqual([name for name in declared if words[name] == 1], [])
