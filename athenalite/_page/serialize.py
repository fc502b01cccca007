# -*- test-case-name: tests.page.test_serialize -*-
"""
What becomes of Python values on their way to a browser.

JSON has words for most of them. An element becomes what the browser makes a widget of; any other renderable becomes
XHTML; an :class:`IAthenaTransportable` becomes the arguments of a JavaScript class, of which the
message says where they are.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final
from weakref import ref

from twisted.web.error import FlattenerError
from twisted.web.iweb import IRenderable
from twisted.web.template import Tag, tags

from .._core.wire import Made
from .._templates.parser import ATHENA_NAMESPACE
from .._templates.precompile import flattened
from ..errors import OrphanedFragment
from ..interfaces import IAthenaTransportable
from .element import ElementPage, LiveElement

XHTML_NAMESPACE: Final = "http://www.w3.org/1999/xhtml"
_SCALARS: Final = (str, int, float, type(None))
# XML 1.0 section 2.2: these are no characters of it, not even escaped.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Serializer:
    """What one page says to its browser."""

    def __init__(self, page: ElementPage) -> None:
        # Not to hold it: of a page that is gone, nothing is to wait for the garbage collector.
        self._page = ref(page)
        self._widgets: list[tuple[LiveElement, list[Any]]] | None = None

    def convert(self, value: Any) -> tuple[Any, Made]:
        """
        :param value: arguments or a result; it is not changed.
        :return: the same with JSON for whatever can be said, and which JavaScript objects the browser is to make of it.
            What is not known here is left to JSON to refuse.
        :raise athenalite.errors.OrphanedFragment: for an element that is not on this page.
        :raise TypeError: for what waits for a Deferred when it is rendered. Other errors in rendering are raised as
            they are.
        """
        made: Made = []
        try:
            return self._convert(value, [], made), made
        except RecursionError:
            raise TypeError("nested too deep to send") from None

    def plain(self, value: Any) -> Any:
        """
        :return: like :meth:`convert`, where there is no place to say what is to be made.
        :raise TypeError: also for what JSON does not know.
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
            return {key: self._convert(inner, [*path, _step(key)], made) for key, inner in value.items()}
        if isinstance(value, LiveElement):
            return self._widgetInfo(value)
        if isinstance(value, Tag) or IRenderable.providedBy(value):
            return xhtml(value)
        transportable: Any = IAthenaTransportable(value, None)
        if transportable is None:
            return value
        arguments = self._convert(list(transportable.getInitialArguments()), path, made)
        # After all that is made inside of it, because its arguments are replaced by it.
        made.append((path, transportable.jsClass))
        return arguments

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
            raise TypeError(f"the template of {type(element).__name__} has no root node with the renderer liveElement")
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
        # An element's initial arguments may have elements in them: then this is called while it is running.
        outer, self._widgets = self._widgets, []
        try:
            return xhtml(element), self._widgets
        finally:
            self._widgets = outer

    def widgetRendered(self, element: LiveElement, arguments: list[Any]) -> bool:
        """
        An element says that it is rendered, with these initial arguments.

        :return: whether they have been taken care of, because the element is being sent; if not, its node carries them.
        """
        if self._widgets is None:
            return False
        self._widgets.append((element, arguments))
        return True


def _step(key: Any) -> str:
    # As json writes a key that is no string.
    return key if isinstance(key, str) else json.dumps(key)


def xhtml(value: Any) -> str:
    """
    :return: ``value`` rendered in one ``div`` that declares the namespaces, as XHTML needs it.
    :raise TypeError: if it waits for a Deferred: what is said is said now.
    """
    wrapped = tags.div(value, xmlns=XHTML_NAMESPACE, **{"xmlns:athena": ATHENA_NAMESPACE})
    try:
        markup = flattened(wrapped)
    except FlattenerError as error:
        # What the application's own code raised, not where in the document it was flattened.
        raise error.args[0] from None
    except ValueError:
        name = type(value).__name__
        raise TypeError(f"{name} waits for a Deferred; what is sent to a browser is rendered at once") from None
    return _NO_XML.sub("\ufffd", markup.decode("utf-8"))
