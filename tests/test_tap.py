# -*- test-case-name: tests.test_tap -*-
"""The command: its options, its error messages, and how it starts and stops."""

import gc
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from twisted.application.service import IServiceMaker
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import eventAsText, formatEvent, globalLogPublisher
from twisted.plugin import getPlugins
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource

from athenalite._rooms.home import Rooms
from athenalite._rooms.memory import MemoryEngine
from athenalite._server.factory import LivePageFactory
from athenalite.admin import Admin
from athenalite.athena import expose
from athenalite.metrics import Metrics
from athenalite.rooms import Room
from athenalite.tap import AthenaService, Options, WidgetPluginRoot, makeService
from harness.server import IMPORTED, ROOT, Server
from tests.pages import InMemorySite, Plain

ELEMENT = "--element=tests.pages.Plain"


class RootTests(SynchronousTestCase):
    """What the site serves."""

    def test_page(self):
        """Each GET of / makes a page of a new element."""
        site = InMemorySite(self)
        self.assertEqual([site.request().status for _ in range(2)], [200, 200])
        self.assertEqual(len(set(map(id, site.elements))), 2)

    def test_query(self):
        """The query is left to the application."""
        self.assertEqual(InMemorySite(self).request("/?room=1").status, 200)

    def test_otherPaths(self):
        """Other paths are not found, and make no element."""
        site = InMemorySite(self)
        for path in ("/favicon.ico", "/index.html", "/x/", "//", "/../etc/passwd", "/%00"):
            self.assertEqual(site.request(path).status, 404, path)
        self.assertEqual(site.elements, [])

    def test_otherMethods(self):
        """Other methods are refused, and make no element either."""
        site = InMemorySite(self)
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            response = site.request("/", method, Content_Length="0")
            self.assertEqual((response.status, response.header("Allow")), (405, "GET, HEAD"))
        self.assertEqual(site.elements, [])

    def test_coroutine(self):
        """The factory may return a Deferred or a coroutine; any other result than an element is an error."""

        async def make(element=Plain):
            return element()

        site = InMemorySite(self)
        for factory in (make, lambda: succeed(Plain())):
            site.site.resource = WidgetPluginRoot(factory, site.factory)
            self.assertIn("token", site.request().island)
        site.site.resource = WidgetPluginRoot(lambda: make(int), site.factory)
        self.assertEqual(site.request().status, 500)
        [failure] = self.flushLoggedErrors(TypeError)
        self.assertEqual(str(failure.value), "--element must return a LiveElement, but returned 0")

    def test_noElement(self):
        """A factory that returns something else is an error in the log, and status 500 for the browser."""
        site = InMemorySite(self)
        site.site.resource = WidgetPluginRoot(lambda: 7, site.factory)
        self.assertEqual(site.request().status, 500)
        [failure] = self.flushLoggedErrors(TypeError)
        self.assertEqual(str(failure.value), "--element must return a LiveElement, but returned 7")


class Later(Plain):
    """An element with a method that takes its time."""

    @expose
    def later(self):
        self.deferred = Deferred()
        return self.deferred


