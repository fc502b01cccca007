# -*- test-case-name: tests.test_json -*-
"""``athenalite.json`` is ``nevow.json``."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite.json import ParseError, parse, serialize


class JSONTests(SynchronousTestCase):
    """Text of JSON."""

    def test_roundtrip(self):
        """What is serialized is parsed again, tuples as lists."""
        self.assertEqual(
            parse(serialize({"é": (1, 2.5, None, True, "\u2028</script>")})),
            {"é": [1, 2.5, None, True, "\u2028</script>"]},
        )
        self.assertEqual(parse(b"[3.0]"), [3.0])

    def test_refused(self):
        """What JSON does not know is a TypeError, what is no JSON a ParseError."""
        for value in ({1}, b"", float("nan")):
            self.assertRaises(TypeError, serialize, value)
        for text in ("", "{", b"\xff", "nul"):
            self.assertRaises(ParseError, parse, text)
