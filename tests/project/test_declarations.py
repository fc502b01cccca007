# -*- test-case-name: tests.project.test_declarations -*-
"""athenalite/js/athenalite.d.ts declares the client to TypeScript and to editors."""

import json
import re
import subprocess
from functools import cache
from unittest import TestCase

from tools.declarations import declarations as made
from tools.nodetests import ROOT
from tools.programs import ADVICE, findNode, findTypeScript

JS = ROOT / "athenalite" / "js"
TYPESCRIPT = ROOT / "tests" / "typescript"


def run(program, name, *arguments):
    """Return the output of a program that the tests need, and its exit status."""
    if program is None:
        raise FileNotFoundError(ADVICE[name])
    ran = subprocess.run([program, *arguments], cwd=TYPESCRIPT, capture_output=True, text=True, timeout=300)
    return ran.stdout + ran.stderr, ran.returncode


@cache
def declared():
    """Return the output of tools/declarations.py."""
    return made()


def declarations():
    """Return the declared names, and for classes the superclass and the lines in them, without comments."""
    text = re.sub(r"(?s) */\*\*.*?\*/\n?", "", (JS / "athenalite.d.ts").read_text("utf-8"))
    found = re.findall(r"(?ms)^    export (\w+) (\w+)([^\n]*?)(?:\{(\}|\n.*?^    \};?))?$", text)
    return {name: (kind, head, body.splitlines()) for kind, name, head, body in found}


class CompilerTests(TestCase):
    """The declarations in use."""

    def test_application(self):
        """An application that uses all declarations compiles under ``strict``; each of its mistakes is found."""
        self.assertEqual(run(findTypeScript(), "tsc", "--project", "."), ("", 0))

    def test_all(self):
        """The application uses all of them."""
        application = (TYPESCRIPT / "application.mts").read_text("utf-8")
        for name in declarations():
            self.assertGreater(len(re.findall(rf"\b{name}\b", application)), 1, name)


class GeneratedTests(TestCase):
    """The declarations are made from the comments in the client's modules."""

    def test_upToDate(self):
        """The committed file is up to date: run ``python -m tools.declarations`` when a comment has changed."""
        self.assertEqual((JS / "athenalite.d.ts").read_text("utf-8"), declared())

    def test_complete(self):
        """Every type is known: a missing type in a comment would become any."""
        text = re.sub(r"(?s)/\*\*.*?\*/|export class Deferred\b.*?\n    \}", "", declared())
        untyped = [line.strip() for line in text.splitlines() if re.search(r"\w\??: any\b(?!\[)", line)]
        self.assertEqual(untyped, ["resultList: ([success: boolean, result: any] | undefined)[];", "error: any;"])


class AgreementTests(TestCase):
    """The declarations agree with the client."""

    def test_names(self):
        """The declarations have the names that the client exports, and besides these only types."""
        [exported] = re.findall(r"(?s)\nexport \{(.*?)\}", (JS / "main.js").read_text("utf-8"))
        declared = {name for name, (kind, _, _) in declarations().items() if kind in ("class", "function")}
        self.assertEqual(declared, set(re.findall(r"\w+", exported)))

    def test_members(self):
        """A class has the methods, static methods and attributes that are declared, and no others."""
        output, status = run(findNode(), "node", "members.mjs")
        self.assertEqual(status, 0, output)
        real = json.loads(output)
        for name, (kind, head, lines) in declarations().items():
            if kind == "class":
                self.assertEqual(self.declaredMembers(name, head, lines), real[name], name)

    def declaredMembers(self, name, head, lines):
        """Return what members.mjs reports of the real class, inherited attributes included."""
        methods, statics, fields = [], [], []
        for line in lines:
            member = re.match(r"        (static )?(?:readonly )?(\w+)\??([<(:])", line)
            if member and member[2] != "constructor":
                (fields if member[3] == ":" else statics if member[1] else methods).append(member[2])
        superclass = re.search(r"extends (\w+)", head)
        inherited = declarations().get(superclass[1]) if superclass else None
        if inherited:
            fields += self.declaredMembers(superclass[1], inherited[1], inherited[2])["fields"]
        return {
            # Some have several signatures.
            "methods": sorted(set(methods)),
            "statics": sorted(statics),
            "fields": sorted(fields),
            "superclass": superclass[1] if superclass else "Object",
        }
