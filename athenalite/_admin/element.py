# -*- test-case-name: tests.admin.test_element -*-
"""
What an operator sees of the open pages of a site, in a live template: :class:`AdminElement`.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final, Protocol

from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.python.util import sibpath

from .._core.expose import expose
from .._live.decorators import part
from .._page.element import LiveElement
from .._text.printable import printable
from ..errors import LivePageError
from ..interfaces import IClock
from ..loaders import xmlfile
from ..page import renderer
from ..stan import Tag
from .openpages import OpenPage, OpenPages

#: In seconds.
REFRESH: Final = 2.0
#: How many pages are shown; a search finds the others.
MOST: Final = 50
#: Of a search, and of a reason, which a browser gets in a close frame; in characters.
LONGEST: Final = 100
ENDED: Final = "This page was closed by the operator."
#: For the packages of a factory: athenalite has no directory of style sheets that each site finds.
STYLES: Final = MappingProxyType({"AthenaliteAdmin": sibpath(__file__, "css/AthenaliteAdmin.css")})
_NOTHING: Final = "\u2013"
_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "min"))
_SIZES: Final = ((1 << 20, "MiB"), (1 << 10, "KiB"))


class Managed(Protocol):
    """What the element needs of a site."""

    @property
    def pages(self) -> OpenPages:
        """Its open pages."""

    @property
    def log(self) -> Logger:
        """For what operators do."""

    @property
    def name(self) -> str:
        """The name of the process; empty if it is the only one."""

    @property
    def others(self) -> Sequence[tuple[str, str]]:
        """The names of the other processes, and their addresses."""

    @property
    def isDraining(self) -> bool:
        """Whether new visitors are to go elsewhere."""

    def drain(self) -> None:
        """Let new visitors go elsewhere."""

    def undrain(self) -> None:
        """Take new visitors again."""


class AdminElement(LiveElement):
    """
    Lists and searches the pages of a site, shows one of them, and ends or cuts it.

    :ivar found: the pages that are listed, by their numbers.
    """

    docFactory = xmlfile(sibpath(__file__, "admin.html"))
    cssModule = "AthenaliteAdmin"
    pageTitle = "Open pages"
    pageReloads = True

    def __init__(self, site: Managed, clock: IClock, operator: str) -> None:
        """
        :param operator: whom the log names for what is done here.
        """
        super().__init__()
        self._site = site
        self._clock = clock
        self._operator = operator
        self._query = ""
        self._isOver = False
        self._shown: OpenPage | None = None
        self.found: dict[int, OpenPage] = {}
        self._find()

    # Refreshing

    def connectionMade(self) -> None:
        self._refresh()

    def connectionLost(self, reason: Failure) -> None:
        self._isOver, self._shown = True, None
        self.found.clear()

    def _refresh(self) -> None:
        if not self._isOver:
            self._clock.callLater(REFRESH, self._refresh)
            self._showAll()

    def _showAll(self) -> None:
        self._find()
        self.rerender()

    def _find(self) -> None:
        found = self._site.pages.find(self._query, MOST)
        if self._shown is not None and self._shown not in found:
            # It stays until it is put aside, also when it is lost.
            found.insert(0, self._shown)
        self.found = {one.number: one for one in found}

    # Renderers

    @renderer
    def heading(self, request: Any, tag: Tag) -> Any:
        """The name of the process, if there are several."""
        return tag(f"Open pages of {self._site.name}" if self._site.name else "Open pages")

    @renderer
    def others(self, request: Any, tag: Tag) -> Any:
        """Links to the other processes."""
        links = [Tag("a", {"href": address})(name) for name, address in self._site.others]
        return tag("Other workers:", *((" ", link) for link in links)) if links else ""

    @part
    def summary(self, request: Any, tag: Tag) -> Any:
        """How many pages there are."""
        count = self._site.pages.count()
        text = ", ".join(f"{count[state]:,} {state}" for state in ("connected", "disconnected", "rendered"))
        shown = f" The newest {MOST} are listed." if len(self.found) >= MOST else ""
        return tag(f"{text}.{shown}")

    @part
    def visitors(self, request: Any, tag: Tag) -> Any:
        """Whether the process takes new visitors, and what changes that."""
        return tag.onePattern("draining" if self._site.isDraining else "serving")

    @part.each("found")
    def pages(self, request: Any, tag: Tag, page: OpenPage) -> Any:
        """One page of the list."""
        isShown = page is self._shown
        return tag.fillSlots(
            number=str(page.number),
            pageClass=page.pageClass,
            user=printable(page.user or _NOTHING),
            peer=page.peer or _NOTHING,
            state=page.state,
            seconds=_duration(page.seconds),
            waiting=_size(page.waiting),
            isShown="true" if isShown else "false",
            more=self._detail(tag, page) if isShown else "",
        )

    def _detail(self, tag: Tag, page: OpenPage) -> Tag:
        detail, error = tag.onePattern("detail"), page.lastError
        event, controls = detail.onePattern("event"), detail.onePattern("controls")
        return detail.fillSlots(
            rendered=f"{page.rendered:%Y-%m-%d %H:%M:%S} UTC",
            age=_duration(page.age),
            resumptions=str(page.resumptions),
            error=_NOTHING if error is None else error.text,
            events=[
                event.clone().fillSlots(time=f"{one.time:%H:%M:%S}", level=one.level, text=one.text)
                for one in page.events
            ],
            controls=controls if page.reason is None else "",
        )

    # Methods

    @expose
    def search(self, query: str) -> None:
        """List the pages in which a text is found."""
        self._query = query[:LONGEST]
        self._showAll()

    @expose
    def toggle(self, key: int) -> None:
        """Show one page of the list, or put it aside."""
        isShown = self._shown is not None and self._shown.number == key
        self._shown = None if isShown else self.found.get(key)
        self._showAll()

    @expose
    def end(self, key: int, reason: str) -> None:
        """End a page."""
        page, text = self._open(key), " ".join(reason.split())[:LONGEST] or ENDED
        self._did("Page {page} was ended by {operator}: {reason}", "ended", page=key, reason=text)
        page.close(text)
        self._showAll()

    @expose
    def cut(self, key: int) -> None:
        """Cut the connection of a page."""
        if not self._open(key).cut():
            raise LivePageError("This page has no connection at present.")
        self._did("The connection of page {page} was cut by {operator}.", "cut", page=key)
        self._showAll()

    @expose
    def drain(self) -> None:
        """Let new visitors go elsewhere."""
        self._did("The server was drained by {operator}.", "drained")
        self._site.drain()
        self.rerender("visitors")

    @expose
    def undrain(self) -> None:
        """Take new visitors again."""
        self._site.undrain()
        self._did("The server takes new visitors again, by {operator}.", "undrained")
        self.rerender("visitors")

    def _open(self, number: int) -> OpenPage:
        page = self._site.pages.get(number)
        if page is None:
            raise LivePageError("This page is lost already.")
        return page

    def _did(self, text: str, event: str, **fields: Any) -> None:
        self._site.log.info(text, event=f"admin-{event}", operator=self._operator, **fields)


def _duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}" if seconds >= 10 * size else f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def _size(size: int) -> str:
    for bound, unit in _SIZES:
        if size >= bound:
            return f"{size / bound:.1f} {unit}"
    return f"{size} B"
