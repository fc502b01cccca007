# -*- test-case-name: tests.integration.test_deploy -*-
"""The files of examples/deploy, each with the program that it is for."""

import configparser
import http.client
import json
import re
import shlex
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from unittest import TestCase

from twisted.internet.task import Clock

from athenalite._command.workermetrics import merged
from athenalite._core.meter import Meter
from athenalite._core.registry import SessionRegistry
from athenalite._metrics.prometheus import SiteCollector
from athenalite._metrics.watchdog import Pulse, Watchdog
from athenalite.interfaces import IClock
from athenalite.limits import Limits
from harness.browser import BrowserTestCase
from harness.proxy import Proxy
from harness.rawsocket import TOKEN, RawSocket, request
from harness.server import TWIST, Server, selfSigned
from harness.waiting import SharedTime, waitUntil
from tests.browser.test_chat import CHAT, Person
from tests.memory import recordingLog
from tools.programs import required

#: The token of a page, and the path of its socket.
Page = tuple[str, str]
DEPLOY = Path(__file__).parent.parent.parent / "examples" / "deploy"
NAME = "chat.example.org"


def filled(text: str, replacements: dict[str, str]) -> str:
    """Return a configuration with other values; each of the old ones must be there."""
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


class Deployed(Proxy):
    """
    A proxy in front of two servers, by a file of examples/deploy.

    :param ports: those of the servers.
    """

    def __init__(self, *ports: int) -> None:
        super().__init__(ports[0])
        self._ports = ports

    def settings(self) -> dict[str, str]:
        """Return what is different here: ports, the name and the certificate."""
        pem = str(selfSigned(self.directory))
        servers = {f"127.0.0.1:{8081 + index}": f"127.0.0.1:{port}" for index, port in enumerate(self._ports)}
        return {NAME: "localhost", self.pem: pem, **servers}

    pem = "/etc/ssl/chat.pem"

    def request(self, path: str, secure: bool = True) -> http.client.HTTPResponse:
        """Request a path as a browser does. No redirect is followed."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = (
            http.client.HTTPSConnection("localhost", self.tlsPort, timeout=60, context=context)
            if secure
            else http.client.HTTPConnection("localhost", self.port, timeout=60)
        )
        # Without a port, as at the ports of HTTP and HTTPS.
        connection.request("GET", path, headers={"Host": "localhost"})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response


class Nginx(Deployed):
    """nginx.conf."""

    def command(self) -> Sequence[str]:
        program = required("nginx")
        places = {
            "/run/nginx.pid": "nginx.pid",
            "/var/log/nginx/": "",
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.tlsPort} ssl;",
            "http {": "http { client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; "
            "uwsgi_temp_path uwsgi; scgi_temp_path scgi;",
            "$host;": "$http_host;",
        }
        text = filled((DEPLOY / "nginx.conf").read_text("utf-8"), {**self.settings(), **places})
        (self.directory / "nginx.conf").write_text(f"daemon off; master_process off;\n{text}")
        return [program, "-p", str(self.directory), "-c", "nginx.conf", "-e", "error.log"]


class Haproxy(Deployed):
    """haproxy.cfg."""

    pem = "/etc/haproxy/chat.pem"

    def command(self) -> Sequence[str]:
        program = required("haproxy")
        places = {
            "bind :80\n": f"bind 127.0.0.1:{self.port}\n",
            "bind :443 ssl": f"bind 127.0.0.1:{self.tlsPort} ssl",
            # Fewer descriptors than a server may have.
            "maxconn 65536": "maxconn 100",
        }
        text = filled((DEPLOY / "haproxy.cfg").read_text("utf-8"), {**self.settings(), **places})
        (self.directory / "haproxy.cfg").write_text(text)
        return [program, "-db", "-f", str(self.directory / "haproxy.cfg")]


class ReloadedNginx(Nginx):
    """nginx with a master, as in production, of which a reload closes old sockets after a second."""

    def command(self) -> Sequence[str]:
        command = super().command()
        path = self.directory / "nginx.conf"
        usual = {"master_process off;": "user root;", "worker_shutdown_timeout 5m;": "worker_shutdown_timeout 1s;"}
        path.write_text(filled(path.read_text(), usual))
        return command


class ReloadedHaproxy(Haproxy):
    """The same, of HAProxy."""

    reloads = signal.SIGUSR2

    def command(self) -> Sequence[str]:
        program, _, *rest = super().command()
        path = self.directory / "haproxy.cfg"
        path.write_text(filled(path.read_text(), {"hard-stop-after 5m": "hard-stop-after 1s"}))
        return [program, "-W", *rest]


class ProxyTestCase(BrowserTestCase):
    """Two servers of the chat behind a proxy."""

    def start(self, make: type[Deployed], *more: str) -> tuple[list[Server], Deployed]:
        """Start all three; the second server with more options."""
        servers = [self.serve("w8081", 0), self.serve("w8082", 0, *more)]
        return servers, self.enterContext(make(*(server.port for server in servers)))

    def serve(self, name: str, port: int, *more: str) -> Server:
        """Start a server of this name."""
        options = ("--behind-proxy", "--host=localhost", f"--listen=tcp:{port}:interface=127.0.0.1")
        return self.startServer(CHAT, *options, f"--name={name}", *more)

    def assertStops(self, proxy: Deployed, server: Server) -> int:
        """Wait until a server has stopped: nobody gets an error meanwhile. Return how many requests were made."""
        statuses = []

        def isOver() -> bool:
            statuses.append(proxy.request("/?draining").status)
            return server.process.poll() is not None

        waitUntil(isOver, lambda: server.log)
        self.assertEqual(set(statuses), {200})
        return len(statuses)

    def assertServed(self, proxy: Deployed) -> None:
        """A page connects over TLS; HTTP is redirected."""
        Person("alice", self.openPage(f"https://localhost:{proxy.tlsPort}/", ignore_https_errors=True)).join()
        redirected = proxy.request("/?room=1", secure=False)
        self.assertEqual((redirected.status, redirected.headers["Location"]), (308, "https://localhost/?room=1"))
        self.assertIn("max-age=", proxy.request("/").headers["Strict-Transport-Security"])

    def page(self, proxy: Deployed) -> Page:
        """Request a page."""
        _, answer = request(proxy.tlsPort, secure=True)
        token, path = TOKEN.search(answer), re.search(rb'"\./(_athena/at/w[0-9]+/transport)"', answer)
        assert token is not None and path is not None, answer
        return token[1].decode(), f"/{path[1].decode()}"

    def connect(self, proxy: Deployed, page: Page) -> Any:
        """Open a socket of a page."""
        return self.enterContext(RawSocket.connected(proxy.tlsPort, page[0], path=page[1], secure=True))

    def assertLost(self, proxy: Deployed, page: Page) -> None:
        """The page's next socket is closed within two seconds of a quiet machine, because there is no page."""
        passed = SharedTime()
        with self.assertRaises(EOFError) as closed:
            self.connect(proxy, page)
        self.assertEqual(closed.exception.args[0][:2], (4000).to_bytes(2, "big"))
        self.assertLess(passed(), 2)

    def assertRouted(self, proxy: Deployed) -> list[Page]:
        """New pages are of both servers; each comes back to its own, again and again, also if the proxy restarts."""
        pages = [self.page(proxy) for _ in range(10)]
        self.assertEqual({path for _, path in pages}, {f"/_athena/at/w808{one}/transport" for one in (1, 2)})
        for _ in range(3):
            for page in pages:
                self.connect(proxy, page).close()
        sockets = [self.connect(proxy, page) for page in pages]
        proxy.stop()
        for socket in sockets:
            # The chat may have sent something first.
            with self.assertRaises(EOFError):
                while True:
                    socket.receiveFrame()
        proxy.start()
        for page in pages:
            self.connect(proxy, page).close()
        # A name that the configuration does not have, as that of a server that was removed.
        self.assertLost(proxy, ("x" * 43, "/_athena/at/w9/transport"))
        return pages

    def assertReloaded(self, make: type[ReloadedNginx | ReloadedHaproxy]) -> None:
        """While the proxy is reloaded, and closes a page's socket, the page talks: each line arrives once."""
        servers, proxy = self.start(make)
        sockets: list[Any] = []

        def opened(socket: Any) -> None:
            sockets.append(socket)

        page = self.openPage(ignore_https_errors=True)
        page.on("websocket", opened)
        page.goto(f"https://localhost:{proxy.tlsPort}/")
        alice = Person("alice", page).join()
        self.assertEqual(len(sockets), 1)
        proxy.reload()
        said = 0
        while len(sockets) < 2 or said < 30:
            alice.say(f"line {said}")
            said += 1
            page.wait_for_timeout(50)
            self.assertLess(said, 1000, "the socket stays open")
        self.assertEqual(alice.waitForLines(": line ", said), [f"alice: line {number}" for number in range(said)])
        for server in servers:
            self.assertNotIn("lost", server.log)

    def assertCrashed(self, proxy: Deployed, server: Server, pages: list[Page]) -> None:
        """If a server is killed its pages are lost at their next socket; the others stay, and new ones are served."""
        server.kill()
        for page in pages:
            if "w8081" in page[1]:
                self.assertLost(proxy, page)
            else:
                self.connect(proxy, page).close()
        self.connect(proxy, self.page(proxy)).close()


