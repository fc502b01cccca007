# -*- test-case-name: tests.assets.test_document -*-
"""
A page's HTML document, with a placeholder for markup that depends on the rendered elements; and its headers.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from twisted.logger import Logger
from twisted.web.template import Element, Tag, renderer, tags

from .._templates.blocked import BlockedReport, giveReport, warnOfBlocked
from .._templates.parser import Preprocessor
from .._templates.precompile import flattened
from .._templates.rewriting import refuseEventHandlerNodes
from ..context import contextRenderer
from ..loaders import Loader, loaderOf, stan
from ..stan import placed, rendered

DOCTYPE: Final = b"<!DOCTYPE html>\n"
#: The renderer that inserts the placeholder; a page's own ``render_liveglue`` may be another.
GLUE: Final = "athena:glue"

POLICY: Final = "Content-Security-Policy"
#: Restrictive headers. The policy allows no inline script and no eval, but style attributes, because Athena's templates
#: have many.
HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    POLICY: (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    # Windows that the page opens, to log in or to pay, may answer it.
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


def areUsual(headers: Mapping[str, str]) -> bool:
    """Whether a page with these headers has the default policy; another one may allow what it blocks."""
    return headers is HEADERS or headers.get(POLICY) == HEADERS[POLICY]


def forPage(page: Any, preprocessors: Iterable[Preprocessor]) -> list[Preprocessor]:
    """
    :param page: that the document is on; None if it is on none.
    :return: the preprocessors: ``warnOfBlocked`` is that of the page's site, and left out for a page with another
        policy, which may allow what the default one blocks.
    """
    if not areUsual(getattr(page, "headers", HEADERS)):
        return [one for one in preprocessors if one is not warnOfBlocked]
    report = reportFor(page)
    return [report if one is warnOfBlocked and report else one for one in preprocessors]


def reportFor(page: Any) -> BlockedReport | None:
    """
    :return: the report of what the policy blocks, of the page's site; None if it is on none, or has another policy.
    """
    shared = getattr(page, "_athenaFactory", None)
    if shared is None or not areUsual(getattr(page, "headers", HEADERS)):
        return None
    report: BlockedReport = shared.blocked
    return report


#: What a page shows where scripts are disabled, by language.
NOSCRIPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "This page needs JavaScript. Please allow it in your browser, and reload the page.",
        "de": "Diese Seite braucht JavaScript. Bitte erlauben Sie es im Browser und laden Sie die Seite neu.",
        "fr": "Cette page a besoin de JavaScript. Autorisez-le dans votre navigateur et rechargez la page.",
    }
)


def reportOfBlocked(log: Logger) -> BlockedReport:
    """
    :return: a report for one site; see :class:`BlockedReport`.
    """
    return BlockedReport(log)


def typeOf(page: Any, otherwise: bytes = b"") -> bytes:
    """
    :param page: whose document was rendered.
    :param otherwise: the document type of a page whose template has none.
    :return: what its response begins with.
    """
    own: str = getattr(page.docFactory, "documentType", "")
    return (f"{own}\n".encode() if own else b"") + (b"" if "<!doctype" in own.lower() else otherwise)


def newPlaceholder() -> str:
    """
    :return: a text to be replaced by the head's markup when the document is rendered. It is random, so that nothing
        else in a document can equal it, and has no character that is escaped.
    """
    return secrets.token_hex(16)


def aroundPlaceholder(html: bytes, placeholder: str) -> tuple[bytes, bytes] | None:
    """
    :param html: a rendered document.
    :return: the HTML before and behind the placeholder; of several, the last counts and the others are removed. None
        if there is none. A placeholder behind a ``<base>`` counts as before it, because what replaces it has addresses
        that are relative to the page.
    """
    mark = placeholder.encode("ascii")
    before, found, after = html.rpartition(mark)
    if not found:
        return None
    before = before.replace(mark, b"")
    if b"<base" not in before:
        return before, after
    base = next((match.start() for match in _UNTIL_BASE.finditer(before) if match["base"]), len(before))
    return before[:base], before[base:] + after


#: A ``<base>``, or what may have its text.
_UNTIL_BASE: Final = re.compile(
    rb"<!--.*?-->|<(script|style|title|noscript|template|textarea)\b.*?</\1\s*>|(?P<base><base[\s/>])", re.DOTALL
)


class Document(Element):
    """The page's document, with a placeholder for the head's markup."""

    def __init__(self, page: Any, frame: Tag | None = None, placeholder: str = "") -> None:
        """
        :param page: has the document (``docFactory``) and renderers for it.
        :param frame: a tag whose slot values are those of the whole document.
        :param placeholder: from :func:`newPlaceholder`; empty to leave it out.
        """
        super().__init__()
        self._page = page
        self._frame = frame
        self._placeholder = placeholder

    def render(self, request: Any) -> Any:
        factory = loaderOf(self._page)
        giveReport(request, report := reportFor(self._page))
        if report is not None and self._frame is not None:
            report.ofRenderer(self._page, "beforeRender", self._frame)
        document = (
            factory.flat(forPage(self._page, (warnOfBlocked, refuseEventHandlerNodes)))
            if isinstance(factory, Loader)
            else factory.load()
        )
        return document if self._frame is None else self._frame(document)

    def lookupRenderMethod(self, name: Any) -> Any:
        if name == GLUE:
            return self.liveglue
        method = self._ofPage(name) or super().lookupRenderMethod(name)
        report = reportFor(self._page)
        if report is None:
            return method
        return lambda request, tag: report.ofRenderer(self._page, name, method(request, tag))

    def _ofPage(self, name: Any) -> Any:
        own = None if callable(name) else renderer.get(self._page, name, None)
        if own is not None:
            return lambda request, tag: placed(rendered(own(request, tag)))
        return contextRenderer(self._page, name, getattr(self._page, "original", None))

    @renderer
    def liveglue(self, request: Any, tag: Tag) -> Any:
        return tag(self._placeholder)


class Frame(NamedTuple):
    """The markup of a document that shows one element, without that element and the head's markup."""

    beforeGlue: bytes
    beforeElement: bytes
    end: bytes


def frameOf(title: str, lang: str = "en", noscript: str = "") -> Frame:
    """
    :return: the markup of :func:`documentOf`, for pages that differ only in their content.
    """
    here = "\ufdd0"
    document = documentOf(here, title, lang=lang, noscript=noscript).load()[0]
    head = document.children[0]
    # No title contains this, because it is no character.
    head.children[-1] = here
    return Frame(*flattened(document).split(here.encode("utf-8")))


def documentOf(content: Any, title: str, head: Any = (), lang: str = "en", noscript: str = "") -> Loader:
    """
    :param head: further nodes of its head.
    :param lang: its language.
    :param noscript: a text that is shown where scripts are disabled.
    :return: a whole document around ``content``.
    """
    return stan(
        tags.html(
            tags.head(
                tags.meta(charset="utf-8"),
                tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
                tags.title(title),
                # Without one, browsers ask for /favicon.ico.
                tags.link(rel="icon", href="data:,"),
                head,
                tags.transparent(render="liveglue"),
            ),
            tags.body(tags.noscript(noscript) if noscript else (), content),
            lang=lang,
        )
    )
