"""
A form whose fields are recovered after a reload, and that shows how often its methods were called; an address that
says what is shown; and forms one after the other.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from athenalite.live import FieldError, LiveElement, expose, part, xmlstr

from .partbox import NAMESPACES


class OrderElement(LiveElement):
    """A form with a field that is validated while one types."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <form>
            <input name="what"><athena:handler event="oninput" remote="validate" /></input>
            <input name="sure" type="checkbox" /><input name="secret" type="password" />
            <select name="size"><option>small</option><option>large</option></select>
            <button>Order</button><athena:handler event="onsubmit" remote="order" />
        </form>
        <p nevow:render="calls" />
    </main>""")

    def __init__(self) -> None:
        super().__init__()
        self.called: list[str] = []

    @part
    def calls(self, request: Any, tag: Any) -> Any:
        return tag(", ".join(self.called) or "no calls")

    @expose
    def validate(self, what: str) -> None:
        self.called.append(f"validate {what}")
        self.rerender("calls")

    @expose
    def order(self, what: str, sure: bool, size: str, secret: str = "") -> Any:
        if what == "never":
            return Deferred[None]()
        self.called.append(f"order {what} {sure} {size}")
        self.rerender("calls")
        return None


class AskElement(LiveElement):
    """Asks in a dialog that is a part, which is closed by the answer."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <dialog nevow:render="question"><button>Yes<athena:handler event="onclick" remote="answer" /></button></dialog>
    </main>""")
    isOpen = True

    @part
    def question(self, request: Any, tag: Any) -> Any:
        return tag(open="open") if self.isOpen else tag.clear()

    @expose
    def answer(self) -> None:
        self.isOpen = False
        self.rerender("question")


class AddressElement(LiveElement):
    """Shows its address, and has others."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <button data-arg-url="?tea">Tea<athena:handler event="onclick" remote="choose" /></button>
        <button data-arg-url="#end">End<athena:handler event="onclick" remote="choose" /></button>
        <button data-arg-url="?milk">Milk<athena:handler event="onclick" remote="choose" /></button>
        <button data-arg-url="?water">Water<athena:handler event="onclick" remote="replace" /></button>
        <p nevow:render="address" />
    </main>""")

    @part
    def address(self, request: Any, tag: Any) -> Any:
        return tag(self.page.currentURL)

    @expose
    def choose(self, url: str) -> None:
        self.page.pushURL(url)
        self.rerender("address")

    @expose
    def replace(self, url: str) -> None:
        self.page.replaceURL(url)
        self.rerender("address")

    def addressChanged(self, url: str) -> None:
        self.rerender("address")


class WizardElement(LiveElement):
    """Two forms, of which the second comes in the place of the first, and the first in that of the second."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement"><div nevow:render="step">
        <form nevow:pattern="first"><athena:handler event="onsubmit" remote="first" />
            <input name="title" /><button>Next</button></form>
        <form nevow:pattern="second"><athena:handler event="onsubmit" remote="second" />
            <input name="amount" />
            <button type="button">Back<athena:handler event="onclick" remote="back" /></button></form>
    </div></main>""")
    current = "first"

    @part
    def step(self, request: Any, tag: Any) -> Any:
        pattern = tag.onePattern(self.current)
        return tag.clear()(pattern)

    def _show(self, name: str) -> None:
        self.current = name
        self.rerender("step")

    @expose
    def first(self, title: str) -> None:
        if title == "bad":
            raise FieldError("title", "That is bad.")
        self._show("second")

    @expose
    def second(self, amount: int) -> None:
        self._show("first")

    @expose
    def back(self) -> None:
        self._show("first")
