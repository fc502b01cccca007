# -*- test-case-name: tests.live.test_onpage -*-
"""A model of changes, calls, cuts and pauses: no call finds a part older than it was marked, and the end is right."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._live import pageparts
from athenalite.limits import Limits
from athenalite.live import LiveElement, part
from athenalite.testing import StubBrowser
from tests.live.test_parts import template

STEPS = ["mark", "call", "iteration", "cut", "reconnect", "other", "ask", "pause", "resume"]


class Numbers(LiveElement):
    """Two parts that show numbers."""

    docFactory = template('<p nevow:render="one" /><p nevow:render="two" />')

    def __init__(self):
        super().__init__()
        self.numbers = {"one": 0, "two": 0}
        self.rendered = 0

    @part
    def one(self, request, tag):
        self.rendered += 1
        return str(self.numbers["one"])

    @part
    def two(self, request, tag):
        self.rendered += 1
        return str(self.numbers["two"])

    def change(self, name):
        """Change one number, and mark its part."""
        self.numbers[name] += 1
        self.rerender(name)

    def hear(self):
        """Call the widget with the least that it must see."""
        self.callRemote("hear", *self.numbers.values())


class ModelTests(SynchronousTestCase):
    """One page."""

    def setUp(self):
        self.browser = StubBrowser()
        self.element = Numbers()
        self.page = self.browser.open(self.element)
        self.element.rendered = 0

    def shown(self):
        """What the page shows at last; each call finds at least what it was given."""
        shown = {"one": 0, "two": 0}
        for call in self.page.calls:
            if call.methodName == "athenalite.show":
                name, what = call.args
                shown[name.partition(".")[2]] = int(
                    re.findall(r"\d+(?=<)", what if isinstance(what, str) else what[-1])[-1]
                )
            else:
                for now, least in zip(shown.values(), call.args, strict=True):
                    self.assertGreaterEqual(now, least)
        return shown

    def step(self, step):
        """Do one step."""
        outbox = self.page.page.session.outbox
        if step == "mark":
            self.element.change("one")
        elif step == "other":
            self.element.change("two")
        elif step == "call":
            self.element.hear()
        elif step == "iteration":
            self.browser.advance(0.1)
        elif step == "cut":
            self.page.cut()
        elif step == "reconnect":
            self.page.reconnect()
        elif step == "ask":
            self.page.call(self.element, "_athenaEvent", "no", [], None).addErrback(lambda failure: None)
        elif outbox.transport is not None:
            outbox.pause(step == "pause")

    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.sampled_from(STEPS), max_size=25))
    def test_model(self, steps):
        """In the end the page shows what there is."""
        self.setUp()
        for step in steps:
            self.step(step)
        self.page.reconnect()
        self.browser.advance(1)
        self.browser.advance(1)
        self.assertEqual(self.shown(), self.element.numbers)

    def test_away(self):
        """Of a page that is away nothing is rendered, and nothing is kept, however often it is marked."""
        self.page.cut()
        before = self.page.page.session._delivery.weight
        for _ in range(1000):
            self.element.change("one")
            self.browser.advance()
        self.assertEqual((self.element.rendered, self.page.page.session._delivery.weight), (0, before))

    def test_unacknowledged(self):
        """A page that has much to acknowledge gets the last state when it has acknowledged enough."""
        self.browser = StubBrowser(limits=Limits(maxBytesKept=10_000))
        self.element = Numbers()
        self.page = self.browser.open(self.element)
        socket, self.page._socket = self.page._socket, None
        self.element.callRemote("hear", "x" * 6000)
        self.browser.advance()
        for _ in range(5):
            self.element.change("one")
            self.browser.advance(1)
        self.assertEqual(self.element.rendered, 2)
        self.page._socket = socket
        self.browser.advance()
        self.browser.advance(1)
        self.assertEqual(self.element.rendered, 3)

    def test_kept(self):
        """Markup beyond a bound is not kept, and sent whole each time."""
        self.patch(pageparts, "_KEPT", 10)
        self.setUp()
        for _ in range(2):
            self.element.change("one")
            self.browser.advance()
        self.assertTrue(all(isinstance(call.args[1], str) for call in self.page.calls))
