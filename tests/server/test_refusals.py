# -*- test-case-name: tests.server.test_refusals -*-
"""The log has each reason for refused sockets once an hour, with the remedy."""

from functools import partial

from twisted.logger import eventAsText
from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.refusals import MOST_CAUSES, OPTIONS, PERIOD
from athenalite.limits import Limits
from tests.memory import recordingLog
from tests.pages import ORIGIN, InMemorySite


class RemedyTests(SynchronousTestCase):
    """Handshakes of a site, as proxies change them."""

    def warnings(self, *headers, remedies=None, **options):
        """What the log has after handshakes with these headers."""
        logged, log = recordingLog()
        site = InMemorySite(self, log=log, **({"_remedies": remedies} if remedies else {}), **options)
        for one in headers:
            site.socket(**one)
        return [eventAsText(event) for event in logged if event["log_level"].name == "warn"]

    def test_port(self):
        """nginx with $host on a port that is not 80: the remedy is $http_host."""
        [text] = self.warnings({"Host": "chat.example", "Origin": "http://chat.example:8080"})
        self.assertIn("$http_host", text)

    def test_scheme(self):
        """TLS in front: the remedy is the option of this way of serving."""
        for remedies, option in ((None, "behindProxy=True"), (OPTIONS, "--behind-proxy")):
            [text] = self.warnings({"Host": "chat.example", "Origin": "https://chat.example"}, remedies=remedies)
            self.assertIn("X-Forwarded-Proto", text)
            self.assertIn(option, text)

    def test_other(self):
        """Another name: the remedy is to pass Host, or to list the origin."""
        [text] = self.warnings({"Host": "127.0.0.1:8080", "Origin": "https://chat.example"}, remedies=OPTIONS)
        self.assertIn("--origin=https://chat.example", text)

    def test_once(self):
        """A cause is in the log once, however often browsers try again."""
        self.assertEqual(len(self.warnings(*[{"Origin": "http://evil.example"}] * 5)), 1)

    def test_bounded(self):
        """The log is bounded, whatever peers invent, and what they invent hides no cause of another kind."""
        invented = [{"Origin": f"http://evil{number}.example"} for number in range(150)]
        texts = self.warnings(*invented, {"Host": "chat.example", "Origin": "https://chat.example"})
        self.assertEqual(len(texts), MOST_CAUSES + 1)
        self.assertIn("X-Forwarded-Proto", texts[-1])

    def test_again(self):
        """A cause that lasts is in the log each hour, with how many refusals of its kind there were meanwhile."""
        logged, log = recordingLog()
        site = InMemorySite(self, log=log)
        for _ in range(3):
            site.socket(Origin="http://evil.example")
        site.clock.advance(PERIOD)
        site.socket(Origin="http://evil.example")
        texts = [eventAsText(event) for event in logged if event["log_level"].name == "warn"]
        self.assertEqual([text.count("2 more since") for text in texts], [0, 1])

    def test_behindProxy(self):
        """Where the proxy is trusted but names no scheme, the remedy is its line."""
        [text] = self.warnings({"Host": "chat.example", "Origin": "https://chat.example"}, behindProxy=True)
        self.assertIn("proxy_set_header X-Forwarded-Proto $scheme", text)

    def test_listed(self):
        """Proxies in a row make lists, of which the first entries count; a port may come apart."""
        for headers in (
            {"X_Forwarded_Proto": "https, http", "X_Forwarded_Host": "chat.example, inner:8080"},
            {"X_Forwarded_Proto": "https", "Host": "chat.example", "X_Forwarded_Port": "443"},
            {"X_Forwarded_Proto": "https", "Host": "chat.example", "X_Forwarded_Port": "8080"},
            {"X_Forwarded_Proto": "wss", "X_Forwarded_Host": "chat.example"},
            {"Forwarded": 'for=192.0.2.1;proto=https;host="chat.example", for=10.0.0.1;proto=http;host=inner'},
        ):
            self.assertEqual(
                self.warnings({"Origin": "https://chat.example", **headers}, behindProxy=True), [], headers
            )
        port = {"X_Forwarded_Proto": "https", "Host": "chat.example", "X_Forwarded_Port": "8443"}
        self.assertEqual(self.warnings({"Origin": "https://chat.example:8443", **port}, behindProxy=True), [])
        for wrong in (
            *({"X_Forwarded_Proto": "ftp"}, {"X_Forwarded_Proto": ", https"}, {"X_Forwarded_Proto": "http, https"}),
            *({"X_Forwarded_Host": "evil.example, chat.example"}, {"X_Forwarded_Host": ", chat.example"}),
            {"X_Forwarded_Proto": "https", "Host": "chat.example", "X_Forwarded_Port": "443", "Origin": ORIGIN},
            {"Forwarded": "proto=https;host=chat.example", "X_Forwarded_Proto": "http"},
        ):
            self.assertEqual(
                len(self.warnings({"Origin": "https://chat.example", "Host": "x", **wrong}, behindProxy=True)), 1, wrong
            )


