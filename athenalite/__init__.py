# -*- test-case-name: tests.project.test_exports -*-
"""
Athena for Python 3: Python objects on the server and JavaScript objects in the page call each other's methods.

Start with :class:`LiveElement` and :func:`expose`: that is all that most applications need, with a template of
:mod:`athenalite.loaders`. :class:`LivePage` is for documents of your own, :class:`LivePageFactory` and
:class:`Limits` are what the pages of a site share, and :mod:`athenalite.errors` draws the tree of what can go wrong.
Test your elements with :mod:`athenalite.testing`.

Applications that come from Nevow find its names in modules of the same names, first of all :mod:`athenalite.athena`.
Modules, packages and names with a leading underscore are private, and may change at any time.
"""

from ._server.origin import Origin, parseOrigin
from ._server.site import AthenaSite
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
    "AthenaSite",
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
    "Origin",
    "OrphanedFragment",
    "expose",
    "parseOrigin",
]
