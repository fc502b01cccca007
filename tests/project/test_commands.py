# -*- test-case-name: tests.project.test_commands -*-
"""``twistd -n athena-widget`` and ``twist athena-widget``, run as users run them: each test starts processes."""

import os
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from unittest import TestCase
from urllib.request import urlopen

import athenalite
from athenalite._text.version import versions
from harness.server import FORKER, IMPORTED, Server
from harness.waiting import waitUntil

SCRIPTS = Path(sysconfig.get_path("scripts"))
COMMANDS = {"twistd": [str(SCRIPTS / "twistd"), "-n"], "twist": [str(SCRIPTS / "twist"), "--log-format=text"]}
CHAT = "--element=chatthing.chatterbox.chat"

APPLICATION = """
from athenalite.athena import LiveElement
from athenalite.loaders import xmlstr

class Hello(LiveElement):
    docFactory = xmlstr('<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">hello there</p>')

def function():
    return Hello()

class Room:
    def makeHello(self):
        return Hello()

method = Room().makeHello
number = 3
"""

MISTAKES = {
    "": "--element is required",
    "--element=": "cannot find ''",
    "--element=no_such_module.thing": "cannot find 'no_such_module.thing'",
    "--element=here..Hello": "cannot find 'here..Hello'",
    "--element=here.Goodbye": "no 'here.Goodbye'",
    "--element=here.Hello.nothing": "no 'here.Hello.nothing'",
    "--element=here.number": "name a class or function",
    "--element=here": "name a class or function",
    f"{CHAT} --port=http": "--port: 'http' is not a number from 0 to 65535",
    f"{CHAT} --port=65536": "--port: '65536' is not a number from 0 to 65535",
    f"{CHAT} --listen=localhost:8080": "write it as tcp:8080:interface=127.0.0.1",
    f"{CHAT} --listen=ssl:0:privateKey=none.pem": "none.pem",
    f"{CHAT} --origin=chat.example.org": "write it as https://chat.example.org",
    f"{CHAT} --connect-timeout=soon": "'soon'",
    f"{CHAT} --connect-timeout=-1": "must be positive",
    f"{CHAT} --colour=red": "--colour",
}
"""Arguments, and what their one line of output contains."""

FEW = ("", "--element=no_such_module.thing", f"{CHAT} --port=http")
"""Those that are tried with each command in a process of its own."""


