# -*- test-case-name: tests.integration.test_changing -*-
"""Servers of one site on an engine, behind a real proxy: one is killed, renamed, removed, or has another version."""

import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.browser import pausing
from harness.rawsocket import request
from harness.redis import RedisServer
from harness.server import IMPORTED, Server
from harness.waiting import SharedTime, waitUntil
from tests.browser.test_chat import Person
from tests.integration import test_deploy as deploy

if TYPE_CHECKING:
    from playwright.sync_api import Page

    _Base = deploy.ProxyTestCase
else:
    # A class with tests of its own would run them, too.
    _Base = object

#: Another application in each version: the state of its element, and its scripts.
ELEMENT = """
from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr

NAMESPACES = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement"'

class Later(LiveElement):
    jsClass = "Later.Widget"
    docFactory = xmlstr(f"<p {NAMESPACES} />")

class Versioned(LiveElement):
    jsClass = "Versioned.Widget"
    docFactory = xmlstr(f"<div {NAMESPACES}><input /></div>")
    pageReloads = RELOADS
    count = 0

    def getState(self):
        return STATE

    def setState(self, state):
        self.count = state["COUNT"]

    @expose
    def more(self):
        self.count += 1
        return ["VERSION", self.count]

    @expose
    def later(self):
        later = Later()
        later.setFragmentParent(self)
        return later
"""
SCRIPT = """
import { Widget as Base } from "athenalite";

export class Widget extends Base {
    version() {
        return "VERSION";
    }

    async later() {
        return (await this.addChildWidgetFromWidgetInfo(await this.callRemote("later"))).version();
    }
}
"""
WIDGET = "Nevow.Athena.Widget.fromAthenaID(1)"