class NginxTests(ProxyTestCase):
    """``nginx.conf``"""

    def test_nginx(self) -> None:
        """It serves pages of two servers; one that has crashed loses only its own, and may come back."""
        # For longer than nginx leaves a server alone that has refused a connection (fail_timeout).
        servers, proxy = self.start(Nginx, "--drain=4")
        pages = self.assertRouted(proxy)
        self.assertServed(proxy)
        self.assertEqual(proxy.request("/_athena/health").status, 200)
        self.assertCrashed(proxy, servers[0], pages)
        self.serve("w8081", servers[0].port)
        servers[1].process.send_signal(signal.SIGTERM)
        self.assertStops(proxy, servers[1])
        self.assertIn("/w8081/", self.page(proxy)[1])

    def test_reload(self) -> None:
        """``nginx -s reload`` loses nothing."""
        self.assertReloaded(ReloadedNginx)


class HaproxyTests(ProxyTestCase):
    """``haproxy.cfg``"""

    def test_reload(self) -> None:
        """Neither does a reload of HAProxy."""
        self.assertReloaded(ReloadedHaproxy)

    def test_haproxy(self) -> None:
        """
        It serves pages of two servers. One that drains gets no new visitors, before it stops to listen; nobody gets an
        error meanwhile.
        """
        # The proxy asks each second, and twice; on a busy machine it takes its time.
        servers, proxy = self.start(Haproxy, "--drain=6")
        pages = self.assertRouted(proxy)
        self.assertServed(proxy)
        servers[1].process.send_signal(signal.SIGTERM)
        waitUntil(lambda: "draining" in servers[1].log, lambda: servers[1].log)
        count = self.assertStops(proxy, servers[1])
        self.assertLost(proxy, next(page for page in pages if "w8082" in page[1]))
        lines = [line for line in servers[1].log.splitlines() if "/?draining" in line]
        self.assertLess(len(lines), count)


