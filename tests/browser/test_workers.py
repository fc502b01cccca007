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

    def workerOf(self, person: Person) -> str:
        """The name of the worker that has made a person's page."""
        data = person.page.locator("#athena-page").text_content() or ""
        return data.partition("/at/")[2].partition("/")[0]

    def test_chat(self) -> None:
        """People in different workers read the same."""
        engine = self.enterContext(RedisServer())
        server = self.startServer(
            "chatthing.chatterbox.chat",
            "--workers=4",
            f"--engine={engine.address}",
            command=[str(Path(sys.executable).with_name("twistd")), "-n"],
            cwd=EXAMPLES / "chat-rooms",
        )
        waitUntil(lambda: server.log.count("the worker is ready") == 4, lambda: server.log)
        people = [Person(name, self.openPage(server.url)).join() for name in ("alice", "bob")]
        carol = Person("carol", self.openPage(server.url))
        workers = {self.workerOf(person) for person in people}
        for _ in range(50):
            # The system chooses the worker of each connection.
            if workers != {self.workerOf(carol)}:
                break
            carol.page.close()
            carol.page = self.openPage(server.url)
        self.assertGreater(len(workers | {self.workerOf(carol)}), 1)
        people.append(carol.join())
        alice = people[0]
        alice.waitFor("* user carol has joined the room")
        for person in people:
            person.say(f"hello from {person.name}")
        for person in people:
            for other in people:
                person.waitFor(f"{other.name}: hello from {other.name}")
