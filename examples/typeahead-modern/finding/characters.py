"""
Type-ahead: the characters of Unicode by their names, found while one types.

Run it in the directory above with ``twistd -n athena-widget --element=finding.characters.FinderElement``.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, TypedDict

from msgspec import Meta
from twisted.internet.threads import deferToThread
from twisted.python.util import sibpath

from athenalite import LiveElement, expose
from athenalite.loaders import xmlfile

MOST = 8
LONGEST = 100
NAMES = {unicodedata.name(one, ""): one for one in map(chr, range(0x20000)) if one.isprintable()}


class Found(TypedDict):
    """
    How many characters there are, and the names of the first few and themselves.
    """

    count: int
    first: list[tuple[str, str]]


def find(words: str) -> Found:
    """
    :return: the characters whose names have words that begin with all of these, the shortest names first.
    """
    beginnings = {f" {word}" for word in words.upper().split()}
    names = [name for name in NAMES if all(one in f" {name}" for one in beginnings)] if beginnings else []
    first = sorted(names, key=lambda name: (len(name), name))[:MOST]
    return {"count": len(names), "first": [(name, NAMES[name]) for name in first]}


class FinderElement(LiveElement):
    """
    A field for a name, and the characters that it may name.
    """

    docFactory = xmlfile(sibpath(__file__, "characters.html"))
    jsClass = "Finding.FinderWidget"
    cssModule = "Finding"

    @expose
    async def find(self, words: Annotated[str, Meta(max_length=LONGEST)]) -> Found:
        """
        Called by the browser while a person types.

        The search of all names takes a while. In a thread it does not block other pages; but then the result of a
        later call may come before that of an earlier one.
        """
        return await deferToThread(find, words)
