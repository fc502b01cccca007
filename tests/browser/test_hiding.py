# -*- test-case-name: tests.browser.test_hiding -*-
"""
Named elements, which hide what documents, forms and windows have, in real browsers: ``<img name="readyState">``, or a
field ``parentNode``. The pages of ``hidingthing`` have one of every name that the client's scripts use.
"""

import sys
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase, pausing
from harness.firefox import FirefoxTestCase
from harness.server import Server
from harness.waiting import waitUntil

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

KINDS = ("NamedPage", "FormsPage", "ObjectsPage", "EmbedsPage", "FramesPage", "DivisionsPage")

#: Properties are hidden from the tests, too.
FIND = """
    const call = (name, ...given) => Reflect.get(Document.prototype, name, document).call(document, ...given);
    const find = (id) => call("getElementById", id);
    const widgets = () => globalThis.Nevow?.Athena?.Widget?._athenaWidgets ?? {};
    const until = (condition) => new Promise((resolve) => {
        const timer = setInterval(() => condition() && resolve(clearInterval(timer)), 20);
    });
"""
#: Both widgets call the server when they are submitted, and another one is added.
USE = f"""async () => {{ {FIND}
    const answers = [];
    const answered = async (id, text) => {{
        await until(() => find(`athenaid:${{id}}-answer`)?.textContent === text);
        answers.push(text);
    }};
    await until(() => widgets()[1] && widgets()[2]);
    for (const id of [1, 2]) {{
        find(`athenaid:${{id}}-said`).value = `of ${{id}}`;
        find(`athenaid:${{id}}-button`).click();
        await answered(id, `of ${{id}}`);
    }}
    const child = await widgets()[1].more();
    await answered(child.objectID, "later");
    await child.detach();
    answers.push(widgets()[2].look());
    return answers;
}}"""
LOOKED = "true true number number a form 1 true true p"
#: Both fail, and then the page is lost.
LEAVE = f"""async () => {{ {FIND}
    const all = (selector) => [...call("querySelectorAll", selector)];
    const dialogs = () => all("[data-athena-dialog]").map((dialog) => dialog.getAttribute("class"));
    const seen = [];
    widgets()[1].fails();
    await until(() => dialogs().length === 1);
    seen.push(...dialogs());
    all("[data-athena-dialog] button")[0].click();
    widgets()[2].callRemote("fail");
    await until(() => dialogs().length === 1);
    seen.push(...dialogs());
    all("[data-athena-dialog] button")[0].click();
    widgets()[1].callRemote("leave");
    await until(() => dialogs().length === 1);
    seen.push(...dialogs());
    all("[data-athena-dialog] button")[1].click();
    seen.push(dialogs().length, all(".athena-status").length);
    return seen;
}}"""
#: How a failed call is logged, here and there.
REFERENCE = r"[Rr]eference [0-9a-f]{8}|Traceback|failed on purpose"
#: In debug mode, what is shown of a failed call.
FAIL = f"""async () => {{ {FIND}
    await until(() => widgets()[1]);
    widgets()[1].fails();
    const shown = () => call("querySelector", "[data-athena-overlay]");
    await until(shown);
    return shown().textContent;
}}"""
PANEL = f"""async () => {{ {FIND}
    const panel = () => call("querySelector", "athenalite-debug")?.shadowRoot.querySelector(".state").textContent;
    await until(() => panel() === "Connected");
    return panel();
}}"""
SUBMIT = f"""async () => {{ {FIND}
    await until(() => find("athenaid:2-button") && find("athena-page")[Symbol.for("athenalite.kept")]);
    find("athenaid:2-said").value = "early";
    find("athenaid:2-button").click();
}}"""
ANSWER = f"""async () => {{ {FIND}
    const answer = find("athenaid:2-answer");
    await until(() => answer.textContent);
    return answer.textContent;
}}"""
LEFT = ["athena-call-failed", "athena-error-dialog-2", "nevow-connection-lost", 0, 1]


class Hiding(Server):
    """The site of ``tests.applications.hidingthing``."""

    def __init__(self, *options: str) -> None:
        super().__init__("")
        self.command = [sys.executable, "-W", "error", "-m", "tests.applications.hidingthing", *options]


class ChromiumTests(BrowserTestCase):
    """Each kind of element."""

    def open(self, kind: str, *options: str) -> "Page":
        """A page with elements of this kind."""
        return self.openPage(self.useSharedServer(f"hiding {options}", lambda: Hiding(*options)).url + kind)

    def test_calls(self) -> None:
        """Widgets are found, handle events, call the server, and are added; dialogs are shown, and put aside."""
        self.expectComplaint(REFERENCE)
        for kind in KINDS:
            with self.subTest(kind):
                page = self.open(kind)
                self.assertEqual(page.evaluate(USE), ["of 1", "of 2", "later", LOOKED])
                self.assertEqual(page.evaluate(LEAVE), LEFT)

    def test_debug(self) -> None:
        """In debug mode, failures are shown, and so is the panel."""
        self.expectComplaint(REFERENCE)
        for kind in KINDS:
            with self.subTest(kind):
                page = self.open(kind, "--debug")
                self.assertIn("The call of fail failed: ValueError: failed on purpose", page.evaluate(FAIL))
                self.assertEqual(page.evaluate(PANEL), "Connected")

    def test_early(self) -> None:
        """A submit before there are widgets is handled when they are there."""
        for kind in KINDS:
            with self.subTest(kind):
                page, client = self.delayed(kind)
                page.evaluate(SUBMIT)
                client.continue_()
                self.assertEqual(page.evaluate(ANSWER), "early")
                self.assertEqual(page.url.partition("?")[2], "")

    def test_unstarted(self) -> None:
        """Where the client does not come, the page shows it."""
        # The report to the server is a request for a socket that is none.
        self.expectComplaint("ERR_FAILED|does not run|has not loaded|status of 426")
        page = self.openPage()
        page.route("**/athenalite.js", lambda route: route.abort())
        server = self.useSharedServer("hiding ()", Hiding)
        page.goto(server.url + "NamedPage")
        page.evaluate(f"async () => {{ {FIND} await until(() => call('querySelector', '[data-athena-unstarted]')); }}")
        # Otherwise it would be in the log of the next test.
        waitUntil(lambda: "has not loaded" in server.log, lambda: server.log, pause=pausing(page))

    def delayed(self, kind: str) -> "tuple[Page, Route]":
        """A page that waits for its client's script, and the request for that."""
        page = self.openPage()
        requests: list[Route] = []
        page.route("**/athenalite.js", lambda route: requests.append(route))
        page.goto(self.useSharedServer("hiding ()", Hiding).url + kind, wait_until="commit")
        waitUntil(lambda: requests, pause=pausing(page))
        return page, requests[0]


class FirefoxTests(FirefoxTestCase):
    """The same in another engine."""

    def test_calls(self) -> None:
        """Widgets are found, handle events, call the server, and are added; dialogs are shown, and put aside."""
        self.expectComplaint(REFERENCE)
        for kind in KINDS:
            with self.subTest(kind):
                tab = self.openTab(self.useSharedServer("hiding", Hiding).url + kind)
                self.assertEqual(tab.evaluate(USE), ["of 1", "of 2", "later", LOOKED])
                self.assertEqual(tab.evaluate(LEAVE), LEFT)
