# -*- test-case-name: tests.test_vectors -*-
"""The shared vectors (``tests/vectors/README.rst``), which hold both sides to ``docs/protocol.rst``, for this side."""

import json
from pathlib import Path

from msgspec.structs import asdict
from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.head import jsonForScript
from athenalite._core.delivery import Delivery, Overflow
from athenalite._core.wire import decode, openingIn
from athenalite._server.websocket import PROTOCOL
from athenalite.errors import ConnectionLost, ProtocolError
from harness.messages import opening
from tests.memory import MemoryTransport, Site, encoded, outcome

VECTORS = Path(__file__).parent / "vectors"
MANY = 1_000_000


def load(name):
    """The cases of one file."""
    return json.loads((VECTORS / name).read_text("utf-8"))


def spelt(message):
    """A message in the words of ``wire.json``."""
    fields = asdict(message)
    fields.pop("version", None)
    return {**fields, "kind": type(message).__name__.lower()}


def withoutDetails(sent, expected):
    """The messages that were sent; of an error, only the keys that are expected."""
    known = []
    for number, message in enumerate(sent):
        if message[0] == "respond" and not message[2] and number < len(expected) and len(expected[number]) == 4:
            message = [*message[:3], {key: message[3].get(key) for key in expected[number][3] or ()}]
        known.append(message)
    return known


class WireTests(SynchronousTestCase):
    """``wire.json``: valid and invalid messages of a browser."""

    def test_valid(self):
        """Each valid text of a browser is decoded as the vector has it."""
        for case in load("wire.json")["valid"]:
            if case.get("from") != "server":
                self.assertEqual(spelt(decode(case["text"])), case["message"], case["about"])

    def test_invalid(self):
        """Each invalid text is a protocol error, as text and as bytes."""
        for case in load("wire.json")["invalid"]:
            if case.get("from") != "server":
                for payload in (case["text"], case["text"].encode("utf-8", "surrogatepass")):
                    with self.assertRaises(ProtocolError, msg=case["about"]):
                        decode(payload)


class OpeningTests(SynchronousTestCase):
    """``opening.json``: how sockets begin."""

    def test_protocols(self):
        """``open`` is found among the subprotocols that a handshake offers."""
        for case in load("opening.json")["protocols"]:
            opening = openingIn(case["offered"]) if PROTOCOL in case["offered"] else None
            self.assertEqual(opening if opening is None else opening.decode("utf-8"), case["opening"], case["about"])

    def test_first(self):
        """The first message opens the socket, or closes it with the code of its error."""
        for case in load("opening.json")["first"]:
            site = Site()
            session, _ = site.add()
            connection, transport = site.connect()
            connection.textReceived(case["text"].replace("TOKEN", session.token).encode("utf-8"))
            self.assertEqual(transport.closed and transport.closed[0], case["closed"], case["about"])

    def test_sockets(self):
        """A socket replaces one with a lower number, and is refused otherwise."""
        for case in load("opening.json")["sockets"]:
            site = Site()
            session, _ = site.add()
            sockets = [site.connect() for _ in case["numbers"]]
            for (connection, _), number in zip(sockets, case["numbers"], strict=True):
                connection.textReceived(encoded("open", 1, session.token, 0, number))
            closed = [transport.closed and transport.closed[0] for _, transport in sockets]
            self.assertEqual(closed, case["closed"], case["about"])

    def test_data(self):
        """The page's data are written without characters that are special in HTML."""
        for case in load("opening.json")["data"]:
            self.assertEqual(jsonForScript(case["value"]), case["text"], case["about"])


