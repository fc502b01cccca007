# -*- test-case-name: tests.test_tutorial -*-
"""Athena's chat tutorial, word for word: its listings are what examples/chattutorial has, and they work."""

import gc
import importlib.util
import re
import sys
import weakref
from hashlib import sha256
from pathlib import Path

from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.modules import AutoJSPackage
from tests.pages import InMemorySite

TREE = Path(__file__).parent.parent
EXAMPLE = TREE / "examples" / "chattutorial"
COPY = Path(__file__).parent / "tutorial.txt"
DIGEST = "9434e9c9eef52c36fb0cc8322618743b7597b91ddc6fa68852c0ff5c113a2d5f"

LISTINGS = (
    "chatthing/template.html",
    "chatthing/js/ChatThing.js",
    "chatthing/chatterbox.py",
    "twisted/plugins/chatthing_package.py",
)


class ListingTests(SynchronousTestCase):
    """The example is the tutorial's, and nothing else."""

    def setUp(self):
        self.tutorial = COPY.read_text("utf-8")

    def test_copy(self):
        """The copy of the tutorial that is kept here is the tutorial, to the byte."""
        self.assertEqual(sha256(COPY.read_bytes()).hexdigest(), DIGEST)

    def test_listings(self):
        """Every file is one of the tutorial's listings, where its imports said nevow."""
        for name in LISTINGS:
            listing = (EXAMPLE / name).read_text("utf-8").replace("from athenalite", "from nevow")
            self.assertIn(f"\n{listing.strip()}\n\n", f"{self.tutorial}\n\n", name)

    def test_nothingElse(self):
        """There is no other file that could help the listings along."""
        files = [path for path in EXAMPLE.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".cache")]
        self.assertEqual(
            sorted(str(path.relative_to(EXAMPLE)) for path in files), sorted([*LISTINGS, "chatthing/__init__.py"])
        )
        self.assertEqual((EXAMPLE / "chatthing" / "__init__.py").read_text("utf-8"), "")


class ModernTests(SynchronousTestCase):
    """docs/tutorial.rst, which is today's."""

    def test_listings(self):
        """Every listing is a part of one of the modern examples, which are tested."""
        text = (TREE / "docs" / "tutorial.rst").read_text("utf-8")
        blocks = re.findall(r"(?m)^\.\. code-block:: (?:python|javascript|xml)\n\n((?:(?:    .*)?\n)+)", text)
        self.assertGreater(len(blocks), 9)
        examples = (TREE / "examples").glob("*-modern/*")
        sources = [
            path.read_text("utf-8")
            for example in examples
            for path in example.rglob("*")
            if path.suffix in (".py", ".mjs", ".html")
        ]
        for block in blocks:
            listing = re.sub("(?m)^    ", "", block.rstrip())
            self.assertTrue(any(listing in source for source in sources), listing)

    def test_files(self):
        """The files that it lists are those of the example, with nothing left out."""
        text = (TREE / "docs" / "tutorial.rst").read_text("utf-8")
        [listed] = re.findall(r"The files::\n\n    echoing/\n((?:        .*\n)+)", text)
        example = TREE / "examples" / "echo-modern" / "echoing"
        files = [path for path in example.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".cache")]
        self.assertEqual(
            sorted(line.split()[0] for line in listed.splitlines()),
            sorted(str(path.relative_to(example)) for path in files),
        )


