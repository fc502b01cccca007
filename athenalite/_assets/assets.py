# -*- test-case-name: tests.assets.test_assets -*-
"""
The scripts and style sheets of a site, at addresses that contain a hash of the content, so that browsers may cache them
without limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from ..errors import UnknownClass
from .beside import Beside, BesideFile
from .client import DIRECTORY, link
from .clientscripts import clientScripts
from .esm import CLIENT as CLIENT
from .esm import SUFFIX, ESModules
from .modules import Module, Modules, digestOf, segmentOf
from .packages import Packages
from .sourcemaps import CONTENT_TYPE, mapOf, withMap
from .styleurls import served

#: The script that opens the first socket while the client is being loaded.
OPENER: Final = "athenalite-opener"
#: The script that starts the client in a page that is served as XHTML.
XHTML: Final = "athenalite-xhtml"
#: The script that shows failures in debug mode.
OVERLAY: Final = "athenalite-overlay"
#: The script that records what the debug panel shows.
RECORDER: Final = "athenalite-recorder"
#: The script for the parts of live templates, which the client loads as the module ``athenalite``: an ES module.
LIVE: Final = "athenalite-live"
#: The script for their events and forms: an ES module, too.
REMOTE: Final = "athenalite-remote"
#: The script for changes of a page's address: likewise.
ADDRESSES: Final = "athenalite-addresses"
#: The debug panel: another one.
DEBUG: Final = "athenalite-debug"
#: The script by which a browser names the traces of its calls: likewise.
TRACING: Final = "athenalite-tracing"
_USUAL: Final = (REMOTE, LIVE, ADDRESSES, TRACING)
_ES_MODULES: Final = (*_USUAL, DEBUG)
#: Scripts that the client imports when it needs them. Below the address of scripts they are ``athenalite-NAME.js``.
PARTS: Final = DIRECTORY / "parts"
#: The segment below a page's address where its assets are by default.
PREFIX: Final = "_athena"
_CSS: Final = "text/css; charset=utf-8"


class Roots(NamedTuple):
    """Where ``LivePageFactory.resource`` is, relative to a page: for scripts, for style sheets, for sockets."""

    scripts: str = f"./{PREFIX}"
    styles: str = f"./{PREFIX}"
    transport: str = f"./{PREFIX}"

    @property
    def areForeign(self) -> bool:
        """Whether one of them may be on another origin. The usual ones are relative."""
        return "//" in self.scripts or "//" in self.styles or "//" in self.transport


class Asset(NamedTuple):
    """One file as it is sent."""

    contentType: str
    digest: str
    content: bytes
    #: The content gzipped, or None if that is no smaller.
    gzipped: bytes | None


class Assets:
    """
    The scripts and style sheets of one site.

    :ivar live: the script for the parts of live templates.
    :ivar remote: the script for their events and forms.
    :ivar addresses: the script for changes of a page's address.
    :ivar tracing: the script for traces.
    :ivar debug: the debug panel; None if pages have none.
    """

    def __init__(
        self,
        packages: Packages,
        client: bytes | None = None,
        warn: Callable[[str], object] | None = None,
        debugPanel: bool = False,
    ) -> None:
        """
        :param client: replaces the client's scripts.
        :param warn: called with a line for each file that a style sheet names and that is not served, and for each
            file that is not UTF-8.
        :param debugPanel: whether pages have the debug panel. Otherwise its scripts do not exist.
        """
        self.packages = packages
        parts = {f"athenalite-{path.stem}": link(path, isCompact=True) for path in sorted(PARTS.glob("*.js"))}
        # What it imports is rarely needed, and below any digest.
        opener = link(DIRECTORY / "opener.js", isCompact=True).replace(b'"./parts/', b'"./athenalite-')
        # Of what is imported, by its file below js/. Each script imports only those before it.
        addresses = {f"{PARTS.name}/{_stemOf(name)}.js": _addressOf(name, script) for name, script in parts.items()}
        addresses["opener.js"] = _addressOf(OPENER, opener)
        clients, added = clientScripts()
        if client is not None:
            clients = {CLIENT: client}
        else:
            for name, script in clients.items():
                clients[name] = _withAddresses(script, addresses)
                addresses[f"{_stemOf(name)}.js"] = _addressOf(name, clients[name])
        addresses["main.js"] = _addressOf(CLIENT, clients[CLIENT])
        scripts = {
            **clients,
            OPENER: opener,
            XHTML: (DIRECTORY / "legacy" / "xhtml.js").read_bytes(),
            OVERLAY: _classic("overlay.js"),
            **({RECORDER: _classic("debug/recorder.js")} if debugPanel else {}),
            **parts,
        }
        self._ours = {name: Module(name, script, digestOf(script), ()) for name, script in scripts.items()}
        self._clients = [self._ours[name] for name in clients]
        for name in _ES_MODULES if debugPanel else _USUAL:
            fileName = f"{_stemOf(name)}/{_stemOf(name)}.js"
            path = DIRECTORY / fileName
            script = added.get(path) or link(path, isCompact=True)
            content = _withAddresses(script, addresses, "..")
            self._ours[name] = Module(name, content, digestOf(content), ())
            addresses[fileName] = _addressOf(name, content, SUFFIX)
        self.live = self._ours[LIVE]._replace(name=CLIENT)
        self.remote, self.addresses, self.tracing = self._ours[REMOTE], self._ours[ADDRESSES], self._ours[TRACING]
        self.debug = self._ours.get(DEBUG)
        self._esModules = ESModules(packages.scripts, self._ours[CLIENT])
        self._beside = Beside(packages.styles, warn)
        self._warn = warn
        self._assets: dict[tuple[str, str], Asset] = {}

    def clientURL(self, root: str = Roots().scripts) -> str:
        """The address of the client's script, relative to a page."""
        return self.scriptURL(self._ours[CLIENT], root)

    def importedByClient(self, root: str = Roots().scripts) -> list[str]:
        """The addresses of the scripts that the client's imports, for a browser to preload."""
        return [self.scriptURL(script, root) for script in self._clients if script.name != CLIENT]

    def xhtmlURL(self, root: str = Roots().scripts) -> str:
        """The address of the script that starts the client in a page that is served as XHTML."""
        return self.scriptURL(self._ours[XHTML], root)

    def openerURL(self, root: str = Roots().scripts) -> str:
        """The address of the script that opens a page's first socket."""
        return self.scriptURL(self._ours[OPENER], root)

    def overlayURL(self, root: str = Roots().scripts) -> str:
        """The address of the script that shows failures in debug mode."""
        return self.scriptURL(self._ours[OVERLAY], root)

    def recorderURL(self, root: str = Roots().scripts) -> str:
        """The address of the script that records what the debug panel shows."""
        return self.scriptURL(self._ours[RECORDER], root)

    def scriptURL(self, module: Module, root: str = Roots().scripts) -> str:
        """
        The address of a JavaScript module, relative to a page. It ends in ``.mjs`` if it is an ES module.

        :raise LinkError: if it is one and has an import that cannot be resolved; see :mod:`athenalite._assets.esm`.
        """
        if module in (self.live, self.remote, self.addresses, self.tracing, self.debug):
            return f"{root}/{module.digest}/{LIVE if module is self.live else module.name}{SUFFIX}"
        if self._isESModule(module.name):
            return f"{root}/{self._esModules.linked(module.name).digest}/{segmentOf(module.name)}{SUFFIX}"
        return f"{root}/{module.digest}/{segmentOf(module.name)}.js"

    def importedURLs(self, module: Module, root: str = Roots().scripts) -> list[str]:
        """The addresses of the ES modules that run before this one, which imports them, for a browser to preload."""
        imported = self._esModules.imported(module.name) if self._isESModule(module.name) else []
        return [self.scriptURL(one, root) for one in imported]

    def lookAgain(self) -> bool:
        """As :meth:`athenalite._assets.packages.Packages.lookAgain`; imports are resolved anew then."""
        isOther = self.packages.lookAgain()
        if isOther:
            self._esModules.forget()
        return isOther

    def _isESModule(self, name: str) -> bool:
        return str(self.packages.scripts.mapping.get(name, "")).endswith(SUFFIX)

    def styleURL(self, module: Module, root: str = Roots().styles) -> str:
        """The address of a style sheet, relative to a page."""
        self._beside.register(module)
        return f"{root}/{module.digest}/{segmentOf(module.name)}.css"

    def get(self, fileName: str) -> Asset | None:
        """
        :param fileName: the last part of such an address.
        :return: the current file, or None if there is none of that name. It may be cached without limit at an address
            that has its digest, and not at all at another.
        """
        name, _, suffix = fileName.rpartition(".")
        try:
            if suffix == "map":
                return self._map(name)
            if suffix in ("js", "mjs"):
                return self._asset("text/javascript; charset=utf-8", self._script(name, f".{suffix}" == SUFFIX), suffix)
            if suffix == "css":
                style = self.packages.styles.get(name)
                self._beside.register(style)
                return self._asset(_CSS, style, suffix)
        except (UnknownClass, OSError):
            pass
        return None

    def _map(self, fileName: str) -> Asset | None:
        name, _, suffix = fileName.rpartition(".")
        modules = self.packages.styles if suffix == "css" else self.packages.scripts
        path = modules.mapping.get(name)
        content = mapOf(modules.get(name).content, path) if path and path.endswith(f".{suffix}") else None
        # The digests are those of scripts, so it is not cached.
        return None if content is None else Asset(CONTENT_TYPE, "", content, None)

    def besideStyle(self, digest: str, segments: Sequence[str]) -> BesideFile | None:
        """See :meth:`athenalite._assets.beside.Beside.file`."""
        return self._beside.file(digest, segments)

    def _script(self, name: str, isESModule: bool) -> Module:
        if name in self._ours and isESModule == (name in _ES_MODULES):
            return self._ours[name]
        if isESModule != self._isESModule(name):
            raise UnknownClass(f"{name!r} is a module of the other kind")
        return self._esModules.linked(name) if isESModule else self.packages.scripts.get(name)

    def _asset(self, contentType: str, module: Module, suffix: str) -> Asset:
        key = contentType, module.name
        asset = self._assets.get(key)
        if asset is None or asset.digest != module.digest:
            self._warnOfBytes(module, self.packages.styles if contentType == _CSS else self.packages.scripts)
            content = served(module.content) if contentType == _CSS else module.content
            content = withMap(content, f"{segmentOf(module.name)}.{suffix}")
            gzipped = _gzipped(content)
            asset = Asset(contentType, module.digest, content, gzipped if len(gzipped) < len(content) else None)
            self._assets[key] = asset
        return asset

    def _warnOfBytes(self, module: Module, modules: Modules) -> None:
        try:
            module.content.decode("utf-8")
        except UnicodeDecodeError as error:
            if self._warn is not None:
                place = f"{modules.mapping.get(module.name)}:{module.content.count(bytes([10]), 0, error.start) + 1}"
                self._warn(
                    f"{place}: the byte 0x{module.content[error.start]:02x} is not UTF-8, which browsers take it for: "
                    "they show another character; save the file as UTF-8"
                )


def _classic(fileName: str) -> bytes:
    # Its names must not be globals.
    return b'(() => {\n"use strict";\n' + link(DIRECTORY / fileName) + b"})();\n"


def _gzipped(content: bytes) -> bytes:
    # With the most memory, which makes the client some 30 bytes smaller. The 16 stands for gzip's head.
    compressor = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, 16 + zlib.MAX_WBITS, 9)
    return compressor.compress(content) + compressor.flush()


def _stemOf(name: str) -> str:
    return name.removeprefix("athenalite-")


def _addressOf(name: str, script: bytes, suffix: str = ".js") -> str:
    """
    :return: the address of a script, relative to that of another one.
    """
    return f"../{digestOf(script)}/{name}{suffix}"


def _withAddresses(script: bytes, addresses: Mapping[str, str], js: str = ".") -> bytes:
    """
    :param addresses: by files below ``js/``.
    :param js: where that is, relative to the script's own file.
    :return: the script with addresses in the place of the files that it imports.
    """
    for fileName, address in addresses.items():
        script = script.replace(f'"{js}/{fileName}"'.encode("ascii"), f'"{address}"'.encode("ascii"))
    return script
