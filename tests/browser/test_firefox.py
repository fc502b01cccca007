# -*- test-case-name: tests.browser.test_firefox -*-
"""
Firefox runs what Chromium runs. Everything is tested in Chromium; here is what might be different in another engine:
its modules, its sockets and how they end, and above all what its errors say of where they were.
"""

import re
from hashlib import sha256
from pathlib import Path

from harness.firefox import FirefoxTestCase, firefox
from harness.portforwarder import PortForwarder
from harness.waiting import waitUntil
from tests.browser.test_chat import CHAT, EXAMPLES
from tests.browser.test_live import HIDDEN, ORDER, RECOVERED
from tests.browser.test_odd import APPLICATIONS
from tests.browser.test_uploads import ALBUM

MODULES = APPLICATIONS / "athenatests" / "js" / "AthenaTests"

ASK = """async (method) => {
    const widgets = Object.values(Nevow.Athena.Widget._athenaWidgets);
    return await widgets.find((widget) => widget[method]).callRemote("askFailure", method);
}"""
"""Class, text and traceback of the error that the server gets when it calls a method."""

TYPE = """() => {
    const [what, sure, secret, size] = document.querySelector("form").elements;
    [what.value, sure.checked, secret.value, size.value] = ["green tea", true, "hush", "large"];
    what.focus();
    what.setSelectionRange(2, 4);
}"""
"""Fills in a form, without events."""

CHOOSE = """() => {
    const [title, picture, button] = document.querySelector("form").elements;
    const chosen = new DataTransfer();
    chosen.items.add(new File(["x".repeat(50000)], "cat.png", { type: "image/png" }));
    title.value = "Cat";
    picture.files = chosen.files;
    button.click();
}"""
"""Fills in a form with a file, and submits it."""

INCLUDES = "(text) => document.body.innerText.includes(text)"


def placesIn(traceback: str, path: Path) -> list[tuple[str, str]]:
    """Return the functions of a file in a Python traceback, each with its source line."""
    lines = path.read_text("utf-8").splitlines()
    found = re.findall(rf'File "{re.escape(str(path))}", line (\d+), in (.*)\n', traceback)
    return [(function, lines[int(number) - 1].strip()) for number, function in found]


class ApplicationTests(FirefoxTestCase):
    """Applications."""

    def test_echo(self) -> None:
        """An ES module calls the server, and shows its answer."""
        server = self.startServer("echoing.echobox.EchoElement", cwd=EXAMPLES / "echo-modern")
        tab = self.openTab(server.url)
        tab.type("message", "<b>Grüße</b>")
        tab.waitFor(INCLUDES, "<b>Grüße</b>")

    def test_chat(self) -> None:
        """Legacy widgets call the server and are called; messages sent while disconnected arrive once, in order."""
        server = self.startServer(CHAT)
        with PortForwarder(server.port) as forwarder:
            alice, bob = self.openTab(f"http://localhost:{forwarder.port}"), self.openTab(server.url)
            for tab, name in ((alice, "alice"), (bob, "bob")):
                tab.type("username", name)
                tab.waitFor("() => !document.getElementsByName('sendLine')[0].hidden")
            alice.type("userMessage", "good morning")
            bob.waitFor(INCLUDES, "good morning")
            self.expectComplaint("can.t establish a connection|connection to .* was interrupted")
            forwarder.down()
            for text in ("one", "two", "three"):
                bob.type("userMessage", text)
            bob.waitFor(INCLUDES, "three")
            self.assertFalse(alice.evaluate(INCLUDES, "three"))
            forwarder.up()
            alice.waitFor(INCLUDES, "three")
            shown = alice.evaluate("() => document.getElementsByName('scrollArea')[0].innerText")
            self.assertRegex(shown, r"(?s)^(?!.*(one|two|three).*\1).*one.*two.*three")

    def test_recovery(self) -> None:
        """What was typed into a live form is there again after a reload, with the focus."""
        tab = self.openTab(self.startServer(ORDER, cwd=APPLICATIONS).url)
        tab.waitFor("() => document.querySelector('form') !== null")
        tab.evaluate(TYPE)
        tab.waitFor(HIDDEN)
        tab.reload()
        tab.waitFor(RECOVERED)
        self.assertEqual(tab.evaluate("() => document.querySelector('p').textContent"), "no calls")

    def test_file(self) -> None:
        """A form sends a file, and is empty then."""
        tab = self.openTab(self.startServer(ALBUM, cwd=APPLICATIONS).url)
        tab.waitFor("() => document.querySelector('form') !== null")
        tab.evaluate(CHOOSE)
        shown = f"Cat cat.png image/png {sha256(b'x' * 50_000).hexdigest()}, 0"
        tab.waitFor("(shown) => document.querySelector('p').textContent === shown", shown)
        tab.waitFor("() => document.querySelector('[name=picture]').value === ''")


class TracebackTests(FirefoxTestCase):
    """Where an error was."""

    def ask(self, methodName: str) -> list[str]:
        """Class, text and traceback of the Failure that the server gets of a method."""
        server = self.startServer("athenatests.suite.Suite", cwd=APPLICATIONS)
        tab = self.openTab(server.url)
        tab.waitFor(
            "(method) => Object.values(globalThis.Nevow?.Athena?.Widget?._athenaWidgets ?? {})"
            ".some((widget) => widget[method])",
            methodName,
        )
        answer: list[str] = tab.evaluate(ASK, methodName)
        return answer

    def test_legacy(self) -> None:
        """A JSException's traceback has each function of a widget's script on the way, and its line; none of ours."""
        name, message, traceback = self.ask("throwDeep")
        self.assertEqual((name, message), ("JSException", "Error: thrown by throwError"))
        self.assertEqual(
            placesIn(traceback, MODULES / "Calls.js"),
            [
                ("throwDeep", "[1].forEach(inner);"),
                ("inner", "self.throwError();"),
                ("throwError", 'throw new Error("thrown by throwError");'),
            ],
        )
        self.assertIn('throw new Error("thrown by throwError");', traceback)
        self.assertNotIn("athenalite.js", traceback)

    def test_module(self) -> None:
        """The same holds for a widget of an ES module, whose methods are asynchronous and private."""
        name, message, traceback = self.ask("throwModern")
        self.assertEqual((name, message), ("JSException", "RangeError: thrown by throwPrivately"))
        self.assertEqual(
            placesIn(traceback, MODULES / "Modern.mjs"),
            [
                ("throwModern", "this.#throwPrivately();"),
                ("#throwPrivately", 'throw new RangeError("thrown by throwPrivately");'),
            ],
        )


class ComplaintTests(FirefoxTestCase):
    """The tests can fail."""

    def test_complaint(self) -> None:
        """Errors in a page's console and uncaught errors of its scripts are complaints."""
        self.expectComplaint("said by a page|thrown by a page")
        tab = self.openTab("about:blank")
        tab.evaluate(
            "() => { console.error('said by a page'); setTimeout(() => { throw new Error('thrown by a page'); }); }"
        )
        tab.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
        # It reports them on a way of their own, and they are read with the answer of any command.
        waitUntil(
            lambda: (
                firefox().command("session.status")
                and len([entry for entry in firefox().log if entry["source"].get("context") == tab.context]) >= 2
            )
        )
        self.addCleanup(lambda: self.assertEqual(len(self.complaints), 2))
