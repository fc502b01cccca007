# -*- test-case-name: tests.page.test_movingelements -*-
"""Elements in others, elements that were sent, and parts go on in another worker."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._page.movingelements import checked
from athenalite.athena import LiveElement, expose, renderer
from athenalite.live import SharedElement, part
from athenalite.loaders import xmlstr
from athenalite.rooms import Members, Room, everywhere
from athenalite.testing import StubWorkers
from tests.pages import NAMESPACES, Plain, template


class Line(LiveElement):
    """Is in a board, and in its room; counts."""

    docFactory = template('<b nevow:render="shown" />')
    count = 0

    def __init__(self, board):
        super().__init__()
        self.setFragmentParent(board)
        self.room = board.room

    def connectionMade(self):
        self.room.lines.enter(self)

    def getState(self):
        return self.count

    def setState(self, count):
        self.count = count

    @expose
    def more(self):
        self.count += 1
        self.rerender()
        return self.count

    @part
    def shown(self, request, tag):
        return tag[f"count {self.count}"]


class Lines(Room):
    """Calls each line of its pages."""

    def __init__(self):
        super().__init__("lines")
        self.lines = Members()

    @everywhere
    def wall(self, text):
        for line in self.lines:
            line.callRemote("show", text)


class Board(LiveElement):
    """Has one line in its template, and more that are sent; and a list."""

    docFactory = template('<i nevow:render="first" /><ul nevow:render="items"><li nevow:pattern="item" /></ul>')

    def __init__(self, room):
        super().__init__()
        self.room, self.names, self.lines = room, {"a": "a"}, []
        self.lines = [Line(self)]

    def getState(self):
        return [self.names, len(self.lines)]

    def setState(self, state):
        self.names, count = state
        self.lines += [Line(self) for _ in range(count - 1)]

    @renderer
    def first(self, request, tag):
        return self.lines[0]

    @part.each("names")
    def items(self, request, tag, name):
        return tag[name]

    @expose
    def add(self, name):
        self.names[name] = name
        self.rerender("items", name)
        self.lines.append(Line(self))
        self.callRemote("addLine", self.lines[-1])


class MoveTests(SynchronousTestCase):
    """``StubWorkers.move``"""

    def start(self, make):
        """Open a page of a site with two workers."""
        self.site = StubWorkers(lambda: make, 2)
        self.page = self.site.open(0)

    def startBoard(self):
        """Open one of boards."""
        self.site = StubWorkers(lambda: (lambda room: lambda: Board(room))(Lines()), 2)
        self.page = self.site.open(0)

    def test_elements(self):
        """All elements have their numbers and states, those in the template and those that were sent."""
        self.startBoard()
        self.page.call(1, "add", "b")
        self.site.advance(1)
        numbers = [line.athenaID for line in self.page.page.element.lines]
        for number in (*numbers, numbers[1]):
            self.page.call(number, "more")
        self.site.advance(1)
        before = self.page.page
        self.site.move(self.page, 1)
        self.assertIsNot(self.page.page, before)
        lines = self.page.page.element.lines
        self.assertEqual([(line.athenaID, line.count) for line in lines], [(numbers[0], 1), (numbers[1], 2)])
        self.assertEqual([self.successResultOf(self.page.call(number, "more")) for number in numbers], [2, 3])
        self.page.call(1, "add", "c")
        self.site.advance(1)
        self.assertEqual(lines[2].athenaID, max(numbers) + 1)

    def test_parts(self):
        """The page shows the parts of all elements as they are in the new worker, and what changes later."""
        self.startBoard()
        self.page.call(1, "add", "b")
        self.page.call(2, "more")
        self.site.advance(1)
        self.page.page.element.names["c"] = "c"
        self.site.move(self.page, 1)
        board = self.page.page.element
        self.assertIn("abc", self.page.text)
        self.assertIn("count 1", self.page.part(board.lines[0], "shown"))
        del board.names["a"]
        board.rerender()
        self.page.call(2, "more")
        self.site.advance(1)
        self.assertIn("count 2", self.page.part(board.lines[0], "shown"))
        self.assertIn("bc", self.page.text)
        self.assertNotIn("abc", self.page.text)

    def test_rooms(self):
        """Elements in others get each call of their rooms once, also those of the time between."""
        self.startBoard()
        self.page.call(1, "add", "b")
        self.site.advance(1)
        room = self.page.page.element.room
        for delay in (0, 0.1, 0.2, 0.6):
            self.site.browser.clock.callLater(delay, room.wall, str(delay))
        self.site.move(self.page, 1)
        self.site.advance(1)
        shown = [call.args[0] for call in self.page.calls if call.methodName == "show"]
        self.assertEqual(shown, [text for text in ("0", "0.1", "0.2", "0.6") for _ in range(2)])

    def test_fewer(self):
        """An element that does not make those in it again ends its page, and the log says which."""

        class Forgetful(Board):
            def setState(self, state):
                pass

        self.site = StubWorkers(lambda: (lambda room: lambda: Forgetful(room))(Lines()), 2)
        self.page = self.site.open(0)
        self.page.call(1, "add", "b")
        self.site.advance(1)
        error = self.assertRaises(ValueError, self.site.move, self.page, 1)
        self.assertIn("the page could not be moved", str(error))
        [logged] = self.flushLoggedErrors(ValueError)
        self.assertIn("Forgetful must make the 2 elements in it", str(logged.value))

    def test_sentAgain(self):
        """An element that was sent before can be sent again, with those in it, and one that was not still cannot."""

        class Outer(Board):
            docFactory = template('<i nevow:render="first" /><b nevow:render="count" />')

            @part
            def count(self, request, tag):
                return tag[f"has {len(self.names)}"]

        class Root(Board):
            docFactory = template('<i nevow:render="first" />')

            def __init__(self, room):
                super().__init__(room)
                self.outer = Outer(room)
                self.outer.setFragmentParent(self)

            @expose
            def send(self):
                self.callRemote("show", self.outer)

        def shown():
            [call] = [call for call in self.page.calls if call.methodName == "show"]
            self.page.calls.clear()
            return call.args[0]

        self.site = StubWorkers(lambda: (lambda room: lambda: Root(room))(Lines()), 2)
        self.page = self.site.open(0)
        for worker in (1, 0, 1):
            self.page.call(1, "send")
            self.site.advance(1)
            before = shown()
            root = self.page.page.element
            root.outer.names[str(worker)] = "more"
            self.site.move(self.page, worker)
            self.page.calls.clear()
            for _ in range(2):
                self.successResultOf(self.page.call(1, "send"))
            after, again = [call.args[0] for call in self.page.calls if call.methodName == "show"]
            self.page.calls.clear()
            self.assertEqual(after, again)
            self.assertEqual([after["id"], after["children"]], [before["id"], before["children"]])
            self.assertIn(f"has {len(root.outer.names)}", after["markup"])
        root = self.page.page.element
        error = self.assertRaises(RuntimeError, root.callRemote, "show", root.lines[0])
        self.assertIn("more than once", str(error))
        self.assertRaises(RuntimeError, root.callRemote, "show", root.outer.lines[0])

    def test_shared(self):
        """Each of several elements has the shared parts that it shows, also one that was sent, and those in parts."""

        class Line(LiveElement):
            docFactory = template('<i nevow:render="things" /><b nevow:render="around" />')

            def __init__(self, parent, *things):
                super().__init__()
                self.given = things
                self.setFragmentParent(parent)

            def getState(self):
                return None

            def setState(self, state):
                pass

            @renderer
            def things(self, request, tag):
                return tag[self.given[:-1]]

            @part
            def around(self, request, tag):
                return tag[self.given[-1]]

        class Root(Line):
            docFactory = template('<i nevow:render="things" /><b nevow:render="around" /><s nevow:render="inner" />')

            def __init__(self, *things):
                LiveElement.__init__(self)
                self.given = things[:3]
                self.lines = [Line(self, *things[3:5]), Line(self, *things[5:])]

            @renderer
            def inner(self, request, tag):
                return tag[self.lines[0]]

            @expose
            def send(self):
                self.callRemote("show", self.lines[1])

        class Shared(SharedElement):
            docFactory = xmlstr(f'<p {NAMESPACES}><b nevow:render="shown" /></p>')

            def __init__(self, text):
                super().__init__()
                self.text = text

            @part
            def shown(self, request, tag):
                return tag[self.text]

        made = []

        def application():
            made.append([Shared(f"{name}{len(made)} ") for name in "abcdefg"])
            return lambda things=made[-1]: Root(*things)

        def texts():
            """What the root and its first line show, each beside its part and in it."""
            return f"{self.page.text} "

        self.site = StubWorkers(application, 2)
        self.page = self.site.open(0)
        self.successResultOf(self.page.call(1, "send"))
        self.assertEqual(texts(), "a0 b0 c0 d0 e0 ")
        for worker, here in enumerate([1, 0, 1]):
            self.site.move(self.page, here)
            self.assertEqual(texts(), "aN bN cN dN eN ".replace("N", str(here)), worker)
        things = made[1]
        root = self.page.page.element

        def change(mark):
            """Change all things, and note the calls that this makes."""
            self.page.calls.clear()
            for thing in things:
                thing.text = f"{thing.text[0]}{mark} "
                thing.rerender()
            self.site.advance(1)

        change("!")
        self.assertEqual(texts(), "a! b! c! d! e! ")
        # Each is sent once, by its name of this worker.
        here = [next(iter(thing._athenaShared.values())).identity for thing in things]
        self.assertEqual([call.args[0] for call in self.page.calls], here)
        # What an element shows is not sent any more when that is detached.
        root.lines[1].detach()
        self.site.advance(1)
        change("?")
        self.assertEqual(texts(), "a? b? c? d? e? ")
        self.assertEqual([call.args[0] for call in self.page.calls], here[:5])

    def test_madeWhenRendered(self):
        """An element that shows others than before beside a shared part ends its page; the log says which."""

        class Shared(SharedElement):
            docFactory = xmlstr(f'<p {NAMESPACES}><b nevow:render="shown" /></p>')

            @part
            def shown(self, request, tag):
                return tag["shared"]

        class Making(Board):
            docFactory = template('<i nevow:render="first" />')

            @renderer
            def first(self, request, tag):
                return tag[Shared(), self.lines if self.names["a"] == "moved" else ""]

            def setState(self, state):
                self.names = {"a": "moved"}

        self.site = StubWorkers(lambda: (lambda room: lambda: Making(room))(Lines()), 2)
        self.page = self.site.open(0)
        self.assertRaises(ValueError, self.site.move, self.page, 1)
        [logged] = self.flushLoggedErrors(ValueError)
        self.assertIn("Making shows Line in this worker", str(logged.value))

    def test_stays(self):
        """A page stays if an element has no state."""

        class Around(Board):
            docFactory = xmlstr(f'<div {NAMESPACES} nevow:render="liveElement"><i nevow:render="first" /></div>')

            @renderer
            def first(self, request, tag):
                return self.inner

        def plain():
            board = Around(Lines())
            board.inner = Plain()
            board.inner.setFragmentParent(board)
            return board

        self.start(plain)
        self.assertRaises(ValueError, self.site.move, self.page, 1)
        self.assertIsNone(self.page.lost)


class CheckTests(SynchronousTestCase):
    """``checked``: an engine may contain anything."""

    def test_wrong(self):
        """What is no record of elements is refused."""
        right = [None, [1, {}, ["a"], [[2, None, [], []]]]]
        self.assertIs(checked(right), right)
        self.assertTrue(checked([[1, {}, [], [], ["s1.a"], True]]))
        for wrong in ([[1, 0, [], [], [1], True]], [[1, 0, [], [], 1]]):
            self.assertRaises((ValueError, TypeError), checked, wrong)
        for wrong in (None, {}, [[1]], [["1", 0, [], []]], [[0, 0, [], []]], [[1, 0, [1], []]], [[1, 0, [], {}]], [7]):
            self.assertRaises((ValueError, TypeError), checked, wrong)
