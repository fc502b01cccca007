# -*- test-case-name: tests.templates.test_itemids -*-
"""
Ids in the pattern of a list's items, which are different in each item, so that a label belongs to the field of its own
item, and a button opens the dialog of its own.
"""

from __future__ import annotations

import re
from typing import Any, Final

from twisted.web.template import Tag as TwistedTag
from twisted.web.template import slot

from ..stan import Tag
from .rewriting import ID_SLOT, copyNode, rewriteIds

#: The slot in such ids for :func:`suffixOf` the item's key, whose name no other slot has.
ITEM_SLOT: Final = "\ufdd3"
#: Between the id in the template and the key. ``nodeById("name~7")`` finds one.
_SEPARATOR: Final = "~"
#: What would end an id in a list of ids, or in the address of a drawing.
_SPECIAL: Final = re.compile(r"[^\w-]")


def suffixOf(key: str) -> str:
    """
    :return: the key as it is in ids; those of different keys are different.
    """
    return _SPECIAL.sub(lambda found: f"{_SEPARATOR}{ord(found[0]):x}{_SEPARATOR}", key)


def withItemIds(node: Tag) -> Tag:
    """
    :param node: the pattern of an item, which is not changed.
    :return: a copy in which each id, and each reference to one of them, ends in the :data:`ITEM_SLOT`; ``node`` itself
        if there are no ids in it.
    """
    tags: list[TwistedTag] = []
    copied = copyNode(node, tags, hidden=True)
    ids = {name for tag in tags for name in _namesIn(tag.attributes.get("id"))}
    if not ids:
        return node

    def idOf(name: str) -> list[Any]:
        return [name, _SEPARATOR, slot(ITEM_SLOT)] if name in ids else [name]

    # Those of a LiveElement have the number of its widget already; those of a SharedElement are text.
    for tag in tags:
        for name, value in tag.attributes.items():
            if isinstance(value, list):
                tag.attributes[name] = [
                    part for at, one in enumerate(value) for part in (idOf(one) if _isName(value, at) else [one])
                ]
    rewriteIds(tags, ids, idOf)
    return copied  # type: ignore[no-any-return]


def _isName(value: list[Any], at: int) -> bool:
    return at > 1 and isinstance(value[at - 2], slot) and value[at - 2].name == ID_SLOT and isinstance(value[at], str)


def _namesIn(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [one for at, one in enumerate(value) if _isName(value, at)] if isinstance(value, list) else []
