# -*- test-case-name: tests.browser.test_workers -*-
"""The tutorial's chat, as a room of four workers, in a real Chromium."""

import sys
from pathlib import Path

from harness.browser import BrowserTestCase
from harness.redis import RedisServer
from harness.waiting import waitUntil
from tests.browser.test_chat import EXAMPLES, Person


class WorkersTests(BrowserTestCase):
    """examples/chat-rooms on several workers."""

    def test_chat(self) -> None:
        """People in different workers read the same."""
        engine = self.enterContext(RedisServer())
        server = self.startServer(
            "chatthing.chatterbox.chat",
            "--workers=3",
            f"--engine={engine.address}",
            command=[str(Path(sys.executable).with_name("twistd")), "-n"],
            cwd=EXAMPLES / "chat-rooms",
        )
        waitUntil(lambda: server.log.count("the worker is ready") == 3, lambda: server.log)
        people, workers = [], set()
        for name in ("alice", "bob", "carol"):
            page = self.openPage(server.url)
            page.fill("[name=username]", name)
            page.press("[name=username]", "Enter")
            page.locator("[name=userMessage]").wait_for(state="visible")
            data = page.locator("#athena-page").text_content() or ""
            workers.add(data.partition("/at/")[2].partition("/")[0])
            people.append(Person(name, page))
        alice, bob, carol = people
        self.assertGreater(len(workers), 1)
        alice.waitFor("* user carol has joined the room")
        for person in people:
            person.say(f"hello from {person.name}")
        for person in people:
            for other in people:
                person.waitFor(f"{other.name}: hello from {other.name}")
