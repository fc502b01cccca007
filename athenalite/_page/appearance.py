# -*- test-case-name: tests.page.test_appearance -*-
"""
The title, language, texts and reloading of a page, which an application sets: :class:`Appearance`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from .._assets.document import NOSCRIPT

_SUFFIX: Final = re.compile(r"(?<=.)(Element|Widget|Fragment|Page)$")
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Appearance:
    """
    Attributes of a page; or of the element on a page that :class:`ElementRenderingLivePage` or ``athena-widget`` makes.
    ``docs/appearance.rst`` explains them.

    :cvar pageTitle: the document's title. By default it is made of the name of the element's class.
    :cvar pageLang: the document's language (:rfc:`5646`), and so that of the texts about the connection.
    :cvar pageTexts: texts in place of the client's, by their keys; and ``noscript``.
    :cvar pageReloads: whether a lost page reloads by itself.
    """

    pageTitle: str | None = None
    pageLang: str = "en"
    pageTexts: Mapping[str, str] = MappingProxyType({})
    pageReloads: bool = False

    def takeAppearance(self, other: Any) -> None:
        """Take those attributes from ``other`` that the class of this object leaves at their defaults."""
        for name, default in _DEFAULTS:
            value = getattr(other, name)
            if value is not default and getattr(self, name) is default:
                setattr(self, name, value)


_DEFAULTS: Final = tuple((name, getattr(Appearance, name)) for name in Appearance.__annotations__)


def titleOf(cls: type) -> str:
    """
    :return: the name of an element's class as a title: "Price list" for ``PriceListElement``.
    """
    words = _WORD.split(_SUFFIX.sub("", cls.__name__))
    return " ".join([words[0], *(word if word.isupper() else word.lower() for word in words[1:])])


def noscriptOf(appearance: Appearance) -> str:
    """
    :return: what a page shows where scripts are disabled.
    """
    language = appearance.pageLang.lower().partition("-")[0]
    return appearance.pageTexts.get("noscript", NOSCRIPT.get(language, NOSCRIPT["en"]))