class ServiceTests(SynchronousTestCase):
    """Starting and stopping."""

    def setUp(self):
        self.events = []
        globalLogPublisher.addObserver(self.events.append)
        self.addCleanup(globalLogPublisher.removeObserver, self.events.append)
        self.reactor = MemoryReactorClock()

    def service(self, *descriptions):
        """A service that listens there."""
        factory = LivePageFactory(self.reactor)
        return AthenaService(self.reactor, WidgetPluginRoot(Plain, factory), factory, descriptions)

    def test_start(self):
        """It listens on each endpoint, and logs the address to open."""
        self.service("tcp:8123", "tcp:8124:interface=127.0.0.1").startService()
        self.assertEqual([port for port, *_ in self.reactor.tcpServers], [8123, 8124])
        addresses = [event["address"] for event in self.events if "address" in event]
        self.assertEqual(len(addresses), 2)
        for address in addresses:
            self.assertRegex(address, r"^http://\S+:\d+/$")

    def test_address(self):
        """The logged address is one that a browser can open: localhost for all interfaces, a number for IPv6 alone."""
        self.service("tcp:8123", r"tcp:8124:interface=\:\:1", r"tcp:8125:interface=\:\:").startService()
        self.assertEqual(
            [event["address"] for event in self.events if "address" in event],
            ["http://localhost:8123/", "http://[::1]:8124/", "http://localhost:8125/"],
        )

    def test_unix(self):
        """A UNIX socket's address is its endpoint."""
        self.service("unix:athena.socket").startService()
        self.assertEqual([event["address"] for event in self.events if "address" in event], ["unix:athena.socket"])

    def test_inUse(self):
        """A port that is in use: one line with the reason and the remedy."""

        def listenTCP(port, *args, **kwargs):
            raise CannotListenError("127.0.0.1", port, OSError(98, "Address already in use"))

        self.reactor.listenTCP = listenTCP
        error = self.assertRaises(SystemExit, self.service("tcp:8123").startService)
        self.assertEqual(
            error.code,
            "athena-widget: cannot listen on tcp:8123: Address already in use; choose another with --port or --listen",
        )

    def test_badEndpoint(self):
        """An invalid endpoint: one line that names it and shows the form."""
        for description in ("nonsense:1", "tcp", "tcp:http", "tcp:1:2:3:4:5:6", ""):
            error = self.assertRaises(SystemExit, self.service, description)
            self.assertIn(repr(description), error.code)
            self.assertIn("tcp:8080:interface=127.0.0.1", error.code)
            self.assertNotIn("\n", error.code)

    def stopping(self):
        """A service of a site with one connected page, that has a call running, and has been asked to stop."""
        site = InMemorySite(self, Later)
        service = AthenaService(site.clock, site.site.resource, site.factory, ())
        service.startService()
        element, page = site.page()
        page.call("later")
        return site, element, page, service.stopService()

    def test_stop(self):
        """It waits for running calls, answers them, closes the pages with the reason, and leaves no session."""
        site, element, page, stopped = self.stopping()
        self.assertNoResult(stopped)
        element.deferred.callback("done")
        site.clock.pump([0.1] * 5)
        self.assertIn(["respond", 1, True, "done"], page.messages())
        self.assertEqual(page.closed[0], 4000)
        self.assertIn("shutting down", page.closed[1])
        page.lose()
        site.clock.pump([0.1] * 5)
        self.successResultOf(stopped)
        self.assertEqual(len(site.factory.sessions), 0)

    def test_stopInTime(self):
        """A call that does not end delays it for a bounded time only."""
        site, _, page, stopped = self.stopping()
        site.clock.pump([0.5] * 30)
        page.messages()
        self.assertEqual(page.closed[0], 4000)
        page.lose()
        site.clock.pump([0.5] * 10)
        self.successResultOf(stopped)

    def test_drain(self):
        """With a time to drain it serves on that long, with health checks that fail, before it stops to listen."""
        factory = LivePageFactory(self.reactor)
        root = WidgetPluginRoot(Plain, factory)
        service = AthenaService(self.reactor, root, factory, ["tcp:8123"], drain=5)
        service.startService()
        ports = service._ports._ports
        stopped = service.stopService()
        self.reactor.advance(4.9)
        self.assertEqual((service._ports._ports, factory._health.draining), (ports, True))
        self.reactor.advance(0.2)
        self.assertEqual(service._ports._ports, [])
        self.reactor.pump([0.1] * 5)
        self.successResultOf(stopped)

    def test_metrics(self):
        """Metrics listen at the given addresses, which are logged as such."""
        factory = LivePageFactory(self.reactor)
        metrics = Metrics(self.reactor, factory)
        root = WidgetPluginRoot(Plain, factory)
        service = AthenaService(self.reactor, root, factory, ["tcp:8123"], metrics=(metrics, ["tcp:9100", "unix:m"]))
        service.startService()
        logged = [formatEvent(event) for event in self.events if "address" in event]
        expected = ["open http://localhost:8123/", "metrics at http://localhost:9100/metrics", "metrics at unix:m"]
        self.assertEqual(logged, [f"athena-widget: {one}" for one in expected])
        stopped = service.stopService()
        self.reactor.pump([0.1] * 5)
        self.successResultOf(stopped)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_admin(self):
        """Operators have addresses of their own. They see that the server drains, which they cannot end."""
        factory = LivePageFactory(self.reactor)
        admin, root = Admin(self.reactor, factory), WidgetPluginRoot(Plain, factory)
        options = {"admin": (admin, ["tcp:8081", "unix:a"]), "drain": 1.0}
        service = AthenaService(self.reactor, root, factory, ["tcp:8123"], **options)
        service.startService()
        logged = [formatEvent(event) for event in self.events if "address" in event]
        expected = ["open http://localhost:8123/", "operators at http://localhost:8081/", "operators at unix:a"]
        self.assertEqual(logged, [f"athena-widget: {one}" for one in expected])
        hosts = self.reactor.tcpServers[1][1]._hosts
        served = [hosts.serves(one) for one in ("localhost:8081", "127.0.0.1", "evil.example")]
        self.assertEqual(served, [True, True, False])
        stopped = service.stopService()
        admin.undrain()
        self.assertTrue(admin.isDraining)
        self.reactor.pump([0.5] * 6)
        self.successResultOf(stopped)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_rooms(self):
        """Rooms that are made by the service's application belong to it while it runs in the process's own reactor."""
        clock = MemoryReactorClock()
        self.patch(sys, "modules", {**sys.modules, "twisted.internet.reactor": clock})
        rooms = Rooms()
        service = AthenaService(clock, Resource(), LivePageFactory(clock), [], rooms=rooms)
        service.startService()
        room = Room("lobby")
        self.successResultOf(service.stopService())
        other = Room("lobby")
        self.assertEqual(len(rooms), 1)
        del room, other

    def joining(self):
        """Start a service with a room, on an engine that stands still."""
        engine = MemoryEngine(self.reactor)
        engine.stall()
        rooms = Rooms(engine.door(), "w1")
        with rooms.current():
            self.room = Room("lobby")
        factory = LivePageFactory(self.reactor, name="w1")
        started = AthenaService(self.reactor, Resource(), factory, ["tcp:8123"], rooms=rooms)
        happened = []
        self.patch(started._ports, "hold", lambda: happened.append("hold"))
        self.patch(started._ports, "accept", lambda: happened.append("accept"))
        self.patch(started._notifier, "ready", lambda text: happened.append(text))
        started.startService()
        return started, engine, happened

    def test_joining(self):
        """Connections wait until the worker has joined its rooms, so that pages receive all calls from then on."""
        service, engine, happened = self.joining()
        self.assertEqual((happened, self.reactor.tcpServers[0][0]), (["hold"], 8123))
        self.reactor.pump([0.1] * 10)
        self.assertEqual(happened, ["hold"])
        engine.go()
        self.reactor.pump([0.1] * 2)
        self.assertEqual(happened, ["hold", "accept", "serving http://localhost:8123/"])
        stopped = service.stopService()
        self.reactor.pump([0.1] * 10)
        self.successResultOf(stopped)

    def test_joiningLate(self):
        """They wait for two seconds at most: pages are served without the engine, too."""
        _, _, happened = self.joining()
        self.reactor.pump([0.05] * 42)
        self.assertEqual(happened[1:2], ["accept"])

    def test_stoppedWhileJoining(self):
        """A service that is stopped meanwhile takes no visitors."""
        service, engine, happened = self.joining()
        stopped = service.stopService()
        engine.go()
        self.reactor.pump([0.1] * 40)
        self.successResultOf(stopped)
        self.assertEqual(happened, ["hold"])

    def test_collecting(self):
        """The garbage collector runs so rarely that a broadcast to a thousand pages does not start it."""
        self.addCleanup(gc.set_threshold, *gc.get_threshold())
        options = Options()
        options.parseOptions([ELEMENT])
        makeService(options)
        self.assertGreater(gc.get_threshold()[0], 8 * 1000)

    def test_makeService(self):
        """The options reach the site."""
        options = Options()
        options.parseOptions([ELEMENT, "--debug", "--behind-proxy", "--connect-timeout=7", "--port=0"])
        factory = makeService(options)._factory
        self.assertTrue(factory.debug and factory.assets.debug)
        self.assertIn("--debug: everybody who can open a page sees tracebacks", "".join(map(eventAsText, self.events)))
        self.assertEqual(factory.limits.connectTimeout, 7)

    def test_legacyContent(self):
        """The pages of the legacy policy allow eval and other hosts, if the options say so; the log has a warning."""
        options = Options()
        more = ["--legacy-content-evals", "--legacy-content-host=https://cdn.example"]
        options.parseOptions(["--element=tests.pages.Plain", "--legacy-content-policy", *more])
        policy = makeService(options)._site.resource._headers["Content-Security-Policy"]
        self.assertIn("script-src 'self' 'unsafe-inline' 'unsafe-eval' https://cdn.example;", policy)
        self.assertIn(
            "--legacy-content-policy: inline scripts and handlers run", "".join(map(eventAsText, self.events))
        )

    def test_plugin(self):
        """The command is registered for twistd and twist."""
        [plugin] = [one for one in getPlugins(IServiceMaker) if one.tapname == "athena-widget"]
        self.assertIs(plugin.makeService, makeService)
        self.assertIs(plugin.options, Options)


