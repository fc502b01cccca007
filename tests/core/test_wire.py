# -*- test-case-name: tests.core.test_wire -*-
"""Encoded messages are decoded unchanged, and all others are refused. The forms themselves: ``test_vectors``."""

import contextlib
import json
import sys

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core import wire
from athenalite._core.json import MAX_DEPTH, parse
from athenalite._core.wire import Ack, Call, Noop, Notify, Open, Opened, Respond, decode
from athenalite.errors import ProtocolError
from harness.messages import showing

TEXTS = st.text()
NUMBERS = st.integers(0, wire.MAX_NUMBER)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FLOATS | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)
ERRORS = st.fixed_dictionaries(
    {"type": TEXTS, "message": TEXTS},
    optional={"jsClass": TEXTS, "args": st.lists(VALUES), "reference": TEXTS, "stack": TEXTS, "argument": TEXTS},
)


#: Characters of almost valid JSON.
PIECES = (*'[]{}",:0123456789eE+-.tfn\\u d8ab\n\0\u00e9\ud800', '"a":', "1e", "-0", "null", "true", "1e21", "\\ud83d")
#: Parts of almost valid messages.
NEARLY: tuple[object, ...] = (*sorted(wire.KINDS), 1, 0, True, False, None, "t", [], {}, {"type": "T"})


def hasSurrogate(payload):
    """Whether these bytes contain a surrogate."""
    return isinstance(payload, bytes) and b"\xed\xa0\x80" in payload


def nested(depth):
    """Return lists nested so deep."""
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


class RoundTripTests(SynchronousTestCase):
    """Each form, encoded and decoded."""

    @given(NUMBERS, TEXTS, st.lists(VALUES), st.dictionaries(TEXTS, VALUES))
    def test_call(self, objectID, methodName, args, kwargs):
        """A call with and without a requested result."""
        notify = wire.encodeNotify(objectID, methodName, args, kwargs)
        self.assertEqual(decode(wire.asCall(notify)), Call(objectID, methodName, args, kwargs))
        self.assertEqual(decode(notify), Notify(objectID, methodName, args, kwargs))

    @given(NUMBERS, VALUES)
    def test_result(self, number, value):
        """The answer to a call."""
        self.assertEqual(decode(wire.encodeResult(number, value)), Respond(number, True, value))

    @given(NUMBERS, ERRORS)
    def test_error(self, number, error):
        """The error of a call."""
        self.assertEqual(decode(wire.encodeError(number, error)), Respond(number, False, error))

    @given(st.text(min_size=1, max_size=128), NUMBERS)
    def test_open(self, token, number):
        """The message that opens a socket."""
        self.assertEqual(decode(wire.encodeOpen(token, number, 3)), Open(1, token, number, 3))
        self.assertEqual(decode(wire.encodeOpened(number)), Opened(number))
        self.assertEqual(decode(wire.encodeOpened(number, "w-1.b")), Opened(number, "w-1.b"))

    @given(NUMBERS)
    def test_ack(self, number):
        """An acknowledgement, and a noop."""
        self.assertEqual(decode(wire.encodeAck(number)), Ack(number))
        self.assertEqual(decode(wire.NOOP), Noop())

    @given(st.lists(VALUES))
    def test_arguments(self, args):
        """The initial arguments of a widget are JSON."""
        self.assertEqual(json.loads(wire.encodeArguments(args)), args)


