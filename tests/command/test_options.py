# -*- test-case-name: tests.command.test_options -*-
"""The command line: its options, and its error messages."""

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

from athenalite._server.origin import Origin
from athenalite._text.version import versions
from athenalite.tap import Options
from tests.command.commandline import CommandLineTestCase
from tests.pages import Plain

ELEMENT = "--element=tests.pages.Plain"
#: Options that are seconds.
TIMES = "connect-timeout", "drain", "blocked-after", "hung-after"


class OptionsTests(CommandLineTestCase):
    """The command line."""

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

    def test_engine(self):
        """The rooms of the element have the engine, and the worker its name; by default there is no engine."""
        options = self.parse(ELEMENT, "--engine=rediss://:pw@engine.example.org/2?site=chat", "--name=w7")
        client = options["rooms"]._client
        self.assertEqual(client._engine.address.site, "chat")
        self.assertRegex(client.worker, "^w7-[0-9a-f]{8}$")
        self.assertIsNone(self.parse(ELEMENT)["rooms"]._client)

    def test_wrongEngine(self):
        """Another address, a file that is missing, and a name that is none are refused."""
        self.assertRefused("--engine: it is not an address of an engine; write it as redis://", ELEMENT, "--engine=x")
        self.assertRefused("--engine: ", ELEMENT, "--engine=rediss://localhost?ca=/nonexistent/ca.pem")
        for name in ("", "a b", "{x}", "w/1", ".."):
            self.assertRefused("--name: ", ELEMENT, f"--name={name}")

    def test_engineMissing(self):
        """Without the package that it needs, the extra is named."""
        with mock.patch.dict(sys.modules, {"athenalite._rooms.redis": None}):
            self.assertRefused("pip install athenalite[scale]", ELEMENT, "--engine=redis://localhost")

    def test_rooms(self):
        """Rooms of the element's module belong to the worker, also if it was imported before."""
        for _ in range(2):
            options = self.parse("--element=tests.applications.roomthing.lobby.page")
            self.assertEqual(len(options["rooms"]), 1)

    def test_currentDirectory(self):
        """Modules in the current directory can be named, and come first."""
        directory = Path(self.mktemp())
        directory.mkdir()
        (directory / "tap_local.py").write_text("element = list\n")
        self.addCleanup(os.chdir, os.getcwd())
        self.addCleanup(sys.modules.pop, "tap_local", None)
        os.chdir(directory)
        self.assertIs(self.parse("--element=tap_local.element")["element"], list)

    def test_version(self):
        """--version prints the versions in one line, and ends well; no element is needed."""
        output = StringIO()
        with redirect_stdout(output):
            self.assertEqual(self.assertRaises(SystemExit, self.parse, "--version").code, 0)
        self.assertEqual(output.getvalue(), f"{versions()}\n")

    def test_help(self):
        """The help has single blanks in its sentences, and says of options for workers that they are internal."""
        text = Options().getUsage(width=1000)
        self.assertNotRegex(text, "[a-z.,] {2,}[a-z]")
        for name in ("door=", "siblings=", "check-import"):
            self.assertRegex(text, f"--{name} +Internal: ")

    def test_legacyContent(self):
        """The legacy policy may allow eval and other origins, and nothing does without it."""
        policy = "--legacy-content-policy"
        options = self.parse(ELEMENT, policy, "--legacy-content-evals", "--legacy-content-host=https://cdn.example")
        self.assertTrue(options["legacy-content-evals"])
        self.assertEqual(options["legacy-content-host"], ["https://cdn.example"])
        self.assertRefused("'cdn' is not an origin; write it as", ELEMENT, policy, "--legacy-content-host=cdn")
        for option in ("--legacy-content-evals", "--legacy-content-host=https://cdn.example"):
            self.assertRefused(f"{option.partition('=')[0]} changes the policy of {policy}", ELEMENT, option)

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

    def test_metrics(self):
        """--metrics takes endpoints and may be repeated; --blocked-after and --drain take seconds."""
        options = self.parse(ELEMENT, "--metrics=tcp:9100", "--metrics=unix:m", "--blocked-after=0.5", "--drain=10")
        self.assertEqual(options["metrics"], ["tcp:9100", "unix:m"])
        self.assertEqual((options["blocked-after"], options["drain"]), (0.5, 10))
        options = self.parse(ELEMENT)
        self.assertEqual((options["metrics"], options["blocked-after"], options["drain"]), ([], 1, 0))

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
            ("athena-widget: --transportless-timeout: 'soon' is not", ELEMENT, "--transportless-timeout=soon"),
            *((f"athena-widget: --{name}: 'x' is not a number of seconds", ELEMENT, f"--{name}=x") for name in TIMES),
            ("athena-widget: --workers: 'x' is not a number of workers", ELEMENT, "--workers=x"),
            ("--drain: give a number of seconds from 0 to 3600", ELEMENT, "--drain=-1"),
            ("--drain: give a number of seconds from 0 to 3600", ELEMENT, "--drain=4000"),
            ("--drain: give", ELEMENT, "--drain=nan"),
            ("--blocked-after: give a number of seconds above 0", ELEMENT, "--blocked-after=0"),
            ("--blocked-after: give", ELEMENT, "--blocked-after=nan"),
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

    def twistd(self, **options):
        """The options of ``twistd``, as ``twistd --nodaemon --pidfile=`` has them, with these changes."""
        return {"nodaemon": True, "pidfile": "", "logfile": None, "rundir": ".", "chroot": None, **options}

    def assertFileRefused(self, text, **options):
        """What ``twistd`` could not use is refused in one line with this text and the option."""
        parsed = Options()
        parsed.parent = self.twistd(**options)
        error = self.assertRaises(SystemExit, parsed.parseOptions, [ELEMENT])
        self.assertIn(text, error.code)
        self.assertIn(f"--{list(options)[-1]}=", error.code)
        self.assertNotIn("\n", error.code)

    def test_files(self):
        """A file or directory that twistd could not use is an error of one line, before it starts."""
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        (directory / "file").write_text("")
        for option in ("pidfile", "logfile", "profile"):
            self.assertFileRefused("No such file or directory", **{option: str(directory / "missing" / "file")})
            self.assertFileRefused("Is a directory", **{option: str(directory)})
            self.assertFileRefused("Not a directory", **{option: str(directory / "file" / "file")})
            # Even root cannot write here.
            self.assertFileRefused("", **{option: "/proc/twistd.pid"})
        for wrong in ("missing", "file"):
            self.assertFileRefused("cannot change to the directory", rundir=str(directory / wrong))
            self.assertFileRefused("root directory", chroot=str(directory / wrong))

    def test_profile(self):
        """The profile is written in the directory that twistd changes to."""
        directory = Path(self.mktemp()).absolute()
        (directory / "profile").mkdir(parents=True)
        self.assertFileRefused("Is a directory", rundir=str(directory), profile="profile")

    def test_user(self):
        """Only root may become another user."""
        self.patch(os, "geteuid", lambda: 1000)
        self.patch(os, "getuid", lambda: 1000)
        for options in ({"gid": os.getgid() + 1}, {"gid": None, "uid": 1001}):
            self.assertFileRefused("need root", **options)
        parsed = Options()
        parsed.parent = self.twistd(uid=1000, gid=os.getgid())
        parsed.parseOptions([ELEMENT])

    def test_noDirectory(self):
        """A current directory that was removed is an error of one line."""
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(directory)
        directory.rmdir()
        self.assertRefused("there is no current directory", ELEMENT)

    def test_daemon(self):
        """A daemon without a destination logs to twistd.log; its files belong to the directory that it starts in."""
        directory = Path(self.mktemp()).absolute()
        (directory / "twistd.log").mkdir(parents=True)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(directory)
        parsed = Options()
        parsed.parent = self.twistd(nodaemon=False, rundir="/")
        error = self.assertRaises(SystemExit, parsed.parseOptions, [ELEMENT])
        self.assertIn(f"cannot write the log to {directory / 'twistd.log'}: Is a directory", error.code)
        for options in (
            {"nodaemon": True},
            {"nodaemon": False, "syslog": True},
            {"nodaemon": False, "logfile": "a.log"},
        ):
            parsed = Options()
            parsed.parent = self.twistd(rundir="/", pidfile="twistd.pid", **options)
            parsed.parseOptions([ELEMENT])

    def test_untouched(self):
        """Files that can be used are left as they are: a pidfile with its number, and none that is new."""
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        (directory / "old.pid").write_text("1234")
        for options in ({"pidfile": "old.pid"}, {"pidfile": "new.pid"}, {"logfile": "new.log"}):
            parsed = Options()
            parsed.parent = self.twistd(**{name: str(directory / value) for name, value in options.items()})
            parsed.parseOptions([ELEMENT])
        parsed.parent = self.twistd(pidfile="/dev/null", logfile="-")
        parsed.parseOptions([ELEMENT])
        self.assertEqual({path.name: path.read_text() for path in directory.iterdir()}, {"old.pid": "1234"})