class CommandTests(SynchronousTestCase):
    """The command as people run it; each of these starts a process."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def run_(self, *arguments):
        """Run a command that should fail: its exit status and what it printed."""
        command = [sys.executable, "-m", "twisted", "athena-widget", *arguments]
        environment = {**os.environ, "PYTHONPATH": IMPORTED}
        done = subprocess.run(
            command, cwd=self.directory, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def test_noElement(self):
        """A missing element: exit status 1, one line, no traceback."""
        status, output = self.run_("--element=no_such_module.element")
        self.assertEqual(status, 1)
        self.assertEqual(len(output.strip().splitlines()), 1, output)
        self.assertIn("--element: cannot find 'no_such_module.element'", output)

    def test_brokenModule(self):
        """A module that fails to import: its own traceback, with its file and line."""
        (self.directory / "broken_widget.py").write_text("\n1 / 0\n")
        status, output = self.run_("--element=broken_widget.element")
        self.assertEqual(status, 1)
        self.assertIn("broken_widget.py", output)
        self.assertIn("line 2", output)
        self.assertIn("ZeroDivisionError", output)

    def test_portInUse(self):
        """A port in use: exit status 1, the reason and the advice in one line, no traceback."""
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        description = f"tcp:{taken.getsockname()[1]}:interface=127.0.0.1"
        status, output = self.run_("--element=tests.pages.Plain", f"--listen={description}")
        self.assertEqual(status, 1)
        self.assertNotIn("Traceback", output)
        [line] = [one for one in output.splitlines() if "cannot listen" in one]
        self.assertIn("Address already in use; choose another", line)

    def test_tutorial(self):
        """The tutorial's listings in a directory of their own, run there by the tutorial's own command."""
        shutil.copytree(ROOT / "examples" / "chattutorial", self.directory, dirs_exist_ok=True)
        twistd = Path(sys.executable).with_name("twistd")
        command = [str(twistd), "-n"]
        with (
            Server("chatthing.chatterbox.chat", command=command, cwd=self.directory) as server,
            urlopen(server.url) as response,
        ):
            page = response.read().decode("utf-8")
        server.assertQuiet()
        self.assertIn('athena:class="ChatThing.ChatterWidget"', page)
        self.assertIn("<h2>Chatter Element</h2>", page)
