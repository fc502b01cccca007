# -*- test-case-name: tests.test_vectors_pages -*-
"""The vectors (``tests/vectors/README.rst``) about whole pages: how they end, their limits, and their elements."""

from collections.abc import Iterator

from twisted.trial.unittest import SynchronousTestCase

from athenalite._testing.fakebrowser import reasonOfClose
from tests.pages import BINARY, TEXT, InMemorySite, Plain
from tests.test_vectors import load


def delays(losses) -> Iterator[tuple[float, float]]:
    """
    The least and the most that a client waits after each loss, in milliseconds: the formula of ``docs/protocol.rst``.
    """
    attempt = 0
    for loss in losses:
        attempt = 1 if loss["open"] >= 1000 else attempt + 1
        longest = 0 if attempt == 1 else min(5, 0.1 * 1.5 ** (attempt - 2)) * 1000
        pause = 250 if loss["clean"] else 0
        yield max(pause, longest / 2), max(pause, longest)


class HandshakeTests(SynchronousTestCase):
    """``opening.json``: handshakes at ``http://localhost:8080``."""

    def test_handshakes(self):
        """The status of a handshake is that of the vector."""
        for case in load("opening.json")["handshakes"]:
            headers = {name.replace("-", "_"): value for name, value in case["headers"].items()}
            socket = InMemorySite(self).socket(**headers)
            self.assertEqual(socket.handshake.status, case["status"], case["about"])


class Recorded(Plain):
    """An element that records why its page was lost."""

    lost = None

    def connectionLost(self, reason):
        self.lost = reason.value.args[0]


class ClosingTests(SynchronousTestCase):
    """``closing.json``"""

    def setUp(self):
        self.site = InMemorySite(self, Recorded)

    def cases(self, part):
        """Each case of one part, in a page of its own: the case, the element, the token and the socket, number 3."""
        for case in load("closing.json")[part]:
            token = self.site.request().island["token"]
            socket = self.site.socket()
            socket.send("open", 1, token, 0, 3)
            self.assertEqual(socket.messages(), [["opened", 0]])
            yield case, self.site.elements[-1], token, socket

    def test_closes(self):
        """The simulated browser loses its page by the codes by which a browser does, for the same reasons."""
        for case in load("closing.json")["closes"]:
            self.assertEqual(reasonOfClose(case["code"], case["reason"]), case["lost"], case["about"])

    def test_delays(self):
        """The delays are those of the formula."""
        for case in load("closing.json")["delays"]:
            for loss, (least, most) in zip(case["losses"], delays(case["losses"]), strict=True):
                self.assertAlmostEqual(least, loss["least"], msg=case["about"])
                self.assertAlmostEqual(most, loss["most"], msg=case["about"])

    def test_leaves(self):
        """A browser's close ends the page, at once or after the time for its next socket."""
        for case, element, _, socket in self.cases("leaves"):
            if case["code"] == 1006:
                socket.lose()
            else:
                socket.close(None if case["code"] == 1005 else case["code"], case["reason"])
            if case["after"]:
                self.site.clock.advance(case["after"] - 0.01)
                self.assertIsNone(element.lost)
                self.site.clock.advance(0.02)
            self.assertEqual(element.lost, case["lost"], case["about"])

    def test_reports(self):
        """A report ends the page that it names, unless that has had a newer socket, and reveals nothing else."""
        for case, element, token, socket in self.cases("reports"):
            body = case["body"].replace("TOKEN", token).encode("utf-8")
            self.assertEqual(self.site.post("/_athena/transport", body).status, case["status"], case["about"])
            self.assertEqual(element.lost is not None, case["lost"], case["about"])
            socket.lose()

    def test_broken(self):
        """A socket that the server closes for an error loses the page on the server, for the reason in the frame."""
        for case, element, token, socket in self.cases("broken"):
            if "bytes" in case:
                socket.sendFrame(bytes(case["bytes"]), BINARY)
            else:
                text = case.get("text", "x" * case.get("size", 0)).replace("TOKEN", token)
                socket.sendFrame(text.encode("utf-8", "surrogatepass"), TEXT)
            self.site.flush()
            socket.messages()
            self.assertEqual(socket.closed, (case["code"], element.lost), case["about"])
            self.assertIsNone(reasonOfClose(1006, ""))
            self.assertEqual(reasonOfClose(*socket.closed), element.lost)
            socket.lose()
