# -*- test-case-name: tests.live.test_moving -*-
"""
The parts of a page that goes on in another worker. That worker has not rendered them, so it sends each of them whole.
"""

from __future__ import annotations

from typing import Any

from twisted.web.template import Tag as TwistedTag

from .pageparts import LivePageParts
from .parts import Part
from .rendering import markupOf


def departing(page: Any) -> dict[str, list[str]]:
    """
    :return: which parts a page has, as JSON: those of its element by their names, and shared ones by their identities.
    """
    live: LivePageParts | None = page.__dict__.get("_athenaLive")
    if live is None:
        return {}
    return {"own": list(page.element._athenaParts or ()), "shared": [one.identity for one in live.shared]}


def arriving(page: Any, departed: dict[str, list[str]]) -> None:
    """
    Have the parts of a page from another worker sent when it is connected. Its element has its state.

    :param departed: what :func:`departing` has returned there.
    :raise ValueError: if it has other shared parts here.
    """
    element = page.element
    shared = departed.get("shared", [])
    if shared:
        # Which these are is known by what returns them.
        markupOf(element, [root.children for root in element.documentOfTemplate() if isinstance(root, TwistedTag)])
    found = LivePageParts.of(page).shared if departed else []
    if [_nameIn(one.identity) for one in found] != [_nameIn(identity) for identity in shared]:
        raise ValueError(f"{type(element).__name__} has other shared parts in this worker")
    for name in departed.get("own", []):
        definition = getattr(type(element), name, None)
        if isinstance(definition, Part):
            element._athenaPart(definition).goOn()
    for one, identity in zip(found, shared, strict=True):
        one.goOn(identity)


def _nameIn(identity: str) -> str:
    return identity.partition(".")[2]
