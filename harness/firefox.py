# -*- test-case-name: tests.browser.test_firefox -*-
"""
Tests in a real Firefox, an engine other than Chromium's: an unmodified release, driven by WebDriver BiDi, which it
implements itself. Playwright's Firefox is a build of playwright's own.

The part of https://www.w3.org/TR/webdriver-bidi/ in use: a command is ``{id, method, params}``, its answer has the
same id, and any other message is an event.
"""

import atexit
import contextlib
import functools
import itertools
import json
import queue
import re
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from harness.browser import BrowserTestCase
from harness.rawsocket import TEXT, RawSocket, frame
from tools.programs import ADVICE, findFirefox

STARTED = 60.0
"""Timeout in seconds until Firefox prints its address: it makes a profile first."""

ANSWERED = 120.0
"""Timeout of a command, in seconds: on a busy machine, the first one of a new Firefox takes long."""

LISTENING = re.compile(r"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")

# Allow connections to the server under test only.
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.startup.page": 0,
    # Most tests open one tab, which needs no process that is started before.
    "dom.ipc.processPrelaunch.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
}

KEY = b"mask"
"""A key other than zeros: Firefox treats zeros as no key, and closes."""

ENTER = "\ue007"
"""The key, encoded as WebDriver encodes it."""


class Firefox:
    """
    A headless Firefox with a new profile. It ends with this process.

    :ivar log: the console entries of each tab, as events ``log.entryAdded``; complete after any command.
    :raises FileNotFoundError: if Firefox is missing. That is a failure: a test never passes for want of a browser.
    """

    def __init__(self) -> None:
        path = findFirefox()
        if path is None:
            raise FileNotFoundError(ADVICE["firefox"])
        self.log: list[Any] = []
        self._numbers = itertools.count(1)
        self._ending = contextlib.ExitStack()
        atexit.register(self._ending.close)
        try:
            self._connect(path)
        except BaseException:
            self._ending.close()
            raise

    def _connect(self, path: str) -> None:
        directory = tempfile.TemporaryDirectory(prefix="athenalite-firefox-", ignore_cleanup_errors=True)
        self._start(path, self._ending.enter_context(directory))
        self._socket = self._ending.enter_context(RawSocket(self._port(), origin=None, path="/session"))
        self._socket.socket.settimeout(ANSWERED)
        self.command(
            "session.new", capabilities={"alwaysMatch": {"unhandledPromptBehavior": {"beforeUnload": "ignore"}}}
        )
        self.command("session.subscribe", events=["log.entryAdded"])

    def _start(self, path: str, profile: str) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        Path(profile, "user.js").write_text("\n".join(lines), "utf-8")
        process = self._ending.enter_context(
            subprocess.Popen(
                [path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        # Its output continues, and it would block if the pipe were not read.
        self._said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        reader = threading.Thread(target=self._read, args=(process.stderr,), daemon=True)
        reader.start()
        self._ending.callback(reader.join)
        self._ending.callback(process.kill)

    def _read(self, stderr: IO[str]) -> None:
        for line in stderr:
            self._said.put(line)
        self._said.put(None)

    def _port(self) -> int:
        said = []
        while (line := self._said.get(timeout=STARTED)) is not None:
            said.append(line)
            listening = LISTENING.search(line)
            if listening:
                return int(listening[1])
        raise AssertionError("Firefox did not start:\n" + "".join(said))

    def command(self, method: str, **params: Any) -> Any:
        """
        Send a command, and wait for its result.

        :raises RuntimeError: with Firefox's error, if the command fails.
        """
        number = next(self._numbers)
        said = json.dumps({"id": number, "method": method, "params": params})
        self._socket.write(frame(said.encode("ascii"), key=KEY))
        while True:
            opcode, payload = self._socket.receiveFrame()
            assert opcode == TEXT, payload
            message = json.loads(payload)
            if message.get("id") == number:
                break
            if message.get("method") == "log.entryAdded":
                self.log.append(message["params"])
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
        return message["result"]


@functools.cache
def firefox() -> Firefox:
    """Return this process's Firefox. The first call starts it."""
    return Firefox()


class Tab:
    """One tab of one user; it shares no cookies with others."""

    #: The name of a sandbox for :meth:`evaluate`, in which the page's scripts have changed nothing; by default none.
    sandbox = ""

    def __init__(self) -> None:
        self.person = firefox().command("browser.createUserContext")["userContext"]
        self.open()

    def open(self) -> None:
        """Open the tab; again, after a test has closed it and its user goes on."""
        self.context = firefox().command("browsingContext.create", type="tab", userContext=self.person)["context"]

    def close(self) -> None:
        """Close the tab, and delete its user's data."""
        firefox().command("browser.removeUserContext", userContext=self.person)

    def goto(self, url: str) -> None:
        """Load a document, including scripts and pictures."""
        firefox().command("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def reload(self) -> None:
        """Reload the document, including scripts and pictures."""
        firefox().command("browsingContext.reload", context=self.context, wait="complete")

    def evaluate(self, function: str, *arguments: Any) -> Any:
        """
        Call a JavaScript function with JSON values, and return its result: a JSON value, or a Promise of one.

        :raises RuntimeError: with the exception, if the function throws.
        """
        given = ", ".join(json.dumps(argument) for argument in arguments)
        found = firefox().command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({function})({given})))()",
            target={"context": self.context, **({"sandbox": self.sandbox} if self.sandbox else {})},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"].get("value", "null"))

    def waitFor(self, condition: str, *arguments: Any) -> Any:
        """Wait until a JavaScript function returns a true value, and return it."""
        return self.evaluate(
            f"""(...given) => new Promise((resolve) => {{
                const look = () => {{
                    const found = ({condition})(...given);
                    found ? resolve(found) : setTimeout(look, 20);
                }};
                look();
            }})""",
            *arguments,
        )

    def type(self, name: str, text: str) -> None:
        """Type into the field of this name, key by key, and press Enter."""
        self.waitFor(
            "(name) => { const field = document.getElementsByName(name)[0]; field.focus();"
            " return document.activeElement === field; }",
            name,
        )
        keys = [{"type": kind, "value": key} for key in text + ENTER for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": keys}]
        firefox().command("input.performActions", context=self.context, actions=actions)


class FirefoxTestCase(BrowserTestCase):
    """A ``BrowserTestCase`` whose tabs are Firefox's."""

    def setUp(self) -> None:
        super().setUp()
        self._tabs: list[Tab] = []

    def tearDown(self) -> None:
        """Assert that pages and servers reported no problem."""
        firefox().command("session.status")
        contexts = {tab.context for tab in self._tabs}
        for entry in firefox().log:
            if entry["source"].get("context") in contexts:
                line = f"{entry['level']}: {entry['text']}"
                self._console.append(line)
                if entry["level"] == "error":
                    self.complaints.append(line)
        super().tearDown()

    def openTab(self, url: str) -> Tab:
        """Open a page for another user."""
        tab = Tab()
        self._tabs.append(tab)
        self.addCleanup(tab.close)
        tab.goto(url)
        return tab
