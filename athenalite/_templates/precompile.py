# -*- test-case-name: tests.templates.test_precompile -*-
"""
Flattens the static parts of a template once, and not for every page.

Twisted's flattener takes a step for each tag, attribute and text, and a page's template has hundreds. Here those
without renderers and slots are replaced by their markup. If they contain ids, it is markup in pieces, with the number
of the element in between: :func:`numbered`. Twisted has no type for markup in a document; :class:`Flat`
passes as bytes that need no escaping. Twisted does not document that, so it is tried when this module is imported; if
it does not work, templates are not changed.
"""

from __future__ import annotations

from typing import Any, Final, cast

from twisted.python.failure import Failure
from twisted.web.template import CDATA, CharRef, Comment, flatten, slot, tags
from twisted.web.template import Tag as TwistedTag

from .._text.markup import Flat
from ..stan import Tag
from .rewriting import ID_SLOT, copyNode

#: Renderers that do not read the children of their tag.
_BLIND: Final = frozenset(("liveElement", "liveglue"))
#: The placeholder for the number of an element while its template is flattened. Nodes whose text contains it are not
#: flattened.
_MARK: Final = "\ufdd1"


def flattened(node: Any, request: Any = None) -> bytes:
    """
    :param node: a node without Deferreds.
    :param request: given to its renderers.
    :return: its markup.
    :raise ValueError: if a Deferred in it has no result yet.
    :raise twisted.web.error.FlattenerError: if it cannot be flattened.
    """
    chunks: list[bytes] = []
    done: list[Any] = []
    flatten(request, node, chunks.append).addBoth(done.append)
    if not done:
        raise ValueError("this waits for a Deferred")
    if isinstance(done[0], Failure):
        done[0].raiseException()
    return b"".join(chunks)


def _isFlat() -> bool:
    markup = Flat(b'<b title="&amp;">1 &lt; 2</b>')
    inside = b'<p title="&lt;b title=&quot;&amp;amp;&quot;&gt;1 &amp;lt; 2&lt;/b&gt;">' + markup + b"</p>"
    return flattened(tags.p(markup, title=[markup])) == inside


#: Whether the flattener works with Flat.
WORKS: Final = _isFlat()


def flattenStatic(nodes: list[Any], inTag: bool = False) -> list[Any]:
    """
    :param nodes: of a document; they are not changed.
    :param inTag: whether they are children of a tag. If not, they may be put into an attribute, where text is escaped
        once, and not twice as that of tags.
    :return: the nodes, with markup for those that are static.
    """
    if not WORKS:
        return nodes
    result: list[Any] = []
    static: list[Any] = []
    for node in nodes:
        if _isStatic(node, inTag):
            static.append(node)
            continue
        result += _flat(static)
        static = []
        result.append(_withFlatChildren(node, inTag) if isinstance(node, TwistedTag) else node)
    return result + _flat(static)


def _withFlatChildren(tag: TwistedTag, inTag: bool) -> TwistedTag:
    # Any other renderer may read the children of its tag.
    if tag.render is not None and tag.render not in _BLIND:
        return tag
    copy = tag.clone(deep=False)
    copy.children = flattenStatic(tag.children, inTag or bool(tag.tagName))
    return copy


def _flat(nodes: list[Any]) -> list[Any]:
    if all(type(node) is str for node in nodes):
        # Text alone gains nothing.
        return nodes
    copied: list[TwistedTag] = []
    marked = [copyNode(node, copied) for node in nodes]
    count = sum(_marked(tag) for tag in copied)
    markup = [Flat(part) for part in flattened(marked).split(_MARK.encode("utf-8"))]
    if len(markup) != count + 1:
        return nodes
    return [Tag("", render=ID_SLOT)(*markup)] if count else markup


def _marked(tag: TwistedTag) -> int:
    count = 0
    for name, value in tag.attributes.items():
        if type(value) is list:
            texts = [one if type(one) is str else _MARK for one in value]
            count += texts.count(_MARK)
            tag.attributes[name] = "".join(texts)
    return count


def numbered(tag: Any, number: int) -> str | Flat:
    """
    :param tag: whose renderer gives the number of an element.
    :return: the markup in it with this number between its pieces; the number alone if it is empty.
    """
    text = str(number)
    return Flat(text.encode("ascii").join(tag.children)) if tag.children else text


def _isStatic(node: Any, inTag: bool) -> bool:
    if type(node) in (CDATA, CharRef, Comment):
        return True
    if type(node) is str:
        return inTag
    return (
        type(node) in (TwistedTag, Tag)
        and node.render is None
        and not node.slotData
        and getattr(node, "pattern", None) is None
        and all(type(value) is str or _isOfIDs(value) for value in node.attributes.values())
        and all(_isStatic(child, inTag or bool(node.tagName)) for child in node.children)
    )


def _isOfIDs(value: Any) -> bool:
    # As rewriteAthenaIds writes it.
    return type(value) is list and all(
        type(one) is str or (type(one) is slot and one.name == ID_SLOT and not one.children) for one in value
    )


def withFlatTag(node: Any, number: int = 0) -> Any:
    """
    :param node: the result of a renderer.
    :param number: of the element whose template it is of.
    :return: a tag with nothing else to render in its attributes as markup around its children, for which the flattener
        takes fewer steps; anything else unchanged.
    """
    if not (WORKS and isinstance(node, TwistedTag) and node.children):
        return node
    node.children = [numbered(one, number) if _isNumbered(one) else one for one in node.children]
    if not _isPlain(node):
        return node
    name, children, given = node.tagName, node.children, cast(dict[str, str], node.attributes)
    assert isinstance(name, str)
    attributes = "".join([f' {key}="{_attribute(value)}"' for key, value in given.items()])
    before, after = Flat(f"<{name}{attributes}>".encode()), Flat(f"</{name}>".encode())
    if len(children) == 1 and type(children[0]) is Flat:
        return Flat(b"".join([before, children[0], after]))
    return [before, *children, after]


def _isNumbered(node: Any) -> bool:
    return isinstance(node, TwistedTag) and node.render == ID_SLOT


def _isPlain(tag: TwistedTag) -> bool:
    # Twisted escapes text differently in and outside of a tag that stands in an attribute.
    return (
        type(tag.tagName) is str
        and tag.tagName != ""
        and tag.render is None
        and not tag.slotData
        and all(type(key) is str and type(value) is str for key, value in tag.attributes.items())
        and all(type(child) is Flat or _startsOwn(child) for child in tag.children)
    )


def _startsOwn(node: Any) -> bool:
    return isinstance(node, TwistedTag) and node.render is None and bool(node.tagName)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
