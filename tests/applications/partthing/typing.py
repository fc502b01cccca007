"""
A form whose fields are recovered after a reload, and that shows how often its methods were called.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from athenalite.live import LiveElement, expose, part, xmlstr

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
