# -*- test-case-name: tests.project.test_peers -*-
"""
The page of which the costs have bars, ``--element=harness.livework.Bars``, and :func:`bars`, which measures them.

It has as many rows as the environment variable ``ROWS`` gives, and a part that all pages share.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from weakref import WeakSet

from athenalite.live import LiveElement, SharedElement, expose, part, renderer
from athenalite.loaders import xmlstr

from .browser import chromium
from .dialects import encode
from .fleet import ignored
from .subjects import Subject, athenalite, serverCore
from .watching import Watcher

_NAMESPACE = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1"'
#: Longer than the rest of a message.
_LENGTH = 2000
#: How often a cost is measured.
ROUNDS = 5
_numbers = itertools.count(1)


def _text() -> str:
    return f"{next(_numbers):08d}" * (_LENGTH // 8)


class Told(SharedElement):
    """A text on all pages."""

    docFactory = xmlstr(f'<p {_NAMESPACE} nevow:render="text" />')
    told = ""

    @part
    def text(self, request: Any, tag: Any) -> Any:
        return tag(self.told)


class Bars(LiveElement):
    """Rows of its own, and what all share."""

    docFactory = xmlstr(f"""<div {_NAMESPACE} nevow:render="liveElement"><table><tbody nevow:render="rows">
        <tr nevow:pattern="item"><th>Machine <nevow:slot name="number" /></th><td><nevow:slot name="load" /> %</td>
            <td><progress max="100"><nevow:attr name="value"><nevow:slot name="load" /></nevow:attr></progress></td>
        </tr>
        </tbody></table><nevow:invisible nevow:render="shared" /></div>""")
    told = Told()
    pages: WeakSet[Bars] = WeakSet()

    def __init__(self) -> None:
        super().__init__()
        self.all = {number: (number, 0) for number in range(int(os.environ.get("ROWS", "1")))}
        self.pages.add(self)

    @part.each("all")
    def rows(self, request: Any, tag: Any, row: tuple[int, int]) -> Any:
        return tag.fillSlots(number=str(row[0]), load=str(row[1]))

    @renderer
    def shared(self, request: Any, tag: Any) -> Any:
        return self.told

    def _change(self, *keys: int) -> None:
        load = next(_numbers) % 100
        self.all.update({key: (key, load) for key in keys})

    @expose
    def nothing(self) -> None:
        """Do nothing."""

    @expose
    def one(self) -> None:
        """Change one row."""
        self._change(0)
        self.rerender("rows", 0)

    @expose
    def every(self) -> None:
        """Change all rows."""
        self._change(*self.all)
        self.rerender("rows")

    @expose
    def again(self) -> None:
        """Change one row, and render all."""
        self._change(0)
        self.rerender("rows")

    @expose
    def show(self) -> None:
        """Show a text on all pages."""
        self.told.told = _text()
        self.told.rerender()

    @expose
    def tell(self) -> None:
        """Call all pages with such a text."""
        text = _text()
        for page in self.pages:
            page.callRemote("tell", text)


def cost(one: Subject, method: str, count: int) -> tuple[float, float]:
    """
    Let the first of the watchers call the method as often.

    :return: the CPU seconds of the server for a call, and the bytes that the first page has received for it.
    """
    sender = one.fleet.pages[0]
    assert isinstance(sender, Watcher)
    sender.dialect.update = b'["respond"'
    one.fleet.settle(0.1, ignored)
    spent, size = one.spent, sender.size
    for _ in range(count):
        answered = sender.delivered + 1
        sender.send(encode("call", 1, method, []))
        one.fleet.until(lambda answered=answered: sender.delivered == answered)  # type: ignore[misc]
    one.fleet.settle(0.5, ignored)
    return (one.spent - spent) / count, (sender.size - size) / count


def bars(items: int = 10_000, pages: int = 1000, count: int = 100) -> Iterator[tuple[str, float]]:
    """
    Measure what has a bar.

    :param items: how many rows the long list has.
    :param pages: how many pages share a part.
    :param count: how many calls are measured for each, in :data:`ROUNDS` rounds; with many pages and of the whole list
        a tenth.
    :return: a name with the bar, and the figure: CPU milliseconds beyond those of a call that does nothing, and bytes
        beyond its.
    """
    few = max(1, count // 10)
    with opened(50, 1) as one:
        cpu, size = _beyond(one, "every", count)
        yield "CPU ms of 50 rows changed; at most 0.8", cpu
        yield "bytes of 50 rows changed; at most 2,400", size
    with opened(items, 1) as one:
        cpu, size = _beyond(one, "one", count)
        yield f"CPU ms of one of {items:,} rows changed; at most 0.1", cpu
        yield f"bytes of one of {items:,} rows changed; at most 200", size
        yield f"CPU ms of {items:,} rows rendered, one changed; at most 60", _beyond(one, "again", few)[0]
        yield f"ms in Chromium to show one of {items:,} rows; at most 0.5", _showing(one, count)
    with opened(1, pages) as one:
        ratio = _ratio(one, "show", "tell", few)
        yield f"a part of {pages:,} pages changed, of calling them with such a text; at most 1.2", ratio


@contextmanager
def opened(rows: int, pages: int) -> Iterator[Subject]:
    """Serve such pages, and open them."""
    with athenalite(serverCore(), "harness.livework.Bars", environment={"ROWS": str(rows)}) as one:
        one.fleet.pageFactory = Watcher
        one.fleet.growBusily(pages)
        yield one


def _beyond(one: Subject, method: str, count: int) -> tuple[float, float]:
    """
    :return: the median of :data:`ROUNDS` differences to as many calls that do nothing, made just before.
    """
    cost(one, method, 1)
    few = max(1, count // ROUNDS)
    found = []
    for _ in range(ROUNDS):
        nothing, beyond = (cost(one, name, few) for name in ("nothing", method))
        found.append((1000 * (beyond[0] - nothing[0]), beyond[1] - nothing[1]))
    milliseconds, sizes = zip(*found, strict=True)
    return median(milliseconds), median(sizes)


def _ratio(one: Subject, method: str, other: str, count: int) -> float:
    """
    :return: what one method costs beyond nothing, of what the other does; both are called in turn, so often.
    """
    found: dict[str, list[float]] = {name: [] for name in (method, other, "nothing")}
    for number in range(count + 1):
        for name in found if number % 2 else reversed(found):
            spent = cost(one, name, 1)[0]
            # The first one is not counted.
            if number:
                found[name].append(spent)
    spent, compared, nothing = (median(values) for values in found.values())
    return (spent - nothing) / (compared - nothing)


#: Notes how long each change takes, from when its markup is parsed until it is shown.
_WATCH = """() => {
    const parsing = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
    let began;
    window.times = [];
    Object.defineProperty(Element.prototype, "innerHTML", {
        ...parsing,
        set(markup) {
            began = performance.now();
            parsing.set.call(this, markup);
        },
    });
    document.addEventListener("athena:shown", () => times.push(performance.now() - began));
}"""
_CHANGE = """async (count) => {
    for (let index = 0; index < count; index += 1) {
        await Nevow.Athena.Widget.fromAthenaID(1).callRemote("one");
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return times;
}"""


def _showing(one: Subject, count: int) -> float:
    """
    :return: the median of the milliseconds that a page in Chromium takes to show a changed row; the first tenth of the
        changes, for which code is compiled, is not counted. A browser's clock has tenths of a millisecond.
    """
    page = chromium().new_page()
    try:
        page.goto(f"http://localhost:{one.fleet.port}/")
        page.wait_for_function("() => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]")
        page.evaluate(_WATCH)
        times = page.evaluate(_CHANGE, count)
        return float(median(times[count // 10 :]))
    finally:
        page.close()
