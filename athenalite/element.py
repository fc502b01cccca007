# -*- test-case-name: tests.test_element -*-
"""
A piece of a page, with a widget in the browser: :class:`LiveElement`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from twisted.python.failure import Failure
from twisted.web.error import MissingTemplateLoader
from twisted.web.iweb import IRequest
from twisted.web.template import Element, Tag, renderer

from .calls import CallResult
from .errors import ConnectionLost, OrphanedFragment
from .expose import expose
from .loaders import Loader
from .template import ID_SLOT, Preprocessor, copyDocument, rewriteAthenaIds, rewriteEventHandlerNodes
from .wire import encodeArguments

if TYPE_CHECKING:
    from .livepage import LivePage


class LiveElement(Element):
    """
    Subclass it, give it a template whose root node has the renderer ``liveElement``, and expose the methods that the
    browser may call. All its state is optional: a subclass need not call ``__init__``.

    :cvar docFactory: the template, of :mod:`athenalite.loaders` or of ``twisted.web.template`` (where it is called
        ``loader``).
    :cvar jsClass: the dotted name of the JavaScript class of its widget.
    :cvar cssModule: the name of its style sheet, if it has one.
    :cvar preprocessors: what is done to the template once; the lists of all base classes are used, theirs first.
    :ivar fragmentParent: the page or the element that it is in.
    :ivar liveFragmentChildren: the elements in it.
    """

    docFactory: Any = None
    jsClass: str = "Nevow.Athena.Widget"
    cssModule: str | None = None
    preprocessors: ClassVar[Iterable[Preprocessor]] = (rewriteEventHandlerNodes, rewriteAthenaIds)

    fragmentParent: Any = None
    _page: LivePage | None = None
    _rendered = False
    # Why the page is gone, once it is.
    _lost: str | None = None
    _athenaID: int
    _children: list[LiveElement] | None = None

    def __init__(self, docFactory: Any = None) -> None:
        super().__init__()
        if docFactory is not None:
            self.docFactory = docFactory

    # The tree

    @property
    def liveFragmentChildren(self) -> list[LiveElement]:
        if self._children is None:
            self._children = []
        return self._children

    def setFragmentParent(self, fragmentParent: Any) -> None:
        """Put this element into a page or into another element. Do it before it is rendered."""
        self.fragmentParent = fragmentParent
        fragmentParent.liveFragmentChildren.append(self)

    @property
    def page(self) -> LivePage | None:
        """The page this element is on, found through its parents; None if it is on none, or its page is gone."""
        if self._page is None and self.fragmentParent is not None:
            self._page = self.fragmentParent.page
        return self._page

    @page.setter
    def page(self, page: LivePage | None) -> None:
        self._page = page

    def pageLost(self, reason: str) -> None:
        """
        The page is gone for good, and forgotten: an application may hold its elements for ever, as the tutorial's
        ``ChatRoom`` does, and must not hold their pages by that. Calls fail from now on.
        """
        self._lost = reason
        self._page = None
        if not isinstance(self.fragmentParent, LiveElement):
            self.fragmentParent = None

    # Rendering

    def render(self, request: IRequest | None) -> Any:
        factory = self.docFactory or self.loader
        if factory is None:
            raise MissingTemplateLoader(f"{type(self).__name__} has no docFactory")
        preprocessors = self._allPreprocessors()
        if isinstance(factory, Loader):
            return factory.load(preprocessors)
        # A loader of twisted.web.template knows no preprocessors, and its document is its own.
        document = copyDocument(factory.load())
        for preprocessor in preprocessors:
            document = preprocessor(document)
        return document

    def _allPreprocessors(self) -> list[Preprocessor]:
        if "preprocessors" in self.__dict__:
            return list(self.preprocessors)
        found: list[Preprocessor] = []
        for base in reversed(type(self).__mro__):
            found += [one for one in base.__dict__.get("preprocessors", ()) if one not in found]
        return found

    @renderer
    def liveElement(self, request: IRequest | None, tag: Tag) -> Tag:
        """
        Makes its node the node of the widget. Every template's root node needs it.

        :raise RuntimeError: the second time: each page needs an element of its own.
        """
        if self._rendered:
            raise RuntimeError(f"Cannot render {self!r} more than once; make a new element for each page")
        self._rendered = True
        number = self._number()
        tag.fillSlots(**{ID_SLOT: str(number)})
        attributes = {"id": f"athena:{number}", "athena:class": self.jsClass}
        arguments = list(self.getInitialArguments())
        if arguments:
            page = self._livingPage()
            attributes["data-athena-arguments"] = encodeArguments(arguments, page.valueOf)
        return tag(**attributes)

    def getInitialArguments(self) -> Iterable[Any]:
        """
        :return: JSON values that the widget's ``__init__`` gets after its node. Called when the element is rendered.
        """
        return ()

    def _number(self) -> int:
        if "_athenaID" not in self.__dict__:
            self._athenaID = self._livingPage().addElement(self)
        return self._athenaID

    def _livingPage(self) -> LivePage:
        page = self.page
        if page is None:
            raise OrphanedFragment(f"{type(self).__name__} is on no page; call setFragmentParent first")
        return page

    # Calls

    def callRemote(self, methodName: str, *args: Any, **kwargs: Any) -> CallResult:
        """
        Call a method of the widget. The call waits for a page that is not connected at the moment.

        :param args: JSON values.
        :param kwargs: more of them; the method gets them as one last argument, an object.
        :return: a Deferred that fires once: with the result, or with :class:`~athenalite.errors.JSException` or
            :class:`~athenalite.errors.ConnectionLost`. If you do not keep it, no answer is asked for, and an error in
                the browser is logged.
        :raise TypeError: if an argument is not a JSON value.
        :raise OrphanedFragment: if this element was never put on a page.
        """
        if self._lost is not None:
            result = CallResult()
            result.connectionLost(Failure(ConnectionLost(self._lost)))
            return result
        return self._livingPage().session.callRemote(self._number(), methodName, args, kwargs)

    def locateMethod(self, ctx: Any, methodName: str) -> Callable[..., Any]:
        """
        Override it to answer calls by other rules than :data:`~athenalite.expose.expose`.

        :param ctx: unused; Athena's context.
        :raise AttributeError: if the browser may not call this.
        """
        method: Callable[..., Any] = expose.get(self, methodName)
        return method

    # Hooks

    def connectionMade(self) -> None:
        """Override it: the page has connected for the first time. Called once, before any call of the browser."""

    def connectionLost(self, reason: Any) -> None:
        """
        Override it: the page is gone for good. Called once, and only after :meth:`connectionMade`.

        :param reason: a Failure of :class:`~twisted.internet.error.ConnectionDone` if the page was closed, else of
            :class:`~athenalite.errors.ConnectionLost`.
        """

    def disconnected(self) -> None:
        """Override it: the page has no socket at the moment; it may come back."""

    def resumed(self) -> None:
        """Override it: the page is back. Nothing was lost."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('_athenaID', 'not rendered')}>"
