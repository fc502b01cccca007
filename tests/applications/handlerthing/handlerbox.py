"""
Event handlers: of copies and later nodes, of events without a property, in shadow trees, and before there are widgets.
"""

from __future__ import annotations

from typing import Any

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr


def handlers(*events: str) -> str:
    """``athena:handler`` for these events, all of them for the method ``note``."""
    return "".join(f'<athena:handler event="{event}" handler="note" />' for event in events)


#: Names that a form has as properties, too.
FIELDS = """
    remove children attributes id parentNode querySelectorAll addEventListener getAttribute childNodes nodeType
    hasAttribute getElementsByTagName getRootNode onsubmit method submit requestSubmit dispatchEvent querySelector
    tagName nodeName ownerDocument host content matches
"""


class FormElement(LiveElement):
    """A form whose fields hide properties of the form. It is sent later."""

    jsClass = "Handling.Box"
    docFactory = xmlstr(
        '<form xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"'
        f' xmlns="http://www.w3.org/1999/xhtml" nevow:render="liveElement" class="late">{handlers("onsubmit")}'
        + "".join(f'<input name="{name}" />' for name in FIELDS.split())
        + '<button name="go">Go</button></form>'
    )


class BoxElement(LiveElement):
    """Has its handlers note what they are called for."""

    jsClass = "Handling.Box"
    docFactory = xmlstr(
        f"""<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"
        nevow:render="liveElement">
    <div id="outer" class="outer">{handlers("onclick", "onfocusin", "onitem-chosen", "onchosen")}
        <button id="button" type="button" class="button">{handlers("onclick", "onmouseenter")}Button</button>
        <input id="field" name="field" class="field" />
        <x-item id="item">{handlers("onpicked")}</x-item>
    </div>
    <input id="text" name="text">{handlers("onfocus", "onblur", "oncompositionend", "onchange", "oninput")}</input>
    <input id="box" type="checkbox" name="box">{handlers("onchange")}
        <athena:handler event="onclick" handler="noteLater" /></input>
    <a id="link" href="#followed"><athena:handler event="onclick" handler="note" />Link</a>
    <a id="refusing" href="#refused"><athena:handler event="onclick" handler="refuse" />Link</a>
    <a id="later" href="#later"><athena:handler event="onclick" handler="noteLater" />Link</a>
    <form id="form" name="form"><athena:handler event="onsubmit" handler="noteLater" />
        <input name="secret" id="secret" /><button id="send">Send</button></form>
    <form id="deferred"><athena:handler event="onsubmit" handler="deferred" /><button id="defer">Send</button></form>
    <template id="template"><p class="copied">{handlers("ondblclick")}Twice</p></template>
    <div id="place"></div>
</div>"""
    )

    @expose
    def form(self) -> Any:
        """Send a form."""
        form = FormElement()
        form.setFragmentParent(self)
        return form

    @expose
    def nothing(self) -> None:
        """Be called."""
