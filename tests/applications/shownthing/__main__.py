"""
A plain page that has another one rendered in advance, and goes there a second after that has made its widget; and the
notes of all that happened: ``python -m tests.applications.shownthing``.
"""

import json
import sys
from typing import Any

from twisted.internet import reactor as installed
from twisted.logger import globalLogBeginner, textFileLogObserver
from twisted.web.resource import Resource

from athenalite import AthenaSite, Limits, LivePageFactory
from athenalite import tags as T
from athenalite.athena import LivePage, expose
from athenalite.loaders import stan

globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout)])
reactor: Any = installed

PLAIN = b"""<!DOCTYPE html><title>plain</title>
<script type="speculationrules">{"prerender": [{"urls": ["/page"], "eagerness": "immediate"}]}</script>
<script type="module">
    const made = async () => (await (await fetch("/notes")).json()).length > 0;
    while (!await made()) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await fetch("/note?shown");
    location.href = "/page";
</script>"""


class Data(Resource):
    """A response."""

    isLeaf = True

    def __init__(self, content: bytes, contentType: str) -> None:
        super().__init__()
        self._content, self._contentType = content, contentType

    def render_GET(self, request: Any) -> bytes:
        """Return the content."""
        request.setHeader("content-type", self._contentType)
        return self._content


class ShownPage(LivePage):
    """Notes when it is connected."""

    jsClass = "Shown.Main"
    docFactory = stan(T.html[T.head(render=T.directive("liveglue"))[T.link(rel="icon", href="data:,")], T.body])

    def __init__(self, notes: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.notes = notes

    def connectionMade(self) -> None:
        """Note that."""
        self.notes.append("connected")

    @expose
    def note(self, text: str) -> None:
        """Note a text."""
        self.notes.append(text)


class Root(Resource):
    """The site."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []
        self.factory = LivePageFactory(reactor)

    def getChild(self, path: bytes, request: Any) -> Any:
        """The plain page, the other one, and the notes."""
        if path == b"page":
            return ShownPage(self.notes, factory=self.factory)
        if path == b"note":
            self.notes.append(request.uri.partition(b"?")[2].decode("ascii"))
        if path in (b"note", b"notes"):
            return Data(json.dumps(self.notes).encode("ascii"), "application/json")
        return Data(PLAIN, "text/html")


port = reactor.listenTCP(0, AthenaSite(Root(), Limits(), reactor), interface="127.0.0.1")
print(f"athena-widget: open http://localhost:{port.getHost().port}/", flush=True)
reactor.run()
