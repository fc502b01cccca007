# -*- test-case-name: tests.live.test_moving -*-
"""A page with parts goes on in another worker, and shows there what it would show if it had been opened there."""

from typing import Annotated

from twisted.trial.unittest import SynchronousTestCase

from athenalite.live import LiveElement, Upload, UploadLimits, expose, part, renderer
from athenalite.testing import StubFile, StubWorkers
from tests.live.test_parts import template
from tests.live.test_shared import Things


class List(LiveElement):
    """A list with a part in a part, and things of the worker."""

    docFactory = template(
        '<section nevow:render="outer"><nevow:slot name="title" /><b nevow:render="count" /></section>'
        '<ul nevow:render="rows"><li nevow:pattern="item"><nevow:slot name="text" /></li></ul>'
        '<i nevow:render="shared" /><button>Add<athena:handler event="onclick" remote="add" /></button>'
    )

    def __init__(self, *things):
        super().__init__()
        self.things = list(things)
        self.all = {1: "one", 2: "two"}

    def getState(self):
        return list(self.all.items())

    def setState(self, state):
        self.all = dict(state)

    @part
    def outer(self, request, tag):
        return tag.fillSlots(title=f"title {len(self.all)} ")

    @part
    def count(self, request, tag):
        return tag(str(len(self.all)))

    @part.each("all")
    def rows(self, request, tag, text):
        return tag.fillSlots(text=text)

    @renderer
    def shared(self, request, tag):
        return tag[self.things]

    @expose
    def add(self):
        self.all[len(self.all) + 1] = "new"
        del self.all[1]
        self.rerender("outer")
        self.rerender("count")
        self.rerender("rows", 1, 3)


class Album(LiveElement):
    """Has pictures."""

    docFactory = template(
        '<form><athena:handler event="onsubmit" remote="add" />'
        '<input type="file" name="picture" /><button>Add</button></form>'
    )

    def __init__(self):
        super().__init__()
        self.taken = []

    @expose
    def add(self, picture: Annotated[Upload, UploadLimits(10**6)]):
        self.taken = [*self.taken, picture.file.read().decode()]

    def getState(self):
        return [one[:1] + one[-1:] for one in self.taken]

    def setState(self, state):
        self.taken = state


class FilesTests(SynchronousTestCase):
    """A page that sends files moves: nothing of them does, and they are sent again."""

    def setUp(self):
        self.workers = StubWorkers(lambda: Album)
        self.page = self.workers.open(0)

    def test_whileSent(self):
        """A form that is sent while its page moves arrives whole, once; and so do those before and later."""
        for worker, content in ((1, "a"), (0, "b" * 500_000), (1, "c" * 300_000)):
            self.page.fill("picture", StubFile("a", content.encode()))
            sent = self.page.submit("Add")
            self.workers.move(self.page, worker)
            self.workers.advance(2)
            self.assertIsNone(self.successResultOf(sent))
            if len(content) > 1:
                self.assertEqual(self.page.page.element.taken[-1], content)
        self.assertEqual([one[:2] for one in self.page.page.element.taken], ["aa", "bb", "cc"])
        self.assertEqual(self.workers.browser.factory.bytesUploading, 0)

    def test_before(self):
        """What the new worker is asked for files of the old one: the client begins again. Ids are not used again."""
        offers = [["picture", "a.png", 3, "image/png"]]
        accepted = self.successResultOf(self.page.call(1, "_athenaUpload", "add", [], None, offers))
        self.assertEqual(accepted["ids"], ["1"])
        for worker in (1, 0):
            self.workers.move(self.page, worker)
            self.assertIs(self.successResultOf(self.page.call(1, "_athenaPiece", "1", "YWJj")), False)
            event = self.page.call(1, "_athenaEvent", "add", [["picture", "1"]], None)
            self.assertEqual(self.successResultOf(event), {"again": True})
        accepted = self.successResultOf(self.page.call(1, "_athenaUpload", "add", [], None, offers))
        self.assertEqual(accepted["ids"], ["2"])
        self.assertEqual(self.page.page.element.taken, [])


class MovingTests(SynchronousTestCase):
    """Two workers, each with things of its own."""

    def setUp(self):
        self.all = []
        self.workers = StubWorkers(self.application)

    def application(self):
        mine = [Things()]
        self.all.append(mine)
        return lambda: List(*mine)

    def shows(self):
        """What was shown since the last time: names with renderings."""
        calls = [call.args for call in self.page.calls]
        self.page.calls.clear()
        return calls

    def test_moves(self):
        """What was changed without being shown is shown there, once; then differences, as elsewhere. It moves back."""
        for things in self.all[0]:
            things.all[1] = "old "
        self.page = self.workers.open(0)
        self.assertEqual(self.page.text, "title 2 2onetwo1old DropAdd")
        self.page.page.element.all[2] = "zwei"
        for things in self.all[1]:
            things.all[7] = "there "
        self.workers.move(self.page, 1)
        self.assertEqual(self.page.text, "title 2 2onezwei1there DropAdd")
        shown = self.shows()
        self.assertEqual([name.rpartition(".")[2] for name, _ in shown], ["outer", "count", "rows", "count", "things"])
        self.assertIn('<b data-athena-part="1.count"></b>', shown[0][1])
        self.successResultOf(self.page.click("Add"))
        for things in self.all[1]:
            things.all[7] = "changed "
            things.rerender("things", 7)
        self.workers.advance()
        self.assertEqual(self.page.text, "title 2 2zweinew1changed DropAdd")
        self.assertEqual([name.rpartition(".")[2] for name, _ in self.shows()], ["rows", "things"])
        self.workers.move(self.page, 0)
        self.assertEqual(self.page.text, "title 2 2zweinew1old DropAdd")

    def test_others(self):
        """A page whose shared elements are others in the new worker ends, and its parts are not sent."""
        self.page = self.workers.open(0)
        self.all[1].append(Things())
        self.assertRaisesRegex(ValueError, "could not be moved to another worker", self.workers.move, self.page, 1)
        [failure] = self.flushLoggedErrors(ValueError)
        self.assertIn("List has other shared parts in this worker", str(failure.value))
        self.assertEqual(self.shows(), [])
