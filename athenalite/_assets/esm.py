# -*- test-case-name: tests.assets.test_esm -*-
"""
ES modules of applications: files ``js/Foo.mjs``, which need no build step and no import map.

The address of a script contains a hash of its content, and an ``import`` in a file cannot name such an address. So
module specifiers, and nothing else, are rewritten when a module is served:

* ``"athenalite"`` becomes the address of the client, the module that the page runs;
* ``"./Bar.mjs"`` and ``"../Bar.mjs"`` become the address of that file, which must be a module of the site;
* a specifier that begins with a slash, ``http://`` or ``https://`` is an address, and is not changed;
* any other is refused, with the file and the line.

The hash of a module covers its imports, too: when one is edited, those that import it have new addresses.
"""

from __future__ import annotations

import json
import os
from typing import Final
from urllib.parse import unquote

from .client import LinkError, refusal
from .importlexer import Specifier, specifiersOf
from .modules import Module, Modules, digestOf, segmentOf

SUFFIX: Final = ".mjs"
#: The module specifier of the client.
CLIENT: Final = "athenalite"

_ADDRESSES: Final = ("/", "https://", "http://")


class _Source:
    """A file, and its imports: each specifier with the name of a module, or None for the client."""

    def __init__(self, module: Module, path: str, modules: Modules) -> None:
        self.module = module
        try:
            self.text = module.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise LinkError(f"{path}: is not UTF-8: {error}") from None
        self.imports: list[tuple[Specifier, str | None]] = []
        for specifier in specifiersOf(self.text, path):
            if specifier.name == CLIENT:
                self.imports.append((specifier, None))
            elif not specifier.name.startswith(_ADDRESSES):
                self.imports.append((specifier, self._resolve(specifier, path, modules)))

    def _resolve(self, specifier: Specifier, path: str, modules: Modules) -> str:
        if not specifier.name.startswith(("./", "../")):
            why = f'"{specifier.name}" is no address: write "./" or "../" and a file name, or "{CLIENT}"'
        elif not specifier.name.endswith(SUFFIX):
            why = f'"{specifier.name}" is no {SUFFIX} file: only ES modules can be imported; rename it'
        else:
            imported = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(path)), specifier.name))
            # A specifier is a URL, in which a file's name may be quoted.
            files = imported, unquote(imported)
            for name, candidate in modules.mapping.items():
                if candidate and os.path.abspath(candidate) in files:
                    return name
            why = f'"{specifier.name}" is no module of this site: there is no {imported}, or no package has it'
        raise refusal(self.text, specifier.start, path, why)


class ESModules:
    """The ES modules of one site, as they are served."""

    def __init__(self, modules: Modules, client: Module) -> None:
        """
        :param modules: all modules of the site; those whose files end in ``.mjs`` are ES modules.
        """
        self._modules = modules
        self._client = client
        self._sources: dict[str, _Source] = {}
        self._linked: dict[str, Module] = {}

    def linked(self, name: str) -> Module:
        """
        :return: the current module of this name, with addresses for specifiers. Its digest covers its imports.
        :raise UnknownClass: if there is none of this name.
        :raise LinkError: naming the file and the line that cannot be resolved.
        """
        digest = self._digest(name)
        linked = self._linked.get(name)
        if linked is None or linked.digest != digest:
            source = self._source(name)
            linked = source.module._replace(content=self._rewritten(source).encode("utf-8"), digest=digest)
            self._linked[name] = linked
        return linked

    def imported(self, name: str) -> list[Module]:
        """
        :return: the modules that run before this one because it imports them, directly or not, sorted by name. Those of
            ``import()`` are not among them.
        """
        return [self.linked(one) for one in sorted(self._reachable(name, isLater=False)) if one != name]

    def forget(self) -> None:
        """Resolve imports anew: modules may have other files."""
        self._sources.clear()
        self._linked.clear()

    def _source(self, name: str) -> _Source:
        module = self._modules.get(name)
        source = self._sources.get(name)
        # Modules returns another object if, and only if, the file has changed.
        if source is None or source.module is not module:
            source = self._sources[name] = _Source(module, self._modules.mapping[name], self._modules)
        return source

    def _reachable(self, name: str, isLater: bool = True) -> dict[str, _Source]:
        found: dict[str, _Source] = {}
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = self._source(one)
                imports = found[one].imports
                waiting.extend(to for specifier, to in imports if to is not None and (isLater or not specifier.isLater))
        return found

    def _digest(self, name: str) -> str:
        # Of all reachable files, and not of the digests of the imports, which would have no beginning in a cycle.
        reachable = self._reachable(name)
        digests = [name, self._client.digest, *((one, reachable[one].module.digest) for one in sorted(reachable))]
        return digestOf(json.dumps(digests).encode("ascii"))

    def _rewritten(self, source: _Source) -> str:
        parts, end = [], 0
        for specifier, name in source.imports:
            parts += [source.text[end : specifier.start], json.dumps(self._address(name))]
            end = specifier.end
        return "".join([*parts, source.text[end:]])

    def _address(self, name: str | None) -> str:
        # Relative to <root>/<digest>/<name>, so that it is right wherever the root is.
        if name is None:
            return f"../{self._client.digest}/{self._client.name}.js"
        return f"../{self._digest(name)}/{segmentOf(name)}{SUFFIX}"
