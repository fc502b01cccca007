"""
Names of modules that addresses do not have as they are, and an image beside a style sheet.
"""

from __future__ import annotations

from typing import Any

from athenalite import tags
from athenalite._assets.document import HEADERS, POLICY
from athenalite.athena import LiveElement, LivePage, expose
from athenalite.loaders import stan
from athenalite.page import renderer


class AddressElement(LiveElement):
    """Its widget, in a module with a name in French, shows what another such module exports."""

    docFactory = stan(tags.p(render="liveElement", class_="address")["waiting"])
    jsClass = "Café 1%.Widget"
    cssModule = "Käse"

    @expose
    def later(self) -> LiveElement:
        """Return an element whose module and style sheet the page does not have."""
        later = LaterElement()
        later.setFragmentParent(self)
        return later


class LaterElement(LiveElement):
    """Sent later."""

    docFactory = stan(tags.p(render="liveElement", class_="later"))
    jsClass = "Later.Widget"
    cssModule = "Later"


class BasePage(LivePage):
    """A page with a ``<base>``, before its scripts or behind them."""

    headers = {**HEADERS, POLICY: HEADERS[POLICY].replace("base-uri 'none'; ", "")}
    before: Any = tags.invisible(render="base")
    behind: Any = ""

    def __init__(self, base: str, **options: Any) -> None:
        glue = tags.invisible(render="liveglue")
        head = tags.head[tags.link(rel="icon", href="data:,"), self.before, glue, self.behind]
        super().__init__(docFactory=stan(tags.html[head, tags.body[tags.invisible(render="element")]]), **options)
        self.base_ = base

    @renderer
    def base(self, request: Any, tag: Any) -> Any:
        """The element."""
        return tags.Tag("base")(href=self.base_)

    @renderer
    def element(self, request: Any, tag: Any) -> Any:
        """The widget."""
        element = AddressElement()
        element.setFragmentParent(self)
        return element


class BehindPage(BasePage):
    """Its ``<base>`` is behind the scripts."""

    before, behind = BasePage.behind, BasePage.before
