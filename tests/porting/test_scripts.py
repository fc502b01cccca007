# -*- test-case-name: tests.porting.test_scripts -*-
"""What is found in JavaScript."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.scripts import scan


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
            "document.write('x')",
            "setTimeout('f()', 3)",
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
        ):
            self.assertEqual(found(text), [], text)

    def test_handlers(self):
        """Handlers and addresses in markup that a script makes."""
        for text in (
            "n.innerHTML = '<a onclick=\"go()\">'",
            "s += \"<b class='x' onmouseover='y'>\"",
            "s += ' onclick=\"' + code + '\"'",
            "a.href = 'javascript:void(0)'",
        ):
            self.assertEqual(found(text), ["S502"], text)
        for text in ("node.onclick = f", "'the one = 1'", "s = 'on=1'", "'<p class=\"x\">'"):
            self.assertEqual(found(text), [], text)

    def test_gone(self):
        """Names of Athena that are gone."""
        for text in (
            "Divmod.bootstrap(x)",
            "Nevow.Athena.ReliableMessageDelivery.subclass",
            "Divmod.Runtime . Firefox",
            "Divmod.Runtime.theRuntime.makeHTML(x)",
        ):
            self.assertEqual(found(text), ["S503"], text)
        self.assertEqual(found("Nevow.Athena.Widget.subclass('X'); Divmod.Runtime.theRuntime"), [])

    def test_place(self):
        """A finding is where the name begins, or in the string."""
        self.assertEqual([note.at for note in scan("f(); eval(x)")], [5])
        self.assertEqual([note.at for note in scan("x = '<a onclick=\"\"'")], [5])
