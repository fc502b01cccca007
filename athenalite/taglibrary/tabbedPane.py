# -*- test-case-name: tests.taglibrary.test_tabbedPane -*-
"""
``nevow.taglibrary.tabbedPane``: panes, of which one is shown, and tabs that choose it.

On a live page, use :class:`TabbedPaneFragment`. On another, :func:`tabbedPane` makes the same of tags, for which the
page loads a script and a style sheet: those of :class:`tabbedPaneGlue`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import tags as T
from .._porting.missing import absent
from ..athena import LiveFragment
from ..inevow import IQ
from ..loaders import xmlstr
from ..stan import Tag
from ..static import File

__all__ = ["TabbedPaneFragment", "tabbedPane", "tabbedPaneGlue"]

_DIRECTORY: Final = Path(__file__).parent


def _class(kind: str, isSelected: bool) -> str:
    return f"nevow-tabbedpane-{'selected-' if isSelected else ''}{kind}"


class _NoScript:
    def __get__(self, instance: Any, owner: type) -> Any:
        raise AttributeError(
            "pages have no inline script: a TabbedPaneFragment needs none, so leave it out; for tabbedPane, put fileJS "
            "and fileCSS at /tabbedPane.js and /tabbedPane.css, and fileGlue into the head"
        )


class tabbedPaneGlue:
    """
    What a page with :func:`tabbedPane` loads.

    :cvar stylesheetPath: the file with the style sheet.
    :cvar fileCSS: the resource for it, to be put at ``/tabbedPane.css``.
    :cvar fileJS: that for the script, to be put at ``/tabbedPane.js``.
    :cvar fileGlue: the tags for both at these addresses.
    :cvar inlineCSS: the style sheet as a tag.
    """

    stylesheetPath: Final = str(_DIRECTORY / "css" / "Nevow" / "TagLibrary" / "TabbedPane.css")
    fileCSS: Final = File(stylesheetPath, "text/css")
    fileJS: Final = File(str(_DIRECTORY / "js" / "tabbedPane.js"), "text/javascript")
    fileGlue: Final = (
        T.link(rel="stylesheet", type="text/css", href="/tabbedPane.css"),
        T.script(src="/tabbedPane.js"),
    )
    inlineCSS: Final = T.style(type="text/css")[Path(stylesheetPath).read_text("utf-8")]
    inlineJS = _NoScript()
    inlineGlue = _NoScript()


def tabbedPane(ctx: Any, data: Mapping[str, Any]) -> Tag:
    """
    A renderer of a tabbed pane on a page without widgets.

    :param data: ``pages``, a list of pairs of a tab and its pane; perhaps ``selected``, the index of the one that is
        shown first, and ``name``, the id.
    """
    pages = list(data["pages"])
    name, selected = data.get("name", "theTabbedPane"), data.get("selected", 0)
    selected = selected if selected < len(pages) else 0
    numbered = list(enumerate(pages))
    whole: Tag = T.div(class_="nevow-tabbedpane", id=name, **{"data-tabbedpane": ""})[
        T.ul(class_="nevow-tabbedpane-tabs")[
            [T.li(class_=_class("tab", n == selected), id=f"{name}_tab_{n}")[tab] for n, (tab, _) in numbered]
        ],
        [T.div(class_=_class("pane", n == selected), id=f"{name}_page_{n}")[pane] for n, (_, pane) in numbered],
    ]
    return whole


class TabbedPaneFragment(LiveFragment):
    """
    A tabbed pane with a widget. Elements in its panes are put into it, or into the page, by ``setFragmentParent``.
    """

    jsClass = "Nevow.TagLibrary.TabbedPane.TabbedPane"
    cssModule = "Nevow.TagLibrary.TabbedPane"
    docFactory = xmlstr(
        '<div class="nevow-tabbedpane" xmlns:nevow="http://nevow.com/ns/nevow/0.1"'
        ' xmlns:athena="http://divmod.org/ns/athena/0.7" nevow:render="liveFragment" style="opacity: .3">'
        '<ul class="nevow-tabbedpane-tabs" id="tab-container"><nevow:invisible nevow:render="tabs"/></ul>'
        '<li nevow:pattern="tab"><athena:handler event="onclick" handler="dom_tabClicked"/>'
        '<nevow:attr name="class"><nevow:slot name="class"/></nevow:attr><nevow:slot name="tab-name"/></li>'
        '<div nevow:pattern="page"><nevow:attr name="class"><nevow:slot name="class"/></nevow:attr>'
        '<nevow:slot name="page-content"/></div>'
        '<div id="pane-container"><nevow:invisible nevow:render="pages"/></div>'
        "</div>"
    )

    def __init__(self, pages: Sequence[tuple[str, Any]], selected: int = 0, name: str = "default") -> None:
        """
        :param pages: pairs of the name of a tab and the content of its pane. Each name is another.
        :param selected: the index of the one that is shown first.
        :param name: of the whole, for subclasses.
        """
        super().__init__()
        self.pages, self.selected, self.name = pages, selected, name

    def getInitialArguments(self) -> tuple[str, ...]:
        return (self.pages[self.selected][0],)

    def render_tabs(self, ctx: Any, data: Any) -> Iterator[Tag]:
        """The tabs."""
        pattern = IQ(self.docFactory).patternGenerator("tab")
        for index, (name, _) in enumerate(self.pages):
            yield pattern.fillSlots("tab-name", name).fillSlots("class", _class("tab", index == self.selected))

    def render_pages(self, ctx: Any, data: Any) -> Iterator[Tag]:
        """The panes."""
        pattern = IQ(self.docFactory).patternGenerator("page")
        for index, (_, content) in enumerate(self.pages):
            tag = pattern.fillSlots("page-content", content)
            yield tag.fillSlots("class", _class("pane", index == self.selected))


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