class DeliveryScript:
    """Plays a script of ``conversations.json``'s part ``delivery``: a method for each step's main key."""

    def __init__(self, test, case):
        self.test = test
        self.delivery = Delivery(case.get("maxMessages", MANY), case.get("maxBytes", MANY))

    def step(self, step):
        """Do one step, and look at what came of it."""
        name = next(key for key in step if hasattr(self, f"do_{key}"))
        if step.get("error"):
            self.test.assertRaises(ProtocolError, getattr(self, f"do_{name}"), step)
        else:
            getattr(self, f"do_{name}")(step)

    def do_add(self, step):
        message = step["add"].encode("utf-8")
        if step.get("overflow"):
            self.test.assertRaises(Overflow, self.delivery.addMessage, message)
        else:
            self.test.assertEqual(self.delivery.addMessage(message), step["number"])

    def do_acknowledged(self, step):
        self.delivery.acknowledged(step["acknowledged"])

    def do_resume(self, step):
        self.delivery.resume(step["resume"])
        self.test.assertEqual([message.decode("utf-8") for message in self.delivery.takeUnsent()], step["resends"])

    def do_offer(self, step):
        self.test.assertEqual([message.decode("utf-8") for message in self.delivery.takeUnsent()], step["offer"])

    def do_receive(self, step):
        self.test.assertEqual(self.delivery.messageReceived(), step["receive"])

    def do_responded(self, step):
        self.delivery.responded(step["responded"])

    def do_untold(self, step):
        self.test.assertEqual(self.delivery.ackPending, step["untold"])

    def do_ack(self, step):
        self.test.assertEqual(self.delivery.ackToSend(), step["ack"])

    def do_kept(self, step):
        self.test.assertEqual(self.delivery.bytesUnacknowledged, step["kept"])


class SessionScript:
    """Plays a script of the part ``session``, with us as the server."""

    def __init__(self, test, case):
        self.test = test
        # The heartbeat is no part of the scripts.
        self.site = Site(**{**load("limits.json")["server"], "pingInterval": 1e9})
        self.session, self.page = self.site.add()
        self.transport = MemoryTransport()
        self.calls = []
        self.results = []

    def step(self, step):
        """Do one step, and compare what was sent."""
        name = next(key for key in step if hasattr(self, f"do_{key}"))
        getattr(self, f"do_{name}")(step)
        self.site.flush()
        if step.get("lost"):
            self.test.assertEqual(self.transport.closed[0], 1002)
            self.test.assertIsNotNone(self.page.lost)
        elif "sends" in step:
            self.same(self.transport.take(), step["sends"])

    def same(self, sent, expected):
        """Compare messages; of an error, only the keys that are expected."""
        self.test.assertEqual(withoutDetails(sent, expected), expected)

    def do_connect(self, step):
        self.connection, self.transport = self.site.connect()
        self.connection.textReceived(encoded(*opening(self.session.token, step["connect"])))
        if not step.get("lost"):
            self.same(self.transport.take(), [["opened", step["received"]], *step["resends"]])

    def do_cut(self, step):
        self.connection.connectionLost()

    def do_call(self, step):
        self.calls.append(self.session.callRemote(*step["call"]))
        self.results.append(outcome(self.calls[-1]))

    def do_receive(self, step):
        for _ in range(step.get("times", 1)):
            self.connection.textReceived(encoded(*step["receive"]))
            self.site.flush()

    def do_text(self, step):
        self.connection.textReceived(step["text"].encode("utf-8"))

    def do_fire(self, step):
        self.page.target.waiting.pop(0).callback(step["fire"])

    def do_seconds(self, step):
        self.site.clock.advance(step["seconds"])

    def do_pending(self, step):
        self.test.assertEqual(sum(not results for results in self.results), step["pending"])

    def do_result(self, step):
        number, kind, value = step["result"]
        (result,) = self.results[number - 1]
        if kind == "value":
            self.test.assertEqual(result, value)
        elif kind == "error":
            self.test.assertIn(value, str(result.value))
        else:
            self.test.assertEqual(result.type, ConnectionLost)


class ConversationTests(SynchronousTestCase):
    """``conversations.json``: scripts that we must be able to play."""

    def play(self, part, script):
        """Play all scripts of ``part`` that are for a server."""
        cases = [case for case in load("conversations.json")[part] if case.get("side") != "browser"]
        self.assertTrue(cases)
        for case in cases:
            one = script(self, case)
            for number, step in enumerate(case["steps"], 1):
                try:
                    one.step(step)
                except Exception as error:
                    error.add_note(f"in step {number} of the script: {case['about']}")
                    raise

    def test_delivery(self):
        """Every step of every delivery script has the result that is written there."""
        self.play("delivery", DeliveryScript)

    def test_session(self):
        """Every step of every session script makes us send the messages of the script, and no others."""
        self.play("session", SessionScript)