class ChatTests(SynchronousTestCase):
    """The tutorial's Python code, with browsers made of sockets."""

    def setUp(self):
        # Under a name of its own, because the project's own chat is called chatthing, too.
        spec = importlib.util.spec_from_file_location("tutorial_chatterbox", EXAMPLE / "chatthing" / "chatterbox.py")
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = self.module
        self.addCleanup(sys.modules.pop, spec.name)
        spec.loader.exec_module(self.module)
        self.logged = []
        self.site = InMemorySite(self, self.module.chat, log=Logger(observer=self.logged.append))

    def join(self, *names):
        """Open a page for each name, and choose it: the sockets."""
        sockets = [self.site.page()[1] for _ in names]
        for name, socket in zip(names, sockets, strict=True):
            answer = socket.call("setUsername", name)[-1]
            self.assertEqual(answer, ["respond", 1, True, None])
        for socket in sockets:
            socket.messages()
        return sockets

    def test_page(self):
        """The page loads the tutorial's script, found beside the element, and binds the template's handlers."""
        response = self.site.request()
        [[name, url]] = response.island["modules"]
        self.assertEqual(name, "ChatThing")
        self.assertEqual(
            self.site.request(url.removeprefix(".")).body, (EXAMPLE / "chatthing" / "js" / "ChatThing.js").read_bytes()
        )
        for part in (
            '<form name="chatBox" data-athena-handlers="onsubmit=doSay" ',
            '<form name="chooseBox" data-athena-handlers="onsubmit=doSetUsername" ',
            'id="athena:1" athena:class="ChatThing.ChatterWidget"',
            '<div name="loggedInAs" style="display:none">',
        ):
            self.assertIn(part, response.text)

    def test_plugin(self):
        """The tutorial's plugin says the same."""
        directory = EXAMPLE / "chatthing" / "js"
        self.assertEqual(AutoJSPackage(str(directory)).mapping, {"ChatThing": str(directory / "ChatThing.js")})

    def test_chat(self):
        """Everybody hears who joins and what anybody says, in one order, as text."""
        alice, bob = self.site.page()[1], self.site.page()[1]
        alice.call("setUsername", "alice")
        bob.messages()
        bob.call("setUsername", "<b>bob")
        alice.messages()
        self.assertEqual(
            bob.call("say", "<i>hi</i>"),
            [["notify", 1, "displayUserMessage", ["<b>bob", "<i>hi</i>"]], ["respond", 2, True, None]],
        )
        self.assertEqual(alice.messages(), [["notify", 1, "displayUserMessage", ["<b>bob", "<i>hi</i>"]]])
        self.assertEqual(self.logged, [])

    def test_joined(self):
        """Who joins hears that, too, before the answer to the call."""
        _, socket = self.site.page()
        self.assertEqual(
            socket.call("setUsername", "alice"),
            [["notify", 1, "displayMessage", [" * user alice has joined the room"]], ["respond", 1, True, None]],
        )

    def test_dead(self):
        """A room may go on calling chatters who are gone: no exception, no log, and nothing of their pages is kept."""
        alice, bob, carol, dave = self.join("alice", "bob", "carol", "dave")
        # A fifth page never connects.
        self.site.request()
        gone = [*self.site.elements[1:]]
        held = [weakref.ref(one) for element in gone for one in (element.page, element.page.session)]
        bob.close(4000)
        carol.lose()
        dave.close(1001)
        for text in ("one", "two"):
            self.assertEqual(alice.call("say", text)[-1][2], True)
            # More than a page may be away; Alice's browser speaks often enough to be known alive.
            for _ in range(14):
                self.site.clock.pump([1] * 15)
                alice.send("noop")
        self.assertEqual(alice.call("say", "three")[-1][2], True)
        self.assertEqual(len(self.site.elements[0].room.chatters), 5)
        del bob, carol, dave
        gc.collect()
        self.assertEqual([one() for one in held], [None] * 8)
        self.assertEqual([event for event in self.logged if event["log_level"].name != "info"], [])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_deadRightAway(self):
        """A page that is lost in the iteration of the reactor in which it is called costs no other page the call."""
        alice, bob = self.join("alice", "bob")
        bob.send("call", 1, "say", ["bye"])
        bob.close(4000)
        self.site.flush()
        self.assertEqual(alice.messages(), [["notify", 1, "displayUserMessage", ["bob", "bye"]]])
        self.assertEqual(self.logged, [])
