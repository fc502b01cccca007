# -*- test-case-name: tests.assets.test_packages -*-
"""
Finds the JavaScript and CSS packages of plugins and those beside the modules of elements.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from twisted.plugin import getPlugins, pluginPackagePaths

import twisted.plugins

from ..interfaces import ICSSPackage, IJavascriptPackage
from .modules import AutoCSSPackage, AutoJSPackage, Modules, cssModules

#: The counterpart of nevow/plugins, and the directory of Twisted's own plugins.
_PLUGINS: Final = (twisted.plugins, import_module("athenalite.plugins"))


class Packages:
    """
    The modules of one site.

    :ivar scripts: the :class:`Modules` of JavaScript.
    :ivar styles: those of CSS.
    """

    def __init__(self) -> None:
        self.scripts = Modules()
        self.styles = cssModules()
        self._seen: set[str] = set()
        self._brought: WeakSet[Any] = WeakSet()
        self.scripts.mapping.update(allJavascriptPackages())
        self.styles.mapping.update(allCSSPackages())

    def addBeside(self, cls: type) -> None:
        """
        Add the directories ``js`` and ``css`` beside the modules of ``cls`` and of its bases. Modules of the same
        names that plugins provide are preferred.
        """
        for base in cls.__mro__:
            if base.__module__ not in self._seen:
                self._seen.add(base.__module__)
                for directory in _directoriesOf(base.__module__):
                    self._add(directory)

    def bring(self, page: Any) -> None:
        """
        Make ``jsModules`` and ``cssModules`` of a page modules of the site as long as the page exists, additions
        included. For the page at the root of an application, which is never rendered itself.
        """
        self._brought.add(page)

    def refresh(self) -> None:
        """Add what pages given to :meth:`bring` have added to their packages."""
        for page in self._brought:
            self.scripts.mapping.update(page.jsModules.mapping)
            self.styles.mapping.update(page.cssModules.mapping)

    def _add(self, directory: Path) -> None:
        if (directory / "js").is_dir():
            _addMissing(self.scripts, AutoJSPackage(directory / "js").mapping)
        if (directory / "css").is_dir():
            _addMissing(self.styles, AutoCSSPackage(directory / "css").mapping)


def allJavascriptPackages() -> dict[str, str]:
    """
    :return: the modules that plugins provide, and their files. A site reads them once.
    """
    return _provided(IJavascriptPackage)


def allCSSPackages() -> dict[str, str]:
    """
    :return: the style sheets that plugins provide, and their files.
    """
    return _provided(ICSSPackage)


def _provided(interface: Any) -> dict[str, str]:
    _refreshPluginPath()
    mapping: dict[str, str] = {}
    for package in _PLUGINS:
        for plugin in getPlugins(interface, package):
            mapping.update(plugin.mapping)
    return mapping


def _addMissing(modules: Modules, mapping: dict[str, str]) -> None:
    for name, path in mapping.items():
        modules.mapping.setdefault(name, path)


def _directoriesOf(moduleName: str) -> list[Path]:
    """The directory of a module, and those of the packages around it, innermost first."""
    file = getattr(sys.modules.get(moduleName), "__file__", None)
    # athenalite's own js/ is the client, and no package of modules.
    if file is None or moduleName.partition(".")[0] in ("athenalite", "twisted", "builtins"):
        return []
    package = getattr(sys.modules[moduleName], "__package__", None) or ""
    directory = Path(os.path.abspath(file)).parent
    return [directory, *(directory.parents[up] for up in range(package.count(".")))]


def _refreshPluginPath() -> None:
    # A package of plugins reads sys.path when it is imported; twistd adds the current directory after that.
    for package in _PLUGINS:
        for path in pluginPackagePaths(package.__name__):
            if path not in package.__path__:
                package.__path__.append(path)
