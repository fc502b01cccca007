# -*- test-case-name: tests.testing.test_fakedocument -*-
"""
The document of a simulated page, as a tree in which the server's renderings are put. Nothing is morphed: what a part
shows is its last rendering.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from typing import Any, Final

from .._live.versions import applied

#: The function by which the server shows renderings.
SHOW: Final = "athenalite.show"
_PART: Final = "data-athena-part"
_KEY: Final = "data-athena-key"
_EMPTY: Final = "data-athena-empty"
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_RAW: Final = ("script", "style")
#: Elements whose text a person does not see.
_UNSEEN: Final = (*_RAW, "noscript", "template", "title")


class FakeNode:
    """
    An element.

    :ivar name: of its tag.
    :ivar attributes: its attributes as the server has rendered them.
    :ivar children: elements and texts.
    :ivar parent: the element around it, or None.
    """

    def __init__(self, name: str, attributes: dict[str, str], parent: FakeNode | None) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[FakeNode | str] = []
        self.parent = parent

    def __iter__(self) -> Iterator[FakeNode]:
        """This element and those in it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, FakeNode):
                yield from child

    @property
    def text(self) -> str:
        """The text in it, without blanks around it and with single ones in it."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.name not in _UNSEEN:
                yield from child._texts()

    @property
    def around(self) -> Iterator[FakeNode]:
        """This element and those around it, innermost first."""
        node: FakeNode | None = self
        while node is not None:
            yield node
            node = node.parent

    @property
    def key(self) -> str | None:
        """The key of the item that it is in; None if it is in none."""
        return next((one.attributes[_KEY] for one in self.around if _KEY in one.attributes), None)

    @property
    def number(self) -> int:
        """
        The number of the widget that it is in.

        :raise ValueError: if it is in none.
        """
        for one in self.around:
            begin, _, number = one.attributes.get("id", "").partition(":")
            if begin == "athena" and number.isdecimal():
                return int(number)
        raise ValueError(f"{self.markup} is in no element")

    @property
    def markup(self) -> str:
        """Its markup."""
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        if self.name in _VOID:
            return f"<{self.name}{attributes}>"
        text = str if self.name in _RAW else _escaped
        inside = "".join(text(one) if isinstance(one, str) else one.markup for one in self.children)
        return f"<{self.name}{attributes}>{inside}</{self.name}>"


def _escaped(text: str) -> str:
    return escape(text, quote=False)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self._open = FakeNode("", {}, None)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        node = FakeNode(tag, {name: value or "" for name, value in attributes}, self._open)
        self._open.children.append(node)
        if tag not in _VOID:
            self._open = node

    def handle_endtag(self, tag: str) -> None:
        if self._open.name == tag and self._open.parent is not None:
            self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)


def parsed(markup: str) -> FakeNode:
    """
    :param markup: as the server writes it, in which each element that is not void has an end.
    :return: a node around its nodes.
    """
    parser = _Parser()
    parser.feed(markup)
    parser.close()
    return parser.root


class FakeDocument:
    """
    A document with parts.

    :ivar root: a node around its nodes.
    """

    def __init__(self, html: str) -> None:
        self.root = parsed(html)
        # The markup that pieces belong to: of parts, and of items with their keys.
        self._texts: dict[Any, str] = {}

    def part(self, identity: str) -> FakeNode:
        """
        :return: the node of a part.
        :raise LookupError: if it is not in the document.
        """
        return self.find(lambda node: node.attributes.get(_PART) == identity, f"there is no part {identity!r}")

    def find(self, condition: Callable[[FakeNode], bool], otherwise: str) -> FakeNode:
        """
        :return: the first node for which ``condition`` is true.
        :raise LookupError: with the text ``otherwise`` if there is none.
        """
        for node in self.root:
            if condition(node):
                return node
        raise LookupError(otherwise)

    def show(self, identity: str, what: Any, why: str = "") -> None:
        """Put a rendering in the document; see ``docs/protocol.rst``, "Live templates"."""
        node = self.part(identity)
        if what is None:
            node.attributes["data-athena-stale"] = why
            return
        node.attributes.pop("data-athena-stale", None)
        if isinstance(what, str) or (what and not isinstance(what[0], list)):
            self._replace(node, self._text(identity, what))
        elif what:
            self._showItems(identity, node, *what)

    def _text(self, name: Any, what: Any) -> str:
        text = what if isinstance(what, str) else applied(what, self._texts[name])
        self._texts[name] = text
        return text

    def _replace(self, node: FakeNode, markup: str) -> None:
        parent = node.parent
        assert parent is not None
        rendered = _only(markup, parent)
        parent.children[_indexOf(parent, node)] = rendered

    def _showItems(self, identity: str, node: FakeNode, changes: list[Any], moves: list[Any]) -> None:
        items = {_keyOf(one): one for one in node.children if isinstance(one, FakeNode)}
        for key, what in changes:
            if what is None:
                del node.children[_indexOf(node, items.pop(key))]
                self._texts.pop((identity, key), None)
                continue
            rendered = _only(self._text((identity, key), what), node)
            if key in items:
                node.children[_indexOf(node, items[key])] = rendered
            else:
                node.children.append(rendered)
            items[key] = rendered
        for key, before in moves:
            del node.children[_indexOf(node, items[key])]
            at = len(node.children) if before is None else _indexOf(node, items[before])
            node.children.insert(at, items[key])


def _only(markup: str, parent: FakeNode) -> FakeNode:
    (node,) = parsed(markup).children
    assert isinstance(node, FakeNode), markup
    node.parent = parent
    return node


def _indexOf(parent: FakeNode, node: FakeNode) -> int:
    return next(index for index, one in enumerate(parent.children) if one is node)


def _keyOf(node: FakeNode) -> str | None:
    return None if _EMPTY in node.attributes else node.attributes.get(_KEY)
