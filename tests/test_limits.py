# -*- test-case-name: tests.test_limits -*-
"""The limits of a site are positive, and cannot be changed under it."""

import json
import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite.limits import Limits

TESTS = Path(__file__).parent
DOCUMENT = (TESTS.parent / "docs" / "security.rst").read_text("utf-8")
#: The defaults that are part of the protocol. tests/test_vectors_pages.py compares them with the code: so one that is
#: changed there fails in one test, and then in those of the documents.
VECTORS = json.loads((TESTS / "vectors" / "limits.json").read_text("utf-8"))["server"]
OTHERS = {
    "requestTimeout": 60,
    "maxRequestSize": 64 * 1024,
    "maxPageUploads": 64 * 1024 * 1024,
    "maxUploads": 1024 * 1024 * 1024,
    "uploadTimeout": 60,
    "shutdownTimeout": 5,
    "engineTimeout": 10,
    "maxBytesForEngine": 4 * 1024 * 1024,
    "roomHistory": 10_000,
}
DEFAULTS = {**VECTORS, **OTHERS}


class LimitsTests(SynchronousTestCase):
    """``Limits(...)``."""

    def test_defaults(self):
        """The defaults that are no part of the protocol; tests/vectors/limits.json has those that are."""
        names = {field.name for field in fields(Limits)} - VECTORS.keys()
        self.assertEqual({name: getattr(Limits(), name) for name in names}, OTHERS)

    def test_document(self):
        """docs/security.rst has each limit with its default, except how sockets are kept alive."""
        terms = re.findall(r"^``\w+``: .*$", DOCUMENT, re.MULTILINE)
        rows = re.findall(r"``(\w+)``: ([\d. ]*\d) ?(KiB|MiB|GiB|s)?(?=,|$)", "\n".join(terms), re.MULTILINE)
        scale = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
        found = {name: float(number.replace(" ", "")) * scale.get(unit, 1) for name, number, unit in rows}
        self.assertEqual(found, {name: DEFAULTS[name] for name in found})
        self.assertEqual(DEFAULTS.keys() - found.keys(), {"pingInterval", "pingTimeout"})

    def test_positive(self):
        """Zero, a negative number and NaN are refused by name, for every limit."""
        for field in fields(Limits):
            for value in (0, -1, float("nan")):
                error = self.assertRaises(ValueError, Limits, **{field.name: value})
                self.assertIn(field.name, str(error))

    def test_frozen(self):
        """Limits do not change while sessions run by them."""
        with self.assertRaises(FrozenInstanceError):
            Limits().ackEvery = 3
