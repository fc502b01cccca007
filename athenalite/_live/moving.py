# -*- test-case-name: tests.live.test_moving -*-
"""
The shared parts of an element that goes on in another worker, where they have other identities. They are shown by the
old ones, and their markup has the new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.web.template import Tag as TwistedTag

from .nesting import Seen
from .pageparts import LivePageParts
from .rendering import markupOf


def sharedIn(element: Any) -> list[str]:
    """
    :return: the identities of the shared parts that an element shows, in the order of its template; without those in
        its own parts, which are rendered again with these.
    """
    return [one.identity for one in (element._athenaShows or {}).values() if not one.isInPart]


def goOnShared(element: Any, identities: Sequence[str]) -> None:
    """
    Have the shared parts of an element from another worker shown when its page is connected. It has its state, its own
    parts, and the elements in it.

    :param identities: what :func:`sharedIn` has returned there.
    :raise ValueError: if it has others here, or elements that the page does not have.
    """
    if not identities:
        return
    live = LivePageParts.of(element.page)
    # Which these are is known by what returns them. Elements and parts that the page has are not rendered.
    seen = live.seen = Seen(element, True)
    try:
        markupOf(element, [root.children for root in element.documentOfTemplate() if isinstance(root, TwistedTag)])
    finally:
        live.seen = None
    if seen.new:
        raise ValueError(
            f"{type(element).__name__} shows {type(seen.new[0]).__name__} in this worker, which the page does not have"
        )
    found = list((element._athenaShows or {}).values())
    if [_nameIn(one.identity) for one in found] != [_nameIn(identity) for identity in identities]:
        raise ValueError(f"{type(element).__name__} has other shared parts in this worker")
    for one, identity in zip(found, identities, strict=True):
        one.goOn(identity)


def _nameIn(identity: str) -> str:
    return identity.partition(".")[2]
