# -*- test-case-name: tests.live.test_shared -*-
"""
Elements that are on many pages: their parts are rendered and encoded once for all of them.

Such a part has a version, which rises when its rendering changes, and each page has the version that it was sent, or
that its document had. Pages with the version before get the difference, and all others the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from secrets import token_hex
from typing import Any, ClassVar, Final
from weakref import WeakValueDictionary

from twisted.logger import Logger
from twisted.web.iweb import IRenderable
from zope.interface import implementer

from .._core.broadcast import IOutbox
from .._core.wire import encodeNotify
from .._templates.parser import Preprocessor
from .._templates.rewriting import LIVE_ATTRIBUTE, markRemote, rewriteEventHandlerNodes, tagsIn
from .._text.markup import Flat
from ..page import Element
from .onpage import SHOW, PartOnPage
from .pageparts import Everything, LivePageParts
from .parts import Part, Parts
from .rendering import written

#: How many characters of markup are kept for one element, to send differences.
_KEPT: Final = 1024 * 1024


class SharedElement(Parts, Element):
    """
    An element on many pages. It knows none of them, so its parts are the same for all, and are rendered once. Return it
    from a renderer of a :class:`LiveElement`; the methods that its template names for events are that element's::

        @renderer
        def list(self, request, tag):
            return tag[self.shared]

    Its parts contain no elements and no other parts, and the ids of its template are ids of the document. A page may
    show it in several places; each of these is rendered once for all pages that have as many. It forgets pages that are
    lost, or show it no more.
    """

    preprocessors: ClassVar[Sequence[Preprocessor]] = [rewriteEventHandlerNodes, markRemote]

    # By the name of the part, and the place on a page: each has an identity of its own, and so nodes of its own.
    _athenaShared: dict[tuple[str, int], SharedPart] | None = None

    def _athenaOn(self, liveElement: Any) -> Any:
        return SharedView(self, liveElement)

    def rerender(self, name: str | None = None, *keys: Any) -> None:
        """As :meth:`Parts.rerender`, on all pages."""
        self._athenaCheck(name, keys)
        for found in (self._athenaShared or {}).values():
            if name is None or found.definition.name == name:
                found.mark(keys or Everything)

    def _athenaSharedPart(self, definition: Part[Any], live: LivePageParts) -> SharedPart:
        """The part for the first place on this page at which it is not shown already."""
        if self._athenaShared is None:
            self._athenaShared = {}
        for place in count():
            found = self._athenaShared.get((definition.name, place))
            if found is None:
                found = SharedPart(definition, self, f"s{token_hex(8)}.{definition.name}", _AllPages(live))
                self._athenaShared[definition.name, place] = found
            if found.isFreeOn(live):
                return found
        raise AssertionError("count() has no end")


@implementer(IRenderable)
class SharedView:
    """A shared element on the page of one :class:`LiveElement`."""

    def __init__(self, shared: SharedElement, liveElement: Any) -> None:
        self._shared = shared
        self._liveElement = liveElement

    def render(self, request: Any) -> Any:
        return Element.render(self._shared, request)

    def lookupRenderMethod(self, name: Any) -> Any:
        definition = getattr(type(self._shared), name, None) if isinstance(name, str) else None
        if not isinstance(definition, Part):
            return self._shared.lookupRenderMethod(name)
        return lambda request, tag: Flat(self._joined(definition))

    def _joined(self, definition: Part[Any]) -> bytes:
        live = LivePageParts.of(self._liveElement.page)
        return self._shared._athenaSharedPart(definition, live).join(live, self._liveElement)


class _AllPages(LivePageParts):
    """What a shared part uses in the place of a page."""

    def __init__(self, live: LivePageParts) -> None:
        self.seen = None
        self.outbox = None
        self.isXHTML = False
        self.log: Any = Logger(namespace="athenalite")
        self.debug = live.debug
        self.maxSize = live.maxSize
        self._room = _KEPT


class SharedOnPage:
    """
    A shared part on one page.

    :ivar identity: of the part, as the page has it.
    :ivar version: of the part, as the page has it; -1 if that is unknown.
    :ivar isInPart: whether it is in another part, which joins it again whenever that is rendered.
    :ivar outbox: of the page; None for the page of a unit test, and if the page does not show the part any more.
    """

    __slots__ = ("__weakref__", "_isWaiting", "_part", "identity", "isInPart", "outbox", "page", "version")

    def __init__(self, part: SharedPart, page: LivePageParts) -> None:
        self._part = part
        self.identity = part.identity
        self.page = page
        self.outbox = page.outbox
        self.version = 0
        self.isInPart = False
        self._isWaiting = False

    def joined(self, version: int, liveElement: Any) -> None:
        """It is rendered for the document, or for a part around it."""
        seen = self.page.seen
        self.version, self.isInPart = version, seen is not None
        if seen is not None and seen.owner is liveElement:
            # What other elements show ends with these.
            seen.parts.append(self)

    def forget(self, liveElement: Any) -> None:
        """The part around it was rendered without it: the page gets no more of it."""
        self.outbox = None
        shows = liveElement._athenaShows
        if shows is not None and shows.get(self._part) is self:
            del shows[self._part]

    def undone(self, liveElement: Any, wasShown: bool) -> None:
        """The part around it was rendered, and is not sent: the page has what it had before, if anything."""
        if wasShown:
            self.version = -1
        else:
            self.forget(liveElement)

    def wait(self) -> None:
        """Have the page get the last version when it has room."""
        if not self._isWaiting:
            self._isWaiting = True
            self.page.wait(self)

    def goOn(self, identity: str) -> None:
        """The page has the part from another worker, with this identity: send all of it."""
        self.identity = identity
        self.version = -1
        self.isInPart = False
        self.wait()

    def place(self) -> None:
        """Reserve the place in the batch at which the part is shown."""
        self._isWaiting = False
        if self.outbox is not None:
            self.page.reserve(lambda: self._part.messages([self]))


class SharedPart(PartOnPage):
    """A part of a shared element, on all pages."""

    def __init__(self, definition: Part[Any], element: SharedElement, identity: str, page: LivePageParts) -> None:
        super().__init__(definition, element, identity, page)
        # By the identity of what is kept of the page: a key that references it would keep the page, and so the value.
        self._pages: WeakValueDictionary[int, SharedOnPage] = WeakValueDictionary()
        self._version = 0
        self._hasRemote = any(LIVE_ATTRIBUTE in tag.attributes for tag in tagsIn(element.documentOfTemplate()))
        # How to come from the version before to this one.
        self._step: bytes | None = None
        self._wholes: dict[tuple[bool, str], bytes] = {}
        self._flat = b""

    def isFreeOn(self, live: LivePageParts) -> bool:
        """Whether a page does not show this part, or only where it is being rendered again."""
        onPage = self._pages.get(id(live))
        return onPage is None or onPage.outbox is None or (live.seen is not None and live.seen.isShownBefore(onPage))

    def join(self, live: LivePageParts, liveElement: Any) -> bytes:
        """
        Add a page, whose document is rendered.

        :param liveElement: that shows it there. The page has the part as long as it has this.
        :return: the markup.
        """
        if self._hasRemote and live.outbox is not None:
            live.needsRemote()
        # The document is a rendering: what has changed without a mark is in it.
        if self._version:
            self._advance(Everything)
        if not self._flat:
            self._flat = self.first()
            self._version += 1
        # The texts that pieces would belong to are not kept by first, because this page does not have them.
        if liveElement._athenaShows is None:
            liveElement._athenaShows = {}
        onPage = liveElement._athenaShows.get(self)
        if onPage is None:
            onPage = self._pages[id(live)] = liveElement._athenaShows[self] = SharedOnPage(self, live)
        onPage.joined(self._version, liveElement)
        return self._flat

    def mark(self, keys: Any) -> None:
        """See :meth:`SharedElement.rerender`."""
        self.refuseOwnMark()
        self.addMarks(keys)
        if self._isPlaced:
            return
        places: dict[Any, tuple[Any, list[SharedOnPage]]] = {}
        for key, onPage in list(self._pages.items()):
            page = onPage.page
            if page.outbox is None or page.outbox.isLost:
                del self._pages[key]
            elif page.outbox.hasRoom:
                places.setdefault(id(page.sessions), (page.reserve, []))[1].append(onPage)
            else:
                onPage.wait()
        for reserve, pages in places.values():
            reserve(lambda pages=pages: self.messages(pages))
        self._isPlaced = bool(places)

    def messages(self, pages: list[SharedOnPage]) -> list[tuple[list[IOutbox], bytes]]:
        """
        :return: what brings these pages to the current version.
        """
        self._isPlaced = False
        if self.hasMarks:
            self._advance(self.takeMarks())
        step: list[IOutbox] = []
        wholes: dict[tuple[bool, str], list[IOutbox]] = {}
        behind = [one for one in pages if one.version != self._version and one.outbox is not None]
        if self._isStale:
            behind = [one for one in behind if one.version == self._version - 1]
        elif any(one.version != self._version - 1 for one in behind):
            # They must get what the others have, and nothing newer.
            self._advance(Everything)
        for one in behind:
            assert one.outbox is not None
            if one.version == self._version - 1 and not one.page.isXHTML and self._step is not None:
                step.append(one.outbox)
            else:
                wholes.setdefault((one.page.isXHTML, one.identity), []).append(one.outbox)
            # That of this worker is in the markup.
            one.version, one.identity = self._version, self.identity
        sent = [(outboxes, self._whole(*kind)) for kind, outboxes in wholes.items()]
        return [(step, self._step), *sent] if self._step is not None else sent

    def _whole(self, isXHTML: bool, identity: str) -> bytes:
        kind = isXHTML, identity
        if kind not in self._wholes:
            if not self._flat:
                self._flat = self.first()
            self._wholes[kind] = self._shown(written(self._flat, isXHTML), identity)
        return self._wholes[kind]

    def _advance(self, marks: Any) -> None:
        wasStale = self._isStale
        try:
            what = self.definition.difference(self, marks)
            if what is None and wasStale:
                what = []
            message = None if what is None else self._shown(what, self.identity)
            self._isStale = False
        except Exception as error:
            self.addMarks(Everything)
            message = self._failed(error)
        if message is not None:
            self._version += 1
            self._step = message
            self._wholes.clear()
            self._flat = b""

    def _shown(self, what: Any, identity: str) -> bytes:
        return encodeNotify(0, SHOW, [identity, what], {})
