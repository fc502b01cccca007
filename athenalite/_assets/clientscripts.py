# -*- test-case-name: tests.assets.test_clientscripts -*-
"""
The client as it is transferred: scripts, each of which imports what it needs of those before it.

On a first visit a browser requests them over several connections. Each fits into TCP's first window, ten segments of
1448 bytes, together with the head of its response: as one script, the client would need another round trip. Only the
last has an effect when it runs, so that either the whole client runs or nothing of it.

The scripts for live templates import from these what the client has, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from os.path import realpath
from pathlib import Path
from types import MappingProxyType
from typing import Final

from .client import DIRECTORY, LinkedModule, compacted, modulesOf

#: The scripts by name, in the order in which they run. Each consists of these modules and of all that they import,
#: except what is in a script before it.
SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "athenalite-session": ("session.js", "socket.js"),
        "athenalite-page": ("page.js",),
        "athenalite": ("main.js",),
    }
)

#: The main modules of the scripts for live templates. Each script consists of this module and of all that it imports,
#: except what is in :data:`SCRIPTS`.
ADDED: Final = (DIRECTORY / "live" / "live.js", DIRECTORY / "remote" / "remote.js")


def clientScripts() -> tuple[dict[str, bytes], dict[Path, bytes]]:
    """
    :return: the scripts of :data:`SCRIPTS` by name, in the order in which they run, and those of :data:`ADDED`. The
        former import ``"./session.js"``, for instance, which stands for the address of ``athenalite-session``, and the
        latter ``"../session.js"``.
    :raise LinkError: naming the file and the line that cannot be linked.
    """
    modules = modulesByScript()
    client = frozenset(module for several in modules.values() for module in several)
    added = {path: tuple(one for one in modulesOf(path).values() if one not in client) for path in ADDED}
    declared = {name: _declared(several) for name, several in modules.items()}
    needed = frozenset().union(*map(_imported, [*modules.values(), *added.values()]))

    def linked(several: tuple[LinkedModule, ...], js: str, exported: frozenset[str] = frozenset()) -> bytes:
        imported = _imported(several)
        imports = [_importOf(name, imported & declared[name], js) for name in modules]
        return "".join([*imports, compacted(several, exported)]).encode("utf-8")

    return (
        {name: linked(several, ".", needed & declared[name]) for name, several in modules.items()},
        {path: linked(several, "..") for path, several in added.items()},
    )


def _declared(modules: Collection[LinkedModule]) -> frozenset[str]:
    return frozenset(name for module in modules for name in module.declared)


def _imported(modules: Collection[LinkedModule]) -> frozenset[str]:
    """Return what modules import of others than these."""
    return frozenset(name for module in modules for name in module.imported) - _declared(modules)


def _importOf(script: str, names: Collection[str], js: str) -> str:
    source = f"{js}/{script.removeprefix('athenalite-')}.js"
    return f'import{{{",".join(sorted(names))}}}from"{source}";\n' if names else ""


def modulesByScript() -> dict[str, tuple[LinkedModule, ...]]:
    """
    :return: by the names of :data:`SCRIPTS`, the modules of each script in the order in which they run.
    :raise LinkError: naming the file and the line that cannot be linked.
    """
    *before, main = (DIRECTORY / file for files in SCRIPTS.values() for file in files)
    everything = modulesOf(main, *before)
    paths, start = [*everything], 0
    found: dict[str, tuple[LinkedModule, ...]] = {}
    for name, files in SCRIPTS.items():
        end = 1 + max(paths.index(realpath(DIRECTORY / file)) for file in files)
        found[name] = tuple(everything[path] for path in paths[start:end])
        start = end
    return found
