# -*- test-case-name: tests.assets.test_packages -*-
"""
Finding the JavaScript and CSS packages that plugins and elements bring.
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

#: Athena's plugins were in nevow/plugins; twisted/plugins is where Twisted's own are.
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
        Add what is in the directories ``js`` and ``css`` beside the modules of ``cls`` and of its bases. What plugins
        provide by the same names is preferred.
        """
        for base in cls.__mro__:
            if base.__module__ not in self._seen:
                self._seen.add(base.__module__)
                for directory in _directoriesOf(base.__module__):
                    self._add(directory)

    def bring(self, page: Any) -> None:
        """
        From now on, and as long as there is this page, its ``jsModules`` and ``cssModules`` are modules of the site,
        also what is added to them later. For the page at the root of an application, which shows others and not itself.
        """
        self._brought.add(page)

    def refresh(self) -> None:
        """Look for what has been added to packages that were brought."""
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
    :return: the modules that plugins provide now, and their files. A site asks for them once.
    """
    return _provided(IJavascriptPackage)


def allCSSPackages() -> dict[str, str]:
    """
    :return: the same for style sheets.
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
    # A package of plugins looked at sys.path when it was imported, which was before the current directory came onto it.
    for package in _PLUGINS:
        for path in pluginPackagePaths(package.__name__):
            if path not in package.__path__:
                package.__path__.append(path)
