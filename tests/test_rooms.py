# -*- test-case-name: tests.test_rooms -*-
"""``athenalite.rooms``, and the tutorial's chat as a room of one process."""

import importlib.util
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite import rooms
from athenalite.testing import RemoteError, StubBrowser, StubWorkers
from chatthing import chatterbox

EXAMPLES = Path(__file__).parent.parent / "examples"
EXAMPLE = EXAMPLES / "chat-rooms" / "chatthing"
TUTORIAL = EXAMPLES / "chattutorial" / "chatthing"


def loadExample(case):
    """Import the example under a name of its own, because the project's own chat is called chatthing, too."""
    spec = importlib.util.spec_from_file_location("rooms_chatterbox", EXAMPLE / "chatterbox.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    case.addCleanup(sys.modules.pop, spec.name)
    spec.loader.exec_module(module)
    return module


class ExampleTests(SynchronousTestCase):
    """examples/chat-rooms"""

    def test_changes(self):
        """It is the tutorial's chat, and only what a room needs is changed; the page's part is not."""
        for name in ("template.html", "js/ChatThing.js", "__init__.py"):
            self.assertEqual((EXAMPLE / name).read_bytes(), (TUTORIAL / name).read_bytes(), name)
        lines = [(one / "chatterbox.py").read_text("utf-8").splitlines() for one in (TUTORIAL, EXAMPLE)]
        added = [line.strip() for line in lines[1] if line not in lines[0]]
        self.assertEqual(
            added,
            [
                "from athenalite.rooms import Room, everywhere",
                "class ChatRoom(Room):",
                "Room.__init__(self, 'lobby')",
                "wall = everywhere(wall)",
                "def tellEverybody(self, username, what):",
                "chatter.hear(username, what)",
                "tellEverybody = everywhere(tellEverybody)",
                "self.room.tellEverybody(self.username, message)",
            ],
        )

    def test_chat(self):
        """All pages show the same in the same order."""
        chat = loadExample(self).chat
        browser = StubBrowser()
        alice, bob = (browser.open(chat()) for _ in range(2))
        for page, name in ((alice, "alice"), (bob, "bob")):
            self.successResultOf(page.call(1, "setUsername", name))
        self.successResultOf(alice.call(1, "say", "hello"))
        for page in (alice, bob):
            self.assertEqual(
                [(call.methodName, *call.args) for call in page.calls],
                [
                    ("displayMessage", " * user alice has joined the room"),
                    ("displayMessage", " * user bob has joined the room"),
                    ("displayUserMessage", "alice", "hello"),
                ],
            )


class WorkerTests(SynchronousTestCase):
    """The same on several workers, with ``athenalite.testing.StubWorkers``."""

    def texts(self, page):
        """Return the lines that a page shows, without their times, and forget them."""
        lines = [call.args for call in page.calls if call.methodName in ("displayMessage", "displayUserMessage")]
        texts = [" ".join(word for word in line if isinstance(word, str)) for line in lines]
        page.calls.clear()
        return texts

    def people(self, module, count=2):
        """Open a page in each worker, and choose a name: the workers, and the pages."""
        site = StubWorkers(lambda: module.ChatRoom().makeChatter, count)
        pages = [site.open(worker) for worker in range(count)]
        for page, name in zip(pages, ("alice", "bob", "carol", "dave"), strict=False):
            self.join(page, name)
        return site, pages

    def join(self, page, name):
        """Choose a name."""
        chosen = page.call(1, "setUsername", name)
        page.advance()
        self.successResultOf(chosen)

    def test_tutorial(self):
        """The tutorial's chat on four workers: all pages show the same in the same order."""
        site, pages = self.people(loadExample(self), 4)
        for page in pages:
            self.successResultOf(page.call(1, "say", "hello"))
        site.advance(1)
        one, *others = [self.texts(page) for page in pages]
        self.assertEqual(one[0], " * user alice has joined the room")
        self.assertEqual(one[-1], "dave hello")
        self.assertEqual(len(one), 8)
        for number, texts in enumerate(others, 1):
            self.assertEqual(texts[-4:], one[-4:], number)

    def test_chatthing(self):
        """A name that is taken in one worker is refused in another; who is in a worker that ends has left."""
        site, (alice, bob) = self.people(chatterbox)
        refused = site.open(1).call(1, "setUsername", "ALICE")
        site.advance(1)
        self.assertIn("is taken", self.failureResultOf(refused, RemoteError).value.arguments[0])
        self.texts(bob)
        site.kill(0)
        site.advance(45)
        self.assertEqual(self.texts(bob), [" * user alice has left the room"])

    def test_startedLater(self):
        """A worker that was started later is told the last messages when it has a page, and shows them, once."""
        site, (alice, _) = self.people(chatterbox)
        for text in ("one", "two"):
            alice.call(1, "say", text)
            site.advance(1)
        room = site.elementFactories[1].__self__
        room.messages.clear()
        room._hasAsked = False
        carol = site.open(1)
        alice.call(1, "say", "three")
        site.advance(1)
        for page, times in ((carol, 2), (site.open(1), 1), (alice, 1)):
            shown = []
            for call in page.calls:
                if call.methodName == "displayRoom":
                    shown = [message[1] for message in call.args[1]]
                elif call.methodName == "displayUserMessage":
                    shown.append(call.args[1])
            self.assertEqual(shown, ["one", "two", "three"])
            self.assertEqual([call.methodName for call in page.calls].count("displayRoom"), times)

    def test_away(self):
        """While the engine is away, pages stay and rooms are quiet; then all comes. What comes too late is refused."""
        site, (alice, bob) = self.people(chatterbox)
        self.texts(bob)
        site.engine.stop()
        said = alice.call(1, "say", "one")
        site.advance(5)
        self.assertNoResult(said)
        self.assertEqual(self.texts(bob), [])
        site.engine.start()
        site.advance(1)
        self.successResultOf(said)
        self.assertEqual(self.texts(bob), ["alice one"])
        site.engine.stop()
        said, chosen = alice.call(1, "say", "two"), site.open(1).call(1, "setUsername", "carol")
        site.advance(11)
        for result in (said, chosen):
            error = self.failureResultOf(result, RemoteError).value
            self.assertIn("cannot be reached at the moment", error.arguments[0])

    def test_forgotten(self):
        """An engine that has forgotten: the pages say so."""
        site, (alice, bob) = self.people(chatterbox)
        self.texts(bob)
        site.engine.empty()
        site.advance(1)
        self.successResultOf(alice.call(1, "say", "still here"))
        self.assertEqual(self.texts(bob), [" * some messages were lost", "alice still here"])

    def test_lostWhileChoosing(self):
        """A name that was chosen by a page that is lost meanwhile is free again."""
        site, (alice, bob) = self.people(chatterbox)
        page = site.open(0)
        site.engine.stall()
        page.call(1, "setUsername", "carol").addErrback(lambda _: None)
        again = self.failureResultOf(page.call(1, "setUsername", "dave"), RemoteError).value
        self.assertIn("already", again.arguments[0])
        page.leave()
        site.engine.go()
        site.advance(1)
        self.join(site.open(1), "carol")


class EngineTests(SynchronousTestCase):
    """``engineAt``, for sites that are not served by the command."""

    def test_address(self):
        """It makes an engine of an address, and refuses another text."""
        engine = rooms.engineAt("redis://localhost/2", 77)
        self.assertEqual((str(engine.address), engine.history), ("redis://localhost:6379/2", 77))
        self.assertRaises(ValueError, rooms.engineAt, "localhost")
        own = rooms.Rooms(engine, "w1")
        with own.current():
            room = rooms.Room("lobby")
        self.assertEqual(len(own), 1)
        del room


class ExportTests(SynchronousTestCase):
    """The public names."""

    def test_all(self):
        """They are documented."""
        for name in rooms.__all__:
            self.assertTrue(getattr(rooms, name).__doc__, name)
