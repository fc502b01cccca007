# -*- test-case-name: tests.livetrial.test_chromium -*-
"""
Finds and controls a Chromium without a window that opens one page for each test, and ends with the process.

It is controlled through a pipe (``--remote-debugging-pipe``) in the DevTools protocol: JSON messages that end in a zero
byte. It listens on no port, so that no other process can control it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

#: The error message if there is none.
ADVICE: Final = "Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM."

_WITH_WINDOWS: Final = ("chromium", "chromium-browser", "google-chrome")
#: The same browser without the code for windows first: it opens a page in a quarter of the time.
_NAMES: Final = ("chromium-headless-shell", "chrome-headless-shell", *_WITH_WINDOWS)
_FLAGS: Final = (
    "--headless",
    "--remote-debugging-pipe",
    # Its sandbox cannot start as root and in containers; and it opens only the pages of tests.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Pages without the focus are not to be throttled.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # The pages' consoles are written to standard error.
    "--enable-logging=stderr",
)
#: Seconds for a response; the first one includes the start of the browser.
_ANSWERED: Final = 60.0
_CONSOLE: Final = re.compile(r"^\[[^\]]*:CONSOLE[^\]]*\] (.*?)(?=^\[\d|\Z)", re.MULTILINE | re.DOTALL)


def versionOf(path: str) -> str | None:
    """Return the version that the program prints, or None if it does not run."""
    try:
        ran = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return ran.stdout.strip()


def _candidates(names: tuple[str, ...]) -> Iterator[str]:
    if "CHROMIUM" in os.environ:
        yield os.environ["CHROMIUM"]
        return
    yield from filter(None, map(shutil.which, names))
    yield from _playwrights()


def _playwrights() -> Iterator[str]:
    """The one that playwright has installed, if there is playwright."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    with sync_playwright() as driver:
        yield driver.chromium.executable_path


def findChromium(hasWindows: bool = False) -> str | None:
    """
    Return the path of a Chromium or Chrome, or None. The environment variable ``CHROMIUM`` overrides the search.

    :param hasWindows: only the whole browser, for what its headless shell cannot do, such as rendering in advance.
    """
    names = _WITH_WINDOWS if hasWindows else _NAMES
    return next((path for path in _candidates(names) if versionOf(path)), None)


class BrowserError(Exception):
    """The browser did not start, refused a command, or has ended."""


class Chromium:
    """A Chromium process without a window, with a new empty profile."""

    def __init__(self, path: str) -> None:
        """
        :raise OSError: if it cannot be started.
        """
        self._directory = Path(tempfile.mkdtemp(prefix="athenalite-chromium-"))
        self._errors = self._directory / "stderr"
        self._pipe, theirs = socket.socketpair()
        self._pipe.settimeout(_ANSWERED)
        self._received = b""
        self._asked = 0
        with theirs:
            self._pid: int | None = self._start(path, theirs.fileno())

    def _start(self, path: str, pipe: int) -> int:
        arguments = [path, *_FLAGS, f"--user-data-dir={self._directory / 'profile'}", "about:blank"]
        write = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        actions: list[Any] = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, str(self._errors), write, 0o600),
            # It reads commands from 3 and writes answers to 4, which subprocess cannot arrange.
            (os.POSIX_SPAWN_DUP2, pipe, 3),
            (os.POSIX_SPAWN_DUP2, pipe, 4),
        ]
        return os.posix_spawn(path, arguments, os.environ, file_actions=actions, setpgroup=0)

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """
        Send a command, and wait for its result.

        :param method: of the DevTools protocol, such as ``Target.createTarget``.
        :return: its result.
        :raise BrowserError: if it fails, or there is no response.
        """
        self._asked += 1
        message = {"id": self._asked, "method": method, "params": parameters}
        try:
            self._pipe.sendall(json.dumps(message).encode("utf-8") + b"\0")
            answer = self._receive()
            while answer.get("id") != self._asked:
                answer = self._receive()
        except OSError as error:
            log = self.log()
            self.close()
            raise BrowserError(f"the browser does not answer: {error or type(error).__name__}\n{log}") from error
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._received:
            data = self._pipe.recv(65536)
            if not data:
                raise ConnectionResetError("it has ended")
            self._received += data
        message, _, self._received = self._received.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def open(self, url: str) -> OpenPage:
        """
        Open a page. It shares no cookies, storage or cache with others.

        :raise BrowserError: if the browser does not open it.
        """
        return OpenPage(self, url)

    def log(self, start: int = 0) -> str:
        """
        :param start: the number of characters to skip.
        :return: the browser's standard error so far.
        """
        return self._errors.read_text("utf-8", "replace")[start:] if self._errors.exists() else ""

    @property
    def closed(self) -> bool:
        """Whether the process was ended."""
        return self._pid is None

    def close(self) -> None:
        """End the process, and remove its profile. A second call does nothing."""
        pid, self._pid = self._pid, None
        if pid is None:
            return
        self._pipe.close()
        # It has child processes, and may have ended itself.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        shutil.rmtree(self._directory, ignore_errors=True)


class OpenPage:
    """A page of the browser, until it is closed."""

    def __init__(self, browser: Chromium, url: str) -> None:
        self._browser = browser
        self._start = len(browser.log())
        self._context = browser.command("Target.createBrowserContext")["browserContextId"]
        browser.command("Target.createTarget", url=url, browserContextId=self._context)

    def console(self) -> list[str]:
        """
        The messages on the pages' consoles since this page was opened, with their places in the scripts.

        :raise BrowserError: if the browser has ended.
        """
        # When this command has returned, all earlier messages have been written.
        self._browser.command("Browser.getVersion")
        return [message.strip() for message in _CONSOLE.findall(self._browser.log(self._start))]

    def close(self) -> None:
        """
        :raise BrowserError: if the browser does not close it.
        """
        self._browser.command("Target.disposeBrowserContext", browserContextId=self._context)


@functools.cache
def _started() -> Chromium:
    path = findChromium()
    if path is None:
        raise BrowserError(ADVICE)
    browser = Chromium(path)
    atexit.register(browser.close)
    return browser


def chromium() -> Chromium:
    """
    Return this process's Chromium; the first call starts it, and it ends with the process. One that did not respond is
    replaced.

    :raise BrowserError: if there is none: a test without a browser fails, and is not skipped.
    """
    if _started().closed:
        _started.cache_clear()
    return _started()
