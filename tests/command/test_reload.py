# -*- test-case-name: tests.command.test_reload -*-
"""Restarting servers while an application is developed."""

import os
import signal
import sys
from pathlib import Path
from unittest import mock

from twisted.python.usage import UsageError
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command import reload
from athenalite._command.keptports import KeptPorts
from athenalite._command.reload import Broken, Files, Supervisor, directoriesOf
from athenalite.tap import Options


class ScriptedWatch:
    """
    A watch whose changes are scripted.

    :ivar steps: functions, each called in the place of waiting for a change; what it returns has changed.
    :ivar asked: the versions since which changes were asked for.
    """

    def __init__(self, *steps):
        self.steps = list(steps)
        self.number = 0
        self.asked = []

    def version(self):
        return self.number

    def changes(self, isOver, since):
        self.asked.append(since)
        changed = self.steps.pop(0)(isOver)
        self.number += bool(changed)
        return changed


class SupervisorTests(SynchronousTestCase):
    """``Supervisor``"""

    def setUp(self):
        self.said = []
        self.children = []
        self.addCleanup(self.killAll)

    def killAll(self):
        for child in self.children:
            try:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            except (ProcessLookupError, ChildProcessError):
                pass

    def fork(self, code="import time; time.sleep(60)"):
        """Start a process in the place of a server."""
        pid = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ)
        self.children.append(pid)
        return pid

    def stop(self, isOver):
        """The developer presses Ctrl-C."""
        signal.raise_signal(signal.SIGINT)
        self.assertTrue(isOver())
        return []

    def assertEnded(self, *children):
        """These processes have ended, and were waited for."""
        for child in children:
            self.assertRaises(ChildProcessError, os.waitpid, child, os.WNOHANG)

    def test_restarted(self):
        """Each change ends the server and begins another; a signal ends it all, and its handlers are put back."""
        before = signal.getsignal(signal.SIGINT)
        watch = ScriptedWatch(lambda isOver: ["a.py"], lambda isOver: [], lambda isOver: ["b.py", "c.py"], self.stop)
        supervisor = Supervisor(watch, self.said.append, self.fork)
        self.assertFalse(supervisor.run())
        self.assertEqual(len(self.children), 3)
        self.assertEnded(*self.children)
        self.assertEqual(self.said, ["changed: a.py; restarting", "changed: b.py, c.py; restarting"])
        self.assertEqual(watch.asked, [0, 1, 1, 2])
        self.assertIs(signal.getsignal(signal.SIGINT), before)

    def test_server(self):
        """In the server that is forked, the caller goes on, with the handlers of before."""
        before = signal.getsignal(signal.SIGTERM)
        self.assertTrue(Supervisor(ScriptedWatch(), self.said.append, lambda: 0).run())
        self.assertIs(signal.getsignal(signal.SIGTERM), before)

    def test_ended(self):
        """A server that ends by itself is reported once, and the next change begins another."""

        def ended(isOver):
            while not self.said:
                self.assertFalse(isOver())
            self.assertFalse(isOver())
            return ["a.py"]

        watch = ScriptedWatch(ended, self.stop)
        codes = iter(["raise SystemExit(3)", "import time; time.sleep(60)"])
        supervisor = Supervisor(watch, self.said.append, lambda: self.fork(next(codes)))
        self.assertFalse(supervisor.run())
        said = ["the server has ended with status 3; waiting for a change", "changed: a.py; restarting"]
        self.assertEqual(self.said, said)
        self.assertEnded(*self.children)

    def test_meanwhile(self):
        """A file that is changed while the server is being started counts."""
        watch = ScriptedWatch(self.stop)

        def fork():
            watch.number += len(self.children) == 0
            return self.fork()

        Supervisor(watch, self.said.append, fork).run()
        self.assertEqual(self.said, ["changed: a file; restarting"])

    def test_stubborn(self):
        """A server that does not stop is killed."""
        self.patch(reload, "_STOPPING", 0.3)
        ready, write = os.pipe()
        os.set_inheritable(write, True)
        code = (
            "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
            f"os.write({write}, b'!'); time.sleep(60)"
        )

        def started(isOver):
            os.read(ready, 1)
            return self.stop(isOver)

        Supervisor(ScriptedWatch(started), self.said.append, lambda: self.fork(code)).run()
        self.assertEnded(*self.children)
        os.close(ready)
        os.close(write)


