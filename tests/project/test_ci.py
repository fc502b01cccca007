# -*- test-case-name: tests.project.test_ci -*-
"""``.ci/run`` runs every stage and names those that failed; the programs that it calls are replaced by empty ones."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from unittest import TestCase

from tools.unittests import ROOT

PROGRAMS = (
    *("apache2", "caddy", "chromium", "chromium-headless-shell", "firefox-esr"),
    *("haproxy", "node", "nginx", "promtool", "redis-server", "systemd-analyze", "tsc"),
)

MAKE = """#!/bin/sh
echo "$2" >>"$STAGES"
echo "1 passed in 0.10s"
case " $WRONG " in *" $2 "*) exit 2 ;; esac
"""


class RunTests(TestCase):
    """The script, in a directory of its own."""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.directory / ".ci").mkdir()
        shutil.copy(ROOT / ".ci" / "run", self.directory / ".ci")
        for name in (*PROGRAMS, "python3"):
            self.program(name, "#!/bin/sh\n")
        self.program("make", MAKE)

    def program(self, name, text):
        """Put a program first on PATH."""
        path = self.directory / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def ci(self, wrong="", path="/usr/bin:/bin"):
        """Run the script so that these stages fail, and return the completed process."""
        environment = {
            "PATH": f"{self.directory / 'bin'}:{path}",
            "STAGES": str(self.directory / "stages"),
            "WRONG": wrong,
            "HOME": os.environ.get("HOME", "/"),
        }
        return subprocess.run(
            [self.directory / ".ci" / "run"], env=environment, capture_output=True, text=True, timeout=300
        )

    def stages(self):
        """Return the targets that were made, in order."""
        return (self.directory / "stages").read_text().split()

    def test_passed(self):
        """Every stage is run, and pytest's summary is the last line on standard output."""
        ran = self.ci()
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(self.stages(), ["trial", "load", "interpreters", "test"])
        self.assertEqual(ran.stdout.splitlines()[-1], "1 passed in 0.10s")

    def test_failed(self):
        """A stage that fails does not keep the others from running, and is named; the exit status is 1."""
        for wrong in ("trial", "load", "interpreters", "test"):
            with self.subTest(wrong):
                ran = self.ci(wrong)
                self.assertEqual(ran.returncode, 1)
                self.assertEqual(self.stages()[-4:], ["trial", "load", "interpreters", "test"])
                self.assertEqual(ran.stderr.splitlines()[-1], f"failed: {wrong}")
                self.assertIn(f"=== make {wrong}: FAILED after", ran.stderr)
                self.assertEqual(ran.stdout.splitlines()[-1], "1 passed in 0.10s")

    def test_installs(self):
        """Missing programs are installed by their Debian packages, and nothing else."""
        self.program("apt-get", '#!/bin/sh\necho "$@" >>"$STAGES"\n')
        for name in ("sh", "dirname", "date"):
            found = shutil.which(name)
            (self.directory / "bin" / name).symlink_to(found)
        (self.directory / "bin" / "nginx").unlink()
        ran = self.ci(path=str(self.directory / "bin"))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        [update, install] = (self.directory / "stages").read_text().splitlines()[:2]
        self.assertTrue(update.startswith("update"))
        self.assertEqual([word for word in install.split() if "-" in word and "--" not in word][-1], "nginx-light")
        self.assertNotIn("chromium", install)
