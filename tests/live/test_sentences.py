# -*- test-case-name: tests.live.test_sentences -*-
"""What a person has typed wrong is said in sentences, in the language of the page."""

import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta
from twisted.trial.unittest import SynchronousTestCase

from athenalite._live.fields import converted
from athenalite._live.sentences import SENTENCES, Refused


class SentenceTests(SynchronousTestCase):
    """One refused text."""

    def test_kinds(self):
        """Each constraint has its sentence."""
        for text, annotation, sentence in (
            ("", int, "Please fill in this field."),
            ("x", int, "Please enter a whole number."),
            ("x", float, "Please enter a number."),
            ("4", Annotated[int, Meta(ge=5)], "Please enter 5 or more."),
            ("6", Annotated[int, Meta(le=5)], "Please enter 5 or less."),
            ("4.5", Annotated[float, Meta(gt=5)], "Please enter 5.0 or more."),
            ("7", Annotated[int, Meta(multiple_of=5)], "Please enter a multiple of 5."),
            ("x", Annotated[str, Meta(min_length=3)], "Please enter at least 3 characters."),
            ("", Annotated[str, Meta(min_length=1)], "Please fill in this field."),
            ("xxxx", Annotated[str, Meta(max_length=3)], "Please enter at most 3 characters."),
            ("x", Annotated[str, Meta(pattern="^a$")], "Please enter another value."),
            ("x", datetime.date, "Please enter a date."),
            ("x", datetime.time, "Please enter a time."),
            ("x", datetime.datetime, "Please enter a date and a time."),
            ("x", Literal["a"], "Please choose one of the values."),
            ("x", UUID, "Please enter another value."),
        ):
            self.assertEqual(self.assertRaises(Refused, converted, text, annotation).sentence(), sentence)

    def test_languages(self):
        """All languages have all sentences; an application may have its own."""
        self.assertEqual({tuple(sorted(table)) for table in SENTENCES.values()}, {tuple(sorted(SENTENCES["en"]))})
        refused = Refused("least", "5")
        self.assertEqual(refused.sentence("de-AT"), "Bitte geben Sie mindestens 5 ein.")
        self.assertEqual(refused.sentence("FR"), "Veuillez saisir 5 ou plus.")
        self.assertEqual(refused.sentence("xx", {"field-least": "{value}!"}), "5!")