class CommandTestCase(TestCase):
    """Commands are run in a directory with ``here.py``, without PYTHONPATH: the tree is installed."""

    def setUp(self) -> None:
        super().setUp()
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.directory / "here.py").write_text(APPLICATION)

    def serve(self, element: str, *options: str, command: str = "twist") -> Server:
        """Start a server, which ends with the test."""
        return self.enterContext(
            Server(element, *options, command=COMMANDS[command], cwd=self.directory, environment={"PYTHONPATH": None})
        )

    def refused(self, command: str, *arguments: str) -> list[str]:
        """Run a command that must fail with status 1, and return the lines it printed."""
        environment = {**os.environ, "PYTHONPATH": IMPORTED}
        ran = subprocess.run(
            [*COMMANDS[command], "athena-widget", *arguments],
            cwd=self.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        self.assertEqual(ran.returncode, 1, ran.stdout)
        return ran.stdout.splitlines()


class MistakeTests(CommandTestCase):
    """Mistakes in the arguments."""

    def refusedByFork(self, *arguments: str) -> list[str]:
        """Return what ``refused`` does, of twist in a process that is forked and not started by itself."""
        environment = {**os.environ, "PYTHONPATH": IMPORTED}
        process = FORKER.start(["--log-format=text", "athena-widget", *arguments], str(self.directory), environment)
        assert process.stdout is not None
        with process.stdout as output:
            lines = output.read().splitlines()
        self.assertEqual(process.wait(60), 1, lines)
        return lines

    def assertOneLine(self, mistakes: Iterable[str], refused: Callable[..., list[str]]) -> None:
        """Assert that each of these mistakes is reported in one line, with exit status 1."""
        for arguments in mistakes:
            with self.subTest(arguments):
                lines = refused(*arguments.split())
                self.assertEqual(len(lines), 1, lines)
                self.assertRegex(lines[0], "^athena-widget: ")
                self.assertIn(MISTAKES[arguments], lines[0])

    def test_twist(self) -> None:
        """twist reports each mistake in one line with advice, and exit status 1."""
        self.assertOneLine(MISTAKES, self.refusedByFork)
        self.assertOneLine(FEW, partial(self.refused, "twist"))

    def test_twistd(self) -> None:
        """So does twistd, whose default is a page of help: no element, an unknown element, and an invalid port."""
        self.assertOneLine(FEW, partial(self.refused, "twistd"))

    def test_cannotListen(self) -> None:
        """An address that is in use is reported in the log's last line, without a traceback."""
        taken = self.enterContext(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        for command in COMMANDS:
            for listen, why in (
                (f"tcp:{taken}:interface=127.0.0.1", "Address already in use"),
                ("unix:none/socket", "No such file or directory"),
                ("tcp:65536", "bind(): port must be 0-65535."),
            ):
                refused = self.refusedByFork if command == "twist" else partial(self.refused, command)
                with self.subTest(command=command, listen=listen):
                    lines = refused(CHAT, f"--listen={listen}")
                    self.assertIn(f"cannot listen on {listen}: {why}; choose another with --port or", lines[-1])
                    self.assertFalse([line for line in lines if "Traceback" in line or line.startswith(" ")])

    def test_daemon(self) -> None:
        """
        A daemon that cannot listen on its address reports so to its caller, with exit status 1, and leaves no pidfile;
        the log has the line with the advice.
        """
        taken = self.enterContext(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        ran = subprocess.run(
            [
                COMMANDS["twistd"][0],
                "--logfile=log",
                "athena-widget",
                CHAT,
                f"--listen=tcp:{taken}:interface=127.0.0.1",
            ],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": IMPORTED},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        self.assertEqual(ran.returncode, 1)
        self.assertIn("athena-widget: cannot listen on tcp:", ran.stderr)
        # The daemon's last output comes after that of the command.
        log = self.directory / "log"
        waitUntil(lambda: "cannot listen" in log.read_text(), log.read_text)
        self.assertIn("Address already in use; choose another with --port or --listen", log.read_text())
        self.assertNotIn("Traceback", log.read_text())
        waitUntil(lambda: not (self.directory / "twistd.pid").exists(), "the pidfile is left")

    def test_brokenModule(self) -> None:
        """If an element's own module fails to import, the module's traceback is printed, down to its line."""
        (self.directory / "broken.py").write_text("import here\n\nhere.nothing()\n")
        (self.directory / "lacking.py").write_text("\nimport no_such_module\n")
        for command in COMMANDS:
            for element, place, error in (
                ("broken.Thing", 'broken.py", line 3', "AttributeError: module 'here' has no attribute 'nothing'"),
                ("lacking.Thing", 'lacking.py", line 2', "ModuleNotFoundError: No module named 'no_such_module'"),
            ):
                with self.subTest(command=command, element=element):
                    lines = self.refused(command, f"--element={element}")
                    self.assertIn("Traceback (most recent call last):", lines)
                    self.assertTrue([line for line in lines if place in line], lines)
                    self.assertEqual(lines[-1], error)


class VersionTests(CommandTestCase):
    """``--version``"""

    def test_same(self) -> None:
        """Both commands print the same line, which begins with the version of athenalite."""
        lines = [
            subprocess.run([*command, "athena-widget", "--version"], capture_output=True, text=True, timeout=300).stdout
            for command in COMMANDS.values()
        ]
        self.assertEqual(lines, [f"{versions()}\n"] * len(COMMANDS))
        self.assertTrue(lines[0].startswith(f"athenalite {athenalite.__version__} (Twisted "))


class ServingTests(CommandTestCase):
    """The elements and addresses that the command serves."""

    def page(self, url: str) -> str:
        """Fetch a page."""
        with urlopen(url, timeout=60) as response:
            return str(response.read().decode("utf-8"))

    def assertAnswered(self, client: socket.socket, request: str, expected: bytes) -> None:
        """Send a request, and assert that the response contains this before the server stops sending."""
        client.settimeout(60)
        client.sendall(request.replace("\n", "\r\n").encode())
        received = b""
        while expected not in received and (chunk := client.recv(65536)):
            received += chunk
        self.assertIn(expected, received)

    def test_currentDirectory(self) -> None:
        """A class, a function or a bound method from the current directory is served, by either command."""
        for element, command in (("here.Hello", "twistd"), ("here.function", "twist"), ("here.method", "twist")):
            with self.subTest(element):
                server = self.serve(element, command=command)
                self.assertIn("hello there", self.page(server.url))
                server.stop()
                server.assertQuiet()

    def test_endpoints(self) -> None:
        """--listen may be repeated: each endpoint serves pages and sockets, and so does --port."""
        path = self.directory / "socket"
        server = self.serve("here.Hello", f"--listen=unix:{path}", "--listen=tcp:0:interface=127.0.0.1", "--port=0")
        upgrade = (
            "GET /_athena/transport HTTP/1.1\nHost: localhost\nOrigin: http://localhost\nUpgrade: websocket\n"
            "Connection: Upgrade\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n"
        )
        for address, family in ((("127.0.0.1", server.port), socket.AF_INET), (str(path), socket.AF_UNIX)):
            with self.subTest(address):
                for request, expected in (
                    ("GET / HTTP/1.1\nHost: localhost\nConnection: close\n\n", b"hello there"),
                    (upgrade, b"HTTP/1.1 101 Switching Protocols"),
                ):
                    with socket.socket(family) as client:
                        client.connect(address)
                        self.assertAnswered(client, request, expected)
        server.stop()
        self.assertEqual(server.log.count("athena-widget: open http://localhost:"), 2)
        self.assertIn(f"athena-widget: open unix:{path}", server.log)
        self.assertFalse(path.exists())
        server.assertQuiet()

    def test_inUse(self) -> None:
        """A port that a server uses cannot be used by another, and the first goes on."""
        server = self.serve("here.Hello")
        [*_, last] = self.refused("twist", "--element=here.Hello", f"--port={server.port}")
        self.assertIn("Address already in use", last)
        self.assertIn("hello there", self.page(server.url))
