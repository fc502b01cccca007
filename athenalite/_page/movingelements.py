# -*- test-case-name: tests.page.test_movingelements -*-
"""
The elements of a page that moves to another worker: what its record has of them, :func:`recordOf`, and how they go on,
:func:`goOn`.

The record names no class. Each element makes those in it again, in its ``__init__`` or ``setState``, in the order in
which it has them; then they get their numbers and states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .._awaiting.checks import atOnce
from .._awaiting.results import called
from .._live.moving import goOnShared, sharedIn
from .element import LiveElement


def elementsIn(parent: Any) -> Iterator[LiveElement]:
    """
    :return: all elements in a page or an element, each before those in it.
    """
    for child in parent.liveFragmentChildren:
        yield child
        yield from elementsIn(child)


def areMovable(page: Any) -> bool:
    """
    :return: whether all objects of a page can be made again: elements with ``getState`` and ``setState``.
    """
    elements = [element for element in elementsIn(page) if _numberOf(element) is not None]
    haveStates = all(callable(getattr(one, name, None)) for one in elements for name in ("getState", "setState"))
    numbers = {0, *map(_numberOf, elements)}
    return haveStates and numbers.issuperset(page._athenaObjects.numbers[:-1])


def recordOf(parent: Any) -> list[Any]:
    """
    :return: JSON for :func:`goOn`, if the elements :func:`areMovable`: for each element in a page or an
        element its number, its state, the names of its parts, the elements in it, the identities of its shared parts,
        and whether it was sent; None if the browser does not have it.
    """
    return [None if _numberOf(child) is None else _recordOf(child) for child in parent.liveFragmentChildren]


def _recordOf(element: Any) -> list[Any]:
    state = atOnce(element.getState(), f"{type(element).__name__}.getState")
    wasSent = element.widgetInfo is not None or element._athenaMayRepeat
    return [
        element._athenaID,
        state,
        list(element._athenaParts or ()),
        recordOf(element),
        sharedIn(element),
        wasSent,
    ]


def _numberOf(element: Any) -> int | None:
    number: int | None = element.__dict__.get("_athenaID")
    return number


def checked(record: Any) -> list[Any]:
    """
    :return: ``record``.
    :raise ValueError: if :func:`recordOf` does not return it.
    """
    if not isinstance(record, list):
        raise ValueError("the states of its elements are incomplete or of another version")
    for one in filter(None, record):
        number, _, parts, inner, *shared = one
        texts = [*parts, *next(iter(shared), ())]
        if type(number) is not int or number < 1 or not all(isinstance(text, str) for text in texts):
            raise ValueError("the states of its elements are incomplete or of another version")
        checked(inner)
    return record


async def goOn(parent: Any, record: list[Any], restore: Callable[[int, Any], None]) -> None:
    """
    Let the elements in a page or an element be those that another worker has rendered.

    :param restore: gives an object its number.
    :raise ValueError: if there are fewer.
    """
    children = [child for child in parent.liveFragmentChildren if _numberOf(child) is None]
    if len(children) < len(record):
        raise ValueError(
            f"{type(parent).__name__} must make the {len(record)} elements in it, in its __init__ or setState, and has"
            f" {len(children)}"
        )
    for child, one in zip(children, record, strict=False):
        if one:
            await _goOn(child, restore, *one)


async def _goOn(
    element: Any,
    restore: Callable[[int, Any], None],
    number: int,
    state: Any,
    parts: list[str],
    inner: list[Any],
    shared: Sequence[str] = (),
    wasSent: bool = False,
) -> None:
    element._athenaID, element._athenaRendered = number, True
    restore(number, element)
    await called(element.setState, state)
    await goOn(element, inner, restore)
    element._athenaGoOn(parts)
    goOnShared(element, shared)
    if wasSent:
        # With those in its template. Their addresses of scripts, and their parts, are those of this worker.
        for one in (element, *elementsIn(element)):
            one._athenaMayRepeat = True
