# -*- test-case-name: tests.command.test_options -*-
"""The command line: its options, and its error messages."""

import os
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.origin import Origin
from athenalite.tap import Options
from tests.pages import Plain

ELEMENT = "--element=tests.pages.Plain"


class OptionsTests(SynchronousTestCase):
    """The command line."""

    def setUp(self):
        self.patch(sys, "path", list(sys.path))

    def parse(self, *arguments):
        """The options that these arguments give."""
        options = Options()
        options.parseOptions(arguments)
        return options

    def assertRefused(self, text, *arguments):
        """The arguments are refused in one line that contains this text; such a SystemExit has exit status 1."""
        error = self.assertRaises(SystemExit, self.parse, *arguments)
        self.assertIn(text, error.code)
        self.assertTrue(error.code.startswith("athena-widget: "))
        self.assertNotIn("\n", error.code)

    def test_default(self):
        """Only --element is required; it is served at port 8080."""
        options = self.parse(ELEMENT)
        self.assertIs(options["element"], Plain)
        self.assertEqual(options["listen"], ["tcp:8080"])
        self.assertEqual(options["origin"], [])
        self.assertFalse(options["debug"])

    def test_callables(self):
        """The element may be a class, a function, or a bound method of an object in a module."""
        for name in ("chatthing.chatterbox.ChatRoom", "chatthing.chatterbox.chat", "tests.pages.template"):
            self.assertTrue(callable(self.parse(f"--element={name}")["element"]))

    def test_currentDirectory(self):
        """Modules in the current directory can be named, and come first."""
        directory = Path(self.mktemp())
        directory.mkdir()
        (directory / "tap_local.py").write_text("element = list\n")
        self.addCleanup(os.chdir, os.getcwd())
        self.addCleanup(sys.modules.pop, "tap_local", None)
        os.chdir(directory)
        self.assertIs(self.parse("--element=tap_local.element")["element"], list)

    def test_listen(self):
        """--listen takes endpoints and may be repeated; with --port, the port is listened on as well."""
        listens = ["--listen=tcp:1234:interface=127.0.0.1", "--listen=unix:socket"]
        self.assertEqual(self.parse(ELEMENT, *listens)["listen"], ["tcp:1234:interface=127.0.0.1", "unix:socket"])
        self.assertEqual(len(self.parse(ELEMENT, "--port=99", *listens)["listen"]), 3)
        self.assertEqual(self.parse(ELEMENT, "--port=0")["listen"], ["tcp:0"])

    def test_origin(self):
        """--origin adds an origin and may be repeated."""
        options = self.parse(ELEMENT, "--origin=https://a.example", "--origin=http://b.example:81")
        self.assertEqual(options["origin"], [Origin("https", "a.example", 443), Origin("http", "b.example", 81)])

    def test_limits(self):
        """The two windows of a page can be set, in seconds."""
        limits = self.parse(ELEMENT, "--transportless-timeout=10.5", "--connect-timeout=7")["limits"]
        self.assertEqual((limits.transportlessTimeout, limits.connectTimeout), (10.5, 7))

    def test_refused(self):
        """Options that cannot be served are refused with a message that gives the remedy."""
        for text, *arguments in (
            ("--element is required; write it as --element=package.module.name",),
            ("'no_such_module.element'", "--element=no_such_module.element"),
            ("there is no 'tests.pages.nothing'", "--element=tests.pages.nothing"),
            ("'tests.pages' is of type module", "--element=tests.pages"),
            ("'tests.pages.ORIGIN' is of type str", "--element=tests.pages.ORIGIN"),
            ("--element", "--element="),
            ("--element", "--element=..x"),
            ("--port: 'http' is not a number from 0 to 65535", ELEMENT, "--port=http"),
            ("--port: '65536' is not", ELEMENT, "--port=65536"),
            ("--port: '8_080' is not", ELEMENT, "--port=8_080"),
            ("--port: '\u0663' is not", ELEMENT, "--port=\u0663"),
            ("--port: '-1' is not", ELEMENT, "--port=-1"),
            ("'chat.example.org' is not an origin", ELEMENT, "--origin=chat.example.org"),
            ("connectTimeout must be positive", ELEMENT, "--connect-timeout=0"),
            ("'soon' is not a number of seconds", ELEMENT, "--transportless-timeout=soon"),
            ("nonsense", ELEMENT, "--nonsense"),
        ):
            self.assertRefused(text, *arguments)

    def test_brokenModule(self):
        """An element whose own module cannot be imported raises the exception of that module, of any kind."""
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        sys.path.insert(0, str(directory))
        for number, (line, error) in enumerate(
            (
                ("import os; os.no_such_thing", AttributeError),
                ("import no_such_module_at_all", ModuleNotFoundError),
                ("from os import no_such_thing", ImportError),
                ("1 / 0", ZeroDivisionError),
                ("raise ValueError", ValueError),
                ("def", SyntaxError),
            )
        ):
            (directory / f"tap_broken{number}.py").write_text(f"{line}\nelement = list\n")
            self.assertRaises(error, self.parse, f"--element=tap_broken{number}.element")

    def test_host(self):
        """A host is a name, an address, or a dot and the name of a domain; it has no port."""
        options = self.parse(ELEMENT, "--host=chat.example.org", "--host=.example.net")
        self.assertEqual(options["host"], ["chat.example.org", ".example.net"])
        for wrong in ("chat.example.org:8080", "http://chat.example.org", "a b", ""):
            self.assertRefused("--host", ELEMENT, f"--host={wrong}")

    def test_files(self):
        """A file that twistd could not write is an error of one line, before it starts."""
        directory = Path(self.mktemp())
        directory.mkdir()
        for option, name in (("pidfile", "missing/twistd.pid"), ("logfile", "."), ("pidfile", "")):
            options = Options()
            options.parent = {option: name, "rundir": str(directory)}
            if not name:
                options.parseOptions([ELEMENT])
                continue
            error = self.assertRaises(SystemExit, options.parseOptions, [ELEMENT])
            self.assertIn(f"--{option}=", error.code)
            self.assertNotIn("\n", error.code)
