# -*- test-case-name: tests.assets.test_clientscripts -*-
"""
The client as it is transferred: scripts, each of which imports what it needs of those before it.

On a first visit a browser requests them over several connections. Each fits into TCP's first window, ten segments of
1448 bytes, together with the head of its response: as one script, the client would need another round trip. Only the
last has an effect when it runs, so that either the whole client runs or nothing of it.

What some pages load besides imports from these scripts what the client has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from os.path import realpath
from pathlib import Path
from types import MappingProxyType
from typing import Final

from .client import DIRECTORY, MAIN, LinkedModule, compacted, modulesOf

#: The scripts by name, in the order in which they run. Each consists of these modules and of all that they import,
#: except what is in a script before it.
SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "athenalite-session": ("session.js", "socket.js"),
        "athenalite-page": ("page.js",),
        "athenalite": ("main.js",),
    }
)

#: What pages with live templates load besides. Each consists of this module and of all that it imports, except what is
#: in :data:`SCRIPTS`.
ADDED: Final = (DIRECTORY / "live" / "live.js", DIRECTORY / "remote" / "remote.js")


def clientScripts() -> dict[str, bytes]:
    """
    :return: the scripts of the client by name, in the order in which they run. They import ``"./session.js"``, for
        instance, which stands for the address of ``athenalite-session``.
    :raise LinkError: naming the file and the line that cannot be linked.
    """
    modules = modulesByScript()
    declared = {name: _declared(modules[name]) for name in modules}
    imported = {name: _imported(modules[name]) for name in modules}
    needed = frozenset().union(*imported.values(), *(_imported(_modulesOfAdded(path)) for path in ADDED))
    scripts: dict[str, bytes] = {}
    for name in modules:
        imports = [_importOf(one, imported[name] & declared[one]) for one in modules]
        scripts[name] = "".join([*imports, compacted(modules[name], needed & declared[name])]).encode("utf-8")
    return scripts


def addedScript(main: Path) -> bytes:
    """
    :param main: one of :data:`ADDED`.
    :return: the script. It imports ``"../session.js"``, for instance, which stands for the address of
        ``athenalite-session``.
    :raise LinkError: naming the file and the line that cannot be linked.
    """
    own, modules = _modulesOfAdded(main), modulesByScript()
    imports = [_importOf(name, _imported(own) & _declared(modules[name]), "..") for name in modules]
    return "".join([*imports, compacted(own)]).encode("utf-8")


def _modulesOfAdded(main: Path) -> tuple[LinkedModule, ...]:
    client = modulesOf(MAIN)
    return tuple(module for path, module in modulesOf(main).items() if path not in client)


def _declared(modules: Collection[LinkedModule]) -> frozenset[str]:
    return frozenset(name for module in modules for name in module.declared)


def _imported(modules: Collection[LinkedModule]) -> frozenset[str]:
    """Return what modules import of others than these."""
    return frozenset(name for module in modules for name in module.imported) - _declared(modules)


def _importOf(script: str, names: Collection[str], js: str = ".") -> str:
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
