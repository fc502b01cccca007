# -*- test-case-name: tests.project.test_exports -*-
"""
Live web pages: objects on the server and objects in the browser call each other's methods over a WebSocket.

Start with :class:`LiveElement` and :func:`expose`: most applications need only these and a template of
:mod:`athenalite.loaders`. :class:`LivePage` is for documents of your own; :class:`LivePageFactory` has what the pages
of a site share, and :class:`Limits` its sizes and timeouts.

* :mod:`athenalite.errors`: the exceptions, and which side caused them.
* :mod:`athenalite.interfaces`: what an application may implement.
* :mod:`athenalite.live`: templates whose parts are rendered again, without JavaScript of your own.
* :mod:`athenalite.rooms`: what the pages of several workers and hosts share.
* :mod:`athenalite.limits`: each limit with its default and its unit.
* :mod:`athenalite.auth`: logins, whose pages end with them.
* :mod:`athenalite.clock`: a clock for sites on a machine whose time of day is changed.
* :mod:`athenalite.testing`: tests of your elements, without a port or a browser.
* :mod:`athenalite.admin`: the open pages of a site, for its operator.
* :mod:`athenalite.metrics`: metrics of a site for Prometheus.
* :mod:`athenalite.tracing`: traces of its calls for OpenTelemetry.
* :mod:`athenalite.new`: the command ``python -m athenalite.new``, which makes a project.
* :mod:`athenalite.tap`: the command ``twistd athena-widget``.
* :mod:`athenalite.port`: the command ``python -m athenalite.port``, for applications of Nevow's.

The other public modules have the names of Nevow's, so that an application moves over by renaming its imports; see
:mod:`athenalite.athena` and ``docs/porting.rst``. Modules, packages and names with a leading underscore are private,
and may change at any time.
"""

from ._porting.missing import install
from ._server.origin import Origin, parseOrigin
from ._server.site import AthenaSite
from ._text.version import VERSION
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

install()

#: The version of this release.
__version__: str = VERSION

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