class FilesTests(SynchronousTestCase):
    """``Files``"""

    def setUp(self):
        self.directory = Path(self.mktemp()).absolute()
        (self.directory / "inner").mkdir(parents=True)
        (self.directory / "inner" / "a.py").write_text("1")
        self.files = Files([self.directory])

    def test_version(self):
        """A version differs after Python was added, changed or removed, and not after anything else."""
        before = self.files.version()
        for name in (".venv/b.py", "__pycache__/b.py", "inner/page.html", "inner/page.mjs", "my/pyvenv.cfg", "my/b.py"):
            (self.directory / name).parent.mkdir(exist_ok=True)
            (self.directory / name).touch()
        self.assertEqual(self.files.version(), before)
        (self.directory / "inner" / "b.py").touch()
        self.assertNotEqual(self.files.version(), before)
        (self.directory / "inner" / "b.py").unlink()
        self.assertEqual(self.files.version(), before)
        (self.directory / "inner" / "a.py").write_text("22")
        self.assertNotEqual(self.files.version(), before)

    def test_changes(self):
        """A change is found with its path; nothing when it is over."""
        asked = []

        def isOver():
            asked.append(None)
            if len(asked) == 2:
                (self.directory / "inner" / "c.py").write_text("3")
            return False

        since = self.files.version()
        self.assertEqual(self.files.changes(isOver, since), [str(self.directory / "inner" / "c.py")])
        self.assertEqual(list(self.files.changes(lambda: True, self.files.version())), [])

    def test_beforeTheWatch(self):
        """So is one that is made before the watch has begun, without its path."""
        asked = []

        def isOver():
            asked.append(None)
            return len(asked) == 4

        since = self.files.version()
        (self.directory / "inner" / "d.py").write_text("4")
        self.assertIn(list(self.files.changes(isOver, since)), ([], [str(self.directory / "inner" / "d.py")]))
        self.assertLess(len(asked), 2)

    def test_directories(self):
        """The current directory is watched, and that of a package elsewhere, but nothing that is installed."""
        here = Path.cwd()
        self.assertEqual(directoriesOf("no_such_package.element"), [here])
        self.assertEqual(directoriesOf("twisted.internet.defer"), [here])
        elsewhere = self.directory / "elsewhere"
        (elsewhere / "reloaded").mkdir(parents=True)
        (elsewhere / "reloaded" / "__init__.py").touch()
        (elsewhere / "single.py").touch()
        self.addCleanup(os.chdir, here)
        os.chdir(self.directory / "inner")
        self.patch(sys, "path", [*sys.path, str(elsewhere)])
        inner = Path.cwd()
        self.assertEqual(directoriesOf("reloaded.element"), [inner, elsewhere / "reloaded"])
        self.assertEqual(directoriesOf("single.element"), [inner, elsewhere])
        self.assertEqual(directoriesOf("a.element"), [inner])


class BrokenTests(SynchronousTestCase):
    """``Broken``"""

    def test_raises(self):
        """It raises the same each time, and its traceback does not grow."""
        try:
            raise ZeroDivisionError("here")
        except ZeroDivisionError as error:
            broken = Broken(error)
        lengths = set()
        for _ in range(3):
            raised = self.assertRaises(ZeroDivisionError, broken)
            length, traceback = 0, raised.__traceback__
            while traceback is not None:
                length, traceback = length + 1, traceback.tb_next
            lengths.add(length)
        self.assertEqual(len(lengths), 1)


class OptionsTests(SynchronousTestCase):
    """``--reload``"""

    def setUp(self):
        self.patch(sys, "path", list(sys.path))

    def parse(self, *arguments, inServer=True):
        """The options in a server that was forked."""
        options = Options()
        with (
            mock.patch.object(Supervisor, "run", return_value=inServer),
            mock.patch.object(KeptPorts, "open") as opened,
        ):
            options.parseOptions(["--reload", *arguments])
        opened.assert_called_once_with(["tcp:8080"])
        return options

    def test_server(self):
        """A server has debug mode, and stops soon."""
        options = self.parse("--element=tests.pages.Plain")
        self.assertTrue(options["debug"])
        self.assertEqual(options["limits"].shutdownTimeout, 0.2)

    def test_stopped(self):
        """A supervisor that was told to stop ends well."""
        error = self.assertRaises(SystemExit, self.parse, "--element=tests.pages.Plain", inServer=False)
        self.assertEqual(error.code, 0)

    def test_broken(self):
        """An element that cannot be imported raises so for each page, whatever the reason."""
        with mock.patch("traceback.print_exc") as printed:
            for name in ("no_such_module.element", "tests.pages.nothing"):
                element = self.parse(f"--element={name}")["element"]
                self.assertIn(name, str(self.assertRaises(UsageError, element)))
        self.assertEqual(printed.call_count, 2)

    def refused(self):
        """Return the line that refuses the option."""
        return self.assertRaises(SystemExit, self.parse, "--element=tests.pages.Plain").code

    def test_noWatchfiles(self):
        """Without watchfiles, one line says what to install."""
        with mock.patch.dict(sys.modules, {"watchfiles": None}):
            text = 'athena-widget: --reload needs watchfiles: pip install "athenalite[reload]"'
            self.assertEqual(self.refused(), text)

    def test_noFork(self):
        """Where processes cannot be forked, neither can servers."""
        with mock.patch.object(os, "fork"):
            del os.fork
            self.assertIn("--reload needs a system that can fork", self.refused())

    def test_workers(self):
        """Several workers are not developed."""
        error = self.assertRaises(SystemExit, self.parse, "--element=tests.pages.Plain", "--workers=2")
        self.assertIn("--reload is of one worker", error.code)

    def test_daemon(self):
        """A daemon is not developed."""
        options = Options()
        options.parent = {"nodaemon": 0}
        error = self.assertRaises(SystemExit, options.parseOptions, ["--reload", "--element=tests.pages.Plain"])
        self.assertIn("use twist, or twistd -n", error.code)
