# -*- test-case-name: tests.browser.test_chat -*-
"""The demo, and the tutorial's own chat, in a real Chromium with several people."""

import re
import shutil
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase, pausing
from harness.waiting import waitUntil

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHAT = "chatthing.chatterbox.chat"
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
README = EXAMPLES.parent / "README.rst"


#: A room that is out of reach for the first two messages.
FAR = """
from athenalite.rooms import EngineAway
from chatthing.chatterbox import ChatRoom

room = ChatRoom()
tellEverybody, failures = room.tellEverybody, [1, 2]

def fail(*message):
    if failures.pop() == 1:
        room.tellEverybody = tellEverybody
    raise EngineAway("it is away")

room.tellEverybody = fail
chat = room.makeChatter
"""


class Person:
    """A person at a page of the chat, who types, presses Enter and reads."""

    def __init__(self, name: str, page: "Page") -> None:
        self.name = name
        self.page = page

    def join(self) -> "Person":
        """Choose the name, and wait until the message field is there."""
        self.page.fill("[name=username]", self.name)
        self.page.press("[name=username]", "Enter")
        self.page.locator("[name=userMessage]").wait_for(state="visible")
        return self

    def say(self, line: str) -> None:
        """Type a line and press Enter."""
        self.page.fill("[name=userMessage]", line)
        self.page.press("[name=userMessage]", "Enter")

    def lines(self) -> list[str]:
        """The messages that the conversation shows, without their times, which are on lines of their own."""
        lines = self.page.locator("[name=scrollArea] > div").all_inner_texts()
        return [line.partition("\n")[0] for line in lines]

    def waitFor(self, text: str) -> None:
        """Wait until a line has this text."""
        self.page.locator("[name=scrollArea] > div", has_text=text).first.wait_for()

    def waitForLines(self, pattern: str, count: int) -> list[str]:
        """Wait until this many lines match, and return them."""
        found: list[str] = []

        def areThere() -> bool:
            found[:] = [line for line in self.lines() if re.search(pattern, line)]
            return len(found) >= count

        waitUntil(areThere, lambda: f"{self.name} sees {self.lines()}", pause=pausing(self.page))
        return found


