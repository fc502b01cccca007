# -*- test-case-name: tests.project.test_programs -*-
"""``tools.programs`` finds the programs that the tests need, or gives advice."""

import contextlib
import io
import sys
import tempfile
from pathlib import Path
from unittest import TestCase, mock

from tools import programs


class FindTests(TestCase):
    """The choice among programs."""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def program(self, name, version):
        """Return the path of a new program that prints a version."""
        path = self.directory / name
        path.write_text(f"#!/bin/sh\necho '{version}'\n")
        path.chmod(0o755)
        return str(path)

    def environment(self, **variables):
        """Look for programs with these variables only."""
        self.enterContext(mock.patch.dict("os.environ", variables, clear=True))

    def test_environmentDecides(self):
        """The program that NODE names is used, whatever is on PATH."""
        node = self.program("my-node", "v99.0.0")
        self.program("node", "v98.0.0")
        self.environment(NODE=node, PATH=str(self.directory))
        self.assertEqual(programs.findNode(), node)

    def test_environmentDecidesAlone(self):
        """If CHROMIUM does not run, no other program is used instead."""
        self.program("chromium", "Chromium 1")
        self.environment(CHROMIUM=str(self.directory / "none"), PATH=str(self.directory))
        self.assertIsNone(programs.findChromium())

    def test_oldNode(self):
        """A node too old to run tests is skipped for a newer one."""
        self.program("node", "v18.20.0")
        newer = self.program("nodejs", "v20.0.0")
        self.environment(PATH=str(self.directory))
        self.assertEqual(programs.findNode(), newer)

    def test_brokenChromium(self):
        """A program called chromium that does not run is skipped."""
        (self.directory / "chromium").write_text("#!/bin/sh\nexit 1\n")
        (self.directory / "chromium").chmod(0o755)
        chrome = self.program("google-chrome", "Google Chrome 150")
        self.environment(PATH=str(self.directory))
        self.assertEqual(programs.findChromium(), chrome)

    def test_oldTypeScript(self):
        """A TypeScript too old for the declarations is skipped, and so is one that prints no version."""
        for version, found in (
            ("Version 4.7.4", False),
            ("Version 4.8.4", True),
            ("Version 5.0.2", True),
            ("tsc", False),
        ):
            path = self.program("tsc", version)
            self.environment(TSC=path)
            self.assertEqual(programs.findTypeScript(), path if found else None, version)

    def test_firefox(self):
        """Debian's Firefox is accepted, and so is any other; FIREFOX overrides the search."""
        firefox = self.program("firefox", "Mozilla Firefox 150.0")
        self.environment(PATH=str(self.directory))
        self.assertEqual(programs.findFirefox(), firefox)
        self.environment(PATH=str(self.directory), FIREFOX=str(self.directory / "none"))
        self.assertIsNone(programs.findFirefox())


class InstallTests(TestCase):
    """Attempts to install a program."""

    def commands(self, name, root, *there):
        """Return the commands that are run to install this program, with these programs on PATH."""
        with (
            mock.patch.object(programs, "_run") as run,
            mock.patch("os.geteuid", return_value=0 if root else 1000),
            mock.patch("shutil.which", side_effect=lambda name: name if name in there else None),
            mock.patch.dict("os.environ"),
        ):
            programs.install(name)
        return [call.args for call in run.call_args_list]

    def test_debian(self):
        """Root installs it with Debian's packages."""
        for name, package in (
            ("firefox", "firefox-esr"),
            ("tsc", "node-typescript"),
            ("nginx", "nginx-light"),
            ("haproxy", "haproxy"),
            ("promtool", "prometheus"),
        ):
            *_, command = self.commands(name, True, "apt-get", "npm")
            self.assertEqual((command[:2], command[-1]), (("apt-get", "install"), package))

    def test_npm(self):
        """Other users install TypeScript with npm, into the environment."""
        [command] = self.commands("tsc", False, "apt-get", "npm")
        self.assertEqual(command[:2], ("npm", "install"))
        self.assertIn(sys.prefix, command)

    def test_nothing(self):
        """If no installer is available, none is run."""
        for name in ("tsc", "firefox", "nginx", "node"):
            self.assertEqual(self.commands(name, False), [])


class RequiredTests(TestCase):
    """Programs of tests."""

    def test_required(self):
        """A program that is missing is an error, with advice: no test is skipped for it."""
        found = mock.Mock(side_effect=["/bin/promtool", None])
        with mock.patch.dict(programs.FIND, promtool=found):
            self.assertEqual(programs.required("promtool"), "/bin/promtool")
            with self.assertRaisesRegex(FileNotFoundError, "apt-get install prometheus"):
                programs.required("promtool")

    def test_names(self):
        """Each program has advice and a package."""
        self.assertEqual([set(programs.ADVICE), set(programs.DEBIAN_PACKAGES)], [set(programs.FIND)] * 2)


class EnsureTests(TestCase):
    """The output of the command."""

    def ensure(self, found):
        """Return the result and the output of ``ensure("node")`` if successive searches give these."""
        out = io.StringIO()
        with (
            mock.patch.dict(programs.FIND, node=mock.Mock(side_effect=found)),
            mock.patch.object(programs, "install") as self.install,
            mock.patch.object(programs, "versionOf", return_value="v20.0.0"),
            contextlib.redirect_stdout(out),
        ):
            return programs.ensure("node"), out.getvalue()

    def test_there(self):
        """A program that exists is not installed again."""
        self.assertEqual(self.ensure(["/bin/node"]), (True, "node: /bin/node (v20.0.0)\n"))
        self.install.assert_not_called()

    def test_installed(self):
        """A missing program is installed, and then found."""
        self.assertEqual(self.ensure([None, "/bin/node"]), (True, "node: /bin/node (v20.0.0)\n"))
        self.install.assert_called_once_with("node")

    def test_missing(self):
        """For a program that cannot be installed, one line of advice is printed."""
        there, said = self.ensure([None, None])
        self.assertFalse(there)
        self.assertEqual(said, programs.ADVICE["node"] + "\n")
