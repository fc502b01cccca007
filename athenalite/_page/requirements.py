# -*- test-case-name: tests.page.test_requirements -*-
"""
The scripts and style sheets that a page needs: its own, those of its document, and those of elements sent later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar
from urllib.parse import quote

from .._assets.assets import PREFIX, Roots
from .._assets.client import LinkError
from .._assets.modules import CSSPackage, JSPackage, Module
from .._server.factory import LivePageFactory
from ..context import Context
from ..errors import UnknownClass
from .nevowresource import ofDocument
from .resource import Page

#: What a segment of a URL's path may have unquoted, and a percent sign, because the path of a request is quoted.
_SAFE: Final = "%!$&'()*+,;=:@~"
_BESIDE: Final = f"./{PREFIX}"
_Found = TypeVar("_Found")


class Requirements:
    """
    The modules of one page.

    :ivar scripts: the page's own JavaScript modules, a package whose ``mapping`` may be added to. They become modules
        of the site when the page is rendered.
    :ivar styles: its own style sheets, likewise.
    :ivar at: the addresses of both, see :meth:`roots`.
    :ivar first: the names of scripts that are loaded before the others.
    :ivar hasParts: whether the script for the parts of live templates is loaded.
    :ivar hasRemote: whether the one for their events and forms is.
    :ivar hasAddresses: whether the one for changes of the address is.
    """

    def __init__(self, scripts: Any, styles: Any, roots: tuple[Any, Any, Any]) -> None:
        """
        :param scripts: a package, a mapping, or None; so is ``styles``.
        :param roots: the addresses of scripts, styles and transport, text or of :mod:`athenalite.url`; None for those
            below the page.
        """
        self.scripts = JSPackage(_mapping(scripts))
        self.styles = CSSPackage(_mapping(styles))
        self._given = roots
        self._loaded: frozenset[tuple[bool, str]] = frozenset()
        self.at = Roots()
        self.first: tuple[str, ...] = ()
        self.hasParts = self.hasRemote = self.hasAddresses = False

    def roots(self, path: bytes, request: Any = None, worker: str | None = None) -> Roots:
        """
        :param path: of the request for the page.
        :param request: that request, for addresses that depend on it.
        :param worker: the name of this worker, if there are several: scripts are asked of the one that knows them.
        :return: the addresses of scripts, styles and transport, relative to the page.
        """
        # Beside /chat/ is ./_athena; of /chat, which has no slash at its end, it is ./chat/_athena.
        last = path.rpartition(b"/")[2]
        beside = f"./{quote(last, safe=_SAFE)}/{PREFIX}" if last else _BESIDE
        if worker is not None:
            beside += f"/at/{worker}"
        self.at = Roots(*[beside if root is None else _address(root, request) for root in self._given])
        return self.at

    def ofDocument(self, factory: LivePageFactory, objects: Iterable[Any]) -> tuple[list[Module], list[Module]]:
        """
        :param objects: the page and its elements.
        :return: the scripts and the style sheets that the document loads, in order.
        """
        scripts, styles = self._needed(factory, objects)
        self._loaded = frozenset((*((True, one.name) for one in scripts), *((False, one.name) for one in styles)))
        return scripts, styles

    def forLater(self, factory: LivePageFactory, elements: Iterable[Any]) -> tuple[list[list[str]], list[str]]:
        """
        :return: names and addresses of scripts, and addresses of style sheets, that ``elements`` need and the document
            does not have. They are sent with each element, because the server does not know whether the browser used
            an earlier one; it loads none twice.
        """
        scripts, styles = self._needed(factory, elements)
        return found(factory, lambda: self._addresses(factory, scripts, styles))

    def _addresses(
        self, factory: LivePageFactory, scripts: list[Module], styles: list[Module]
    ) -> tuple[list[list[str]], list[str]]:
        assets = factory.assets
        return (
            [
                [one.name, assets.scriptURL(one, self.at.scripts)]
                for one in scripts
                if (True, one.name) not in self._loaded
            ],
            [assets.styleURL(one, self.at.styles) for one in styles if (False, one.name) not in self._loaded],
        )

    def scriptURL(self, factory: LivePageFactory, name: str) -> str:
        """
        :return: the address of a script, relative to the page.
        """
        self._bring(factory)
        return found(factory, lambda: factory.assets.scriptURL(factory.packages.scripts.get(name), self.at.scripts))

    def styleURL(self, factory: LivePageFactory, name: str) -> str:
        """
        :return: the address of a style sheet, relative to the page.
        """
        self._bring(factory)
        return factory.assets.styleURL(found(factory, lambda: factory.packages.styles.get(name)), self.at.styles)

    def _bring(self, factory: LivePageFactory) -> None:
        factory.packages.refresh()
        factory.packages.choose(self.scripts.mapping, self.styles.mapping)

    def _needed(self, factory: LivePageFactory, objects: Iterable[Any]) -> tuple[list[Module], list[Module]]:
        self._bring(factory)
        objects = list(objects)
        try:
            return found(factory, lambda: self._neededNow(factory, objects))
        except UnknownClass as error:
            raise UnknownClass(f"{error}{_named(objects, str(error))}") from None

    def _neededNow(self, factory: LivePageFactory, objects: list[Any]) -> tuple[list[Module], list[Module]]:
        packages = factory.packages
        names = [packages.scripts.moduleOf(one.jsClass) for one in objects if hasattr(one, "jsClass")]
        styles = [one.cssModule for one in objects if getattr(one, "cssModule", None)]
        scripts = packages.scripts.inOrder([*self.first, *filter(None, names)])
        return [*self._ours(factory), *scripts], packages.styles.inOrder(styles)

    def _ours(self, factory: LivePageFactory) -> list[Module]:
        assets = factory.assets
        return [
            *([] if assets.debug is None else [assets.debug]),
            *([] if factory.sessions.tracer is None else [assets.tracing]),
            *([assets.live] if self.hasParts else []),
            *([assets.remote] if self.hasRemote else []),
            *([assets.addresses] if self.hasAddresses else []),
        ]


class ModuleURLs(Page):
    """The addresses of single modules, for a page's own markup: the client loads those of widgets by itself."""

    _athenaRequirements: Requirements
    _athenaLive: Any = None

    @property
    def _athenaShared(self) -> LivePageFactory:
        raise NotImplementedError

    def needsParts(self) -> None:
        """Load the script for parts: an element of the page has one."""
        self._athenaRequirements.hasParts = True

    def needsRemote(self) -> None:
        """Load the script for events that call methods of the server: a template of the page has one."""
        self._athenaRequirements.hasRemote = True

    @ofDocument
    def renderHTTP(self, ctx: Context) -> Any:
        # Renderers may ask for addresses; those of the head are made after them.
        factory: LivePageFactory | None = getattr(self, "_athenaFactory", None)
        worker = None if factory is None else factory.name
        self._athenaRequirements.roots(ctx.request.path, ctx.request, worker)
        return super().renderHTTP(ctx)

    def getJSModuleURL(self, moduleName: str) -> str:
        """
        :return: the address of a JavaScript module, relative to the page, for its renderers.
        :raise athenalite.errors.UnknownClass: if there is none of this name.
        """
        return self._athenaRequirements.scriptURL(self._athenaShared, moduleName)

    def getCSSModuleURL(self, moduleName: str) -> str:
        """
        :return: the address of a style sheet, relative to the page, for its renderers.
        :raise athenalite.errors.UnknownClass: if there is none of this name.
        """
        return self._athenaRequirements.styleURL(self._athenaShared, moduleName)


def found(factory: LivePageFactory, find: Callable[[], _Found]) -> _Found:
    """
    :return: what ``find`` returns. If it does not find a module, it is called once more if there are other files now.
    """
    try:
        return find()
    except (UnknownClass, LinkError, FileNotFoundError):
        if not factory.assets.lookAgain():
            raise
        return find()


def _named(objects: list[Any], message: str) -> str:
    for attribute in ("jsClass", "cssModule"):
        for one in objects:
            value = getattr(one, attribute, None)
            if value and f": {value!r};" in message:
                return f" ({attribute} of {type(one).__name__})"
    return ""


def _mapping(package: Any) -> dict[str, Any]:
    return dict(getattr(package, "mapping", package) or {})


def _address(root: Any, request: Any) -> str:
    known = root.pathFor(request) if hasattr(root, "pathFor") else root
    return str(known).rstrip("/")