class UpgradeTests(SynchronousTestCase):
    """Requests for a socket that are no handshake."""

    def setUp(self):
        self.logged, log = recordingLog()
        self.site = InMemorySite(self, log=log)

    def texts(self):
        """What the log has."""
        return [eventAsText(event) for event in self.logged if event["log_level"].name == "warn"]

    def unconnected(self):
        """The response to a page that asks why it has no socket."""
        return self.site.request("/_athena/transport?unconnected=1")

    def test_removed(self):
        """A handshake without its Upgrade header: the remedy is the proxy's two lines."""
        for _ in range(3):
            response = self.site.request("/_athena/transport", Sec_WebSocket_Key="x" * 22 + "==")
        self.assertEqual((response.status, response.header("upgrade")), (426, "websocket"))
        [text] = self.texts()
        self.assertIn("proxy_set_header Upgrade $http_upgrade", text)

    def test_blocked(self):
        """A page that finds out why it has no socket is one line, unless the reason is known."""
        self.site.request("/_athena/transport")
        self.assertEqual(self.texts(), [])
        self.site.request("/_athena/transport?unconnected=1")
        [text] = self.texts()
        self.assertIn("firewall", text)
        self.assertIn("has refused no handshake", self.unconnected().text)
        self.assertEqual(len(self.texts()), 1)

    def test_known(self):
        """Where a handshake of the peer was refused a moment ago, the page gets that reason; the log has it already."""
        self.site.socket(Host="chat.example", Origin="https://chat.example")
        response = self.unconnected()
        self.assertEqual(response.status, 426)
        self.assertIn("a proxy terminates TLS", response.text)
        self.assertEqual(len(self.texts()), 1)
        self.site.clock.advance(3600)
        self.assertIn("has refused no handshake", self.unconnected().text)
        self.assertEqual(len(self.texts()), 2)

    def test_peers(self):
        """The reasons of the last peers are kept, and no more."""
        refusals = self.site.factory.refusals
        for number in range(1001):
            refusals.explain(f"peer {number}", "because")
        self.assertEqual(
            [getattr(refusals.refusedFor(peer), "reason", None) for peer in ("peer 0", "peer 1")], [None, "because"]
        )


