# -*- test-case-name: tests.project.test_packaging -*-
"""The wheel is complete and has nothing else: it is built, installed into an empty environment, and run."""

import atexit
import configparser
import functools
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from unittest import TestCase
from urllib.parse import urljoin
from urllib.request import urlopen

from harness.server import Server

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ("athenalite", "chatthing", "twisted")


def run(*command, **keywords):
    """Run a command; if it fails, fail with its output."""
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, **keywords)
    if ran.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}:\n{ran.stdout}")


class Links(HTMLParser):
    """Collects the addresses in a page's ``src`` and ``href``."""

    def __init__(self, page):
        super().__init__()
        self.urls = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        links = [value for name, value in attributes if name in ("src", "href") and tag in ("script", "link")]
        self.urls += [link for link in links if not link.startswith("data:")]


def copySource(directory):
    """
    Copy the sources of a distribution, because setuptools includes what an earlier build has left in the tree.

    :return: the path of the copy.
    """
    source = Path(directory) / "source"
    source.mkdir()
    for name in ("setup.cfg", "pyproject.toml", "README.rst", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    # Twisted writes it whenever it looks for plugins.
    (source / "twisted" / "plugins" / "dropin.cache").write_bytes(b"")
    return source


@functools.cache
def buildWheel() -> Path:
    """
    Build the wheel from the tree as it is, once in this process, and return its path.

    A function, because trial does not call setUpClass.
    """
    directory = tempfile.TemporaryDirectory()
    atexit.register(directory.cleanup)
    source = copySource(directory.name)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", directory.name, source)
    [wheel] = Path(directory.name).glob("*.whl")
    return wheel


def sourceFiles():
    """Return the files of the packages, relative to the root of the tree, without the caches of Python and Twisted."""
    return {
        path.relative_to(ROOT)
        for package in SHIPPED
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path.name != "dropin.cache"
    }


class MetadataTests(TestCase):
    """``setup.cfg`` names the packages and the data files that exist."""

    def setUp(self):
        self.metadata = configparser.ConfigParser()
        self.metadata.read(ROOT / "setup.cfg", "utf-8")
        self.patterns = {
            (package, pattern)
            for package, patterns in self.metadata["options.package_data"].items()
            for pattern in patterns.split()
        }

    def matched(self, package, pattern):
        """Return the files that a pattern of ``package_data`` selects, relative to the root of the tree."""
        return {path.relative_to(ROOT) for path in ROOT.joinpath(*package.split(".")).glob(pattern)}

    def test_packages(self):
        """Each directory with Python files is listed as a package, and no other."""
        lines = self.metadata["options"]["packages"].split()
        self.assertEqual(set(lines), {".".join(path.parent.parts) for path in sourceFiles() if path.suffix == ".py"})

    def test_everyPatternMatches(self):
        """Each pattern of ``package_data`` selects at least one file."""
        self.assertEqual([one for one in sorted(self.patterns) if not self.matched(*one)], [])

    def test_everyFileMatched(self):
        """Each file that is not Python is selected by a pattern."""
        matched = set().union(*(self.matched(*one) for one in self.patterns))
        self.assertEqual({path for path in sourceFiles() if path.suffix != ".py"}, matched)


class SecurityPolicyTests(TestCase):
    """``SECURITY.md`` and ``setup.cfg`` name the same ways to reach the maintainers."""

    def test_address(self):
        """The policy names each address of the metadata, and no other; without any, the host's private reports."""
        metadata = configparser.ConfigParser()
        metadata.read(ROOT / "setup.cfg", "utf-8")
        known = metadata["metadata"]
        addresses = {known[key] for key in ("author_email", "maintainer_email") if key in known}
        policy = (ROOT / "SECURITY.md").read_text("utf-8")
        self.assertEqual(set(re.findall(r"[\w.+-]+@[\w.-]+\w", policy)), addresses)
        if not addresses:
            self.assertIn("**Report a vulnerability**", policy)


class TreeTests(TestCase):
    """The tree itself."""

    def tracked(self, *options):
        """Return the paths that ``git ls-files`` lists; the test is skipped outside a checkout that git can read."""
        git = shutil.which("git")
        if git is None or not (ROOT / ".git").exists():
            self.skipTest("this is no checkout, or there is no git")
        ran = subprocess.run((git, "ls-files", "-z", *options), cwd=ROOT, capture_output=True, text=True)
        if ran.returncode != 0:
            self.skipTest(ran.stderr)
        return [ROOT / name for name in ran.stdout.split("\0") if name]

    def test_noDanglingLink(self):
        """Git tracks no dangling symbolic link."""
        self.assertEqual([path for path in self.tracked() if path.is_symlink() and not path.exists()], [])

    def test_nothingIgnored(self):
        """Git tracks no file that ``.gitignore`` names."""
        self.assertEqual(self.tracked("--ignored", "--exclude-standard", "--cached"), [])


class WheelTests(TestCase):
    """The wheel's files, and whether they suffice."""

    def test_contents(self):
        """Every file of the packages is in the wheel, and no other: no test, no tool, no cache of plugins."""
        with zipfile.ZipFile(buildWheel()) as archive:
            shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
        self.assertEqual(shipped, {str(path) for path in sourceFiles()})
        for name in (
            "athenalite/py.typed",
            "athenalite/js/main.js",
            "athenalite/js/legacy/divmod.js",
            "chatthing/template.html",
            "chatthing/js/ChatThing/Room.mjs",
            "twisted/plugins/athenalite_plugin.py",
        ):
            self.assertIn(name, shipped)

    def test_editable(self):
        """``pip install -e .`` puts the tree on ``sys.path``, where Twisted finds the plugin and mypy the package."""
        directory = self.enterContext(tempfile.TemporaryDirectory())
        source = copySource(directory)
        # pip calls this function.
        build = "import sys; from setuptools.build_meta import build_editable; build_editable(sys.argv[1])"
        run(sys.executable, "-c", build, directory, cwd=source)
        [wheel] = Path(directory).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            [path] = [name for name in archive.namelist() if name.endswith(".pth")]
            self.assertEqual(archive.read(path).decode().split(), [str(source)])

    def test_installed(self):
        """With the wheel alone, the tutorial's command serves the chat and all files of its page."""
        environment = Path(self.enterContext(tempfile.TemporaryDirectory()))
        run(sys.executable, "-m", "venv", environment)
        run(environment / "bin" / "pip", "install", "-q", buildWheel())
        twistd = [str(environment / "bin" / "twistd"), "-n"]
        self.serves(twistd, "chatthing.chatterbox.chat", "ChatThing.ChatterWidget")
        # Without the clone, and with nothing installed but the wheel, a new project is made and served.
        run(environment / "bin" / "python", "-m", "athenalite.new", "tea_party", cwd=environment)
        self.serves(twistd, "tea_party.board.makeElement", "TeaParty.Board", cwd=environment / "tea_party")

    def serves(self, twistd, element, widget, **keywords):
        """The command serves this element's page, with this widget, and all files of the page."""
        with Server(element, command=twistd, environment={"PYTHONPATH": None}, **keywords) as server:
            with urlopen(server.url, timeout=60) as response:
                self.assertEqual(response.status, 200)
                page = response.read().decode()
            self.assertIn(widget, page)
            links = Links(page).urls
            self.assertTrue(links)
            for link in links:
                with urlopen(urljoin(server.url, link), timeout=60) as response:
                    self.assertEqual(response.status, 200, link)
                    self.assertTrue(response.read(), link)
        server.assertQuiet()
