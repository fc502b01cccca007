"""
Parts and events without JavaScript: markup as the test wants it, items, and controls.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from athenalite.live import LiveElement, LivePageError, SharedElement, expose, part, renderer, xmlstr
from athenalite.stan import raw

NAMESPACES = (
    'xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7" '
    'xmlns="http://www.w3.org/1999/xhtml"'
)


class CounterElement(LiveElement):
    """The first example of the documents, with a method that answers late."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <button data-arg-by="-1">Less<athena:handler event="onclick" remote="add" /></button>
        <output nevow:render="count" />
        <button data-arg-by="1">More<athena:handler event="onclick" remote="add" repeat="repeat" /></button>
    </main>""")
    value = 0

    @part
    def count(self, request: Any, tag: Any) -> Any:
        return tag(str(self.value))

    @expose
    def add(self, by: int) -> None:
        self.value += by
        self.rerender("count")


class BoardElement(LiveElement):
    """Shows markup that the test gives, and items that it changes."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <div nevow:render="content" />
        <table><tbody nevow:render="rows">
            <tr nevow:pattern="item"><td><nevow:slot name="text" /></td>
                <td><input name="note" /><button>Drop<athena:handler event="onclick" remote="drop" /></button></td>
                <td><input type="checkbox"><nevow:attr name="title"><nevow:slot name="text" /></nevow:attr>
                    <athena:handler event="onchange" remote="refuse" /></input></td></tr>
            <tr nevow:pattern="empty"><td>nothing</td></tr>
        </tbody></table>
        <form>
            <input name="amount" /><input type="checkbox" name="sure" /><button name="how" value="fast">Go</button>
            <athena:handler event="onsubmit" remote="order" />
        </form>
        <input name="word"><athena:handler event="oninput" remote="search" debounce="400" /></input>
        <p nevow:render="said" />
    </main>""")
    markup = ""
    words = ""

    def __init__(self) -> None:
        super().__init__()
        self.all = {number: f"row {number}" for number in range(5)}
        self.asked = 0

    @part
    def content(self, request: Any, tag: Any) -> Any:
        if self.markup == "fail":
            raise RuntimeError("as the test wants it")
        return tag(raw(self.markup))

    @part.each("all")
    def rows(self, request: Any, tag: Any, text: str) -> Any:
        return tag.fillSlots(text=text)

    @part
    def said(self, request: Any, tag: Any) -> Any:
        return tag(self.words)

    @expose
    def put(self, markup: str) -> None:
        """Show this markup."""
        self.markup = markup
        self.rerender("content")

    @expose
    def arrange(self, rows: list[tuple[int, str]]) -> None:
        """Have these rows."""
        old, self.all = self.all, dict(rows)
        self.rerender("rows", *(key for key in {**old, **self.all} if old.get(key) != self.all.get(key)))
        self.rerender("rows", *list(self.all)[:1])

    @expose
    def drop(self, key: int) -> None:
        del self.all[key]
        self.rerender("rows", key)

    @expose
    def refuse(self, key: int) -> None:
        """The box stays as it was."""

    @expose
    def order(self, amount: int, sure: bool, how: str) -> None:
        if amount > 10:
            raise LivePageError("too much")
        self.words = f"{amount} {sure} {how}"
        self.rerender("said")

    @expose
    def search(self, word: str) -> None:
        self.asked += 1
        self.words = f"{word} {self.asked}"
        self.rerender("said")


class LateElement(BoardElement):
    """A board whose template has no methods for events: they come with the markup that the test gives."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement"><div nevow:render="content" /></main>""")


class RowElement(LiveElement):
    """An element in a part, with a part of its own and a widget of another script."""

    docFactory = xmlstr(f"""<li {NAMESPACES} nevow:render="liveElement"><b nevow:render="name" /><input />
        <button>Louder<athena:handler event="onclick" remote="louder" /></button></li>""")
    name_ = "a"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name_ = name
        self.ended = False

    @part
    def name(self, request: Any, tag: Any) -> Any:
        return tag(self.name_)

    @expose
    def louder(self) -> None:
        self.name_ = self.name_.upper()
        self.rerender("name")

    def detached(self) -> None:
        self.ended = True


class NestElement(LiveElement):
    """A part with elements in it, and a part in a part."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <section nevow:render="outer"><h2 nevow:render="title" /><p><nevow:slot name="count" /></p>
            <em nevow:render="perhaps"><i nevow:render="inner" /></em><ul><nevow:slot name="rows" /></ul></section>
        <button>Sort<athena:handler event="onclick" remote="sort" /></button>
    </main>""")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RowElement] = []
        self.number = 0
        self.withInner = True

    @part
    def outer(self, request: Any, tag: Any) -> Any:
        return tag.fillSlots(count=len(self.rows), rows=list(self.rows))

    @renderer
    def perhaps(self, request: Any, tag: Any) -> Any:
        return tag if self.withInner else ""

    @part
    def inner(self, request: Any, tag: Any) -> Any:
        return tag(f"inner {self.number}")

    @renderer
    def title(self, request: Any, tag: Any) -> Any:
        return tag("title")

    @expose
    def arrange(self, names: list[str]) -> None:
        """Have rows of these names."""
        known = {row.name_: row for row in self.rows}
        self.rows = [known[name] if name in known else self.made(name) for name in names]
        self.rerender("outer")

    def made(self, name: str) -> RowElement:
        """A new row."""
        row = RowElement(name)
        row.setFragmentParent(self)
        return row

    @expose
    def sort(self) -> None:
        self.arrange(sorted((row.name_ for row in self.rows), reverse=True))

    @expose
    def count(self) -> None:
        self.number += 1
        self.rerender("inner")


class Things(SharedElement):
    """Things on all pages."""

    docFactory = xmlstr(
        f'<ul {NAMESPACES} nevow:render="things"><li nevow:pattern="item"><nevow:slot name="text" /></li></ul>'
    )

    def __init__(self) -> None:
        super().__init__()
        self.all = {number: f"thing {number}" for number in range(10)}

    @part.each("all")
    def things(self, request: Any, tag: Any, text: str) -> Any:
        return tag.fillSlots(text=text)


THINGS = Things()


class SharedBox(LiveElement):
    """One page with the things, and a dashboard of its own."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement"><div nevow:render="list" />
        <table><tbody nevow:render="rows"><tr nevow:pattern="item"><td><nevow:slot name="number" /></td>
            <td><progress max="100"><nevow:attr name="value"><nevow:slot name="load" /></nevow:attr></progress></td>
        </tr></tbody></table>
        <svg viewBox="0 0 100 100"><polyline nevow:render="chart" /></svg></main>""")
    boxes: WeakSet[SharedBox] = WeakSet()
    loads = dict.fromkeys(range(20), 0)

    def __init__(self) -> None:
        super().__init__()
        self.boxes.add(self)

    @renderer
    def list(self, request: Any, tag: Any) -> Any:
        return tag[THINGS]

    @part.each("loads")
    def rows(self, request: Any, tag: Any, load: int) -> Any:
        return tag.fillSlots(number=f"{load} %", load=str(load))

    @part
    def chart(self, request: Any, tag: Any) -> Any:
        return tag(points=" ".join(f"{5 * number},{load}" for number, load in self.loads.items()))

    @expose
    def change(self, number: int) -> None:
        """Change one thing, move another, and replace a third; and change all rows of the dashboards."""
        keys = list(THINGS.all)
        first, moved, gone = keys[0], keys[number % len(keys)], keys[number * 7 % len(keys)]
        THINGS.all[first] = f"thing {number}"
        THINGS.all[moved] = THINGS.all.pop(moved)
        THINGS.all.pop(gone, None)
        THINGS.all[100 + number] = f"thing {number}"
        THINGS.rerender("things", first, moved, gone, 100 + number)
        for row in self.loads:
            self.loads[row] = (number * 37 + row * 11) % 100
        for box in list(self.boxes):
            box.rerender()
