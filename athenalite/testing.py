# -*- test-case-name: tests.test_testing -*-
"""
Runs pages in memory, for the tests of your own elements: no port, no browser, no waiting.

:func:`renderLivePage` renders an element or a page and connects it to a simulated browser page, a :class:`StubPage`,
which calls the exposed methods and records the server's calls. Only the clock and the connection are simulated. See
``docs/testing.rst``. :class:`StubWorkers` are several workers with rooms, and an engine that a test can break.
"""

from __future__ import annotations

from collections.abc import Mapping

from ._page.element import LiveElement
from ._page.livepage import LivePage
from ._rooms.memory import MemoryEngine
from ._testing.fakebrowser import Instance, RemoteCall, RemoteError, Widget
from ._testing.files import StubFile
from ._testing.realwork import StillRunning
from ._testing.stubbrowser import StubBrowser, StubPage
from ._testing.stubworkers import StubWorkers
from .limits import Limits

__all__ = [
    "Instance",
    "MemoryEngine",
    "RemoteCall",
    "RemoteError",
    "StillRunning",
    "StubBrowser",
    "StubFile",
    "StubPage",
    "StubWorkers",
    "Widget",
    "renderLivePage",
]


def renderLivePage(
    page: LivePage | LiveElement,
    *,
    limits: Limits | None = None,
    debug: bool = False,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> StubPage:
    """Open a page, or an element on a page of its own, in a new :class:`StubBrowser`."""
    return StubBrowser(limits=limits, debug=debug, headers=headers, timeout=timeout).open(page)
