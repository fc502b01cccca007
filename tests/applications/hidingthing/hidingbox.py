"""
Pages with an element of every name that the client's scripts use of a document, and widgets whose nodes are forms with
a field of every such name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import athenalite
from athenalite import tags as T
from athenalite._assets.document import HEADERS, POLICY
from athenalite.athena import LiveElement, LivePage, expose
from athenalite.loaders import stan, xmlstr
from athenalite.page import renderer

SCRIPTS = sorted((Path(athenalite.__file__).parent / "js").rglob("*.js"))
USED = re.compile(r'\b(?:read|invoke|methodOf|getterOf)\([^";]*"(\w+)"(?:, "(\w+)")?')
#: Further names: of documents, nodes and windows, and globals of the client and of these widgets.
FURTHER = """
    activeElement addEventListener adoptedStyleSheets append appendChild attributes baseURI body childNodes children
    className closest contains content contentType cookie createElement createRange createTextNode currentScript
    defaultView dispatchEvent documentElement embeds firstChild focus forms fullscreenElement getAttribute
    getElementById getElementsByTagName getRootNode hasAttribute head hidden host id images importNode isConnected
    lastChild links localName location matches method name namespaceURI nextSibling nodeName nodeType offsetLeft
    offsetParent onclick onsubmit ownerDocument parentElement parentNode prerendering querySelector querySelectorAll
    readyState remove removeChild removeEventListener replaceChildren requestSubmit scripts setAttribute style
    styleSheets submit tagName textContent title URL visibilityState
    Divmod Document HTMLElement HidingOld MutationObserver Nevow Node Reflect ReportingObserver
"""
USED_NAMES = sorted(
    {name for path in SCRIPTS for found in USED.findall(path.read_text("utf-8")) for name in found if name}
)
NAMES = sorted({*FURTHER.split(), *USED_NAMES})


#: A form with a field of every name.
FORM = "".join(
    [
        '<form xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"',
        ' nevow:render="liveElement"><athena:handler event="onsubmit" handler="say" />',
        *(f'<input type="hidden" name="{name}" />' for name in NAMES),
        '<input id="said" name="said" /><button id="button">Say</button><p id="answer"></p></form>',
    ]
)


class NewForm(LiveElement):
    """A form that calls the server when it is submitted; its widget is an ES module."""

    jsClass = "HidingNew.Form"
    docFactory = xmlstr(FORM)

    @expose
    def echo(self, text: str) -> str:
        """Return the text."""
        return text

    @expose
    def fail(self) -> None:
        """Raise an error."""
        raise ValueError("failed on purpose")

    @expose
    def later(self) -> LiveElement:
        """Return another form."""
        form = type(self)()
        form.setFragmentParent(self)
        return form

    @expose
    def leave(self) -> None:
        """End the page."""
        self.page.close("all have left")


class OldForm(NewForm):
    """The same with a widget in Athena's style."""

    jsClass = "HidingOld.Form"


class NamedPage(LivePage):
    """Before its scripts there is an element of every name."""

    tag = "img"
    attribute = "name"
    names = NAMES
    # The default one has no objects.
    headers = {**HEADERS, POLICY: HEADERS[POLICY].replace("object-src 'none'", "object-src 'self'")}
    docFactory = stan(
        T.html[
            T.head[T.title["hiding"], T.link(rel="icon", href="data:,")],
            T.body[
                T.invisible(render=T.directive("named")),
                T.invisible(render=T.directive("liveglue")),
                T.invisible(render=T.directive("forms")),
            ],
        ]
    )

    @renderer
    def named(self, request: Any, tag: Any) -> Any:
        """An element of every name."""
        return [T.Tag(self.tag)(**{self.attribute: name})(T.invisible) for name in self.names]

    @renderer
    def forms(self, request: Any, tag: Any) -> Any:
        """Both widgets."""
        forms = [NewForm(), OldForm()]
        for form in forms:
            form.setFragmentParent(self)
        return forms


class FormsPage(NamedPage):
    """Forms of every name."""

    tag = "form"


class ObjectsPage(NamedPage):
    """Objects of every id."""

    tag = "object"
    attribute = "id"


class EmbedsPage(NamedPage):
    """Embedded content of every name."""

    tag = "embed"


class FramesPage(NamedPage):
    """Frames of the names that the client's scripts use."""

    tag = "iframe"
    names = USED_NAMES


class DivisionsPage(NamedPage):
    """Elements of every id, which are properties of the window."""

    tag = "div"
    attribute = "id"
