# -*- test-case-name: tests.test_athena -*-
"""
The names of ``nevow.athena``: an application moves over by renaming its imports.
"""

from .element import LiveElement
from .errors import (
    AthenaError,
    ConnectFailed,
    ConnectionLost,
    JSException,
    LivePageError,
    NoSuchMethod,
    OrphanedFragment,
)
from .expose import expose
from .factory import LivePageFactory
from .interfaces import IAthenaTransportable, ICSSPackage, IJavascriptPackage
from .jsmodules import AutoCSSPackage, AutoJSPackage, CSSPackage, JSPackage
from .livepage import ElementRenderingLivePage, LivePage
from .template import ATHENA_NAMESPACE as ATHENA_XMLNS_URI

__all__ = [
    "ATHENA_XMLNS_URI",
    "AthenaError",
    "AutoCSSPackage",
    "AutoJSPackage",
    "CSSPackage",
    "ConnectFailed",
    "ConnectionLost",
    "ElementRenderingLivePage",
    "IAthenaTransportable",
    "ICSSPackage",
    "IJavascriptPackage",
    "JSException",
    "JSPackage",
    "LiveElement",
    "LivePage",
    "LivePageError",
    "LivePageFactory",
    "NoSuchMethod",
    "OrphanedFragment",
    "expose",
]
