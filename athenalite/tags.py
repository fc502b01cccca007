# -*- test-case-name: tests.test_tags -*-
"""
``nevow.tags``: a tag for each element of HTML (``tags.div``, ``tags.input``, ...), slots, directives, comments and XML.

.. code-block:: python

    from athenalite import tags as T

    T.ul(class_="menu")[[T.li[name] for name in names], T.li(render=T.directive("more"))]
"""

from __future__ import annotations

import codecs
import re
from typing import Any, Final

from twisted.web.iweb import ITemplateLoader
from twisted.web.template import CDATA, VALID_HTML_TAG_NAMES, CharRef, Comment

from ._porting.missing import absent
from ._templates.parser import parse
from .stan import Proto, Tag, directive, slot

#: A tag that renders only its children; also under Twisted's name.
invisible = transparent = Proto("")

#: Nevow's name.
cdata = CDATA

_DOCUMENT: Final = '<!DOCTYPE x SYSTEM "x"><x>%s</x>'
#: Without the encoding, which is UTF-8.
_DECLARATION: Final = '<?xml version="1.0"?>'
_ENCODING: Final = re.compile(rb"""\s*<\?xml\b[^>]*?\sencoding\s*=\s*["']([\w.-]+)""")
_PROLOG: Final = re.compile(r"\s*(<\?xml\b.*?\?>\s*)?(<!DOCTYPE\b[^>\[]*>)?\s*", re.DOTALL | re.IGNORECASE)


def xml(markup: Any) -> Tag:
    """
    Put markup into a document as it is.

    :param markup: well-formed XML, text or bytes, with HTML's named characters; or a loader of it. An XML declaration
        and a document type at its beginning are those of the page, or of what is flattened, that begins with it;
        elsewhere they are left out.
    :return: a tag that contains it.
    :raise athenalite._templates.parser.TemplateError: if it is not well-formed.
    """
    if ITemplateLoader.providedBy(markup):
        tag, kind = Tag("", children=markup.load()), getattr(markup, "documentType", "")
    else:
        text = (_decoded(markup) if isinstance(markup, bytes) else markup).removeprefix("\ufeff")
        prolog = _PROLOG.match(text)
        assert prolog is not None
        [outer] = parse((_DOCUMENT % text[prolog.end() :]).encode("utf-8"))
        tag, kind = Tag("", children=outer.children), _DECLARATION * bool(prolog[1]) + (prolog[2] or "")
    tag.documentType = kind
    return tag


raw = xml


def _decoded(markup: bytes) -> str:
    if markup.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return markup.decode("utf-16")
    declared = _ENCODING.match(markup)
    return markup.decode(declared[1].decode("ascii") if declared else "utf-8-sig")


# Names of Python's that a star import must not replace. It has _del, _dir, _map and _object, as in Nevow, and no time.
_PYTHONS: Final = frozenset(("del", "dir", "map", "object", "time"))


class _CommentProto:
    """``comment["text"]``"""

    def __getitem__(self, text: Any) -> Comment:
        return Comment("".join(text) if isinstance(text, tuple) else text)


#: Makes comments of HTML: ``comment["text"]``.
comment = _CommentProto()

__all__ = [
    "CDATA",
    "CharRef",
    "Comment",
    "Proto",
    "Tag",
    "cdata",
    "comment",
    "directive",
    "invisible",
    "raw",
    "slot",
    "transparent",
    "xml",
]
__all__.extend(["_del", "_dir", "_map", "_object", *sorted(VALID_HTML_TAG_NAMES - _PYTHONS)])


_absent: Final = absent(__name__)


def __getattr__(name: str) -> Any:
    # The element del is del_ or _del, because del is a keyword.
    tagName = name.strip("_")
    if tagName not in VALID_HTML_TAG_NAMES:
        return _absent(name)
    return globals().setdefault(name, Proto(tagName))
