# -*- test-case-name: tests.page.test_reserved -*-
"""
Names of elements and pages that an application's subclass must not use for something else.

The attributes of these classes that are not documented begin with ``_athena``, or are private methods. A collision
would break late and elsewhere, so it is an error when the class is made, or when the attribute is set.
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_OURS: Final = ("athenalite._page.", "athenalite.page")
#: The public names that a subclass of ``LiveElement`` must not define.
OF_ELEMENT: Final = frozenset(("page", "athenaID", "liveFragmentChildren"))
#: Those of ``LivePage``.
OF_PAGE: Final = frozenset(("session", "values", "page", "liveFragmentChildren"))


def refuseCollisions(cls: type, reserved: frozenset[str]) -> None:
    """
    :param cls: a new class of an application.
    :param reserved: public names that a subclass must not define.
    :raise TypeError: if it defines one of these, or a private name of one of our classes.
    """
    if cls.__module__.startswith("athenalite."):
        return
    for name in (*cls.__dict__, *cls.__dict__.get("__annotations__", ())):
        if name in reserved or (name.startswith("_") and not name.startswith("__")):
            for base in cls.__mro__[1:]:
                isOurs = name in base.__dict__ or name in reserved or name.startswith("_athena")
                if isOurs and base.__module__.startswith(_OURS):
                    raise collision(cls, name, base.__name__)


def collision(cls: type, name: str, owner: str) -> TypeError:
    """
    :return: the error for a name of ``cls`` that belongs to ``owner``.
    """
    return TypeError(f"{cls.__module__}.{cls.__qualname__} cannot use the name {name!r}: {owner} uses it; rename yours")


class Reserved(Generic[T]):
    """An attribute that has values of one type only, so that a subclass which uses its name is refused at once."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner.__name__, name

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        try:
            # Read from the class, as documentation tools do, there is none either.
            return instance.__dict__[self._name]  # type: ignore[no-any-return]  # cast() is a call
        except (KeyError, AttributeError):
            raise AttributeError(f"{type(instance).__name__} has no {self._name} yet") from None

    def __set__(self, instance: Any, value: T) -> None:
        if not isinstance(value, self._kind):
            raise collision(type(instance), self._name, self._owner)
        instance.__dict__[self._name] = value