class Changes(_Base):
    """
    What is alike for all proxies.

    :cvar proxyClass: of which a reload closes the sockets that are open.
    """

    proxyClass: type[deploy.ReloadedNginx | deploy.ReloadedHaproxy]

    def setUp(self) -> None:
        super().setUp()
        self.engine = self.enterContext(RedisServer())
        # Of sockets that are closed while a server stops.
        self.expectComplaint("WebSocket connection to")

    def serve(self, name: str, port: int, *more: str) -> Server:
        return super().serve(name, port, f"--engine={self.engine.address}", *more)

    def without(self, text: str, port: int) -> str:
        """Return a configuration without the server w8081, which is at this port."""
        raise NotImplementedError

    def renaming(self, text: str) -> str:
        """Return a configuration in which the server w8082 has the name w8083, too."""
        raise NotImplementedError

    def configuration(self, proxy: deploy.Deployed) -> Path:
        """Return the file that the proxy reads."""
        [path] = [path for path in proxy.directory.iterdir() if path.name in ("nginx.conf", "haproxy.cfg")]
        return path

    def change(self, proxy: deploy.Deployed, port: int) -> None:
        """Let the proxy read a configuration without w8081."""
        path = self.configuration(proxy)
        path.write_text(self.without(path.read_text(), port))
        proxy.reload()

    def nameIn(self, page: "Page") -> str:
        """Return the name of the server that has rendered a page."""
        found = re.search("_athena/at/(w[0-9]+)/transport", page.content())
        assert found is not None
        return found[1]

    def visit(self, proxy: deploy.Deployed, name: str) -> "Page":
        """Open a page of this server."""
        for _ in range(20):
            page = self.openPage(f"https://localhost:{proxy.tlsPort}/", ignore_https_errors=True)
            if self.nameIn(page) == name:
                return page
            page.close()
        raise AssertionError(f"no page is of {name}")

    def people(self, proxy: deploy.Deployed) -> tuple[Person, Person]:
        """Let one person join at each server."""
        alice, bob = (Person(f"at {name}", self.visit(proxy, name)).join() for name in ("w8081", "w8082"))
        alice.waitFor("* user at w8082 has joined")
        return alice, bob

    def waitOpened(self, page: "Page", sockets: list[Any], before: int) -> None:
        """Wait until a page has opened more sockets."""
        waitUntil(lambda: len(sockets) > before, "no socket is opened", pause=pausing(page))

    def assertShownLost(self, page: "Page", passed: SharedTime | None = None) -> None:
        """The page shows the dialog that it is lost, within two seconds if ``passed`` is given."""
        waitUntil(lambda: page.get_by_role("alertdialog").count(), "no dialog is shown", pause=pausing(page))
        if passed is not None:
            self.assertLess(passed(), 2)

    def assertHeard(self, person: Person, speaker: Person, count: int) -> None:
        """The person's page shows this many lines of the speaker, each once, in their order."""
        expected = [f"{speaker.name}: line {number}" for number in range(count)]
        self.assertEqual(person.waitForLines(": line ", count), expected)

    def test_killed(self) -> None:
        """A server is killed while people write: its pages are lost at their next socket, the others lose nothing."""
        servers, proxy = self.start(self.proxyClass)
        alice, bob = self.people(proxy)
        pages = [self.page(proxy) for _ in range(6)]
        for number in range(30):
            bob.say(f"line {number}")
            if number == 10:
                # All that was said before has been accepted.
                self.assertHeard(alice, bob, 11)
                servers[0].kill()
                passed = SharedTime()
            if number == 12:
                self.assertShownLost(alice.page, passed)
        self.assertHeard(bob, bob, 30)
        self.assertEqual(bob.page.get_by_role("alertdialog").count(), 0)
        self.assertEqual({path for _, path in pages}, {f"/_athena/at/w808{one}/transport" for one in (1, 2)})
        for page in pages:
            if "w8081" in page[1]:
                self.assertLost(proxy, page)
            else:
                self.connect(proxy, page).close()

    def test_forgotten(self) -> None:
        """A server that runs is removed from the configuration: its pages are lost, and show it."""
        servers, proxy = self.start(self.proxyClass)
        alice, bob = self.people(proxy)
        unconnected = next(page for page in iter(lambda: self.page(proxy), None) if "w8081" in page[1])
        self.change(proxy, servers[0].port)
        self.assertShownLost(alice.page)
        self.assertLost(proxy, unconnected)
        for number in range(5):
            bob.say(f"line {number}")
        self.assertHeard(bob, bob, 5)
        self.assertEqual({self.nameIn(self.visit(proxy, "w8082"))}, {"w8082"})

    def test_removed(self) -> None:
        """
        A server is stopped, and then removed from the configuration: its pages have moved to the other server. They
        stay there, also while a server of the first name runs again behind the proxy.
        """
        servers, proxy = self.start(self.proxyClass)
        alice, bob = self.people(proxy)
        alice.page.evaluate("window.isSame = true")
        servers[0].process.send_signal(signal.SIGTERM)
        said = 0
        while servers[0].process.poll() is None or said < 10:
            bob.say(f"line {said}")
            said += 1
        # She is at w8082 now.
        self.assertHeard(alice, bob, said)
        again = self.serve("w8081", servers[0].port)
        waitUntil(lambda: "w8081" in self.page(proxy)[1], lambda: again.log)
        sockets: list[Any] = []
        alice.page.on("websocket", lambda socket: sockets.append(socket))
        # All sockets are closed, and opened again.
        for isRemoved in (False, True):
            before = len(sockets)
            if isRemoved:
                self.change(proxy, servers[0].port)
            else:
                proxy.reload()
            self.waitOpened(alice.page, sockets, before)
            for _ in range(3):
                bob.say(f"line {said}")
                said += 1
        for person in alice, bob:
            self.assertHeard(person, bob, said)
            self.assertEqual(person.page.get_by_role("alertdialog").count(), 0)
        alice.say("I am still here")
        bob.waitFor("I am still here")
        self.assertTrue(alice.page.evaluate("window.isSame"))

    def test_renamed(self) -> None:
        """
        A server gets another name, which the proxy has beside the old one at first: pages of both servers, and of the
        new name, go on.
        """
        servers, proxy = self.start(self.proxyClass)
        alice, bob = self.people(proxy)
        people = [alice, bob]
        path, said = self.configuration(proxy), 0
        only = path.read_text().replace("w8082", "w8083").replace("w808[12]", "w808[13]")
        path.write_text(self.renaming(path.read_text()))
        for step in ("both", "restarted", "only"):
            counts = {person: self.countSockets(person.page) for person in people}
            if step == "restarted":
                servers[1].stop()
                self.serve("w8083", servers[1].port)
                waitUntil(lambda: "w8083" in self.page(proxy)[1], step)
                people.append(Person("at w8083", self.visit(proxy, "w8083")).join())
            else:
                path.write_text(only if step == "only" else path.read_text())
                proxy.reload()
                for person, sockets in counts.items():
                    self.waitOpened(person.page, sockets, 0)
            for _ in range(3):
                bob.say(f"line {said}")
                said += 1
            self.assertHeard(alice, bob, said)
        for person in people:
            self.assertEqual(person.page.get_by_role("alertdialog").count(), 0)
            person.say(f"{person.name} is still here")
            alice.waitFor(f"{person.name} is still here")
        self.assertHeard(bob, bob, said)

    def countSockets(self, page: "Page") -> list[Any]:
        """Return a list to which the sockets are added that a page opens."""
        sockets: list[Any] = []
        page.on("websocket", lambda socket: sockets.append(socket))
        return sockets

    def test_renamedAtOnce(self) -> None:
        """
        The proxy has only the new name of a server that runs with the old one. Each socket of its pages is answered at
        once, by any server: so a page goes on or is lost, and shows it. Those of the other server go on.
        """
        _, proxy = self.start(self.proxyClass)
        alice, bob = self.people(proxy)
        pages = [page for page in (self.page(proxy) for _ in range(16)) if "w8082" in page[1]]
        path = self.configuration(proxy)
        sockets = self.countSockets(bob.page)
        path.write_text(path.read_text().replace("w8082", "w8083").replace("w808[12]", "w808[13]"))
        proxy.reload()
        self.waitOpened(bob.page, sockets, 0)
        self.assertLessEqual(self.answers(proxy, pages), {None, 4000})
        passed = SharedTime()
        alice.say("line 0")

        def hasHeardOrIsLost() -> bool:
            return bool(bob.page.get_by_role("alertdialog").count()) or "at w8081: line 0" in bob.lines()

        waitUntil(hasHeardOrIsLost, lambda: bob.lines(), pause=pausing(bob.page))
        self.assertLess(passed(), 4)
        self.assertHeard(alice, alice, 1)
        self.assertEqual(alice.page.get_by_role("alertdialog").count(), 0)

    def answers(self, proxy: deploy.Deployed, pages: list[deploy.Page]) -> set[int | None]:
        """Open a socket of each page. Return with which codes they are closed; each is answered within two seconds."""
        codes: set[int | None] = set()
        for page in pages:
            passed = SharedTime()
            try:
                self.connect(proxy, page).close()
                codes.add(None)
            except EOFError as error:
                codes.add(int.from_bytes(error.args[0][:2], "big"))
            self.assertLess(passed(), 2)
        return codes

    def versioned(
        self, name: str, version: str, state: str = '{"count": self.count}', port: int = 0, reloads: bool = False
    ) -> Server:
        """Start a server with this version of an application of its own, whose lost pages may load themselves again."""
        directory = Path(self.engine.directory) / f"{name}-{version}"
        (directory / "js").mkdir(parents=True)
        text = ELEMENT.replace("VERSION", version).replace("STATE", state).replace("COUNT", "count")
        text = text.replace("RELOADS", str(reloads))
        (directory / "versioned.py").write_text(text)
        for module in ("Versioned", "Later"):
            (directory / "js" / f"{module}.mjs").write_text(SCRIPT.replace("VERSION", version))
        options = [
            *("--behind-proxy", "--host=localhost", f"--name={name}", f"--engine={self.engine.address}"),
            f"--listen=tcp:{port}:interface=127.0.0.1",
        ]
        environment = {"PYTHONPATH": f"{directory}:{IMPORTED}"}
        return self.startServer("versioned.Versioned", *options, environment=environment)

    def test_versions(self) -> None:
        """
        Two versions of an application: each page has its own server's scripts. When the old server stops its pages go
        on in the new one with their state and what is typed; a script that is loaded later is the new one.
        """
        servers = [self.versioned("w8081", "old"), self.versioned("w8082", "new")]
        proxy = self.enterContext(self.proxyClass(*(server.port for server in servers)))
        old, new = self.visit(proxy, "w8081"), self.visit(proxy, "w8082")
        for page, version in ((old, "old"), (new, "new")):
            self.waitForWidget(page)
            for number in (1, 2):
                self.assertEqual(page.evaluate(f"{WIDGET}.callRemote('more')"), [version, number])
            self.assertEqual(page.evaluate(f"{WIDGET}.version()"), version)
        old.fill("input", "typed")
        [digest] = set(re.findall(r"_athena/at/w8082/([^/]+)/Versioned.mjs", new.content()))
        # A script of the new version is asked of the old server, as when the new one is not back yet.
        status, text = request(servers[0].port, path=f"/_athena/at/w8082/{digest}/Versioned.mjs")
        self.assertEqual((status, b"no-store" in text, b'return "old"' in text), (200, True, True))
        servers[0].process.send_signal(signal.SIGTERM)
        self.assertEqual(old.evaluate(f"{WIDGET}.callRemote('more')")[1], 3)
        waitUntil(lambda: servers[0].process.poll() is not None, lambda: servers[0].log, pause=pausing(old))
        self.assertEqual(old.evaluate(f"{WIDGET}.callRemote('more')"), ["new", 4])
        self.assertEqual(old.evaluate(f"[{WIDGET}.version(), document.querySelector('input').value]"), ["old", "typed"])
        self.assertEqual(old.evaluate(f"{WIDGET}.later()"), "new")
        self.assertEqual(new.evaluate(f"{WIDGET}.callRemote('more')"), ["new", 3])

    def visitSlowly(self, proxy: deploy.Deployed, name: str) -> tuple["Page", Any]:
        """Open a page of this server, which has not loaded its script yet. Return what lets it do so, too."""
        held: list[Any] = []
        page = self.openPage(ignore_https_errors=True)
        page.route("**/Versioned.mjs", lambda route: route.continue_() if held else held.append(route))
        for _ in range(20):
            held.clear()
            page.goto(f"https://localhost:{proxy.tlsPort}/", wait_until="commit")
            waitUntil(lambda: held, "no script is loaded", pause=pausing(page))
            if f"/at/{name}/" in held[0].request.url:
                return page, held[0]
        raise AssertionError(f"no page is of {name}")

    def test_olderScripts(self) -> None:
        """
        A server is replaced by a later version, before a page has loaded its script: it gets that of the version in
        which its element is now, and goes on.
        """
        servers = [self.versioned("w8081", "old"), self.versioned("w8082", "second")]
        proxy = self.enterContext(self.proxyClass(*(server.port for server in servers)))
        page, script = self.visitSlowly(proxy, "w8081")
        servers[0].stop()
        self.versioned("w8081", "new", port=servers[0].port)
        self.assertServedBy(proxy, "w8081")
        script.continue_()
        self.waitForWidget(page)
        version, count = page.evaluate(f"{WIDGET}.callRemote('more')")
        self.assertEqual(count, 1)
        self.assertIn(version, ("new", "second"))
        self.assertEqual(page.evaluate(f"{WIDGET}.version()"), "new")
        self.assertEqual(page.get_by_role("alertdialog").count(), 0)

    def assertServedBy(self, proxy: deploy.Deployed, name: str) -> None:
        """The proxy asks this server again."""
        waitUntil(lambda: name in self.page(proxy)[1], name)

    def test_laterScripts(self) -> None:
        """
        The server of the later version is killed, before a page of it has loaded its script: it gets that of the other
        version, which no browser keeps. It is lost at the same time, and loads itself again: at once, if it has never
        connected. So its script and its element are of one version.
        """
        servers = [self.versioned("w8081", "old", reloads=True), self.versioned("w8082", "new", reloads=True)]
        proxy = self.enterContext(self.proxyClass(*(server.port for server in servers)))
        page, script = self.visitSlowly(proxy, "w8082")
        # The client asks why there is no socket.
        self.expectComplaint("status of 426|WebSocket")
        servers[1].kill()
        with page.expect_response("**/w8082/*/Versioned.mjs") as answer:
            script.continue_()
        self.assertEqual(answer.value.headers["cache-control"], "no-store")
        page.locator("script[src*='/at/w8081/']").first.wait_for(state="attached")
        self.waitForWidget(page)
        self.assertEqual(page.evaluate(f"{WIDGET}.callRemote('more')"), ["old", 1])
        self.assertEqual(page.evaluate(f"{WIDGET}.version()"), "old")

    def test_laterState(self) -> None:
        """A page moves to a server with an older version, which cannot use its state: it is lost, and shows it."""
        servers = [self.versioned("w8081", "new", '{"counted": self.count}'), self.versioned("w8082", "old")]
        proxy = self.enterContext(self.proxyClass(*(server.port for server in servers)))
        page = self.visit(proxy, "w8081")
        self.waitForWidget(page)
        self.expectComplaint("could not go on here|KeyError|Traceback|^ ")
        servers[0].process.send_signal(signal.SIGTERM)
        self.assertShownLost(page)
        self.assertIn("KeyError: 'count'", servers[1].log)


