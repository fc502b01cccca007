# -*- test-case-name: tests.project.test_benchmarks -*-
"""Start the servers that are measured, each in its own process, on a core of its own where the machine has two."""

import importlib.metadata
import json
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from harness.dialects import Athena, Dialect, Fetching, SocketIO
from harness.server import ROOT
from harness.subjects import Subject, application, athenalite, running, serverCore
from tools.programs import findNode, versionOf

PEERS: Final = ROOT / "benchmarks" / "peers"


class Peer(NamedTuple):
    """
    A server that athenalite is compared with.

    :ivar command: serves it at the port that is the last argument; run in the root of the tree.
    :ivar versions: the Python packages that it consists of.
    :ivar make: called first, to install what is missing.
    """

    command: Callable[[], Sequence[str]]
    versions: Sequence[str] = ()
    dialect: Dialect = Dialect()
    make: Callable[[], None] = lambda: None


def _node() -> Sequence[str]:
    node = findNode()
    assert node is not None
    return (node, "benchmarks/peers/with_ws.mjs")


def installNode() -> None:
    """Install the packages for node and browsers, unless they are there."""
    if not all((PEERS / "node_modules" / name).exists() for name in ("ws", "socket.io-client")):
        npm = (shutil.which("npm") or "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent")
        if npm[0] == "npm" or subprocess.run(npm, cwd=PEERS, stdout=sys.stderr, check=False).returncode:
            raise SystemExit(f"node's packages are missing: run 'npm install' in {PEERS}, or choose other --servers")


#: The base of all comparisons.
RAW: Final = "raw Autobahn"
OURS: Final = "athenalite"
_AUTOBAHN: Final = Peer(partial(running, "benchmarks.raw"), ("autobahn", "Twisted"))
THEIRS: Final[Mapping[str, Peer]] = {
    "websockets": Peer(partial(running, "benchmarks.peers.with_websockets"), ("websockets",)),
    "aiohttp": Peer(partial(running, "benchmarks.peers.with_aiohttp"), ("aiohttp",), Fetching()),
    "Socket.IO": Peer(partial(running, "benchmarks.peers.with_socketio"), ("python-socketio",), SocketIO()),
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
    :param peers: the others, ``RAW`` and some of ``THEIRS`` that are :func:`present`.
    :param dialect: that of the pages of athenalite.
    :param tls: the path of a key and a certificate, to serve over TLS with them.
    :param pages: how many pages are opened on each.
    """
    core, plain, ours, arguments = serverCore(), Dialect(), dialect or Athena(), list[str]()
    if tls is not None:
        plain.tls = ours.tls = context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        options, arguments = (*options, f"--listen=ssl:0:privateKey={tls}:interface=127.0.0.1"), [str(tls)]
    found = {}
    with ExitStack() as stack:
        for name in peers:
            one = _AUTOBAHN if name == RAW else THEIRS[name]
            served = application(core, [*one.command(), *arguments], plain if name == RAW else one.dialect)
            found[name] = stack.enter_context(served)
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
