# -*- test-case-name: tests.assets.test_modules -*-
"""
JavaScript modules and style sheets by name: their files, their imports, and the order in which to load them.

A module names its imports in lines of the form ``// import Package.Module`` (column 0, one blank each, nothing
behind), as in Athena; so do style sheets. A module also depends on its packages: ``A.B.C`` comes after ``A`` and
``A.B``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, MutableMapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from twisted.plugin import IPlugin
from zope.interface import implementer

from ..errors import UnknownClass
from ..interfaces import ICSSPackage, IJavascriptPackage
from .importlexer import refuseModuleSyntax, scriptImports, styleImports

#: Modules that are part of the client.
BUILT_IN: Final = ("Divmod", "Nevow", "Nevow.Athena")
#: Names that a URL's path quotes nothing of.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~-]+", re.ASCII)


class Kind(NamedTuple):
    """What errors call one kind of modules, and where they are looked for."""

    unknown: str
    directory: str
    mapping: str


SCRIPTS: Final = Kind("Unknown class", "a js/ directory", "jsModules.mapping")
STYLES: Final = Kind("Unknown style sheet", "a css/ directory", "cssModules.mapping")


class _Package:
    """A mapping of names to files."""

    def __init__(self, mapping: Mapping[str, str | os.PathLike[str]]) -> None:
        self.mapping: dict[str, str] = {name: os.fspath(path) for name, path in mapping.items()}


@implementer(IPlugin, IJavascriptPackage)
class JSPackage(_Package):
    """JavaScript modules from a mapping of module names to file names."""


@implementer(IPlugin, ICSSPackage)
class CSSPackage(_Package):
    """Style sheets from a mapping of names to file names."""


@implementer(IPlugin, IJavascriptPackage)
class AutoJSPackage(_Package):
    """
    All JavaScript modules below a directory: ``Foo.js`` and ``Foo/__init__.js`` are the module ``Foo``,
    ``Foo/Bar.js`` is ``Foo.Bar``. A directory without ``__init__.js`` is an empty module; ``Foo.js`` is preferred to
    ``Foo/``; names that start with a dot are left out. ES modules end in ``.mjs``, and are preferred to
    files in ``.js``.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(dict(_scan(Path(directory), "", (".js", ".mjs"))))


@implementer(IPlugin, ICSSPackage)
class AutoCSSPackage(_Package):
    """All style sheets below a directory, named as :class:`AutoJSPackage` names modules."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(dict(_scan(Path(directory), "", (".css",))))


def _scan(directory: Path, prefix: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    entries = sorted(entry for entry in directory.iterdir() if not entry.name.startswith("."))
    for entry in entries:
        if entry.is_dir():
            name = prefix + entry.name
            packages = [entry / f"__init__{suffix}" for suffix in suffixes]
            inner = list(_scan(entry, f"{name}.", suffixes))
            existing = [package for package in packages if package.exists()]
            if existing:
                yield name, str(existing[-1])
            elif inner:
                yield name, ""
            yield from inner
    # Of several files of one name, the last is used.
    for suffix in suffixes:
        for entry in entries:
            if entry.suffix == suffix and entry.stem != "__init__" and not entry.is_dir():
                yield prefix + entry.stem, str(entry)


class DuplicateModule(Exception):
    """Two files are to be modules of one name."""


def segmentOf(fileName: str) -> str:
    """
    :return: ``fileName`` as a segment of a URL's path.
    """
    return fileName if _PLAIN.fullmatch(fileName) else quote(fileName, safe="", errors="surrogateescape")


class Module(NamedTuple):
    """The content of a module, read from its file."""

    name: str
    content: bytes
    #: A hash of the content, for URLs that may be cached without limit.
    digest: str
    imports: tuple[str, ...]


def digestOf(content: bytes) -> str:
    """A hash of ``content`` for URLs: 120 bits of SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()[:30]


