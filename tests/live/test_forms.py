# -*- test-case-name: tests.live.test_forms -*-
"""Forms: errors at their fields, and whole forms as one argument."""

import datetime
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite.live import FieldError, LiveElement, expose
from athenalite.testing import RemoteError, renderLivePage
from tests.live.test_parts import template


class Order(msgspec.Struct):
    """A form as a Struct."""

    what: Annotated[str, msgspec.Meta(min_length=1)]
    amount: int
    due: datetime.date | None = None


@dataclass
class Person:
    """A form as a dataclass."""

    name: str
    tags: list[str] = field(default_factory=list)
    made: str = field(default="made", init=False)

    def __post_init__(self):
        if self.name == "nobody":
            raise ValueError("There is no such person.")
        if self.name == "field":
            raise FieldError("name", "own")


class Shop(LiveElement):
    """Takes forms."""

    docFactory = template(
        '<form><input name="what" /><input name="amount" /><input name="due" type="date" /><button>Order</button>'
        '<athena:handler event="onsubmit" remote="order" /></form>'
    )
    pageLang = "de"

    def __init__(self):
        super().__init__()
        self.taken = []
        self.waiting = Deferred()

    @expose
    def order(self, order: Order):
        if order.amount > 100:
            raise FieldError("amount", "So viel gibt es nicht.")
        self.taken.append(order)

    @expose
    def person(self, key: int, person: Person):
        self.taken.append((key, person))

    @expose
    def later(self):
        return self.waiting


class FormTests(SynchronousTestCase):
    """One page with a form."""

    def setUp(self):
        self.shop = Shop()
        self.page = renderLivePage(self.shop)

    def event(self, method, *pairs, key=None):
        """The Deferred for an event."""
        return self.page.call(self.shop, "_athenaEvent", method, [list(one) for one in pairs], key)

    def test_struct(self):
        """A Struct gets the fields of a form."""
        for name, value in (("what", "Tea"), ("amount", " 7"), ("due", "2026-11-27")):
            self.page.fill(name, value)
        self.assertIsNone(self.successResultOf(self.page.submit()))
        self.assertEqual(self.shop.taken, [Order("Tea", 7, datetime.date(2026, 11, 27))])

    def test_errors(self):
        """All errors are shown at once, in the language of the page; a method may refuse more."""
        self.page.fill("amount", "x")
        self.page.fill("due", "tomorrow")
        self.assertEqual(
            self.successResultOf(self.page.submit()),
            {
                "what": "Bitte füllen Sie dieses Feld aus.",
                "amount": "Bitte geben Sie eine ganze Zahl ein.",
                "due": "Bitte geben Sie ein Datum ein.",
            },
        )
        for name, value in (("what", "Tea"), ("amount", "101"), ("due", "")):
            self.page.fill(name, value)
        self.assertEqual(self.successResultOf(self.page.submit()), {"amount": "So viel gibt es nicht."})
        self.assertEqual(self.shop.taken, [])

    def test_dataclass(self):
        """A dataclass gets them, too, beside the key; its own ValueError is about the form."""
        self.assertIsNone(
            self.successResultOf(self.event("person", ("name", "Ann"), ("tags", "a"), ("tags", "b"), key="5"))
        )
        self.assertEqual(self.shop.taken, [(5, Person("Ann", ["a", "b"]))])
        for name, error in (("nobody", ["", "There is no such person."]), ("field", ["name", "own"])):
            self.assertEqual(self.successResultOf(self.event("person", ("name", name), key="5")), {"errors": [error]})
        self.failureResultOf(self.event("person", ("name", "Ann"), ("made", "x"), key="5"), RemoteError)

    def test_later(self):
        """A method that waits may refuse as well; other failures stay such."""
        answer = self.event("later")
        self.shop.waiting.errback(FieldError(("a", "one"), ("", "two")))
        self.page.advance()
        self.assertEqual(self.successResultOf(answer), {"errors": [["a", "one"], ["", "two"]]})
        self.shop.waiting = Deferred()
        answer = self.event("later")
        self.shop.waiting.errback(KeyError("x"))
        self.page.advance()
        self.failureResultOf(answer, RemoteError)
        self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)

    def test_text(self):
        """The error has its texts."""
        self.assertEqual(str(FieldError(("a", "one"), ("", "two"))), "a: one; two")
