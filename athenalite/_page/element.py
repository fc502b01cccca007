# -*- test-case-name: tests.page.test_element -*-
"""
An element with a widget in the browser: :class:`LiveElement`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from twisted.internet.defer import Deferred, succeed
from twisted.python.failure import Failure
from twisted.web.iweb import IRequest
from twisted.web.template import Tag, renderer

from .._assets.document import forPage, reportFor
from .._awaiting.checks import argumentsAtOnce, mustAnswerAtOnce, mustNotYield
from .._awaiting.results import HookResult
from .._core.callresult import CallResult
from .._core.expose import expose
from .._core.wire import encodeArguments
from .._live.parts import Parts
from .._templates.blocked import warnOfBlocked
from .._templates.parser import ATHENA_NAMESPACE, Preprocessor
from .._templates.precompile import numbered, withFlatTag
from .._templates.rewriting import ID_SLOT, LIVE_ATTRIBUTE, rewriteAthenaIds, rewriteEventHandlerNodes
from ..errors import ConnectionLost, OrphanedFragment
from ..page import Element
from .appearance import Appearance
from .elementprotocols import ElementPage
from .reserved import OF_ELEMENT, collision, refuseCollisions

if TYPE_CHECKING:
    from .._core.outbox import Outbox

#: What is certainly no page. A unit test may give an element one of its own.
_PLAIN: Final = (str, bytes, int, float, list, tuple, dict, set, frozenset)
#: The methods of elements and pages that are called when something has happened.
HOOKS: Final = ("connectionMade", "connectionLost", "detached", "disconnected", "resumed")


class LiveElement(Parts, Appearance, Element):
    """
    Subclass it, give it a template whose root node has the renderer ``liveElement``, and expose the methods that the
    browser may call. All its state is optional: a subclass need not call ``__init__``.

    :cvar docFactory: the template, see :class:`Element`.
    :cvar jsClass: the dotted name of the JavaScript class of its widget.
    :cvar cssModule: the name of its style sheet, if it has one.
    :ivar fragmentParent: the page or the element that contains it.
    :ivar widgetInfo: the JSON that was sent for this element; None if it came with the document, or was not sent yet.
    """

    jsClass: str = "Nevow.Athena.Widget"
    cssModule: str | None = None
    preprocessors: ClassVar[Sequence[Preprocessor]] = [warnOfBlocked, rewriteEventHandlerNodes, rewriteAthenaIds]

    fragmentParent: Any = None
    widgetInfo: dict[str, Any] | None = None
    _athenaPage: ElementPage | None = None
    # The outbox of its page's session, from its first call on.
    _athenaOutbox: Outbox | None = None
    # Why the page is lost, or this element was detached; None before.
    _athenaLost: str | None = None
    # As in Athena, there is none before it is rendered.
    _athenaID: int
    _athenaRendered = False
    # Another worker has sent it: it is rendered here if it is sent again, which needs no rendering there.
    _athenaMayRepeat = False
    _athenaChildren: list[LiveElement] | None = None

    @property
    def _athenaElement(self) -> LiveElement:
        return self

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        mustAnswerAtOnce(
            cls, "locateMethod", "getInitialArguments", "lookupRenderMethod", "setFragmentParent", "pageLost"
        )
        mustNotYield(cls, *HOOKS)
        refuseCollisions(cls, OF_ELEMENT)

    # The tree

    @property
    def liveFragmentChildren(self) -> list[LiveElement]:
        """The elements in this one, in the order in which they were added."""
        if self._athenaChildren is None:
            self._athenaChildren = []
        return self._athenaChildren

    def setFragmentParent(self, fragmentParent: Any) -> None:
        """Put this element into a page or another element. Do it before it is rendered, or sent to the browser."""
        if self._athenaLost is not None:
            # Its number was another page's, or was given up when it was detached.
            self.__dict__.pop("_athenaID", None)
            self._athenaRendered = False
            self._athenaLost = None
        self.fragmentParent = fragmentParent
        fragmentParent.liveFragmentChildren.append(self)

    # Any, because applications use what their own page classes have.
    @property
    def page(self) -> Any:
        """The :class:`LivePage` of this element, found through its parents; None if there is none, or it is lost."""
        if self._athenaPage is None and self.fragmentParent is not None:
            self._athenaPage = self.fragmentParent.page
        return self._athenaPage

    @page.setter
    def page(self, page: ElementPage | None) -> None:
        if isinstance(page, _PLAIN):
            raise collision(type(self), "page", "LiveElement")
        self._athenaPage = page
        self._athenaOutbox = None

    def pageLost(self, reason: str) -> None:
        """
        Called when the page is lost: releases the page, because an application may keep its elements, as the tutorial's
        ``ChatRoom`` does. Further calls fail.
        """
        self._athenaLost = reason
        self._athenaPage = self._athenaOutbox = None
        self.widgetInfo = self._athenaParts = self._athenaShows = None
        if not isinstance(self.fragmentParent, LiveElement):
            self.fragmentParent = None

    # Rendering

    def _allPreprocessors(self) -> list[Preprocessor]:
        return forPage(self.page, super()._allPreprocessors())

    def _athenaReportFor(self, request: Any) -> Any:
        return reportFor(self.page)

    def render(self, request: IRequest | None) -> Any:
        document = super().render(request)
        if hasattr(self.page, "addElement"):
            self.page.values.elementRendered(self)
        return document

    def lookupRenderMethod(self, name: str) -> Any:
        if name == ID_SLOT:
            return lambda request, tag: numbered(tag, self.athenaID)
        method = super().lookupRenderMethod(name)
        if name != "liveElement":
            return method
        return lambda request, tag: withFlatTag(method(request, tag), self.athenaID)

    @renderer
    def liveElement(self, request: IRequest | None, tag: Tag) -> Tag:
        """
        Makes its node the node of the widget. The root node of the template must have this renderer.

        :raise RuntimeError: the second time, because each page needs an element of its own.
        """
        if not tag.tagName:
            raise TypeError("liveElement is the renderer of the widget's node: an element, and not invisible")
        if self._athenaRendered and not self._athenaMayRepeat:
            raise RuntimeError(f"Cannot render {self!r} more than once; make a new element for each page")
        if self._athenaMayRepeat:
            # What it has shown is rendered again with it.
            self._athenaShows = None
        self._athenaRendered, self._athenaMayRepeat = True, False
        attributes = {"id": f"athena:{self.athenaID}", "athena:class": self.jsClass}
        page = self._livingPage()
        initial = argumentsAtOnce(self.getInitialArguments(), f"{type(self).__name__}.getInitialArguments")
        isPage = hasattr(page, "addElement")
        if isPage and LIVE_ATTRIBUTE in tag.attributes:
            page.needsRemote()
        arguments = [page.values.plain(argument) if isPage else argument for argument in initial]
        if not (isPage and page.values.widgetRendered(self, arguments)):
            # For pages that are served as application/xhtml+xml. The markup of a sent element declares it at its root.
            attributes["xmlns:athena"] = ATHENA_NAMESPACE
            if arguments:
                attributes["data-athena-arguments"] = encodeArguments(arguments)
        # All are texts, which need no conversion.
        tag.attributes.update(attributes)
        return tag

    def getInitialArguments(self) -> Iterable[Any]:
        """
        Override it to give the widget initial data. Called when the element is rendered.

        :return: values that the widget's ``__init__`` gets after its node.
        """
        return ()

    @property
    def athenaID(self) -> int:
        """
        The number of this element in messages. It is assigned when it is rendered, or when it is first read.

        :raise athenalite.errors.OrphanedFragment: if it has none, and is on no page.
        """
        if "_athenaID" not in self.__dict__:
            page: Any = self._livingPage()
            self._athenaID = page.addElement(self) if hasattr(page, "addElement") else page.addLocalObject(self)
        return self._athenaID

    def _livingPage(self) -> ElementPage:
        page: ElementPage | None = self.page
        if page is None:
            raise OrphanedFragment(
                f"{type(self).__name__} is on no page; call setFragmentParent first, or for an element that "
                "--element makes, wait until connectionMade is called"
            )
        return page

    # Calls

    def callRemote(self, methodName: str, *args: Any, **kwargs: Any) -> CallResult:
        """
        Call a method of the widget. While the page is not connected, the call is kept and sent later.

        :param args: JSON values; elements, which arrive as what ``addChildWidgetFromWidgetInfo`` takes; other
            renderables, which arrive as XHTML; and :class:`IAthenaTransportable` objects.
        :param kwargs: more of them; the method gets them as one last argument, an object.
        :return: a Deferred that fires once: with the result, or with :class:`JSException` or :class:`ConnectionLost`.
            If you do not keep it, no result is requested, and errbacks or the log get an error of the browser.
        :raise TypeError: if an argument cannot be sent.
        :raise MessageTooLarge: if the call alone exceeds ``Limits.maxBytesKept``.
        :raise OrphanedFragment: if this element, or one of the arguments, was never put on a page.
        """
        outbox = self._athenaOutbox
        if outbox is None:
            if self._athenaLost is not None:
                return CallResult.lost(self._athenaLost)
            page: Any = self._livingPage()
            if not hasattr(page, "addElement"):
                # A unit test's own page, which gets the call as Athena's did.
                return page.callRemote("Nevow.Athena.callByAthenaID", self.athenaID, methodName, args)  # type: ignore[no-any-return]
            outbox = page.session.outbox
            # So it has a number from its first call on, until it is lost.
            self._athenaID, self._athenaOutbox = self.athenaID, outbox
        batch = outbox.joins
        if batch is not None:
            # The comparison of Outbox.callRemote, once more: to call that for each page of a loop costs more than it.
            last = batch.last
            if methodName == last.methodName and self._athenaID == last.objectID and not kwargs and args == last.args:
                return last.add(outbox)
        return outbox.callRemote(self._athenaID, methodName, args, kwargs)

    def locateMethod(self, ctx: Any, methodName: str) -> Callable[..., Any]:
        """
        Override it to find the methods that the browser may call by other rules than :data:`expose`.

        :param ctx: unused; Athena's context.
        :return: the method.
        :raise AttributeError: if the browser may not call it.
        """
        method: Callable[..., Any] = expose.get(self, methodName)
        return method

    # Leaving

    def detach(self) -> Deferred[None]:
        """
        Remove this element and those in it from the page, here and in the browser.

        :return: fires when both sides have done so. If the widget is missing, or its ``detached`` raises, it fails, and
            the element is detached nevertheless.
        :raise OrphanedFragment: if it is on no page.
        """
        self._livingPage()
        if "_athenaID" not in self.__dict__:
            self._athenaDetachServer()
            return succeed(None)
        detached: Deferred[None] = self.callRemote("_athenaDetachClient").addBoth(self._detachedInBrowser)
        return detached

    def _detachedInBrowser(self, result: Any) -> Any:
        # When the page is lost, pageLost and connectionLost are called instead.
        if not (isinstance(result, Failure) and result.check(ConnectionLost)) and self.page is not None:
            self._athenaDetachServer()
        return result

    @expose
    def _athenaDetachServer(self) -> None:
        page = self._livingPage()
        for child in list(self.liveFragmentChildren):
            child._athenaDetachServer()
        if self.fragmentParent is not None:
            # Not remove, which would take the first that is equal, as dataclasses are.
            children = self.fragmentParent.liveFragmentChildren
            children[:] = [child for child in children if child is not self]
        self.pageLost("Detached")
        self.fragmentParent = None
        page.elementDetached(self)

    # Hooks

    def connectionMade(self) -> HookResult:
        """
        Override it: called once, when the page has connected for the first time and before any call of the browser; at
        once for an element that is added later.
        """

    def connectionLost(self, reason: Any) -> HookResult:
        """
        Override it: called when the page is lost, once, and only if :meth:`connectionMade` was called.

        :param reason: a Failure of ``ConnectionDone`` if the page was closed, else of :class:`ConnectionLost`; or, when
            this element is detached, such an error itself.
        """

    def detached(self) -> HookResult:
        """Override it: called when this element and those in it have been removed from the page."""

    def disconnected(self) -> HookResult:
        """Override it: called when the connection has dropped; the page may reconnect."""

    def resumed(self) -> HookResult:
        """Override it: called when the page has reconnected; no message was lost."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('_athenaID', 'not rendered')}>"
