# -*- test-case-name: tests.assets.test_packages -*-
"""
Finds the JavaScript and CSS packages of plugins and those beside the modules of elements.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from weakref import WeakValueDictionary

from twisted.plugin import getPlugins, pluginPackagePaths

import twisted.plugins

from ..interfaces import ICSSPackage, IJavascriptPackage
from .modules import AutoCSSPackage, AutoJSPackage, CSSPackage, JSPackage, Modules, cssModules

#: The counterpart of nevow/plugins, and the directory of Twisted's own plugins.
_PLUGINS: Final = (twisted.plugins, import_module("athenalite.plugins"))
_TABBED_PANE: Final = "Nevow.TagLibrary.TabbedPane"
_DIRECTORY: Final = Path(__file__).parent.parent / "taglibrary"
#: The modules of athenalite.taglibrary, which each site has, as each of Nevow's had.
_TAG_LIBRARY: Final = (
    JSPackage({"Nevow.TagLibrary": "", _TABBED_PANE: _DIRECTORY / "js" / "Nevow" / "TagLibrary" / "TabbedPane.js"}),
    CSSPackage({"Nevow.TagLibrary": "", _TABBED_PANE: _DIRECTORY / "css" / "Nevow" / "TagLibrary" / "TabbedPane.css"}),
)


class Packages:
    """
    The modules of one site.

    :ivar scripts: the :class:`Modules` of JavaScript.
    :ivar styles: those of CSS.
    """

    def __init__(self) -> None:
        self.scripts = Modules()
        self.styles = cssModules()
        # In order, because the first error is shown.
        self._seen: dict[str, None] = {}
        self._beside: tuple[set[str], set[str]] = set(), set()
        # By identity, because a page may be a dataclass, which has no hash.
        self._brought: WeakValueDictionary[int, Any] = WeakValueDictionary()
        self.scripts.mapping.update(allJavascriptPackages())
        self.styles.mapping.update(allCSSPackages())
        # Those of plugins, and those that pages bring, were chosen; those beside modules were found.
        self._chosen = frozenset(self.scripts.mapping), frozenset(self.styles.mapping)
        for modules, package in ((self.scripts, _TAG_LIBRARY[0]), (self.styles, _TAG_LIBRARY[1])):
            modules.mapping.update({**package.mapping, **modules.mapping})

    def addBeside(self, cls: type) -> None:
        """
        Add the directories ``js`` and ``css`` beside the modules of ``cls`` and of its bases. Modules of the same
        names that plugins or pages provide are preferred.

        :raise DuplicateModule: if two packages have a module of the same name; each time.
        """
        for base in cls.__mro__:
            if base.__module__ not in self._seen:
                self._addOf(base.__module__)
                self._seen[base.__module__] = None

    def _addOf(self, moduleName: str) -> None:
        directories = _directoriesOf(moduleName)
        scripts, styles = _merged(AutoJSPackage, directories, "js"), _merged(AutoCSSPackage, directories, "css")
        for modules, found, chosen, beside in zip(
            (self.scripts, self.styles), (scripts, styles), self._chosen, self._beside, strict=True
        ):
            modules.add(found, chosen)
            beside.update(found.keys() - chosen)

    def lookAgain(self) -> bool:
        """
        Read the directories of :meth:`addBeside` once more, for files that were created, renamed or removed since. For
        a module that was not found, because that takes as long as many pages.

        :return: whether anything differs.
        :raise DuplicateModule: as :meth:`addBeside`.
        """
        before = [dict(modules.mapping) for modules in (self.scripts, self.styles)]
        for modules, chosen, beside in zip((self.scripts, self.styles), self._chosen, self._beside, strict=True):
            for name in beside - chosen:
                modules.mapping.pop(name, None)
            beside.clear()
        for moduleName in self._seen:
            self._addOf(moduleName)
        return before != [self.scripts.mapping, self.styles.mapping]

    def choose(self, scripts: Mapping[str, str], styles: Mapping[str, str]) -> None:
        """
        Make these modules of the site, in the place of others of the same names.
        """
        if scripts:
            self.scripts.mapping.update(scripts)
            self._chosen = self._chosen[0] | scripts.keys(), self._chosen[1]
        if styles:
            self.styles.mapping.update(styles)
            self._chosen = self._chosen[0], self._chosen[1] | styles.keys()

    def bring(self, page: Any) -> None:
        """
        Make ``jsModules`` and ``cssModules`` of a page modules of the site as long as the page exists, additions
        included. For the page at the root of an application, which is never rendered itself.
        """
        self._brought[id(page)] = page

    def refresh(self) -> None:
        """Add what pages given to :meth:`bring` have added to their packages."""
        # Most sites have none, and each page asks.
        for page in list(self._brought.values()) if self._brought else ():
            self.choose(page.jsModules.mapping, page.cssModules.mapping)


def allJavascriptPackages() -> dict[str, str]:
    """
    :return: the modules that plugins provide, and their files. A site reads them once.
    :raise DuplicateModule: if two plugins have a module of the same name.
    """
    return _provided(IJavascriptPackage)


def allCSSPackages() -> dict[str, str]:
    """
    :return: the style sheets that plugins provide, and their files.
    """
    return _provided(ICSSPackage)


def _provided(interface: Any) -> dict[str, str]:
    _refreshPluginPath()
    modules = Modules()
    for package in _PLUGINS:
        for plugin in getPlugins(interface, package):
            modules.add(plugin.mapping)
    return dict(modules.mapping)


def _merged(package: Callable[[Path], Any], directories: list[Path], name: str) -> dict[str, str]:
    """The modules in the folders ``name`` of these directories; an inner package is preferred to those around it."""
    mapping: dict[str, str] = {}
    for directory in directories:
        if (directory / name).is_dir():
            mapping = {**package(directory / name).mapping, **mapping}
    return mapping


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