class Modules:
    """
    A graph of modules. A file is read again when it has changed, so that the next reload of a page has its new content.

    :ivar mapping: module names to file names (an empty one for a package without a text); it may be added to.
    """

    def __init__(
        self,
        mapping: Mapping[str, str] = {},
        builtIn: Iterable[str] = BUILT_IN,
        imports: Callable[[bytes], tuple[str, ...]] = scriptImports,
        kind: Kind = SCRIPTS,
    ) -> None:
        """
        :param imports: returns the names that the content of a file imports.
        :param kind: what errors call a module.
        """
        self.mapping: MutableMapping[str, str] = dict(mapping)
        self._builtIn = frozenset(builtIn)
        self._imports = imports
        self._kind = kind
        self._read: dict[str, tuple[tuple[str, int, int], Module]] = {}

    def add(self, mapping: Mapping[str, str], preferred: Container[str] = ()) -> None:
        """
        Add modules.

        :param preferred: names whose present files are kept.
        :raise DuplicateModule: if another file has one of the names. None of the modules is added then.
        """
        # A package without a text may get one, and a file that has been found in two ways is one.
        added = {name: path for name, path in mapping.items() if not self.mapping.get(name)}
        for name, path in mapping.items():
            present = self.mapping.get(name)
            if path and present and name not in preferred and os.path.realpath(path) != os.path.realpath(present):
                raise DuplicateModule(
                    f"There are two modules {name!r}: {present} and {path}. The packages of a site share one "
                    "namespace; rename one of the files, or choose one with a package of your own, as in "
                    "LivePage(jsModules={name: path}) or cssModules"
                )
        self.mapping.update(added)

    def get(self, name: str) -> Module:
        """
        :return: the module with the current content of its file.
        :raise UnknownClass: if there is none of this name.
        """
        if name not in self.mapping:
            raise UnknownClass(self._unknown(name))
        path = self.mapping[name]
        if not path:
            return Module(name, b"", digestOf(b""), ())
        status = os.stat(path)
        stamp = (path, status.st_mtime_ns, status.st_size)
        stored = self._read.get(name)
        if stored is None or stored[0] != stamp:
            content = Path(path).read_bytes()
            refuseModuleSyntax(content, path)
            stored = stamp, Module(name, content, digestOf(content), self._imports(content))
            self._read[name] = stored
        return stored[1]

    def moduleOf(self, className: str) -> str | None:
        """
        :return: the module that provides ``className``: its longest prefix that names a module. None if it is built in.
        :raise UnknownClass: if there is none.
        """
        name = className
        while name:
            if name in self.mapping:
                return name
            if self.isBuiltIn(name):
                return None
            name = name.rpartition(".")[0]
        raise UnknownClass(self._unknown(className))

    def _unknown(self, name: str) -> str:
        kind = self._kind
        similar = get_close_matches(name, self.mapping, 1) or get_close_matches(name.partition(".")[0], self.mapping, 1)
        hint = f"; did you mean {similar[0]!r}?" if similar else ""
        return (
            f"{kind.unknown}: {name!r}; no module of that name was found in {kind.directory} beside the element's "
            f"package, in a plugin, or in {kind.mapping}{hint}"
        )

    def isBuiltIn(self, name: str) -> bool:
        """Whether the module is part of the client, and need not be loaded."""
        return name in self._builtIn or (name.startswith("Divmod.") and name not in self.mapping)

    def inOrder(self, names: Iterable[str]) -> list[Module]:
        """
        :return: these modules and their dependencies, each once, each after its own dependencies.
        :raise UnknownClass: if one of them imports a module that does not exist.
        """
        ordered: dict[str, Module] = {}
        self._visit(names, ordered, set())
        return list(ordered.values())

    def _visit(self, names: Iterable[str], ordered: dict[str, Module], visiting: set[str]) -> None:
        for name in names:
            if name in ordered or name in visiting or self.isBuiltIn(name):
                continue
            # A cycle has no order; the module that was visited first comes last.
            visiting.add(name)
            module = self.get(name)
            packages = tuple(self._packagesOf(name))
            self._demandKnown(module)
            self._visit((*packages, *module.imports), ordered, visiting)
            ordered[name] = module

    def _demandKnown(self, module: Module) -> None:
        for imported in module.imports:
            if imported not in self.mapping and not self.isBuiltIn(imported):
                before = module.content.replace(b"\r\n", b"\n").partition(f" import {imported}".encode())[0]
                line = before.count(b"\n") + 1
                raise UnknownClass(
                    f"{self.mapping[module.name]}, line {line}: import {imported}: {self._unknown(imported)}"
                )

    def _packagesOf(self, name: str) -> Iterator[str]:
        parts = name.split(".")
        for length in range(1, len(parts)):
            package = ".".join(parts[:length])
            # A package without a file is an empty module, as is a directory without __init__.js.
            self.mapping.setdefault(package, "")
            yield package


def cssModules() -> Modules:
    """A graph of style sheets, none of which is built in."""
    return Modules(builtIn=(), imports=styleImports, kind=STYLES)
