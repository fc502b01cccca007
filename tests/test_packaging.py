# -*- test-case-name: tests.test_packaging -*-
"""The wheel has everything that it needs, and nothing else: it is built, installed where nothing is, and run."""

import atexit
import functools
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

from tests.server import Server

ROOT = Path(__file__).parent.parent
SHIPPED = ("athenalite", "chatthing", "twisted")


def run(*command, **keywords):
    """Run a command, and fail with what it printed if it fails."""
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, **keywords)
    if ran.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}:\n{ran.stdout}")


class Links(HTMLParser):
    """Collects what a page asks for with ``src`` and ``href``."""

    def __init__(self, page):
        super().__init__()
        self.urls = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        links = [value for name, value in attributes if name in ("src", "href") and tag in ("script", "link")]
        self.urls += [link for link in links if not link.startswith("data:")]


@functools.cache
def buildWheel() -> Path:
    """
    Build the wheel from the tree as it is, once in this process, and return its path.

    A function, for trial does not call setUpClass.
    """
    directory = tempfile.TemporaryDirectory()
    atexit.register(directory.cleanup)
    # Built from a copy: setuptools takes along what an earlier build has left in the tree.
    source = Path(directory.name) / "source"
    source.mkdir()
    for name in ("setup.cfg", "pyproject.toml", "README.rst", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    # What Twisted writes there whenever it looks for plugins.
    (source / "twisted" / "plugins" / "dropin.cache").write_bytes(b"")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", directory.name, source)
    [wheel] = Path(directory.name).glob("*.whl")
    return wheel


class WheelTests(TestCase):
    """What is in the wheel, and whether it is enough."""

    def test_contents(self):
        """Every file of the packages is in the wheel, and no other: no test, no tool, no cache of plugins."""
        with zipfile.ZipFile(buildWheel()) as archive:
            shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
        expected = {
            str(path.relative_to(ROOT))
            for package in SHIPPED
            for path in (ROOT / package).rglob("*")
            if path.is_file() and path.suffix != ".pyc" and path.name != "dropin.cache"
        }
        self.assertEqual(shipped, expected)
        for name in (
            "athenalite/py.typed",
            "athenalite/js/main.js",
            "athenalite/js/legacy/divmod.js",
            "chatthing/template.html",
            "chatthing/js/ChatThing.js",
            "twisted/plugins/athenalite_plugin.py",
        ):
            self.assertIn(name, shipped)

    def test_installed(self):
        """Where nothing else is installed, the tutorial's command serves the chat and all that its page needs."""
        environment = Path(self.enterContext(tempfile.TemporaryDirectory()))
        run(sys.executable, "-m", "venv", environment)
        run(environment / "bin" / "pip", "install", "-q", buildWheel())
        twistd = [str(environment / "bin" / "twistd"), "-n"]
        with Server("chatthing.chatterbox.chat", command=twistd, environment={"PYTHONPATH": None}) as server:
            with urlopen(server.url, timeout=10) as response:
                self.assertEqual(response.status, 200)
                page = response.read().decode()
            self.assertIn("ChatThing.ChatterWidget", page)
            links = Links(page).urls
            self.assertTrue(links)
            for link in links:
                with urlopen(urljoin(server.url, link), timeout=10) as response:
                    self.assertEqual(response.status, 200, link)
                    self.assertTrue(response.read(), link)
        server.assertQuiet()
