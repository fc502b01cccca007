# -*- test-case-name: tests.project.test_programs -*-
"""
Find the programs that the tests need beside Python: node, browsers, proxies, Redis, the TypeScript compiler, and what
checks the configurations of Prometheus and systemd.

``python -m tools.programs`` with the names of :data:`FIND` checks for them, installs missing ones if it may, and prints
their paths; or it prints one line of advice per program, and exits with status 1.
Chromium is found as users' own tests find it, and the browser tests find their browsers by the same functions.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from athenalite.livetrial._chromium import ADVICE as CHROMIUM_ADVICE
from athenalite.livetrial._chromium import findChromium as findChromium

OLDEST_NODE = 20
"""The first node with a WebSocket, behind an option at first."""

OLDEST_TYPESCRIPT = (4, 8)
TYPESCRIPT = "typescript@5.9.3"
"""The packages that npm installs where Debian's cannot be used."""

DEBIAN_PACKAGES = {
    # The program with its modules, and no server that starts by itself.
    "apache": ["apache2-bin"],
    "caddy": ["caddy"],
    # Debian's Chromium has no font, and a page without one shows no text.
    "chromium": ["chromium", "chromium-headless-shell", "fonts-dejavu-core"],
    "firefox": ["firefox-esr"],
    "node": ["nodejs"],
    "haproxy": ["haproxy"],
    "nginx": ["nginx-light"],
    "promtool": ["prometheus"],
    "redis": ["redis-server"],
    "systemd": ["systemd"],
    "tsc": ["node-typescript"],
}

ADVICE = {
    "apache": "Apache httpd is missing: install it (Debian: apt-get install apache2-bin), or set APACHE.",
    "caddy": "Caddy 2 is missing: install it (Debian: apt-get install caddy), or set CADDY.",
    "chromium": CHROMIUM_ADVICE,
    "firefox": "Firefox is missing: install it (Debian: apt-get install firefox-esr), or set FIREFOX.",
    "haproxy": "HAProxy is missing: install it (Debian: apt-get install haproxy), or set HAPROXY.",
    "nginx": "nginx is missing: install it (Debian: apt-get install nginx-light), or set NGINX.",
    "promtool": "promtool is missing: install it (Debian: apt-get install prometheus), or set PROMTOOL.",
    "redis": "Redis or Valkey is missing: install it (Debian: apt-get install redis-server), or set REDIS.",
    "node": f"node {OLDEST_NODE} or newer is missing: install it (Debian: apt-get install nodejs), or set NODE.",
    "systemd": "systemd-analyze is missing: install it (Debian: apt-get install systemd), or set SYSTEMD_ANALYZE.",
    "tsc": "TypeScript 4.8 or newer is missing: install it (Debian: apt-get install node-typescript), or set TSC.",
}