class ChatTests(BrowserTestCase):
    """The demo."""

    def people(self, *names: str, element: str = CHAT) -> list[Person]:
        """Start a server, and let people with these names join."""
        self.server = self.startServer(element)
        return [Person(name, self.openPage(self.server.url)).join() for name in names]

    def test_conversation(self) -> None:
        """Three people join, and each sees the messages of all."""
        people = self.people("alice", "bob", "carol")
        people[0].waitFor("* user carol has joined the room")
        people[1].say("good morning")
        for person in people:
            person.waitFor("bob: good morning")

    def test_markup(self) -> None:
        """Messages arrive as text, whatever they contain."""
        alice, bob = self.people("alice", "bob")
        evil = '<img src=x onerror="document.title=1"><b>bold</b> & </script> \u2028 "quoted" \\ 😀'
        alice.say(evil)
        bob.waitFor("<img src=x")
        self.assertEqual(bob.page.locator("[name=scrollArea] img, [name=scrollArea] b").count(), 0)
        self.assertIn("<b>bold</b> & </script>", bob.lines()[-1])
        self.assertIn('"quoted" \\ 😀', bob.lines()[-1])

    def test_burst(self) -> None:
        """Messages sent at the same time by three people appear on all pages, once, in the same order."""
        people = self.people("alice", "bob", "carol")
        for number in range(20):
            for person in people:
                person.say(f"line {number}")
        seen = [person.waitForLines(": line ", 60) for person in people]
        self.assertEqual(len(seen[0]), 60)
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])
        for person in people:
            own = [line for line in seen[0] if line.startswith(person.name)]
            self.assertEqual(own, [f"{person.name}: line {number}" for number in range(20)])

    def test_leaving(self) -> None:
        """Closing the tab is announced to the room, long before a lost connection would be."""
        alice, bob = self.people("alice", "bob")
        bob.page.close()
        alice.waitFor("* user bob has left the room")

    def test_reload(self) -> None:
        """A reloaded page has left the room, and joins again by the same name: no person is in the room twice."""
        alice, bob = self.people("alice", "bob")
        bob.page.reload()
        alice.waitFor("* user bob has left the room")
        bob.join()
        bob.say("back again")
        alice.waitFor("bob: back again")
        self.assertEqual(len([line for line in alice.lines() if "bob has joined" in line]), 2)

    def test_refusals(self) -> None:
        """An empty, over-long or taken name, and an over-long line, are refused with a message in the page."""
        alice, bob = self.people("alice", "bob")
        third = self.openPage(self.server.url)
        for name in ("", " ", "Alice", "x" * 500):
            third.locator("[name=GO]:enabled").wait_for()
            third.fill("[name=username]", name)
            third.press("[name=username]", "Enter")
            third.locator("[name=refusal]:not(:empty)").wait_for()
            self.assertEqual(third.get_attribute("[name=username]", "aria-invalid"), "true")
            self.assertFalse(third.is_visible("[name=userMessage]"))
        alice.say("y" * 20_000)
        alice.page.locator("[name=refusal]:not(:empty)").wait_for()
        alice.say("short")
        bob.waitFor("alice: short")
        self.assertEqual(len([line for line in bob.lines() if "yyy" in line]), 0)

    def test_larger_than_a_message(self) -> None:
        """A message larger than the server accepts is refused in the page, and the connection stays open."""
        alice, bob = self.people("alice", "bob")
        alice.say("y" * 100_000)
        alice.page.locator("[name=refusal]:not(:empty)").wait_for()
        alice.say("still here")
        bob.waitFor("alice: still here")

    def test_newest_in_view(self) -> None:
        """The newest message stays in view, unless the reader has scrolled back."""
        alice, bob = self.people("alice", "bob")
        for number in range(60):
            bob.say(f"line {number}")
        alice.waitFor("line 59")
        visible = "e => e.scrollTop + e.clientHeight >= e.scrollHeight - 8"
        self.assertTrue(alice.page.eval_on_selector("[name=scrollArea]", visible))
        alice.page.eval_on_selector("[name=scrollArea]", "e => { e.scrollTop = 0; }")
        alice.page.wait_for_timeout(100)
        bob.say("unseen")
        alice.waitFor("unseen")
        self.assertEqual(alice.page.eval_on_selector("[name=scrollArea]", "e => e.scrollTop"), 0)

    def test_late(self) -> None:
        """
        Who comes late sees who is here, the last messages with their times, and links; messages are in the title. So it
        is if the connection is cut when the page loads what shows them.
        """
        alice, bob = self.people("alice", "bob")
        alice.say("see https://example.com/a_(b), (http://example.org/?q=1) not javascript:x nor https://me:pw@x.test/")
        alice.waitFor("see https")
        bob.page.close()
        alice.page.locator("[name=people] li", has_text="bob").wait_for(state="detached")
        late = Person("carol", self.openPage())
        self.expectComplaint("net::ERR_FAILED")
        late.page.route("**/ChatThing.Room.mjs", lambda route: route.abort(), times=1)
        late.page.goto(self.server.url)
        late.waitFor("alice: see https://example.com/a_(b), (http://example.org/?q=1) not")
        self.assertEqual(late.page.locator("[name=people] li").all_inner_texts(), ["alice"])
        self.assertLess(
            abs(late.page.evaluate("Date.now() - Date.parse(document.querySelector('time').dateTime)")), 60_000
        )
        links = late.page.locator("[name=scrollArea] a")
        self.assertEqual(
            links.evaluate_all("links => links.map((link) => [link.href, link.rel, link.textContent])"),
            [
                [address, "noopener noreferrer nofollow", address]
                for address in ("https://example.com/a_(b)", "http://example.org/?q=1")
            ],
        )
        late.page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
        alice.say("one")
        alice.say("two")
        late.page.wait_for_function("() => document.title === '(2) Chat'")
        late.page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        self.assertEqual(late.page.title(), "Chat")

    def test_sendAgain(self) -> None:
        """A message that was not sent stays visible, and can be sent again, or discarded."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (directory / "far.py").write_text(FAR)
        alice = Person("alice", self.openPage(self.startServer("far.chat", cwd=directory).url)).join()
        outbox = alice.page.get_by_role("group", name="Not sent yet")
        for line in ("one", "two"):
            alice.say(line)
            outbox.get_by_role("alert").get_by_text("Not sent. The room cannot be reached").last.wait_for()
        outbox.get_by_role("button", name="Discard").first.click()
        outbox.get_by_role("button", name="Send again").click()
        self.assertEqual(alice.waitForLines("alice: ", 1), ["alice: two"])
        outbox.wait_for(state="hidden")
        self.assertEqual(alice.page.evaluate("document.activeElement.name"), "userMessage")

    def test_keyboard_and_names(self) -> None:
        """The chat is usable by keyboard alone, and every control has a name for a screen reader."""
        page = self.openPage(self.startServer(CHAT).url)
        page.locator("[name=GO]:enabled").wait_for()
        self.assertEqual(page.evaluate("document.activeElement.name"), "username")
        page.keyboard.type("alice")
        page.keyboard.press("Enter")
        page.get_by_role("textbox", name="Your message").wait_for()
        self.assertEqual(page.evaluate("document.activeElement.name"), "userMessage")
        page.keyboard.type("hello")
        page.keyboard.press("Enter")
        page.get_by_role("log").get_by_text("hello").wait_for()
        self.assertEqual(page.evaluate("document.activeElement.name"), "userMessage")


class TutorialTests(BrowserTestCase):
    """The listings of Athena's chat tutorial, as printed, in a directory of their own."""

    def chat(self, *left_out: str) -> list[Person]:
        server = self.startServer(CHAT, cwd=self.listings(left_out), environment={"PYTHONPATH": None})
        people = []
        for name in ("alice", "bob"):
            page = self.openPage(server.url)
            page.fill("[name=username]", name)
            page.press("[name=username]", "Enter")
            page.locator("[name=userMessage]").wait_for(state="visible")
            people.append(Person(name, page))
        return people

    def listings(self, left_out: tuple[str, ...]) -> Path:
        """A copy of the example, without the directories of these names."""
        directory = Path(tempfile.mkdtemp(prefix="athenalite-tutorial-"))
        self.addCleanup(shutil.rmtree, directory)
        shutil.copytree(
            EXAMPLES / "chattutorial",
            directory,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", "dropin.cache", *left_out),
        )
        return directory

    def converse(self, alice: Person, bob: Person) -> None:
        alice.waitFor("* user bob has joined the room")
        alice.say("hello <b>bob</b>")
        bob.waitFor("alice: hello <b>bob</b>")
        self.assertEqual(bob.page.inner_text("[name=loggedInAs]"), "Logged in as bob")

    def test_as_printed(self) -> None:
        """The listings, template and JavaScript unchanged, are a chat."""
        self.converse(*self.chat())

    def test_without_plugin(self) -> None:
        """The plugin is optional: JavaScript in js/ beside the package is found without it."""
        self.converse(*self.chat("twisted"))

    def test_the_dead_are_not_forgotten(self) -> None:
        """The tutorial's room goes on calling chatters of closed tabs, without an effect on the others."""
        alice, bob = self.chat()
        bob.page.close()
        for number in range(50):
            alice.say(f"line {number}")
        alice.waitForLines("line ", 50)