class EncodeTests(SynchronousTestCase):
    """Encoded forms, and values that a browser cannot decode."""

    def test_compact(self):
        """There are no blanks, no unneeded escapes, and no empty keyword arguments."""
        notify = wire.encodeNotify(1, "say", ["\u00e9", {"a": 1}])
        self.assertEqual(notify, '["notify",1,"say",["\u00e9",{"a":1}]]'.encode())

    def test_types(self):
        """Floats stay floats, tuples become arrays."""
        self.assertEqual(wire.encodeResult(1, (1.0, (2,))), b'["respond",1,true,[1.0,[2]]]')

    def test_made(self):
        """Values to be made in the browser come last, after keyword arguments even if there are none."""
        notify = wire.encodeNotify(1, "m", [[1]], made=[([0], "A.B")])
        self.assertEqual(json.loads(notify), ["notify", 1, "m", [[1]], {}, [[[0], "A.B"]]])
        self.assertEqual(json.loads(wire.encodeResult(1, [1], [([], "A.B")])), ["respond", 1, True, [1], [[[], "A.B"]]])

    def test_surrogate(self):
        """A lone surrogate is sent as U+FFFD, wherever it stands; a pair as its character."""
        for sent in (
            wire.encodeResult(1, ["\ud800"]),
            wire.encodeResult(1, "\ud800"),
            wire.encodeNotify(1, "m\udfff", ["\ud800a\ud83d\udc4b"], {"k\ud800": {"\ud800": 1}}),
            wire.encodeError(1, {"type": "E", "message": "\ud800"}),
            wire.encodeArguments(["\ud800"]).encode("utf-8"),
        ):
            text = sent.decode("utf-8")
            self.assertIn("\ufffd", text)
            self.assertNotIn("\\u", text)
        self.assertEqual(wire.encodeArguments(["\ud83d\udc4b"]), '["\U0001f44b"]')

    def test_notJSON(self):
        """A value that is not JSON raises a TypeError where it is sent: no NaN, no bytes, no cycle, no huge number."""
        cycle = []
        cycle.append(cycle)
        for odd in (
            *(float("nan"), float("inf"), -float("inf"), b"x", {1}, object(), {(): 1}, 1j, cycle),
            *(10**309, -(10**309), 10**5000, nested(5000)),
        ):
            self.assertRaises(TypeError, wire.encodeNotify, 1, "m", [odd])
            self.assertRaises(TypeError, wire.encodeResult, 1, {"deep": [odd]})
            self.assertRaises(TypeError, wire.encodeArguments, [odd])

    def test_hugeAnywhere(self):
        """A number that is too large is refused anywhere; as many digits in a text are accepted."""
        for before in range(40):
            self.assertRaises(TypeError, wire.encodeArguments, ["x" * before, 2 * 10**308])
            self.assertRaises(TypeError, wire.encodeArguments, ["x" * before, 2 * 10**308, "x" * 5000])
        wire.encodeArguments([10**308, "1" * 400])

    def test_depth(self):
        """The bound on nesting is the browser's, so nothing deeper is sent."""
        # The message itself is one level, its arguments are another.
        self.assertIsInstance(decode(wire.encodeNotify(1, "m", nested(MAX_DEPTH - 1))), Call)
        self.assertRaises(TypeError, wire.encodeNotify, 1, "m", nested(MAX_DEPTH))

    def test_wide(self):
        """Wide values are not deep, and brackets in text do not count."""
        args = [[[]] * 500, "[" * 500, "9" * 500, 10**308]
        self.assertEqual(decode(wire.encodeNotify(1, "m", args)).args, args)


class OpeningTests(SynchronousTestCase):
    """``openingIn``: the ``open`` in a browser's handshake."""

    @given(st.text(min_size=1, max_size=128), NUMBERS)
    def test_found(self, token, number):
        """It is decoded as the first message, at any place among the offered subprotocols."""
        opening = wire.encodeOpen(token, number, 7)
        offered = showing(opening)
        for protocols in ([offered], ["athenalite", offered], [offered, "open", "chat"]):
            self.assertEqual(wire.openingIn(protocols), opening)

    @given(st.lists(st.text() | st.text().map("open.{}".format)))
    def test_any(self, protocols):
        """Other subprotocols give nothing, or a text that is no message; they raise nothing here."""
        opening = wire.openingIn(protocols)
        if any(one.startswith("open.") or one == "open" for one in protocols):
            self.assertRaises(ProtocolError, decode, opening)
        else:
            self.assertIsNone(opening)


