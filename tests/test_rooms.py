# -*- test-case-name: tests.test_rooms -*-
"""``athenalite.rooms``, and the tutorial's chat as a room of one process."""

import importlib.util
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite import rooms
from athenalite.testing import StubBrowser

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


class ExportTests(SynchronousTestCase):
    """The public names."""

    def test_all(self):
        """They are documented."""
        for name in rooms.__all__:
            self.assertTrue(getattr(rooms, name).__doc__, name)