class EchoTests(BrowserTestCase):
    """The example of the tutorial's first part."""

    def test_echo(self) -> None:
        """Typed text comes back."""
        server = self.startServer(
            "echothing.echobox.EchoElement", cwd=EXAMPLES / "echo", environment={"PYTHONPATH": None}
        )
        page = self.openPage(server.url)
        page.get_by_role("textbox").fill("anybody there?")
        page.get_by_role("textbox").press("Enter")
        page.get_by_text("anybody there?").wait_for()

    def test_readme(self) -> None:
        """The application that README lists counts, with the command that it gives."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="athenalite-readme-")))
        for name in ("counter.py", "counter.html"):
            (directory / name).write_text(listing(name))
        self.assertIn("athena-widget --element=counter.Counter\n", README.read_text("utf-8"))
        server = self.startServer("counter.Counter", cwd=directory, environment={"PYTHONPATH": None})
        page = self.openPage(server.url)
        page.get_by_role("button", name="More").click()
        page.locator("output", has_text="1").wait_for()
        page.get_by_role("button", name="Less").click()
        page.locator("output", has_text="0").wait_for()


def listing(name: str) -> str:
    """The block that follows the mention of a file in README."""
    after = README.read_text("utf-8").split(f"``{name}``", 1)[1]
    block = re.search(r"(?:^    .*\n|^\n)+", after.split("\n\n", 1)[1], re.MULTILINE)
    assert block is not None
    return textwrap.dedent(block[0])