class NginxTests(Changes, deploy.ProxyTestCase):
    """``nginx.conf``"""

    proxyClass = deploy.ReloadedNginx

    def without(self, text: str, port: int) -> str:
        text = re.sub(r"    upstream w8081 \{[^}]*\}\n", "", text)
        return re.sub(rf" *server 127\.0\.0\.1:{port} [^\n]*\n", "", text).replace("w808[12]", "w8082")

    def renaming(self, text: str) -> str:
        text = re.sub(r"    upstream w8082( \{[^}]*\}\n)", r"    upstream w8082\1    upstream w8083\1", text)
        return text.replace("w808[12]", "w808[123]")

    def test_renamedByHalf(self) -> None:
        """An upstream has a new name, and the pattern has the old one: this is as if no name were known."""
        _, proxy = self.start(self.proxyClass)
        pages = [page for page in (self.page(proxy) for _ in range(16)) if "w8082" in page[1]]
        path = self.configuration(proxy)
        path.write_text(path.read_text().replace("upstream w8082", "upstream w8083"))
        proxy.reload()
        # It may not have read that yet. Then the pages are of any server, some of that which has them.
        waitUntil(lambda: 4000 in self.answers(proxy, pages), lambda: proxy.errors)
        self.assertEqual(self.answers(proxy, pages), {None, 4000})


class HaproxyTests(Changes, deploy.ProxyTestCase):
    """``haproxy.cfg``"""

    proxyClass = deploy.ReloadedHaproxy

    def without(self, text: str, port: int) -> str:
        return text.replace(f"    server w8081 127.0.0.1:{port}\n", "")

    def renaming(self, text: str) -> str:
        return re.sub("    server w8082 (.*)\n", r"    server w8082 \1\n    server w8083 \1\n", text)
