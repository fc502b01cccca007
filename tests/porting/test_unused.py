"""Warnings of what classes have for Nevow."""

import warnings

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite import athena, rend, tags
from athenalite.flat import flatten
from athenalite.stan import Tag


class UnusedTests(SynchronousTestCase):
    """``warnOfUnused``"""

    def warned(self, base, **members):
        """Return the warnings when a class is made, and their files."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")

            class Mine(base):
                """An application's class."""

                locals().update(members)

        self.assertEqual({one.filename for one in caught} - {__file__}, set())
        return [str(one.message) for one in caught]

    def test_attributes(self):
        """Those of the long poll, and of old browsers, with what to use instead."""
        [text] = self.warned(athena.LivePage, TRANSPORT_IDLE_TIMEOUT=30)
        self.assertRegex(text, r"Mine.TRANSPORT_IDLE_TIMEOUT has no effect: Limits\(pingInterval=...\) is the time")
        self.assertEqual(len(self.warned(athena.LivePage, useActiveChannels=True, requiredBrowserVersions={})), 2)

    def test_methods(self):
        """Methods for nevow:data and nevow:macro, of pages and fragments."""
        for base in (rend.Page, rend.Fragment, athena.LivePage, athena.LiveFragment):
            [text] = self.warned(base, data_rows=lambda self, ctx, data: [])
            self.assertRegex(text, r"Mine.data_rows is never called: write render_rows\(self, ctx, data\)")

        [text] = self.warned(rend.Page, data_rows=lambda self, data: [], data_row=lambda self, other: [])
        self.assertIn("Mine.data_rows is never called", text)

    def test_others(self):
        """What only has such a name is none."""
        members = {"data_rows": [], "data_row": lambda self: None, "data_": lambda self, a, b: None}
        self.assertEqual(self.warned(athena.LivePage, render_rows=lambda self, ctx, data: [], **members), [])
        self.assertEqual(self.warned(athena.LiveElement, data_rows=lambda self, ctx, data: []), [])

    def test_hooks(self):
        """Hooks of Nevow's that are not called, and attributes of elements."""
        [text] = self.warned(rend.Page, renderHTTP_notFound=lambda self, ctx: None)
        self.assertIn("renderHTTP_notFound is never called: override childFactory", text)
        [text] = self.warned(athena.LivePage, goingLive=lambda self, ctx, client: None)
        self.assertIn("goingLive is never called: write connectionMade", text)
        factory = athena.LivePageFactory(Clock())
        self.assertIn("factory has no effect: give it", "".join(self.warned(athena.LivePage, factory=factory)))
        self.assertEqual(self.warned(athena.LivePage, factory="mine"), [])
        [text] = self.warned(athena.LiveElement, allowedMethods={"x": True})
        self.assertIn("allowedMethods has no effect: write @expose", text)
        [text] = self.warned(rend.Page, bind_add=lambda self, ctx: [])
        self.assertIn("bind_add is never called", text)

    def test_taken(self):
        """A method of a name of ours that cannot be called as ours is; of a LiveFragment any without annotations."""
        for base, name, parameters in (
            (athena.LiveElement, "disconnected", lambda self, user: None),
            (athena.LivePage, "resumed", lambda self, user: None),
            (athena.LivePage, "close", lambda self: None),
            (athena.LivePage, "authorize", lambda self, user, password: None),
            (rend.Page, "render_POST", lambda self, ctx, data: None),
            (athena.LiveFragment, "disconnected", lambda self: None),
        ):
            [text] = self.warned(base, **{name: parameters})
            self.assertRegex(text, rf"Mine.{name} (is|ends) .*: rename yours")

    def test_meant(self):
        """Methods that can be called so, also with other arguments, and those with annotations."""

        def resumed(self) -> None:
            """Do nothing."""

        free = {"close": lambda self, *reasons: None, "authorize": lambda self, handshake, more=1: None}
        self.assertEqual(self.warned(athena.LivePage, disconnected=lambda self: None, resumed=resumed, **free), [])
        self.assertEqual(self.warned(athena.LiveElement, disconnected=lambda self: None), [])
        self.assertEqual(self.warned(athena.LiveFragment, resumed=resumed, disconnected="text"), [])


class SpecialsTests(SynchronousTestCase):
    """``refuseSpecials``"""

    def test_refused(self):
        """What had a meaning for Nevow is an error, and no attribute that nobody asked for."""
        for name in ("data", "key", "macro", "remember"):
            error = self.assertRaises(TypeError, tags.p, **{name: [1]})
            self.assertRegex(str(error), f"tags have no {name}=, which Nevow's had: .* docs/porting.rst")

    def test_attributes(self):
        """Elements that have such attributes keep them."""
        self.assertEqual(flatten(tags.object(data="a.svg")), '<object data="a.svg"></object>')
        self.assertEqual(flatten(Tag("my-chart")(data="1")), '<my-chart data="1"></my-chart>')
        self.assertEqual(flatten(tags.p(data=None)), "<p></p>")
