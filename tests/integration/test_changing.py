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

    def change(self, proxy: deploy.Deployed, port: int) -> None:
        """Let the proxy read a configuration without w8081."""
        [path] = [path for path in proxy.directory.iterdir() if path.name in ("nginx.conf", "haproxy.cfg")]
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

    def versioned(self, name: str, version: str, state: str = '{"count": self.count}') -> Server:
        """Start a server with this version of an application of its own."""
        directory = Path(self.engine.directory) / f"{name}-{version}"
        (directory / "js").mkdir(parents=True)
        text = ELEMENT.replace("VERSION", version).replace("STATE", state).replace("COUNT", "count")
        (directory / "versioned.py").write_text(text)
        for module in ("Versioned", "Later"):
            (directory / "js" / f"{module}.mjs").write_text(SCRIPT.replace("VERSION", version))
        options = "--behind-proxy", "--host=localhost", f"--name={name}", f"--engine={self.engine.address}"
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


class HaproxyTests(Changes, deploy.ProxyTestCase):
    """``haproxy.cfg``"""

    proxyClass = deploy.ReloadedHaproxy

    def without(self, text: str, port: int) -> str:
        return text.replace(f"    server w8081 127.0.0.1:{port}\n", "")