class ReasonTests(SynchronousTestCase):
    """What a page reads that asks why it has no socket."""

    def setUp(self):
        self.logged, self.log = recordingLog()

    def site(self, **options):
        """A site."""
        return InMemorySite(self, log=self.log, **options)

    def ask(self, site, origin=ORIGIN, **headers):
        """The response to a page of this origin."""
        return site.request("/_athena/transport?unconnected=1", Athenalite_Page=origin, **headers)

    def assertReason(self, site, status, reason):
        """The page gets this status and a reason that contains this."""
        response = self.ask(site)
        self.assertEqual((response.status, response.header("athenalite-refused")), (426, str(status)))
        self.assertIn(reason, response.text)

    def test_every(self):
        """Each refusal of a handshake gives the page its status and reason, on whatever path it was refused."""
        for status, reason, headers, options in (
            (403, "another scheme", {"Host": "localhost:8080", "Origin": "https://localhost:8080"}, {}),
            (403, "no Origin", {"Origin": None}, {}),
            (421, "does not serve", {"Host": "inner:8080"}, {"hosts": ["localhost"]}),
            (400, "one Host", {"Host": "a b"}, {"hosts": ["localhost"]}),
            (426, "the header Upgrade", {"Upgrade": None}, {}),
            (426, "the header Upgrade", {"Upgrade": "h2c"}, {}),
            (400, "malformed", {"Connection": "close"}, {}),
            (400, "malformed", {"Sec_WebSocket_Version": "7"}, {}),
            (503, "too many sockets", {}, {"limits": Limits(maxConnections=1)}),
        ):
            site = self.site(**options)
            if status == 503:
                site.socket()
            self.assertEqual(site.socket(**headers).handshake.status, status)
            response = self.ask(site, headers.get("Origin") or ORIGIN)
            self.assertEqual(response.header("athenalite-refused"), str(status), headers)
            self.assertIn(reason, response.text)

    def test_wholeSite(self):
        """A host that the whole site refuses is a refusal of the handshake, too; a refused document is none."""
        site = self.site()
        site.site._hosts = type(site.site._hosts)(["localhost"])
        site.request("/", Host="inner")
        self.assertReason(site, 426, "has refused no handshake")
        self.assertEqual(site.socket(Host="inner").handshake.status, 421)
        self.assertReason(site, 421, "does not serve")

    def test_origins(self):
        """Pages at one address get the reasons of their own handshakes, and not those of another site's page."""
        site = self.site()
        site.socket(Origin="http://localhost")
        site.socket(Origin="http://evil.example")
        for origin, reason in (
            ("http://localhost", "another port"),
            ("http://evil.example", "another host"),
            (ORIGIN, "has refused no handshake"),
        ):
            self.assertIn(reason, self.ask(site, origin).text)

    def test_removedOrigin(self):
        """Where a proxy has removed the origin of a handshake, the page gets the reason for that."""
        site = self.site()
        site.socket(Origin=None)
        self.assertReason(site, 403, "no Origin")

    def test_invented(self):
        """The origins of one peer are bounded, and push out its own ones only."""
        refusals = self.site().factory.refusals
        refusals.explain("other", "because", origin=ORIGIN)
        for number in range(2000):
            refusals.explain("peer", "because", origin=f"http://evil{number}.example" + "x" * 10_000)
        self.assertEqual(refusals.refusedFor("other", ORIGIN).reason, "because")
        [_, kept] = refusals._reasons.values()
        self.assertEqual(len(kept), 5)
        self.assertLess(max(map(len, kept)), 300)

    def test_proxied(self):
        """Behind a trusted proxy the addresses are the browsers'."""
        site = self.site(behindProxy=True, limits=Limits(maxConnections=1))
        for name, headers in (("192.0.2.1", {}), ("2001:db8::7", {"Upgrade": None})):
            for _ in range(2):
                site.socket(X_Forwarded_For=name, **headers)
        asked = [self.ask(site, X_Forwarded_For=name) for name in ("192.0.2.1", "2001:db8::7", "192.0.2.2")]
        self.assertEqual([one.header("athenalite-refused") for one in asked], ["503", "426", "426"])
        self.assertIn("no handshake", asked[2].text)

    def test_detail(self):
        """In debug mode the author reads what the operator's log has, with the remedy; otherwise nothing is quoted."""
        for debug, remedies in ((True, {"_remedies": OPTIONS}), (False, {})):
            site = self.site(debug=debug, **remedies)
            site.socket(Origin="https://localhost:8080")
            text = self.ask(site, "https://localhost:8080").text
            self.assertEqual(["--behind-proxy" in text, "8080" in text], [debug, debug])
            self.assertEqual("firewall" in self.ask(site, "http://localhost").text, debug)

    def test_again(self):
        """The detail is there each time, although the log has it once."""
        site = self.site(debug=True)
        for _ in range(2):
            site.socket(Upgrade=None)
            self.assertIn("proxy_set_header Upgrade", self.ask(site).text)

    def test_escaped(self):
        """What a peer has sent is escaped."""
        site = self.site(debug=True)
        site.socket(Origin="http://\x1b[31m.example")
        self.assertIn(r"\x1b[31m", self.ask(site, "http://\x1b[31m.example").text)

    def test_foreign(self):
        """No other site's page can read it, or run it as a script, and no cache keeps it."""
        site = self.site()
        site.socket(Origin="http://evil.example")
        response = self.ask(site, "http://evil.example", Origin="http://evil.example")
        self.assertIsNone(response.header("access-control-allow-origin"))
        self.assertEqual(response.header("content-type"), "text/plain; charset=utf-8")
        self.assertEqual(response.header("x-content-type-options"), "nosniff")
        self.assertEqual(response.header("cache-control"), "no-store")
        preflight = site.request("/_athena/transport?unconnected=1", "OPTIONS", Origin="http://evil.example")
        self.assertIsNone(preflight.header("access-control-allow-headers"))

    def test_logged(self):
        """Too many sockets, and a proxy that changes a handshake, are in the operator's log with what to do."""
        site = self.site(limits=Limits(maxConnections=1))
        sockets = [partial(site.socket), partial(site.socket), partial(site.socket, Connection="close")]
        for socket in sockets * 2:
            socket()
        texts = [eventAsText(event) for event in self.logged if event["log_level"].name == "warn"]
        self.assertEqual(len(texts), 2)
        self.assertIn("Limits(maxConnections=...)", texts[0])
        self.assertIn('proxy_set_header Connection "upgrade"', texts[1])

    def test_malformed(self):
        """What no proxy does is no warning; in debug mode the author reads what is wrong."""
        site = self.site(debug=True)
        site.socket(Sec_WebSocket_Version="7\x1b")
        self.assertEqual([event for event in self.logged if event["log_level"].name == "warn"], [])
        self.assertIn(r"7\x1b", self.ask(site).text)

    def test_unstarted(self):
        """A page whose script does not run is reported with the reason, which is one of few, once."""
        site = self.site()
        for why, text in (
            *(("404", "the status 404"), ("404", None), ("type", "not JavaScript"), ("blocked", "an extension")),
            *(("%1B%5B31m", "it was loaded"), ("", None), ("99999", None), ("%C2%B2%C2%B2%C2%B2", None)),
        ):
            del self.logged[:]
            site.request(f"/_athena/transport?unconnected=script&why={why}")
            texts = [eventAsText(event) for event in self.logged if event["log_level"].name == "warn"]
            self.assertEqual(len(texts), 0 if text is None else 1, why)
            if text is not None:
                self.assertIn(text, texts[0])
        site.request("/_athena/transport?unconnected=script")
