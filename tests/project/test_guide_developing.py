# -*- test-case-name: tests.project.test_guide_developing -*-
"""The listings of docs/developing.rst."""

from pathlib import Path

import athenalite
from tests.listings import GuideTestCase
from tests.project.test_declarations import run
from tools.programs import findTypeScript

#: What the library is to the compiler.
MITT = """
/** @returns {{emit(name: string, value: unknown): void}} */
export default function mitt() {
    return { emit() {} };
}
"""


class DevelopingTests(GuideTestCase):
    """docs/developing.rst"""

    guide = "developing"

    def compiled(self):
        """Compile the listings, in an environment with athenalite. Return the compiler's output and exit status."""
        packages = self.directory / ".venv" / "lib" / "python3" / "site-packages"
        packages.mkdir(parents=True)
        (packages / "athenalite").symlink_to(Path(athenalite.__path__[0]))
        (self.directory / "ts" / "Planning").mkdir()
        (self.directory / "ts" / "Planning" / "mitt.mjs").write_text(MITT, "utf-8")
        return run(findTypeScript(), "tsc", "--project", str(self.directory))

    def test_compiled(self):
        """What the compiler makes is the widget's module, imports the library, and has maps with the source."""
        self.assertEqual(self.compiled(), ("", 0))
        found = sorted(str(path.relative_to(self.directory)) for path in self.directory.glob("js/**/*.*"))
        names = ["js/Planning.mjs", "js/Planning.mjs.map", "js/Planning/mitt.mjs", "js/Planning/mitt.mjs.map"]
        self.assertEqual(found, names)
        self.assertIn('from "./Planning/mitt.mjs"', (self.directory / names[0]).read_text("utf-8"))
        self.assertIn("sourcesContent", (self.directory / names[1]).read_text("utf-8"))

    def test_checked(self):
        """A call that the element does not expose is an error."""
        planning = self.directory / "ts" / "Planning.mts"
        planning.write_text(planning.read_text("utf-8").replace('"move", card', '"mvoe", card'), "utf-8")
        output, status = self.compiled()
        self.assertIn("mvoe", output)
        self.assertNotEqual(status, 0)
