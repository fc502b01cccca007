# -*- test-case-name: tests.live.test_fields -*-
"""Texts of a browser become what is annotated, or are refused."""

import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._live.fields import converted
from athenalite._live.sentences import SENTENCES, Refused


class Color(Enum):
    """Of a control with two values."""

    RED = "red"


class FieldTests(SynchronousTestCase):
    """One text and one annotation."""

    def test_taken(self):
        """What a control writes is understood, also where msgspec would not."""
        for text, annotation, value in (
            ("5", int, 5),
            (" -5 ", int, -5),
            ("", int | None, None),
            (" ", datetime.date | None, None),
            ("", str | None, ""),
            ("1e3", float, 1000.0),
            ("5", int | float, 5),
            ("5.5", int | float, 5.5),
            ("on", bool, True),
            ("", bool, False),
            (True, bool, True),
            ("2026-11-27", datetime.date, datetime.date(2026, 11, 27)),
            ("2026-11-27T08:30", datetime.datetime, datetime.datetime(2026, 11, 27, 8, 30)),
            ("08:30", datetime.time, datetime.time(8, 30)),
            ("1.10", Decimal, Decimal("1.10")),
            ("red", Color, Color.RED),
            ("a", Literal["a", "b"], "a"),
            ("7", Annotated[int, msgspec.Meta(ge=5)], 7),
            (" text ", str, " text "),
            ("text", Any, "text"),
        ):
            found = converted(text, annotation)
            self.assertEqual((found, type(found)), (value, type(value)), (text, annotation))

    def test_refused(self):
        """What would surprise a method is refused, also where msgspec takes it."""
        for text, annotation in (
            *(("five", int), ("5.0", int), ("1e3", int), ("", int), ("9" * 400, int), (str(2**63), int), ("٥", int)),
            *(("nan", float), ("inf", float), ("", float), ("maybe", bool), ("green", Color), ("c", Literal["a"])),
            *(
                ("4", Annotated[int, msgspec.Meta(ge=5)]),
                ("\ud800", str),
                ("\udfff", Any),
                (True, str),
                ("x", datetime.date),
            ),
        ):
            self.assertIn(self.assertRaises(Refused, converted, text, annotation).kind, SENTENCES["en"])

    @given(st.text(max_size=8) | st.booleans(), st.sampled_from([int, float, bool, str, int | None, datetime.date]))
    def test_any(self, value, annotation):
        """Whatever comes, the result is what is annotated, or it is refused."""
        try:
            found = converted(value, annotation)
        except Refused:
            return
        self.assertEqual(msgspec.convert(found, annotation), found)