def versionOf(path: str) -> str | None:
    """Return the first line that the program prints about its version, or None for one that does not run."""
    options = {"nginx": "-v", "haproxy": "-v", "apache2": "-v", "httpd": "-v", "caddy": "version"}
    option = options.get(Path(path).name, "--version")
    try:
        ran = subprocess.run([path, option], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return (ran.stdout or ran.stderr).strip().partition("\n")[0]


def _onPath(*names: str) -> Iterator[str]:
    # Servers are in directories that only root's PATH has.
    directories = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
    for name in names:
        path = shutil.which(name, path=directories)
        if path is not None:
            yield path


def _playwrightDirectory() -> Path | None:
    try:
        import playwright
    except ImportError:
        return None
    return Path(playwright.__file__).parent


def _nodes() -> Iterator[str]:
    if "NODE" in os.environ:
        yield os.environ["NODE"]
        return
    yield from _onPath("node", "nodejs")
    directory = _playwrightDirectory()
    if directory is not None:
        yield str(directory / "driver" / "node")


def _firefoxes() -> Iterator[str]:
    if "FIREFOX" in os.environ:
        yield os.environ["FIREFOX"]
        return
    yield from _onPath("firefox-esr", "firefox")


def _compilers() -> Iterator[str]:
    if "TSC" in os.environ:
        yield os.environ["TSC"]
        return
    yield from _onPath("tsc")
    # install() has npm put it there: in the environment, which git ignores.
    yield str(Path(sys.prefix, "node_modules", ".bin", "tsc"))


def findNode() -> str | None:
    """Return the path of a node new enough to run tests, or None. ``NODE`` in the environment overrides the search."""
    for path in _nodes():
        version = re.match(r"v(\d+)\.", versionOf(path) or "")
        if version is not None and int(version[1]) >= OLDEST_NODE:
            return path
    return None


def findFirefox() -> str | None:
    """Return the path of a Firefox, or None. ``FIREFOX`` in the environment overrides the search."""
    return next((path for path in _firefoxes() if versionOf(path)), None)


def findTypeScript() -> str | None:
    """Return the path of a tsc new enough, or None. ``TSC`` in the environment overrides the search."""
    for path in _compilers():
        version = re.match(r"Version (\d+)\.(\d+)\.", versionOf(path) or "")
        if version is not None and (int(version[1]), int(version[2])) >= OLDEST_TYPESCRIPT:
            return path
    return None


def _server(variable: str, *names: str) -> str | None:
    candidates = [os.environ[variable]] if variable in os.environ else _onPath(*names)
    return next((path for path in candidates if versionOf(path)), None)


def findApache() -> str | None:
    """Return the path of an Apache httpd, or None. ``APACHE`` in the environment overrides the search."""
    return _server("APACHE", "apache2", "httpd")


def findCaddy() -> str | None:
    """Return the path of a Caddy, or None. ``CADDY`` in the environment overrides the search."""
    return _server("CADDY", "caddy")


def findHaproxy() -> str | None:
    """Return the path of an HAProxy, or None. ``HAPROXY`` in the environment overrides the search."""
    return _server("HAPROXY", "haproxy")


def findNginx() -> str | None:
    """Return the path of an nginx, or None. ``NGINX`` in the environment overrides the search."""
    return _server("NGINX", "nginx")


def findRedis() -> str | None:
    """Return the path of a Redis or Valkey server, or None. ``REDIS`` in the environment overrides the search."""
    return _server("REDIS", "redis-server", "valkey-server")


def findPromtool() -> str | None:
    """Return the path of Prometheus' promtool, or None. ``PROMTOOL`` in the environment overrides the search."""
    return _server("PROMTOOL", "promtool")


def findSystemd() -> str | None:
    """Return the path of systemd-analyze, or None. ``SYSTEMD_ANALYZE`` in the environment overrides the search."""
    return _server("SYSTEMD_ANALYZE", "systemd-analyze")


FIND: dict[str, Callable[[], str | None]] = {
    "apache": findApache,
    "caddy": findCaddy,
    "chromium": findChromium,
    "firefox": findFirefox,
    "haproxy": findHaproxy,
    "nginx": findNginx,
    "node": findNode,
    "promtool": findPromtool,
    "redis": findRedis,
    "systemd": findSystemd,
    "tsc": findTypeScript,
}


def _run(*command: str) -> None:
    print("+", *command, flush=True)
    subprocess.run(command, check=False)


def install(name: str) -> None:
    """
    Try to install a program: with Debian's packages where permitted, else Chromium with playwright, and
    TypeScript with npm.

    The caller searches again afterwards; a failed installation is not an error here.
    """
    if os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        _run("apt-get", "update", "-q")
        _run("apt-get", "install", "-q", "-y", "--no-install-recommends", *DEBIAN_PACKAGES[name])
    elif name == "chromium":
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    elif name == "tsc" and shutil.which("npm"):
        _run("npm", "install", "--no-package-lock", "--no-save", "--prefix", sys.prefix, TYPESCRIPT)


def required(name: str) -> str:
    """
    Return the path of a program that a test needs.

    :raises FileNotFoundError: with advice, if there is none: the test fails.
    """
    path = FIND[name]()
    if path is None:
        raise FileNotFoundError(ADVICE[name])
    return path


def ensure(name: str) -> bool:
    """Find the program, installing it if need be; print its path, or else advice, on standard output."""
    path = FIND[name]()
    if path is None:
        install(name)
        path = FIND[name]()
    print(f"{name}: {path} ({versionOf(path)})" if path else ADVICE[name], flush=True)
    return path is not None


if __name__ == "__main__":
    # All of them, so that all missing programs are reported at once.
    found = [ensure(name) for name in sys.argv[1:]]
    sys.exit(0 if all(found) else 1)
