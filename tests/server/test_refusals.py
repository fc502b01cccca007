# -*- test-case-name: tests.server.test_refusals -*-
"""The log has each reason for refused sockets once an hour, with the remedy."""

from twisted.logger import eventAsText
from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.refusals import MOST_CAUSES, OPTIONS, PERIOD
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
        self.assertIn("No handshake has come", self.unconnected().text)
        self.assertEqual(len(self.texts()), 1)

    def test_known(self):
        """Where a handshake of the peer was refused a moment ago, the page gets that reason; the log has it already."""
        self.site.socket(Host="chat.example", Origin="https://chat.example")
        response = self.unconnected()
        self.assertEqual(response.status, 426)
        self.assertIn("a proxy terminates TLS", response.text)
        self.assertEqual(len(self.texts()), 1)
        self.site.clock.advance(3600)
        self.assertIn("No handshake has come", self.unconnected().text)
        self.assertEqual(len(self.texts()), 2)

    def test_peers(self):
        """The reasons of the last peers are kept, and no more."""
        refusals = self.site.factory.refusals
        for number in range(1001):
            refusals.explain(f"peer {number}", "because")
        self.assertEqual(list(map(refusals.reasonFor, ("peer 0", "peer 1"))), [None, "because"])
