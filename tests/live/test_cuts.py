# -*- test-case-name: tests.live.test_cuts -*-
"""An update of parts that is cut at each of its bytes: the page ends with what there is, and gets nothing twice."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._live.versions import applied
from athenalite.live import LiveElement, part
from harness.messages import opening
from tests.live.test_each import item, show
from tests.live.test_parts import template
from tests.pages import InMemorySite

ROWS = {number: f"row {number}" for number in range(5)}


class List(LiveElement):
    """A list, and how long it is."""

    docFactory = template(
        '<b nevow:render="count" /><ul nevow:render="rows">'
        '<li nevow:pattern="item"><nevow:slot name="text" /></li></ul>'
    )

    def __init__(self):
        super().__init__()
        self.all = dict(ROWS)

    @part
    def count(self, request, tag):
        return tag(f"{len(self.all)} of {max(self.all)}")

    @part.each("all")
    def rows(self, request, tag, text):
        return tag.fillSlots(text=text)

    def change(self, number):
        """Change one row, move another, replace a third, and call the page between."""
        moved, changed, gone, *_ = self.all
        del self.all[moved]
        self.all[moved] = f"moved <{number}>"
        self.rerender("rows", moved)
        self.callRemote("hear", number)
        self.all[changed] = f"changed & {number}"
        del self.all[gone]
        self.all[max(self.all) + 1] = f"new {number}"
        self.rerender()


class CutTests(SynchronousTestCase):
    """One page, whose connection is cut in every update."""

    def setUp(self):
        self.site = InMemorySite(self, List)
        self.token = self.site.request().island["token"]
        [self.element] = self.site.elements
        self.shown = {str(number): item(number, text) for number, text in ROWS.items()}
        self.texts = {}
        self.counted = None
        self.heard = []
        self.received = 0
        self.connect()

    def connect(self):
        self.socket = self.site.socket()
        self.socket.send(*opening(self.token, self.received))
        self.site.flush()
        self.take()

    def take(self):
        """Handle the messages that have come."""
        for kind, *given in self.socket.messages():
            if kind not in ("opened", "ack"):
                self.received += 1
                target, method, args = given
                self.handle(method, args) if target == 0 else self.heard.append(args[0])

    def handle(self, method, args):
        self.assertEqual(method, "athenalite.show")
        name, what = args
        if name.endswith("rows"):
            show(self.shown, self.texts, *what)
        else:
            self.counted = what if isinstance(what, str) else applied(what, self.counted)

    def test_everyByte(self):
        """Whatever comes of the update, and whatever changes before the page is back, it has the state at the end."""
        length = cut = 0
        while cut <= length:
            self.element.change(cut)
            self.site.flush()
            sent = self.socket.transport.value()
            self.socket.transport.clear()
            self.socket.transport.write(sent[:cut])
            self.take()
            self.socket.lose()
            first = next(iter(self.element.all))
            self.element.all[first] = f"away {cut}"
            self.element.rerender("rows", first)
            self.site.flush()
            self.connect()
            rows = self.element.all
            expected = [(str(key), item(key, escaped(text))) for key, text in rows.items()]
            self.assertEqual(list(self.shown.items()), expected)
            self.assertIn(f">{len(rows)} of {max(rows)}<", self.counted)
            self.assertEqual(self.heard, list(range(cut + 1)))
            length, cut = max(length, len(sent)), cut + 1
        self.assertGreater(length, 300)


def escaped(text):
    """The text as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
