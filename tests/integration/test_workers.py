# -*- test-case-name: tests.integration.test_workers -*-
"""Pages of several workers behind one parent, with rooms on a real engine, while the workers are replaced."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from unittest import TestCase
from urllib.request import urlopen

from harness.browser import BrowserTestCase, pausing
from harness.firefox import FirefoxTestCase
from harness.messages import opening
from harness.rawsocket import RawSocket
from harness.waiting import SharedTime, waitUntil
from tests.browser.test_chat import CHAT, Person
from tests.command.test_parent import PATIENCE, Parent

HAS_FIELD = "() => !document.getElementsByName('sendLine')[0].hidden"


class Visitor:
    """
    A page, as a browser has it: it counts messages in both directions.

    :ivar shown: what the room has shown on it.
    :ivar workers: the names in ``opened``, of workers to which the page has moved.
    """

    def __init__(self, port, origin):
        with urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as response:
            text = response.read().decode("utf-8")
        self.path = "/" + re.search(r'"\./(_athena/at/w[0-9]+/transport)"', text)[1]
        self.token = re.search(r'"token":\s*"([^"]+)"', text)[1]
        self.shown, self.workers = [], []
        self._options = port, origin
        self._sent = self._received = 0
        self._socket = None

    def open(self):
        """Open a socket. All messages before have been counted exactly once."""
        self.close()
        port, origin = self._options
        self._socket = RawSocket(port, path=self.path, origin=origin)
        # Workers are started and stopped meanwhile.
        self._socket.socket.settimeout(PATIENCE)
        self._socket.send(*opening(self.token, self._received))
        answer = self._socket.receive()
        assert answer[:2] == ["opened", self._sent], (answer, self._sent)
        self.workers += answer[2:]
        if answer[2:]:
            self.path = re.sub("/at/[^/]+/", f"/at/{answer[2]}/", self.path)

    def close(self):
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()

    def call(self, name, *args):
        """Call a method, and return its result."""
        self._sent += 1
        self._socket.send("call", 1, name, list(args))
        messages = self._receiving(f"the answer to {name}")
        message = next(one for one in messages if one[:2] == ["respond", self._sent])
        assert message[2], message
        return message[3]

    def waitShown(self, count):
        """Wait until the room has shown so many lines."""
        messages = self._receiving(f"{count} lines")
        while len(self.shown) < count:
            next(messages)

    def _receiving(self, what):
        """Receive, for as long as tests wait: keep-alives come without an end."""
        till = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < till, f"not within {PATIENCE} seconds: {what}"
            message = self._socket.receive()
            self._received += message[0] in ("call", "notify", "respond")
            if message[0] in ("call", "notify"):
                self.shown += message[3]
            yield message

    def waitClosed(self):
        """Receive until the server closes the socket, and return the code."""
        try:
            for _ in self._receiving("the end of a socket"):
                pass
        except EOFError as error:
            return int.from_bytes(error.args[0][:2], "big") if error.args else None

    def refused(self):
        """Open a socket, which the server closes, and return the code."""
        try:
            self.open()
        except EOFError as error:
            # None for one that was passed to a worker while that died.
            return int.from_bytes(error.args[0][:2], "big") if error.args else None
        raise AssertionError("it is open")


class WorkersTests(Parent, TestCase):
    """``--workers=2 --engine=embedded``"""

    def test_pages(self):
        """
        Each page's sockets come to its worker, and a call reaches the pages of all workers. When all workers are
        replaced, the pages go on: each line is shown once, in one order, each call is answered once, and state is kept.
        """
        origin = f"http://127.0.0.1:{self.port}"
        data = self.directory / "data"
        options = "--workers=2", f"--engine=embedded:{data}", f"--origin={origin}"
        self.start(*options)
        self.waitReady(2)
        visitors = [Visitor(self.port, origin) for _ in range(4)]
        unconnected = Visitor(self.port, origin)
        self.assertEqual({visitor.path[-12:-10] for visitor in visitors}, {"w1", "w2"})
        for one in (*visitors, unconnected):
            self.addCleanup(one.close)
        for _ in range(3):
            for visitor in visitors:
                visitor.open()
        before = [visitor.call("process") for visitor in visitors]
        self.assertEqual(len(set(before)), 2)
        for number in (1, 2):
            self.assertEqual([visitor.call("more") for visitor in visitors], [number] * 4)
        visitors[0].call("say", "hello")
        for visitor in visitors:
            visitor.waitShown(1)
        # A worker stands still, and catches up.
        os.kill(before[0], signal.SIGSTOP)
        [speaker, *_] = [visitor for visitor, number in zip(visitors, before, strict=True) if number != before[0]]
        speaker.call("say", "still")
        os.kill(before[0], signal.SIGCONT)
        self.parent.send_signal(signal.SIGHUP)
        for name in ("w1", "w2"):
            moving = [visitor for visitor in visitors if name in visitor.path]
            self.assertEqual([visitor.waitClosed() for visitor in moving], [1012] * len(moving), self.text())
            # The others say something while these are away.
            [speaker, *_] = [visitor for visitor in visitors if visitor not in moving]
            for number in range(3):
                speaker.call("say", f"{name} {number}")
            for visitor in moving:
                visitor.open()
        lines = ["hello", "still", *(f"{name} {number}" for name in ("w1", "w2") for number in range(3))]
        for visitor in visitors:
            visitor.waitShown(len(lines))
            self.assertEqual((visitor.shown, visitor.call("more"), visitor.workers), (lines, 3, []))
        self.assertFalse({visitor.call("process") for visitor in visitors} & set(before))
        unconnected.open()
        self.assertEqual(unconnected.call("more"), 1)
        # A worker that is killed loses its pages, whose next sockets are closed.
        os.kill(visitors[0].call("process"), signal.SIGKILL)
        self.assertEqual(visitors[0].waitClosed(), None)
        passed = SharedTime()
        while (code := visitors[0].refused()) is None:
            self.assertLess(passed(), 2)
            time.sleep(0.05)
        self.assertEqual(code, 4000)
        self.assertLess(passed(), 2)
        # The whole server is restarted, with its engine, and the pages of the others go on.
        [*_, survivor] = [visitor for visitor in visitors if visitor.path != visitors[0].path]
        self.parent.terminate()
        self.assertEqual(survivor.waitClosed(), 1012)
        self.parent.wait(PATIENCE)
        self.assertEqual(((data / "socket").exists(), (data / "appendonlydir").exists()), (False, True))
        self.assertNotIn("Traceback", self.text())
        self.assertNotIn(visitors[0].token, self.text())
        self.start(*options)
        self.waitReady(2)
        survivor.open()
        self.assertEqual((survivor.shown, survivor.call("more")), (lines, 4))
        # The parent is killed: its workers stop as after TERM, and the engine stays for the next one.
        self.parent.kill()
        self.assertEqual(survivor.waitClosed(), 1012)
        self.parent.wait(PATIENCE)
        self.start(*options)
        self.waitReady(2)
        survivor.open()
        self.assertEqual((survivor.shown, survivor.call("more")), (lines, 5))

    def test_returned(self):
        """A page whose worker has stopped stays in another one, also while a worker of the old name runs again."""
        origin = f"http://127.0.0.1:{self.port}"
        self.start("--workers=2", f"--engine=embedded:{self.directory / 'data'}", f"--origin={origin}")
        self.waitReady(2)
        visitor = Visitor(self.port, origin)
        self.addCleanup(visitor.close)
        visitor.open()
        for number in range(3):
            before = visitor.call("process")
            self.assertEqual(visitor.call("more"), 2 * number + 1)
            os.kill(before, signal.SIGTERM)
            self.assertEqual(visitor.waitClosed(), 1012)
            known = visitor.path
            visitor.open()
            self.waitReady(3 + number)
            # As if the browser had not received opened.
            visitor.path = known
            with self.assertRaises(EOFError) as raised:
                visitor.open()
            self.assertEqual(raised.exception.args[0][:2], (4002).to_bytes(2, "big"))
            visitor.path = re.sub("/at/[^/]+/", f"/at/{raised.exception.args[0][2:].decode()}/", known)
            visitor.open()
            self.assertEqual(visitor.call("more"), 2 * number + 2)
            self.assertNotEqual(visitor.call("process"), before)

    def test_answering(self):
        """A page that is being made when its worker is asked to stop is answered, and opens in another one."""
        origin = f"http://127.0.0.1:{self.port}"
        options = "--workers=2", f"--engine=embedded:{self.directory / 'data'}", f"--origin={origin}"
        self.start(*options, element="tests.applications.roomthing.slow.page")
        self.waitReady(2)
        (self.directory / "slow").touch()
        answering = self.directory / "answering"
        with ThreadPoolExecutor() as pool:
            made = pool.submit(Visitor, self.port, origin)
            self.until(lambda: answering.exists() and answering.read_text().endswith("\n"))
            before = int(answering.read_text())
            os.kill(before, signal.SIGTERM)
            visitor = made.result(PATIENCE)
        self.addCleanup(visitor.close)
        visitor.open()
        self.assertEqual(visitor.call("more"), 1)
        self.assertNotEqual(visitor.call("process"), before)


class DeskTests(Parent, BrowserTestCase):
    """Elements in an element, parts, a shared part and a file on its way, in Chromium, while a worker is ended."""

    def aboutOf(self, page):
        """The process that a page says that it is in, and the rest of what it says."""
        process, _, rest = page.locator("p").inner_text().partition(" has ")
        return int(process.removeprefix("process ")), rest

    def test_moved(self):
        """
        The document is the same, with what is typed and the focus; calls go on in both directions, each once; the file
        arrives whole.
        """
        options = "--workers=2", f"--engine=embedded:{self.directory / 'data'}"
        self.start(*options, element="tests.applications.partthing.moving.desk")
        self.waitReady(2)
        url = f"http://127.0.0.1:{self.port}/"
        page, other = self.openPage(url), self.openPage(url)
        while self.aboutOf(page)[0] == self.aboutOf(other)[0]:
            # Workers take turns: a page may take as many turns as there are workers, or twice as many.
            self.get("")
            other = self.openPage(url)
        notes = page.locator("ul li")
        for number in range(2):
            page.click("text=Add")
            notes.nth(number).wait_for()
            page.locator("ul + button:not([aria-busy])").wait_for()
        notes.nth(1).locator("button").click()
        notes.nth(1).locator("b", has_text="1").wait_for()
        notes.nth(0).locator("input").fill("first")
        content = bytes(range(256)) * 6000
        page.set_input_files("[name=picture]", {"name": "a.png", "mimeType": "image/png", "buffer": content})
        page.evaluate("window.isSame = true")
        field = notes.nth(1).locator("input")
        field.press_sequentially("secnd")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        # It takes seconds.
        page.evaluate("document.forms[1].requestSubmit()")
        page.locator("progress").wait_for()
        before, sent = self.aboutOf(page)
        self.assertEqual(sent, ".")
        os.kill(before, signal.SIGTERM)
        lines = [f"line {number}" for number in range(5)]
        for line in lines:
            other.fill("[name=line]", line)
            other.click("text=Say")
            other.locator("ol li", has_text=line).wait_for()
            # Until then the form takes nothing else.
            other.locator("form:not([aria-busy]) [name=line]").wait_for()
        # A call of the browser while the page is on its way, or before or after.
        page.evaluate("document.querySelectorAll('ul li button')[1].click()")
        page.locator("p", has_text=sha256(content).hexdigest()).wait_for()
        self.assertNotEqual(self.aboutOf(page)[0], before)
        page.keyboard.type("o")
        self.assertEqual([one.input_value() for one in notes.locator("input").all()], ["first", "second"])
        page.locator("ol li", has_text=lines[-1]).wait_for()
        self.assertEqual(page.locator("ol li").all_inner_texts(), lines)
        notes.nth(0).locator("button").click()
        notes.nth(0).locator("b", has_text="1").wait_for()
        self.assertEqual(notes.locator("b").all_inner_texts(), ["1", "2"])
        self.assertEqual(self.aboutOf(page)[1], f"{sha256(content).hexdigest()}.")
        self.assertTrue(page.evaluate("window.isSame"))
        self.assertNotIn("Traceback", self.text())

    def test_movedWhileLoading(self):
        """
        A page moves while the script is loaded that a form with a file waits for. The form is sent after it, once, and
        what was shown and called meanwhile is there, too.
        """
        options = "--workers=2", f"--engine=embedded:{self.directory / 'data'}"
        self.start(*options, element="tests.applications.partthing.moving.desk")
        self.waitReady(2)
        url = f"http://127.0.0.1:{self.port}/"
        page = self.openPage()
        routes, sockets = [], []
        page.route("**/athenalite-uploads.js", lambda route: routes.append(route))
        page.on("websocket", lambda socket: sockets.append(socket))
        page.goto(url)
        other = self.openPage(url)
        before = self.aboutOf(page)[0]
        while self.aboutOf(other)[0] == before:
            # Workers take turns: a page may take as many turns as there are workers, or twice as many.
            self.get("")
            other = self.openPage(url)
        content = bytes(range(256)) * 100
        page.set_input_files("[name=picture]", {"name": "a.png", "mimeType": "image/png", "buffer": content})
        page.evaluate("document.forms[1].requestSubmit()")
        waitUntil(lambda: routes, self.text, pause=pausing(page))
        count = len(sockets)
        os.kill(before, signal.SIGTERM)
        waitUntil(lambda: len(sockets) > count, self.text, pause=pausing(page))
        for line in ("one", "two"):
            other.fill("[name=line]", line)
            other.click("text=Say")
            page.locator("ol li", has_text=line).wait_for()
            other.locator("form:not([aria-busy]) [name=line]").wait_for()
        page.click("text=Add")
        page.locator("ul li button").click()
        page.locator("ul li b", has_text="1").wait_for()
        self.assertEqual(self.aboutOf(page)[1], ".")
        routes[0].continue_()
        page.locator("p", has_text=sha256(content).hexdigest()).wait_for()
        self.assertNotEqual(self.aboutOf(page)[0], before)
        self.assertEqual(page.locator("ol li").all_inner_texts(), ["one", "two"])
        self.assertEqual(self.aboutOf(page)[1], f"{sha256(content).hexdigest()}.")
        self.assertNotIn("Traceback", self.text())


class ChatTests(Parent, FirefoxTestCase):
    """``chatthing`` with two people in Chromium and one in Firefox, while all workers are replaced."""

    def test_replaced(self):
        """No member leaves, no page loads again, no line is lost or doubled, and what is half typed can be sent."""
        self.start("--workers=2", f"--engine=embedded:{self.directory / 'data'}", element=CHAT)
        self.waitReady(2)
        alice, bob = (Person(name, self.openPage(f"http://127.0.0.1:{self.port}/")).join() for name in ("alice", "bob"))
        carol = self.openTab(f"http://127.0.0.1:{self.port}/")
        carol.type("username", "carol")
        for person in alice, bob:
            person.waitFor("* user carol has joined")
            person.page.evaluate("window.isSame = true")
        carol.waitFor(HAS_FIELD)
        carol.evaluate("() => { window.isSame = true; document.getElementsByName('userMessage')[0].value = 'half'; }")
        # Sockets are closed while they are replaced.
        self.expectComplaint("can.t establish a connection|connection to .* was interrupted")
        alice.page.fill("[name=userMessage]", "half a line")
        self.parent.send_signal(signal.SIGHUP)
        said = 0

        def areReplaced():
            nonlocal said
            if self.text().count("the worker is ready") >= 4:
                return True
            bob.say(f"line {said}")
            said += 1
            return False

        self.until(areReplaced)
        for _ in range(3):
            bob.say(f"line {said}")
            said += 1
            bob.page.wait_for_timeout(300)
        alice.page.press(":focus", "Enter")
        alice.waitFor("alice: half a line")
        carol.type("userMessage", " a line in Firefox")
        expected = [*(f"bob: line {number}" for number in range(said)), "alice: half a line"]
        expected.append("carol: half a line in Firefox")
        for person in alice, bob:
            self.assertEqual(person.waitForLines("^(bob|alice|carol):", said + 2), expected)
            self.assertEqual([line for line in person.lines() if "has left" in line], [])
            self.assertTrue(person.page.evaluate("window.isSame"))
        carol.waitFor("(text) => document.body.innerText.includes(text)", expected[-1])
        shown = carol.evaluate("() => document.getElementsByName('scrollArea')[0].innerText.split('\\n')")
        self.assertEqual([line for line in shown if re.match("(bob|alice|carol): ", line)], expected)
        self.assertEqual([line for line in shown if "has left" in line], [])
        self.assertTrue(carol.evaluate("() => window.isSame"))
        self.assertNotIn("Traceback", self.text())
