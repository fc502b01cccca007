# -*- test-case-name: tests.test_athena -*-
"""
The names of ``nevow.athena``: an application moves over by renaming its imports. ``docs/porting.rst`` says what is not
here, and why.
"""

from .element import LiveElement
from .elementpage import ElementRenderingLivePage
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
from .expose import expose
from .factory import LivePageFactory
from .fragment import LiveFragment
from .interfaces import IAthenaTransportable, ICSSPackage, IJavascriptPackage
from .jsmodules import AutoCSSPackage, AutoJSPackage, CSSPackage, JSPackage
from .livepage import LivePage
from .packages import allCSSPackages, allJavascriptPackages
from .stan import Proto
from .static import MappingResource
from .template import ATHENA_NAMESPACE as ATHENA_XMLNS_URI

#: Binds an event in a document of tags: ``tags.button[handler(event="onclick", handler="press")]``.
handler = Proto("athena:handler")
#: What a page brings itself, under the names that Athena had for it: ``LivePage(jsModules=JSDependencies({...}))``.
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
]