class DecodeTests(SynchronousTestCase):
    """Decoding refuses everything else."""

    @given(st.text() | st.binary())
    def test_anything(self, payload):
        """Any text or bytes are a message or a ProtocolError, never another error."""
        with contextlib.suppress(ProtocolError):
            decode(payload)

    @given(
        st.lists(
            st.sampled_from([*sorted(wire.KINDS), 1, 0, True, False, None, "t", [], {}, {"type": "T"}]), max_size=6
        )
    )
    def test_nearly(self, parts):
        """So are arrays that are almost messages."""
        try:
            message = decode(json.dumps(parts))
        except ProtocolError:
            return
        self.assertEqual(type(message).__name__.lower(), parts[0])

    @given(st.text(st.sampled_from('[]{}",:0123456789eE+-.tfn\\u d8"call'), max_size=60))
    def test_almostJSON(self, payload):
        """So is anything made of JSON's own characters."""
        with contextlib.suppress(ProtocolError):
            decode('["call",1,"m",[' + payload + "]]")

    @given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
    def test_agreesWithJSON(self, text):
        """An argument is decoded as Python's json module reads it by the document's rules, or it is refused by both."""
        for payload in (f'["call",1,"m",[{text}]]', f'["call",1,"m",["{text}"]]'):
            try:
                expected = parse(payload)
            except ValueError:
                expected = None
            for one in (payload, payload.encode("utf-8", "surrogatepass")):
                try:
                    message = decode(one)
                    self.assertEqual(repr(message.args), repr(expected[3]))
                except ProtocolError:
                    # Bytes of a surrogate are not UTF-8, though Python has such a text.
                    if expected is not None and len(expected) == 4 and not hasSurrogate(one):
                        raise

    def test_fallback(self):
        """A message with a lone surrogate, which another parser decodes, obeys the same rules."""
        lone = '"\\ud800"'
        deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
        self.assertEqual(decode(f'["call",1,"m",[{lone},1e3,1.0]]'), Call(1, "m", ["\ufffd", 1000, 1.0], {}))
        for payload in (
            *(f'["ack",{lone}]', f'["call",1e0,"m",[{lone}]]', f'["call",1.0,"m",[{lone}]]'),
            *(f'["call",1,"m",[{lone},{inner}]]' for inner in ("NaN", "1e999", deep, "[" * 100_000)),
            f'["call",1,"m",[{lone}],{{}},1]',
        ):
            self.assertRaises(ProtocolError, decode, payload)

    def test_hostile(self):
        """Deep nesting, endless digits and infinite numbers are errors, and crash nothing."""
        deep = sys.getrecursionlimit() * 10
        for inner in (
            *("[" * deep, "[" * deep + "]" * deep, '{"a":' * deep, "9" * 10_000, "1e999", "-1e999", "1.0e999"),
            *("NaN", "Infinity", "-Infinity", "0x1", "'a'", '"\\ud800', "\ufeff1", "1,"),
        ):
            for payload in (f'["call",1,"m",[{inner}]]', f'["call",1,"m",[{inner}]]'.encode()):
                self.assertRaises(ProtocolError, decode, payload)

    def test_depth(self):
        """A message nested deeper than the bound is refused, one just within it is not, in arrays or objects."""
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            for extra, error in ((0, False), (1, True)):
                # The message, its arguments, and in the innermost place a number.
                levels = MAX_DEPTH - 2 + extra
                payload = '["call",1,"m",[' + opening * levels + "1" + closing * levels + "]]"
                if error:
                    self.assertRaises(ProtocolError, decode, payload)
                else:
                    decode(payload)

    def test_notUTF8(self):
        """Bytes that are not UTF-8 are closed with 1007; UTF-16 and surrogates in UTF-8 are not UTF-8 either."""
        for payload in (b'["ack\xff",1]', b'["call",1,"m",["\xed\xa0\x80"]]', b"\xff\xfe[\x00"):
            error = self.assertRaises(ProtocolError, decode, payload)
            self.assertEqual(error.closeCode, 1007)
        self.assertRaises(ProtocolError, decode, '["ack",1]'.encode("utf-16-le"))

    def test_errorsQuoteNothing(self):
        """The text of a ProtocolError, which is logged and used as close reason, does not quote the message."""
        for payload in ('["secret"]', '"secret"', "secret", '["open",1,"t","secret",1]', '["ack","secret"]'):
            error = self.assertRaises(ProtocolError, decode, payload)
            self.assertNotIn("secret", str(error))

    def test_counts(self):
        """Numbers of the protocol are integers; a fraction or an exponent is refused."""
        self.assertEqual(decode('["ack",1]'), Ack(1))
        for spelt in ("1.0", "1e0", "1E0", "10e-1", "true", '"1"', "-1", str(2**53), "9" * 400):
            for form in ('["ack",{}]', '["call",{},"m",[]]', '["respond",{},true,0]', '["open",1,"t",{},1]'):
                self.assertRaises(ProtocolError, decode, form.format(spelt))

    def test_reasons(self):
        """An error names the reason."""
        for payload, reason in (
            ('["open",2,"t",0,1]', "reload the page"),
            ('["close"]', "a message of unknown kind"),
            ('{"ack":1}', "not a message"),
            ('["ack"]', "ack of wrong form"),
            ('["ack",', "not JSON"),
            ("[" * 100, "not JSON"),
            ('["call",1,"m",[' + "[" * 100 + "]" * 100 + "]]", "nested too deep"),
        ):
            self.assertIn(reason, str(self.assertRaises(ProtocolError, decode, payload)))

    def test_numbers(self):
        """Integers stay integers, also as JavaScript writes large ones; a float stays a float."""
        for spelt, value in (("2", 2), ("1e21", 10**21), ("2.0", 2.0), ("0.5", 0.5), ("-1", -1), ("1e-7", 1e-7)):
            (decoded,) = decode(f'["call",1,"m",[{spelt}]]').args
            self.assertEqual((decoded, type(decoded)), (value, type(value)))
