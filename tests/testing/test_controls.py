# -*- test-case-name: tests.testing.test_controls -*-
"""The controls of a simulated page call the server as those of a browser do."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite.live import LiveElement, LivePageError, expose
from athenalite.testing import RemoteError, renderLivePage
from tests.applications.partthing.partbox import BoardElement
from tests.live.test_parts import template


class Form(LiveElement):
    """A form with all kinds of fields."""

    docFactory = template(
        '<form><athena:handler event="onsubmit" remote="take" /><input name="text" value="a" />'
        '<textarea name="area">b</textarea><select name="one"><option>c</option><option value="d">D</option></select>'
        '<select name="many" multiple="multiple"><option selected="selected">e</option><option>f</option></select>'
        '<input type="checkbox" name="sure" checked="checked" /><input type="checkbox" name="box" value="g" />'
        '<input type="radio" name="wave" value="h" /><input type="file" name="no" />'
        '<input name="off" disabled="disabled" />'
        '<button name="how" value="i">Send</button></form>'
        '<p>plain</p><button title="Wide">x<athena:handler event="onclick" remote="fail" /></button>'
        '<input type="checkbox" name="tick"><athena:handler event="onclick" remote="tick" /></input>'
        "<button>Alone</button>"
    )

    def __init__(self):
        super().__init__()
        self.taken = []

    @expose
    def take(self, many: list[str], box: list[str], wave: list[str], **fields: str):
        """Never called: it takes fields by any name."""

    @expose
    def fail(self):
        raise LivePageError("no")

    @expose
    def tick(self, tick: bool):
        self.taken.append(tick)

    def locateMethod(self, ctx, methodName):
        if methodName != "take":
            return super().locateMethod(ctx, methodName)

        def take(text, area, one, sure, how, many: list[str], box: list[str], wave: list[str]):
            self.taken = [text, area, one, sure, how, many, box, wave]

        return take


class FormTests(SynchronousTestCase):
    """One form."""

    def setUp(self):
        self.form = Form()
        self.page = renderLivePage(self.form)

    def test_fields(self):
        """Fields have their values from the template, or those that were filled in."""
        self.successResultOf(self.page.submit())
        self.assertEqual(self.form.taken, ["a", "b", "c", True, "i", ["e"], [], []])
        for name, value in (("text", "A"), ("area", "B"), ("one", "d"), ("sure", False), ("box", True), ("wave", "h")):
            self.successResultOf(self.page.fill(name, value))
        self.successResultOf(self.page.click("Send"))
        self.assertEqual(self.form.taken, ["A", "B", "d", False, "i", ["e"], ["g"], ["h"]])

    def test_errors(self):
        """An error of the method is that of the call; a control that is not there, or calls nothing, is an error."""
        self.assertEqual(str(self.failureResultOf(self.page.click("Wide"), RemoteError).value), "no")
        self.assertRaisesRegex(
            LookupError, "no control 'Missing'; the controls of the page are: .*'Send'", self.page.click, "Missing"
        )
        self.assertRaisesRegex(LookupError, "no field 'off'", self.page.fill, "off", "x")
        self.assertRaisesRegex(LookupError, "calls no method of the server", self.page.click, "Alone")

    def test_tick(self):
        """A check box that calls the server says whether it is checked."""
        self.page.fill("tick", True)
        self.successResultOf(self.page.click("tick"))
        self.assertEqual(self.form.taken, [True])


class BoardTests(SynchronousTestCase):
    """Items and parts."""

    def setUp(self):
        self.board = BoardElement()
        self.page = renderLivePage(self.board)

    def test_items(self):
        """The key says which of several controls is meant."""
        self.assertRaisesRegex(
            LookupError, "there are 5 of the control 'Drop', in the items '0', '1'", self.page.click, "Drop"
        )
        self.successResultOf(self.page.click("Drop", key=3))
        self.assertRaisesRegex(LookupError, "in the item 3", self.page.click, "Drop", 3)
        self.assertNotIn("row 3", self.page.text)
        self.assertIn("row 4", self.page.part(self.board, "rows"))
        self.page.cut()
        self.page.reconnect()

    def test_input(self):
        """A field that calls the server while one types does so at once."""
        self.successResultOf(self.page.fill("word", "hello"))
        self.assertIn("hello 1", self.page.part(self.board, "said"))
        self.assertRaises(LookupError, self.page.part, self.board, "nothing")

    def test_refused(self):
        """The errors of fields are the result."""
        self.page.fill("amount", "no number")
        self.assertEqual(list(self.successResultOf(self.page.submit("Go"))), ["amount"])

    def test_equal(self):
        """The part that was shown at first is the same as the one that is rendered again."""
        for name in ("rows", "said", "content"):
            first = self.page.part(self.board, name)
            self.board._athenaParts[name]._isUnknown = True
            self.board.rerender(name)
            self.page.advance()
            self.assertEqual(self.page.part(self.board, name), first)
