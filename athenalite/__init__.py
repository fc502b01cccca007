# -*- test-case-name: tests.test_exports -*-
"""
Athena for Python 3: Python objects on the server and JavaScript objects in the page call each other's methods.

Start with :class:`LiveElement` and :func:`expose`; applications that come from Nevow find its names in
:mod:`athenalite.athena`.
"""

from .athena import (
    AthenaError,
    AutoCSSPackage,
    AutoJSPackage,
    ConnectFailed,
    ConnectionLost,
    CSSPackage,
    ElementRenderingLivePage,
    FallenBehind,
    IAthenaTransportable,
    ICSSPackage,
    IJavascriptPackage,
    JSException,
    JSPackage,
    LiveElement,
    LivePage,
    LivePageError,
    LivePageFactory,
    MessageTooLarge,
    NoSuchMethod,
    OrphanedFragment,
    expose,
)
from .errors import ArgumentError
from .limits import Limits

__all__ = [
    "ArgumentError",
    "AthenaError",
    "AutoCSSPackage",
    "AutoJSPackage",
    "CSSPackage",
    "ConnectFailed",
    "ConnectionLost",
    "ElementRenderingLivePage",
    "FallenBehind",
    "IAthenaTransportable",
    "ICSSPackage",
    "IJavascriptPackage",
    "JSException",
    "JSPackage",
    "Limits",
    "LiveElement",
    "LivePage",
    "LivePageError",
    "LivePageFactory",
    "MessageTooLarge",
    "NoSuchMethod",
    "OrphanedFragment",
    "expose",
]
