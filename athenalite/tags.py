# -*- test-case-name: tests.test_tags -*-
"""
``nevow.tags``: a tag for each name of HTML (``tags.div``, ``tags.input``, ...) and what else documents are made of.

.. code-block:: python

    from athenalite import tags as T

    T.ul(class_="menu")[[T.li[name] for name in names], T.li(render=T.directive("more"))]
"""

from __future__ import annotations

from typing import Any

from twisted.web.template import CDATA, VALID_HTML_TAG_NAMES, CharRef, Comment, slot

from .stan import Proto, Tag, directive
from .template import parse

#: No element, only what is in it; also under Twisted's name.
invisible = transparent = Proto("")

_DOCUMENT = '<!DOCTYPE x SYSTEM "x"><x>%s</x>'


def xml(markup: str | bytes) -> Tag:
    """
    Put markup into a document as it is.

    :param markup: well-formed XML, with HTML's named characters.
    :return: what it says.
    :raise athenalite.template.TemplateError: if it is not well-formed.
    """
    text = markup.decode("utf-8") if isinstance(markup, bytes) else markup
    [outer] = parse((_DOCUMENT % text).encode("utf-8"))
    return Tag("", children=outer.children)


raw = xml

__all__ = [
    "CDATA",
    "CharRef",
    "Comment",
    "Proto",
    "Tag",
    "directive",
    "invisible",
    "raw",
    "slot",
    "transparent",
    "xml",
]
__all__.extend(sorted(VALID_HTML_TAG_NAMES - {"del"}))


def __getattr__(name: str) -> Any:
    # del_ is for del, which Python keeps for itself.
    tagName = name.rstrip("_")
    if tagName not in VALID_HTML_TAG_NAMES:
        raise AttributeError(f"HTML has no element {name!r}")
    return globals().setdefault(name, Proto(tagName))
