# -*- test-case-name: tests.page.test_serialize -*-
"""
Serializes Python values for a browser: :class:`Serializer`.

Most values are JSON. An element becomes the data of a widget; any other renderable becomes XHTML, which scripts put
into the document as they like; an
:class:`IAthenaTransportable` becomes the arguments of a JavaScript class, and the message has a list of these.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final
from weakref import ref

import msgspec
from twisted.web.error import FlattenerError
from twisted.web.iweb import IRenderable
from twisted.web.template import Tag, tags

from .._awaiting.checks import argumentsAtOnce
from .._core.wire import Made
from .._templates.markup import XHTML_NAMESPACE, asHTML, asXHTML
from .._templates.parser import ATHENA_NAMESPACE
from .._templates.precompile import flattened
from .._templates.rewriting import tagsIn
from ..errors import OrphanedFragment
from ..interfaces import IAthenaTransportable
from .element import LiveElement
from .elementprotocols import ElementPage

_SCALARS: Final = (str, int, float, type(None))
# XML 1.0 section 2.2: XML cannot have these characters, not even escaped.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Serializer:
    """
    Converts arguments and results of one page to JSON.

    :ivar isXHTML: whether the browser parses the page as XML, and therefore elements that are sent to it, too.
    """

    def __init__(self, page: ElementPage) -> None:
        # A weak reference, so that a lost page is freed without the garbage collector.
        self._page = ref(page)
        self.isXHTML = False
        self._widgets: list[tuple[LiveElement, list[Any]]] | None = None
        # While a document or an element is rendered: the elements that have no node yet, by identity.
        self._unmarked: dict[int, LiveElement] | None = {}
        # The numbers of the document's elements, until it is rendered.
        self._inDocument: list[int] = []

    def convert(self, value: Any) -> tuple[Any, Made]:
        """
        :param value: arguments or a result; it is not changed.
        :return: the converted value, and the JavaScript objects that the browser makes of parts of it. Dataclasses,
            dates, sets and other types that an annotated argument may have are converted as arguments are.
        :raise athenalite.errors.OrphanedFragment: for an element that is not on this page.
        :raise TypeError: for other types; or if rendering waits for a Deferred. Other errors in rendering are raised
            unchanged.
        """
        made: Made = []
        try:
            return self._convert(value, [], made), made
        except RecursionError:
            raise TypeError("nested too deep to send") from None

    def plain(self, value: Any) -> Any:
        """
        :return: like :meth:`convert`, for values that cannot contain an :class:`IAthenaTransportable`.
        :raise TypeError: also for types that JSON does not have.
        """
        converted, made = self.convert(value)
        if made or (converted is value and not isinstance(value, _SCALARS)):
            raise TypeError(f"{type(value).__name__} is not a value that can be sent to a browser")
        return converted

    def _convert(self, value: Any, path: list[str | int], made: Made) -> Any:
        if isinstance(value, _SCALARS):
            return value
        if isinstance(value, (list, tuple)):
            return [self._convert(inner, [*path, index], made) for index, inner in enumerate(value)]
        if isinstance(value, dict):
            return {_key(key): self._convert(inner, [*path, _step(key)], made) for key, inner in value.items()}
        if isinstance(value, LiveElement):
            return self._widgetInfo(value)
        if isinstance(value, Tag) or IRenderable.providedBy(value):
            return xhtml(value)
        transportable: Any = IAthenaTransportable(value, None)
        if transportable is None:
            return self._convertOther(value, path, made)
        initial = transportable.getInitialArguments()
        arguments = self._convert(argumentsAtOnce(initial, f"{type(value).__name__}.getInitialArguments"), path, made)
        # Behind the objects inside of it, because the browser replaces its arguments by the object.
        made.append((path, transportable.jsClass))
        return arguments

    def _convertOther(self, value: Any, path: list[str | int], made: Made) -> Any:
        # The types that annotated arguments may have, see athenalite._core.arguments, in the same notation.
        if isinstance(value, Enum):
            return self._convert(value.value, path, made)
        if isinstance(value, (set, frozenset)):
            return self._convert(list(value), path, made)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {field.name: getattr(value, field.name) for field in fields(value)}
            return self._convert(parts, path, made)
        return _builtin(value)

    # Elements

    def _widgetInfo(self, element: LiveElement) -> dict[str, Any]:
        page = self._page()
        if page is None or element.page is not page:
            reason = "is on no page" if element.page is None else "is on another page"
            raise OrphanedFragment(f"{type(element).__name__} {reason}; call setFragmentParent first")
        if element.widgetInfo is None:
            element.widgetInfo = self._renderWidget(page, element)
        return element.widgetInfo

    def _renderWidget(self, page: ElementPage, element: LiveElement) -> dict[str, Any]:
        markup, widgets = self._collect(element)
        if not widgets or widgets[0][0] is not element:
            raise TypeError(_unmarked(element, "root node"))
        scripts, styles = page.requiredModules([one for one, _ in widgets])
        own, *children = (
            {"id": one.athenaID, "class": one.jsClass, "initArguments": arguments} for one, arguments in widgets
        )
        return {
            **own,
            "markup": markup,
            "children": children,
            "requiredModules": scripts,
            "requiredCSSModules": styles,
        }

    def _collect(self, element: LiveElement) -> tuple[str, list[tuple[LiveElement, list[Any]]]]:
        # An element's initial arguments may contain elements: then this is called recursively.
        outer = self._widgets, self._unmarked
        self._widgets, self._unmarked = [], {}
        try:
            markup = (xhtml if self.isXHTML else _html)(element)
            if element.widgetInfo is None and id(element) not in self._unmarked:
                self._warn(self._unmarked)
            return markup, self._widgets
        finally:
            self._widgets, self._unmarked = outer

    def elementRendered(self, element: LiveElement) -> None:
        """Called when the template of an element is rendered, before :meth:`widgetRendered`."""
        if self._unmarked is not None:
            self._unmarked[id(element)] = element

    @property
    def isDocumentRendered(self) -> bool:
        """Whether the document is rendered, and no element comes into it any more."""
        return self._unmarked is None

    def documentRendered(self) -> list[int]:
        """
        Called when the document is rendered. An element whose template has no node for the widget is logged.

        :return: the numbers of the elements that have one.
        """
        unmarked, self._unmarked = self._unmarked, None
        numbers, self._inDocument = self._inDocument, []
        if unmarked:
            self._warn(unmarked)
        return numbers

    def _warn(self, unmarked: dict[int, LiveElement]) -> None:
        page = self._page()
        for element in unmarked.values():
            if page is not None and isUnmarked(element):
                page.session.log.warn("{why}", why=_unmarked(element, "node"))

    def widgetRendered(self, element: LiveElement, arguments: list[Any]) -> bool:
        """
        Called when an element is rendered, with its initial arguments.

        :return: whether the element is being sent, and the message has the arguments; if not, its node has them.
        """
        if self._unmarked is not None:
            self._unmarked.pop(id(element), None)
        if self._widgets is None:
            # One in a part that is rendered again is not the document's.
            if self._unmarked is not None:
                self._inDocument.append(element.athenaID)
            return False
        self._widgets.append((element, arguments))
        return True


def isUnmarked(element: LiveElement) -> bool:
    """
    :return: whether no node of the template has the renderer ``liveElement``. One that has it may be left out by
        another renderer.
    """
    return not any(tag.render in ("liveElement", "liveFragment") for tag in tagsIn(element.documentOfTemplate()))


def _unmarked(element: LiveElement, node: str) -> str:
    place = element.placeOfTemplate()
    what = f"the template of {type(element).__name__} has no {node} with the renderer liveElement, so it has no widget"
    return f'{place}{": " if place else ""}{what}; add nevow:render="liveElement" to its root node'


def _builtin(value: Any) -> Any:
    try:
        return msgspec.to_builtins(value, str_keys=True)
    except (TypeError, ValueError):
        raise _refused(value) from None


def _key(key: Any) -> Any:
    key = key.value if isinstance(key, Enum) else key
    converted = key if isinstance(key, _SCALARS) else _builtin(key)
    if not isinstance(converted, _SCALARS):
        raise _refused(key)
    return converted


def _refused(value: Any) -> TypeError:
    return TypeError(
        f"{type(value).__name__} is not a value that can be sent to a browser; send a list or a dict of what it"
        " needs, a dataclass, or an object that provides IAthenaTransportable"
    )


def _step(key: Any) -> str:
    # As json writes a key that is no string.
    key = _key(key)
    return key if isinstance(key, str) else json.dumps(key)


def xhtml(value: Any) -> str:
    """
    :return: ``value`` rendered in one ``div`` that declares the namespaces, as XHTML needs it.
    :raise TypeError: if it waits for a Deferred, because messages are encoded at once.
    """
    return _NO_XML.sub("\ufffd", asXHTML(_flat(value)).decode("utf-8"))


def _html(value: Any) -> str:
    """
    :return: the same in the page's own HTML. The browser leaves out the ``div``, in which there could be no ``tr``.
    """
    return _NO_XML.sub("\ufffd", asHTML(_flat(value)).decode("utf-8"))


def _flat(value: Any) -> bytes:
    wrapped = tags.div(value, xmlns=XHTML_NAMESPACE, **{"xmlns:athena": ATHENA_NAMESPACE})
    try:
        return flattened(wrapped)
    except FlattenerError as error:
        # The error of the application's own code, without the flattener's account of the document.
        raise error.args[0] from None
    except ValueError:
        name = type(value).__name__
        raise TypeError(f"{name} waits for a Deferred; render what is sent to a browser without one") from None
