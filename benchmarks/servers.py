# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Start the servers that are measured, each in its own process, on a core of its own where the machine has two.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from harness.dialects import Athena, Dialect, Fetching, SocketIO
from harness.server import ROOT
from harness.subjects import Subject, athenalite, measured, running, serverCore
from tools.programs import findNode, versionOf

PEERS: Final = ROOT / "benchmarks" / "peers"


class Peer(NamedTuple):
    """
    A server that athenalite is compared with.

    :ivar command: serves it and prints its port; run in the root of the tree.
    :ivar versions: the Python packages that it consists of.
    :ivar make: called first, to install what is missing.
    """

    command: Callable[[], Sequence[str]]
    versions: Sequence[str] = ()
    dialect: Dialect = Dialect()
    make: Callable[[], None] = lambda: None


def _python(module: str) -> Callable[[], Sequence[str]]:
    return lambda: running(module)


def _node() -> Sequence[str]:
    node = findNode()
    assert node is not None
    return (node, "benchmarks/peers/with_ws.mjs")


def installNode() -> None:
    """Install the packages for node and browsers, unless they are there."""
    if not all((PEERS / "node_modules" / name).exists() for name in ("ws", "socket.io-client")):
        npm = (shutil.which("npm") or "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent")
        if npm[0] == "npm" or subprocess.run(npm, cwd=PEERS, stdout=sys.stderr, check=False).returncode:
            raise SystemExit(
                f"node's packages are missing: run 'npm install' in {PEERS}, or leave it out with --servers"
            )


#: The base of all comparisons.
RAW: Final = "raw Autobahn"
OURS: Final = "athenalite"
_AUTOBAHN: Final = Peer(_python("benchmarks.raw"), ("autobahn", "Twisted"))
THEIRS: Final[Mapping[str, Peer]] = {
    "websockets": Peer(_python("benchmarks.peers.with_websockets"), ("websockets",)),
    "aiohttp": Peer(_python("benchmarks.peers.with_aiohttp"), ("aiohttp",), Fetching()),
    "Socket.IO": Peer(_python("benchmarks.peers.with_socketio"), ("python-socketio",), SocketIO()),
    "ws": Peer(_node, (), make=installNode),
}


def present(names: Sequence[str]) -> list[str]:
    """
    Prepare the servers to compare with.

    :return: the names, without ``ws`` if there is no node, which is reported on standard error.
    :raise SystemExit: with advice, if another package is missing.
    """
    found = []
    for name in names:
        if name == "ws" and findNode() is None:
            print("without ws: there is no node 20 or newer", file=sys.stderr)
            continue
        try:
            for package in THEIRS[name].versions:
                importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError as error:
            raise SystemExit(f"{error.name} is missing: pip install -e '.[bench]', or leave it out") from None
        THEIRS[name].make()
        found.append(name)
    return found


@contextmanager
def peer(name: str, core: int, *arguments: str, dialect: Dialect | None = None) -> Iterator[Subject]:
    """
    Run raw Autobahn or another server.

    :param name: ``RAW``, or one of ``THEIRS`` that is :func:`present`.
    :param arguments: for its command.
    """
    one = _AUTOBAHN if name == RAW else THEIRS[name]
    process = subprocess.Popen([*one.command(), *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def started() -> int:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise ChildProcessError(f"{name} did not start: {' '.join(one.command())}")
        return int(line)

    with measured(process, core, started, dialect or one.dialect) as subject:
        yield subject


@contextmanager
def together(
    element: str,
    *options: str,
    peers: Sequence[str] = (RAW,),
    dialect: Dialect | None = None,
    tls: Path | None = None,
    pages: int = 0,
    **given: Any,
) -> Iterator[dict[str, Subject]]:
    """
    Run athenalite and others on one core.

    :param options: of athenalite, as ``given``; see :func:`athenalite`.
    :param peers: the others.
    :param dialect: that of the pages of athenalite.
    :param tls: the path of a key and a certificate, to serve over TLS with them.
    :param pages: how many pages are opened on each.
    """
    core, plain, ours, arguments = serverCore(), Dialect(), dialect or Athena(), list[str]()
    if tls is not None:
        plain.tls = ours.tls = context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        options, arguments = (*options, f"--listen=ssl:0:privateKey={tls}:interface=127.0.0.1"), [str(tls)]
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(peer(name, core, *arguments, dialect=plain if name == RAW else None))
            for name in peers
        }
        found[OURS] = stack.enter_context(athenalite(core, element, *options, dialect=ours, **given))
        fleets = [one.fleet for one in found.values()]
        for fleet in fleets:
            fleet.company = fleets
            fleet.grow(pages)
        yield found


def versions(names: Sequence[str]) -> str:
    """Describe the packages compared, with their versions."""
    packages = [*_AUTOBAHN.versions, *(package for name in names for package in THEIRS[name].versions)]
    found = [f"{package} {importlib.metadata.version(package)}" for package in packages]
    if "ws" in names:
        ws = json.loads((PEERS / "node_modules" / "ws" / "package.json").read_text("utf-8"))["version"]
        found.append(f"ws {ws} on node {(versionOf(findNode() or '') or '').lstrip('v')}")
    return ", ".join(found)