class UnitTests(TestCase):
    """``chat.service``"""

    def setUp(self) -> None:
        unit = configparser.RawConfigParser(strict=False)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        # Of a name that is given twice the last value remains.
        unit.read_string(re.sub(r"\\\n\s*", " ", (DEPLOY / "chat.service").read_text("utf-8")))
        self.service = unit["Service"]
        self.command = shlex.split(self.service["ExecStart"])

    def test_command(self) -> None:
        """The command starts a server, whose times fit together."""
        twist, log, plugin, element, *options = self.command
        self.assertEqual((Path(twist).name, log, plugin, element), ("twist", "--log-format=text", *self.usual()))
        changed = [re.sub(r"tcp:[0-9]+", "tcp:0", option) for option in options]
        with Server(CHAT, *changed) as server:
            waitUntil(lambda: "metrics at" in server.log, lambda: server.log)
        server.assertQuiet()
        [drain] = [float(option.removeprefix("--drain=")) for option in options if option.startswith("--drain=")]
        self.assertGreater(float(self.service["TimeoutStopSec"]), drain + Limits.shutdownTimeout + 5)

    def usual(self) -> tuple[str, str]:
        """What each command of the examples begins with."""
        return "athena-widget", f"--element={CHAT}"

    def test_verified(self) -> None:
        """systemd finds no mistake in the unit."""
        if sys.platform != "linux":
            self.skipTest("systemd is for Linux")
        analyze = required("systemd")
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "chat.service"
        path.write_text((DEPLOY / "chat.service").read_text("utf-8").replace(self.command[0], sys.executable))
        ran = subprocess.run([analyze, "verify", path], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual((ran.returncode, ran.stdout + ran.stderr), (0, ""))


class ContainerTests(TestCase):
    """``Containerfile``"""

    def setUp(self) -> None:
        self.text = (DEPLOY / "Containerfile").read_text("utf-8")

    def test_readOnly(self) -> None:
        """Its command serves on a file system that is read-only, and the check of its health succeeds."""
        check, command = (json.loads(one) for one in re.findall(r"^ *CMD (\[.*\])$", self.text, re.MULTILINE))
        self.assertEqual(command[:4], ["twist", "--log-format=json", "athena-widget", f"--element={CHAT}"])
        options = [re.sub(r"tcp:[0-9]+", "tcp:0", option) for option in command[4:]]
        readOnly = ["unshare", "--mount", "sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "sh"]
        if subprocess.run([*readOnly, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("only root can make a file system read-only")
        with Server(CHAT, *options, command=[*readOnly, *TWIST], cwd="/") as server:
            code = check[-1].replace(":8080", f":{server.port}")
            self.assertNotEqual(code, check[-1])
            subprocess.run([sys.executable, *check[1:-1], code], check=True, timeout=60)
        server.assertQuiet()

    def test_nobody(self) -> None:
        """It runs as nobody, and copies only files that exist."""
        self.assertIn("\nUSER 65534:65534\n", self.text)
        for line in re.findall("^COPY ([^-].*)$", self.text, re.MULTILINE):
            for name in line.split()[:-1]:
                self.assertTrue((DEPLOY.parent.parent / name).exists(), name)


class PrometheusTests(TestCase):
    """``prometheus.yml``, ``alerts.yml`` and ``dashboard.json``"""

    def metrics(self) -> set[str]:
        """Return the names of all metrics, as they are written in expressions."""
        clock = cast(IClock, Clock())
        sessions = SessionRegistry(clock, Limits(), recordingLog()[1], False)
        pulse = Pulse(clock)
        collector = SiteCollector(sessions, Meter(clock), pulse, Watchdog(pulse, 1, recordingLog()[1]))
        collector.take()
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "summary": ["_sum", "_count"]}
        names = {metric.name + ending for metric in collector.collect() for ending in endings.get(metric.type, [""])}
        return names | set(re.findall("# TYPE ([a-z_]+)", merged({}, {})))

    def test_names(self) -> None:
        """Expressions and the guide name metrics that exist; each metric is in the dashboard and in the guide."""
        known = self.metrics()
        guide = (DEPLOY.parent.parent / "docs" / "deploying.rst").read_text("utf-8")
        dashboard = (DEPLOY / "dashboard.json").read_text("utf-8")
        for text in (dashboard, (DEPLOY / "alerts.yml").read_text("utf-8")):
            self.assertEqual(set(re.findall(r"athenalite_\w+", text)) - known, set())
        bases = {re.sub("_(bucket|sum|count)$", "", name) for name in known}
        for name in bases:
            self.assertIn(name, guide)
            if name not in ("athenalite_pages_rendered_total", "athenalite_pages_connected_total"):
                self.assertIn(name, dashboard)

    def test_dashboard(self) -> None:
        """Panels of the dashboard have numbers of their own and do not overlap."""
        panels = json.loads((DEPLOY / "dashboard.json").read_text("utf-8"))["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        cells = [
            (x, y)
            for place in (panel["gridPos"] for panel in panels)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        ]
        self.assertEqual(len(set(cells)), len(cells))

    def test_promtool(self) -> None:
        """Prometheus' own tool finds no mistake."""
        promtool = required("promtool")
        for arguments in (["check", "rules", "alerts.yml"], ["check", "config", "prometheus.yml"]):
            ran = subprocess.run(
                [promtool, *arguments], cwd=DEPLOY, capture_output=True, text=True, timeout=300, check=False
            )
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
