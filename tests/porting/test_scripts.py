# -*- test-case-name: tests.porting.test_scripts -*-
"""What is found in JavaScript."""

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import athenalite
from athenalite._porting.scripts import GONE, GONE_METHODS, inStrings, scan
from athenalite.livetrial._testmethods import PACKAGE


def found(text):
    """Return the codes."""
    return [note.code for note in scan(text)]


class ScanTests(SynchronousTestCase):
    """``scan``"""

    def test_blocked(self):
        """Code from strings."""
        for text in (
            "eval('x')",
            "window.eval (x)",
            "new Function('a')",
            "f = Function('a')",
            "n.innerHTML = '<script>x()</script>'",
            "s = '<SCRIPT type=\"text/javascript\">' + x",
            "document.write('x')",
            "setTimeout('f()', 3)",
            "s = document.createElement('script'); s.text = x",
            'n = doc.createElement ( "SCRIPT" )',
            "document.createElementNS(ns, 'script')",
        ):
            self.assertEqual(found(text), ["S501"], text)

    def test_allowed(self):
        """Functions, properties, comments, strings and regular expressions."""
        for text in (
            "setTimeout(f, 3)",
            "retrieval(x)",
            "self.eval(x)",
            "a.eval (x)",
            "// eval(x)",
            "/* new Function(x) */",
            "'eval(x)'",
            "x = /eval(y)'/; z",
            "function Function2() {}",
            "x instanceof Function",
            "a.Function (x)",
            "s = '<script src=\"x.js\">'",
            "n.setAttribute('one', 'x')",
            "n.setAttribute(onclick, 'x')",
            "document.createElement(script)",
            "document.createElement('div'); f('script')",
            "createElement",
        ):
            self.assertEqual(found(text), [], text)

    def test_otherwise(self):
        """What does something else than in Athena."""
        handler = "A.methods(function %s(%s) { if (x) { y(); } %s });"
        for text, codes in (
            (handler % ("dom_go", "self, node", "return self.callRemote('x');"), ["S505"]),
            (handler % ("dom_go", "self, node, event", "return this.callRemoteKw('x');"), ["S505"]),
            (handler % ("dom_go", "self, node", "self.callRemote('x'); return false;"), []),
            (handler % ("dom_go", "self, node", "d.addCallback(function (r) { return self.callRemote('x'); });"), []),
            (handler % ("__init__", "self, node", "return self.callRemote('x');"), []),
            (handler % ("go", "self", "return self.callRemote('x');"), []),
            ("f.check(Divmod.Error)", ["S505"]),
            ("x instanceof Divmod.Error", ["S505"]),
            ("throw Divmod.Error('x'); Divmod.Error.subclass('A')", []),
            ("Divmod.Base.serializeJSON(x)", ["S505"]),
        ):
            self.assertEqual(found(text), codes, text)

    def test_reconnect(self):
        """An address that made a new page."""
        self.assertEqual(found("u = location + '?__athena_reconnect__=1'"), ["S503"])

    def test_told(self):
        """Methods of a page's own class with names of ours."""
        for text, codes in (
            ("Nevow.Athena.PageWidget.subclass(A, 'P').methods(function disconnected(self) {})", ["S504"]),
            ("Nevow.Athena.PageWidget.subclass(A, 'P').methods(function resume(self) { self.resumed(); })", []),
            ("Nevow.Athena.Widget.subclass(A, 'P').methods(function disconnected(self) {})", []),
        ):
            self.assertEqual(found(text), codes)

    def test_handlers(self):
        """Handlers and addresses in markup that a script makes."""
        for text in (
            "n.innerHTML = '<a onclick=\"go()\">'",
            "n.innerHTML = '<A onClick=\"go()\">'",
            "s += \"<b class='x' onmouseover='y'>\"",
            "s += ' onclick=\"' + code + '\"'",
            "a.href = 'javascript:void(0)'",
            's = \'<a class="x" href="javascript:void(0)">\'',
            's = "<a href=javascript:x()>"',
            "node.setAttribute('onclick', 'x()')",
        ):
            self.assertEqual(found(text), ["S502"], text)
        for text in (
            "node.onclick = f",
            "'the one = 1'",
            "s = 'on=1'",
            "'<p class=\"x\">'",
            "'/javascript:'",
            "s = 'or javascript: x'",
        ):
            self.assertEqual(found(text), [], text)

    def test_gone(self):
        """Names of Athena that are gone."""
        for text in (
            "Divmod.bootstrap(x)",
            "// import Divmod.XML",
            "/* c */\n//import Nevow.Test.X",
            "Nevow.Athena.ReliableMessageDelivery.subclass",
            "Divmod.Runtime . Firefox",
            "Divmod.Runtime.theRuntime.makeHTML(x)",
            "Divmod.Runtime.InternetExplorerLegacy.x",
            "Nevow.Athena.refByDOM(node)",
        ):
            self.assertEqual(found(text), ["S503"], text)
        self.assertEqual(found("Nevow.Athena.Widget.subclass('X'); Divmod.Runtime.theRuntime"), [])

    def test_ofTests(self):
        """What the pages of tests have is not gone."""
        for name in ("Nevow.Test.WidgetUtil", "Nevow.Test.Util"):
            self.assertIn(name, PACKAGE.mapping)
            self.assertEqual(found(f"// import {name}\nvar x = {name}.y(1);"), [])
        self.assertEqual(found("// import Nevow.Test\nNevow.Test.Runner.x();"), ["S503", "S503"])

    def test_inStrings(self):
        """The same names in strings of Python."""
        strings = [(7, "'f(); Nevow.Athena.refByDOM(x)'"), (50, "'Nevow.Athena.Widget.get(x)'"), (90, "'x.Divmod.XML'")]
        self.assertEqual([(note.at, note.code) for note in inStrings(strings)], [(13, "S503")])

    def test_documented(self):
        """All of them are listed in the document, and none is in the scripts of today."""
        root = Path(athenalite.__file__).parent
        # The wheel, from which the tests may import, has no documents.
        document = (Path(__file__).parents[2] / "docs" / "porting.rst").read_text("utf-8")
        missing = document[document.index("\nMissing names\n=") :]
        scripts = "".join(path.read_text("utf-8") for path in (root / "js" / "legacy").glob("*.js"))
        for name in (*GONE, *GONE_METHODS):
            last = name.rpartition(".")[2]
            self.assertRegex(missing, "Internet Explorer" if last == "InternetExplorer" else rf"\b{last}\b")
            self.assertNotRegex(scripts, rf"\b{re.escape(name)}\b(?!\.)(?! *=)")

    def test_place(self):
        """A finding is where the name begins, or in the string."""
        self.assertEqual([note.at for note in scan("f(); eval(x)")], [5])
        self.assertEqual([note.at for note in scan("x = '<a onclick=\"\"'")], [5])
        self.assertEqual([note.at for note in scan("x = 'javascript:'; y = '<a href=javascript:'")], [4, 31])
