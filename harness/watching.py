# -*- test-case-name: tests.project.test_peers -*-
"""
Pages of applications whose updates are not known beforehand: :class:`Watcher` in a fleet, for the CPU time of the
server, and :class:`Painted` in Chromium, for what a person sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from .browser import chromium
from .fleet import Page

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

_NOOP: Final = b'["noop"]'
#: Runs before the page's own scripts. The listener of a socket is its first one, the message channel comes after the
#: frame, and times are those of the clock that all pages share.
_RECORD: Final = """
(() => {
    const now = () => performance.timeOrigin + performance.now();
    const recorded = { clicks: [], shown: [] };
    globalThis.recorded = recorded;
    let came = 0, changed = 0, isPending = false;
    globalThis.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", () => { if (!isPending) came = now(); });
        }
    };
    addEventListener("click", () => recorded.clicks.push(now()), true);
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
        recorded.shown.push([came, changed, now()]);
        came = 0;
        isPending = false;
    };
    new MutationObserver(() => {
        changed = now();
        if (!isPending) {
            isPending = true;
            requestAnimationFrame(() => painted.port2.postMessage(null));
        }
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})();
"""


class Watcher(Page):
    """
    A page that accepts all messages.

    :ivar delivered: how many messages of updates have come: those that have the dialect's ``update`` in them.
    :ivar size: how many bytes these had together, without compression.
    """

    __slots__ = ("size",)

    def __init__(self, *given: Any) -> None:
        self.size = 0
        super().__init__(*given)

    def awaitMatch(self, pattern: bytes) -> None:
        """Wait for a message that this regular expression matches as a whole, and take those before it."""
        while not re.fullmatch(pattern, self.nextMessage()):
            pass

    def _asideCame(self, payload: bytes) -> None:
        if payload == _NOOP and self.dialect.acknowledges:
            self.keptAlive()
            return
        answer = self.dialect.aside(payload)
        if answer:
            self.send(answer)
        elif answer is None:
            self.numbered += 1
            self.size += len(payload)
            self.delivered += self.dialect.update in payload


class Painted:
    """A page in Chromium that records when messages come, the document is changed, and the change is painted."""

    def __init__(self, page: BrowserPage) -> None:
        """
        :param page: a page that is empty yet.
        """
        self.page = page
        page.add_init_script(_RECORD)

    def open(self, url: str, text: str) -> None:
        """Open an address, and return when this text is there."""
        self.page.goto(url)
        self.page.get_by_text(text, exact=True).wait_for()

    def change(self) -> None:
        """Click on the last button of the list that makes its item the first."""
        self.page.get_by_role("button", name="First").last.click()

    def awaitUpdate(self) -> None:
        """Return when the page has shown what a message has brought, and record afresh."""
        self.page.wait_for_function("() => recorded.shown.some(([came]) => came)")
        self.page.wait_for_timeout(1000)
        self.page.evaluate("() => { recorded.clicks.length = 0; recorded.shown.length = 0; }")

    def clicks(self) -> list[float]:
        """Return the times of clicks, in milliseconds."""
        found: list[float] = self.page.evaluate("() => recorded.clicks")
        return found

    def shown(self) -> list[tuple[float, float, float]]:
        """Return, for each frame with changes, the times of the first message, the last change, and the paint."""
        return [(came, changed, painted) for came, changed, painted in self.page.evaluate("() => recorded.shown")]

    def since(self, other: Painted) -> float:
        """Return the median of the milliseconds from each click on another page to the next paint on this one."""
        ends = [end for *_, end in self.shown()]
        after = [[end - click for end in ends if end > click] for click in other.clicks()]
        return median(min(found) for found in after if found)

    def handled(self) -> tuple[float, float]:
        """Return the medians of the milliseconds from a message to the last change that it makes, and to the paint."""
        shown = [one for one in self.shown() if one[0]]
        return median(changed - came for came, changed, _ in shown), median(end - came for came, _, end in shown)


@contextmanager
def browsed(port: int, text: str) -> Iterator[Painted]:
    """Open a page in Chromium, on which this text is."""
    context = chromium().new_context()
    try:
        page = Painted(context.new_page())
        page.open(f"http://127.0.0.1:{port}/", text)
        yield page
    finally:
        context.close()
