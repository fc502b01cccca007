# -*- test-case-name: tests.live.test_moving -*-
"""
The shared parts of a page that goes on in another worker, where they have other identities. They are shown by the old
ones, and their markup has the new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.web.template import Tag as TwistedTag

from .pageparts import LivePageParts
from .rendering import markupOf


def sharedIn(page: Any) -> list[str]:
    """
    :return: the identities of the shared parts that a page has, in the order of its document.
    """
    live: LivePageParts | None = page._athenaLive
    return [] if live is None else [one.identity for one in live.shared]


def goOnShared(page: Any, identities: Sequence[str]) -> None:
    """
    Have the shared parts of a page from another worker shown when it is connected. Its one element has its state.

    :param identities: what :func:`sharedIn` has returned there.
    :raise ValueError: if it has others here.
    """
    if not identities:
        return
    element = page.element
    # Which these are is known by what returns them.
    markupOf(element, [root.children for root in element.documentOfTemplate() if isinstance(root, TwistedTag)])
    found = LivePageParts.of(page).shared
    if [_nameIn(one.identity) for one in found] != [_nameIn(identity) for identity in identities]:
        raise ValueError(f"{type(element).__name__} has other shared parts in this worker")
    for one, identity in zip(found, identities, strict=True):
        one.goOn(identity)


def _nameIn(identity: str) -> str:
    return identity.partition(".")[2]
