# -*- test-case-name: tests.test_athena -*-
"""
The names of ``nevow.athena``: an application moves over by renaming its imports. ``docs/porting.rst`` lists the names
that are missing, with the reasons.
"""

from typing import TYPE_CHECKING

from ._assets.modules import AutoCSSPackage, AutoJSPackage, CSSPackage, JSPackage
from ._assets.packages import allCSSPackages, allJavascriptPackages
from ._core.expose import expose
from ._page.element import LiveElement
from ._page.elementpage import ElementRenderingLivePage
from ._page.fragment import LiveFragment
from ._page.legacyheaders import legacyHeaders
from ._page.livepage import LivePage
from ._porting.missing import absent
from ._server.factory import LivePageFactory
from ._templates.parser import ATHENA_NAMESPACE as ATHENA_XMLNS_URI
from .errors import (
    AthenaError,
    ConnectFailed,
    ConnectionLost,
    FallenBehind,
    JSException,
    LivePageError,
    MessageTooLarge,
    NoSuchMethod,
    OrphanedFragment,
)
from .interfaces import IAthenaTransportable, ICSSPackage, IJavascriptPackage
from .page import renderer
from .stan import Proto
from .static import MappingResource

#: Binds an event in a document of tags: ``tags.button[handler(event="onclick", handler="press")]``.
handler = Proto("athena:handler")
#: Packages of a page's own modules, under Athena's names: ``LivePage(jsModules=JSDependencies({...}))``.
JSDependencies = JSPackage
CSSRegistry = CSSPackage

__all__ = [
    "ATHENA_XMLNS_URI",
    "AthenaError",
    "AutoCSSPackage",
    "AutoJSPackage",
    "CSSPackage",
    "CSSRegistry",
    "ConnectFailed",
    "ConnectionLost",
    "ElementRenderingLivePage",
    "FallenBehind",
    "IAthenaTransportable",
    "ICSSPackage",
    "IJavascriptPackage",
    "JSDependencies",
    "JSException",
    "JSPackage",
    "LiveElement",
    "LiveFragment",
    "LivePage",
    "LivePageError",
    "LivePageFactory",
    "MappingResource",
    "MessageTooLarge",
    "NoSuchMethod",
    "OrphanedFragment",
    "allCSSPackages",
    "allJavascriptPackages",
    "expose",
    "handler",
    "legacyHeaders",
    "renderer",
]


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
