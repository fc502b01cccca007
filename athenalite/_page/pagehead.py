# -*- test-case-name: tests.page.test_pagehead -*-
"""
The head of a live page's document. It is made when the rest is rendered, because it depends on the elements.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .._assets.assets import Roots
from .._assets.document import HEADERS, POLICY
from .._assets.head import PageData
from .._assets.policy import allowing, isLenient
from .._server.factory import LivePageFactory
from .._text.cookies import headersOf
from .answers import isXHTML
from .requirements import Requirements, found

_POLICY: Final = POLICY.lower().encode("ascii")
_USUAL: Final = (HEADERS[POLICY].encode("ascii"),)
_LENIENT: Final = (
    "The Content-Security-Policy of {page} lets inline scripts or eval run, and so the scripts that an attacker gets "
    "into a page. Move them to modules, and use the default headers."
)


def headOf(
    page: Any, factory: LivePageFactory, requirements: Requirements, objects: Iterable[Any], request: Any
) -> list[bytes]:
    """
    :param page: the :class:`athenalite._page.livepage.LivePage`, whose document has been rendered.
    :param objects: the page and its elements.
    :return: the markup.
    """
    if factory.sessions.tracer is not None:
        factory.sessions.tracer.requested(page, headersOf(request))
    widgets = page.values.documentRendered()
    roots = requirements.roots(request.path, request, factory.name)
    policies = tuple(request.responseHeaders.getRawHeaders(_POLICY) or ())
    if policies != _USUAL or roots.areForeign:
        _allow(request, [policy.decode("utf-8", "replace") for policy in policies], roots, type(page), factory)
    scripts, styles = requirements.ofDocument(factory, objects)
    page.values.isXHTML = xhtml = isXHTML(request)
    data = PageData(
        page.session.token,
        page.jsClass,
        scripts,
        styles,
        factory.limits.maxMessageSize,
        factory.debug,
        roots,
        xhtml,
        rangesOf(widgets),
        page.pageTexts,
        page.pageReloads if factory.reloadWithin is None else factory.reloadWithin,
        request.method == b"POST",
    )
    return found(factory, lambda: factory.glue.markup(data))


def _allow(request: Any, policies: list[str], roots: Roots, page: type, factory: LivePageFactory) -> None:
    """Add the origins of ``roots`` to the policies, and warn of those that let inline scripts run."""
    allowed = [allowing(policy, roots) for policy in policies]
    if allowed != policies:
        request.responseHeaders.setRawHeaders(POLICY, allowed)
    if any(isLenient(policy) for policy in allowed):
        factory.refusals.report("policy", page.__qualname__, _LENIENT, page=page.__qualname__)


def rangesOf(numbers: Iterable[int]) -> tuple[int, ...]:
    """
    :return: the first and the last of each run of consecutive numbers: most pages of one kind have the same then,
        however many elements they have.
    """
    ranges: list[int] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1] + 1:
            ranges[-1] = number
        else:
            ranges += [number, number]
    return tuple(ranges)
