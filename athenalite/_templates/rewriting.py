# -*- test-case-name: tests.templates.test_rewriting -*-
"""
Rewrites parsed templates: the preprocessors of ``LiveElement``, and how to walk and copy a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, Final, TypeGuard

from twisted.web.error import MissingRenderMethod
from twisted.web.iweb import IRenderable
from twisted.web.template import Tag as TwistedTag
from twisted.web.template import slot
from zope.interface import implementer

from .._text.nodes import Pattern, Scope
from ..stan import Tag
from .parser import Document, TemplateError

#: The slot in rewritten ids for the number of the widget, and the renderer that fills it.
ID_SLOT: Final = "athena:id"
#: The attribute with the events that the client binds: ``onclick=methodName onsubmit=otherName``.
HANDLERS_ATTRIBUTE: Final = "data-athena-handlers"
#: What the name of a method of the server begins with there: ``onclick=@toggle oninput=@search:300``. Behind a colon
#: are milliseconds to wait, or ``repeat``.
_REMOTE: Final = "@"
#: The attribute of a widget's node whose template has such; and of a shared element's first one: :func:`markRemote`.
LIVE_ATTRIBUTE: Final = "data-athena-live"
#: The element that binds an event.
HANDLER: Final = "athena:handler"
#: The attribute with the method of a form that a script-less submit would leave the page for; the client puts it back.
METHOD_ATTRIBUTE: Final = "data-athena-method"
#: Attributes that refer to ids, of any element, and below of some.
_REFERENCES: Final = (
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "commandfor",
    "form",
    "list",
    "popovertarget",
)
_REFERENCES_OF: Final[dict[Any, tuple[str, ...]]] = {
    "label": ("for",),
    "output": ("for",),
    "td": ("headers",),
    "th": ("headers",),
}
#: Elements of drawings that show, or continue, the element that their address names.
_DRAWN_BY_REFERENCE: Final = frozenset(
    ("use", "textPath", "linearGradient", "radialGradient", "pattern", "filter", "feImage", "mpath", "set")
    + ("animate", "animateMotion", "animateTransform")
)
#: The reference of a drawing to one of its ids, as in ``fill="url(#shade)"``.
_URL: Final = re.compile(r"""(url\(\s*["']?#)([^\s"')]+)""")
_STRAY: Final = "an athena:handler must be directly in the element whose event it handles, not in invisible or slot"
_NAME: Final = re.compile(r"[^\s=]+")
_METHOD: Final = re.compile(r"[A-Za-z]\w*", re.ASCII)
_DEBOUNCE: Final = re.compile(r"[0-9]{1,5}", re.ASCII)


def rewriteEventHandlerNodes(document: Document) -> Document:
    """
    Replace each ``<athena:handler event="onclick" handler="method"/>`` by an attribute of the element that contains it.
    The client binds the events, so that the page's HTML has no script. With ``remote`` in the place of ``handler`` it
    is a method of the server.
    """
    for tag in tagsIn(document):
        if tag.tagName == HANDLER:
            raise TemplateError(f"{_placeOf(tag)}: {_STRAY}")
        bindings = []
        for child in list(tag.children):
            if isinstance(child, TwistedTag) and child.tagName == HANDLER:
                if not tag.tagName:
                    raise TemplateError(f"{_placeOf(child)}: {_STRAY}")
                tag.children.remove(child)
                bindings.append(_binding(child))
        if bindings:
            present = tag.attributes.get(HANDLERS_ATTRIBUTE)
            tag.attributes[HANDLERS_ATTRIBUTE] = " ".join(
                [present, *bindings] if isinstance(present, str) else bindings
            )
            _hold(tag, bindings)
    if _hasRemote(document):
        for tag in tagsIn(document):
            if tag.render in ("liveElement", "liveFragment"):
                tag.attributes[LIVE_ATTRIBUTE] = ""
    return document


def markRemote(document: Document) -> Document:
    """
    For a template without a widget's node: have its first one say that events call methods of the server.

    :param document: that :func:`rewriteEventHandlerNodes` has returned.
    """
    if _hasRemote(document):
        next(tagsIn(document)).attributes[LIVE_ATTRIBUTE] = ""
    return document


def _hasRemote(document: Document) -> bool:
    bindings = [tag.attributes.get(HANDLERS_ATTRIBUTE) for tag in tagsIn(document)]
    return any(isinstance(one, str) and f"={_REMOTE}" in one for one in bindings)


def refuseEventHandlerNodes(document: Document) -> Document:
    """
    For what is no template of a widget, whose method a handler could call. A pattern may be that of one, in whose
    template it is found by its name; so only the copies that this document shows are refused.

    :raise TemplateError: if it has an ``athena:handler``, which nothing would bind.
    """
    hidden = {id(one) for tag in tagsIn(document) if getattr(tag, "pattern", None) is not None for one in tagsIn(tag)}
    for tag in tagsIn(document):
        if tag.tagName == HANDLER and id(tag) not in hidden:
            raise TemplateError(_refused(tag))
        tag.children = [_Refused(one) if _isHandler(one) and id(one) in hidden else one for one in tag.children]
    return document


def _isHandler(node: Any) -> TypeGuard[TwistedTag]:
    return isinstance(node, TwistedTag) and node.tagName == HANDLER


def _refused(tag: TwistedTag) -> str:
    return (
        f"{_placeOf(tag)}: an athena:handler calls a method of a widget: write it in the template of a "
        "LiveElement, or give this element preprocessors = LiveElement.preprocessors"
    )


@implementer(IRenderable)
class _Refused:
    """A handler in a pattern, which is an error where the pattern is shown."""

    def __init__(self, tag: TwistedTag) -> None:
        self._tag = tag

    def lookupRenderMethod(self, name: str) -> Any:
        """It has no renderers."""
        raise MissingRenderMethod(self, name)

    def render(self, request: Any) -> Any:
        """
        :raise TemplateError: always.
        """
        raise TemplateError(_refused(self._tag))


def _placeOf(tag: TwistedTag) -> str:
    return f"{tag.filename or 'template'}:{tag.lineNumber}"


def _hold(tag: TwistedTag, bindings: list[str]) -> None:
    """
    Have the browser submit nothing before there is a script to call ``onsubmit``. A form without an address would be
    sent to the page's own, with the fields in it, for logs and histories to keep. ``method="dialog"`` sends nothing.
    """
    action, method = tag.attributes.get("action", ""), tag.attributes.get("method", "")
    isOwn = isinstance(action, str) and action.partition("#")[0] == ""
    submits = any(binding.startswith("onsubmit=") for binding in bindings)
    if submits and tag.tagName == "form" and isOwn and isinstance(method, str) and method != "dialog":
        tag.attributes.update({"method": "dialog", METHOD_ATTRIBUTE: method})


def _binding(tag: TwistedTag) -> str:
    kind = "remote" if "remote" in tag.attributes else "handler"
    values = [tag.attributes.get(name) for name in ("event", kind)]
    names = [value for value in values if isinstance(value, str) and _NAME.fullmatch(value)]
    where = _placeOf(tag)
    if any(not isinstance(child, str) or child.strip() for child in tag.children):
        raise TemplateError(f"{where}: an athena:handler is empty: its content would not be shown")
    if len(names) != 2:
        raise TemplateError(f"{where}: athena:handler needs an event and a handler")
    if not names[0].startswith("on"):
        raise TemplateError(f'{where}: the event of an athena:handler begins with "on": write event="on{names[0]}"')
    event, method = names
    return f"{event}={_REMOTE}{method}{_options(tag, where)}" if kind == "remote" else f"{event}={method}"


def _options(tag: TwistedTag, where: str) -> str:
    name, repeat, debounce = (tag.attributes.get(one) for one in ("remote", "repeat", "debounce"))
    if "handler" in tag.attributes:
        raise TemplateError(f"{where}: an athena:handler has a handler or a remote method, not both")
    if not isinstance(name, str) or not _METHOD.fullmatch(name):
        raise TemplateError(f"{where}: remote={name!r} is not the name of a method that an event may call")
    if debounce is not None and not (isinstance(debounce, str) and _DEBOUNCE.fullmatch(debounce)):
        raise TemplateError(f"{where}: debounce is a number of milliseconds, not {debounce!r}")
    return ("" if repeat is None else ":repeat") + ("" if debounce is None else f":{debounce!s}")


def rewriteAthenaIds(document: Document) -> Document:
    """
    Add the widget's number to the ids in a template and to references to them, so that two widgets of one class on a
    page have different ids, and ``nodeById`` finds those of its widget. Within a drawing these are references, too:
    ``url(#name)``, and the ``href`` of what is drawn again. The address of a link is left as it is, because scripts may
    read it.
    """
    tags = list(tagsIn(document))
    ids = {one for tag in tags if isinstance(value := tag.attributes.get("id"), str) for one in value.split()}
    rewriteIds(tags, ids, _idOf)
    return document


def rewriteIds(tags: list[TwistedTag], ids: set[str], idOf: Callable[[str], list[Any]]) -> None:
    """
    Replace the ids of tags, and the references to ids, where they are text.

    :param ids: those that drawings refer to.
    :param idOf: what replaces one.
    """
    for tag in tags:
        for name in ("id", *_REFERENCES, *_REFERENCES_OF.get(tag.tagName, ())):
            _rewrite(tag, name, idOf)
        for key, value in tag.attributes.items():
            if isinstance(value, str) and "#" in value:
                tag.attributes[key] = _rewritten(tag, str(key), value, ids, idOf)


def _rewrite(tag: TwistedTag, name: str, idOf: Callable[[str], list[Any]]) -> None:
    value = tag.attributes.get(name)
    if isinstance(value, str):
        ids: list[Any] = []
        for one in value.split():
            ids += [" ", *idOf(one)]
        tag.attributes[name] = ids[1:]


def _rewritten(tag: TwistedTag, name: str, value: str, ids: set[str], idOf: Callable[[str], list[Any]]) -> Any:
    if name in ("href", "xlink:href") and tag.tagName in _DRAWN_BY_REFERENCE:
        return ["#", *idOf(value[1:])] if value[:1] == "#" and value[1:] in ids else value
    # The text between two references, "url(#", the name, and so on.
    first, *others = _URL.split(value)
    parts: list[Any] = [first]
    for url, one, after in zip(others[0::3], others[1::3], others[2::3], strict=True):
        parts += [url, *(idOf(one) if one in ids else [one]), after]
    return parts if others else value


def _idOf(name: str) -> list[Any]:
    # A renderer has the element at hand, whose slots an application fills.
    return ["athenaid:", slot(ID_SLOT, Tag("", render=ID_SLOT)), "-", name]


def tagsIn(node: Any) -> Iterator[TwistedTag]:
    """
    :return: all tags of a document, or of a part of one, in order.
    """
    # A document is a list; an application may also preprocess a tag that its renderer has made.
    if isinstance(node, TwistedTag):
        yield node
    if isinstance(node, slot):
        # Its children are not shown, but renderers find patterns in them.
        node = [*node.children, node.default]
    elif isinstance(node, TwistedTag):
        node = node.children
    elif isinstance(node, Scope):
        # Not the copy that it is for the flattener.
        node = [node.tag]
    if isinstance(node, (list, tuple)):
        for child in list(node):
            yield from tagsIn(child)


def copyDocument(document: Document) -> Document:
    """A copy deep enough for a :data:`Preprocessor` to change."""
    return [copyNode(node, []) for node in document]


def copyNode(node: Any, tags: list[TwistedTag], hidden: bool = False) -> Any:
    """
    :param tags: gets all tags of the copy, also of patterns in it.
    :param hidden: whether patterns stay hidden at their places. If not, a loader hides them again later.
    :return: a copy of a node deep enough to change its tags.
    """
    if isinstance(node, Pattern) and not hidden:
        return copyNode(node.tag, tags)
    if isinstance(node, (Pattern, Scope)):
        return type(node)(copyNode(node.tag, tags, hidden))
    if isinstance(node, (list, tuple)):
        return [copyNode(child, tags, hidden) for child in node]
    if isinstance(node, slot) and (node.children or node.default):
        copied = copy(node)
        copied.children = copyNode(node.children, tags, hidden)
        copied.default = copyNode(node.default, tags, hidden)
        return copied
    if not isinstance(node, TwistedTag):
        return node
    tag = node.clone(deep=False)
    tags.append(tag)
    tag.children = [copyNode(child, tags, hidden) for child in node.children]
    return tag
