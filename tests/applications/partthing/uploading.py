"""
A form with files, beside a button.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any

from athenalite.live import FieldError, LiveElement, Upload, UploadLimits, expose, part, xmlstr

from .partbox import NAMESPACES

Picture = Annotated[Upload, UploadLimits(20_000_000, ["image/png"])]


class AlbumElement(LiveElement):
    """Shows of which content a file was, and how often another method was called."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <form>
            <input name="title" /><input name="picture" type="file">
                <athena:handler event="onchange" remote="chosen" /></input>
            <button>Add</button><button type="reset">Cancel</button>
            <athena:handler event="onsubmit" remote="add" />
        </form>
        <button>Count<athena:handler event="onclick" remote="count" repeat="repeat" /></button>
        <p nevow:render="said" />
    </main>""")
    text = "nothing"
    counted = 0

    @part
    def said(self, request: Any, tag: Any) -> Any:
        return tag(f"{self.text}, {self.counted}")

    @expose
    def add(self, title: str, picture: Picture) -> None:
        if title == "taken":
            raise FieldError("title", "There is one.")
        self.text = f"{title} {picture.name} {picture.type} {sha256(picture.file.read()).hexdigest()}"
        self.rerender("said")

    @expose
    def chosen(self, picture: str = "nothing") -> None:
        self.text = picture
        self.rerender("said")

    @expose
    def count(self) -> None:
        self.counted += 1
        self.rerender("said")
