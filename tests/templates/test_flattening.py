# -*- test-case-name: tests.templates.test_flattening -*-
"""An element is flattened as Twisted flattens it, with the same errors, and mostly without Twisted's generators."""

import re

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import flatten, renderer, slot, tags

from athenalite import loaders
from athenalite._assets.fault import faultOf
from athenalite._templates import flattening
from athenalite._templates.flattening import flattenElement
from athenalite._text.markup import Flat
from athenalite.page import Element
from athenalite.stan import Tag


class Shown(Element):
    """Has one renderer for each case."""

    @renderer
    def markup(self, request, tag):
        return Flat(b"<b>&amp;</b>")

    @renderer
    def octets(self, request, tag):
        return b"a < b"

    @renderer
    def nothing(self, request, tag):
        return None

    @renderer
    def text(self, request, tag):
        return tag("a < b", title='"')

    @renderer
    def filled(self, request, tag):
        return tag("more", title="t").fillSlots(s="1")

    @renderer
    def later(self, request, tag):
        return succeed(tag(slot("one")))

    @renderer
    def failing(self, request, tag):
        raise ValueError("x")

    def __repr__(self):
        return "<shown>"


def root(render, *children, slots=()):
    """A loader of one node with a renderer."""
    tag = Tag("p", render=render)(*children)
    return loaders.stan(tag.fillSlots(**dict(slots)) if slots else tag)


#: The documents, each made twice.
CASES = {
    "markup": lambda: root("markup"),
    "text": lambda: root("text"),
    "bytes": lambda: root("octets"),
    "nested": lambda: root("text", Tag("i", render="text"), Tag("b", render="markup")),
    "slots": lambda: root("later", slots={"one": "1"}),
    "several": lambda: loaders.stan([Tag("p", render="markup"), "x", Tag("p", render="text")]),
    "static": lambda: loaders.stan(tags.p("x")),
    "None": lambda: root("nothing"),
    "failing": lambda: root("failing"),
    "failing inside": lambda: root("text", tags.i(Tag("i", render="failing"))),
    "missing": lambda: root("absent"),
    "unfilled": lambda: root("later"),
    "no template": lambda: None,
}


class FlatteningTests(SynchronousTestCase):
    """Compared with Twisted's."""

    def outcome(self, function, loader):
        """
        :return: the markup; or the error, with the nodes that it is reported for, and what pages show of it.
        """
        written = []
        result = function(None, Shown(loader), written.append)
        failed = []
        result.addErrback(failed.append)
        if not failed:
            self.assertIsNone(self.successResultOf(result))
            return b"".join(written)
        error = failed[0].value
        roots = [re.sub("at 0x[0-9a-f]+", "", repr(one)) for one in error._roots]
        fault = faultOf(failed[0])
        return type(error), repr(error.args[0]), roots, fault.cause, fault.template, fault.renderer, fault.frames[-1:]

    def test_same(self):
        """The same markup and the same errors."""
        for name, loader in CASES.items():
            with self.subTest(name):
                self.assertEqual(self.outcome(flattenElement, loader()), self.outcome(flatten, loader()))

    def test_changed(self):
        """What a renderer does with its tag, it does with a copy, whatever the attributes are."""
        for given in ({}, {"id": "x"}, {"id": Tag("i")}):
            loader = loaders.stan(Tag("p", render="filled")(slot("s"), "text", **given))
            [document] = loader.load()
            first = self.outcome(flattenElement, loader)
            self.assertIn(b' title="t">1textmore<', first)
            self.assertEqual(
                (document.slotData, len(document.children), document.attributes.keys()), (None, 2, given.keys())
            )
            self.assertEqual(self.outcome(flattenElement, loader), first)
            self.assertEqual(self.outcome(flatten, loader), first)

    def test_once(self):
        """No renderer is called twice, whatever it returns."""
        for name in ("markup", "nothing", "text", "failing"):
            called = []
            element = Shown(root(name))
            look = element.lookupRenderMethod
            element.lookupRenderMethod = lambda name, look=look, called=called: called.append(name) or look(name)
            flattenElement(None, element, lambda data: None).addErrback(lambda _: None)
            self.assertEqual(called, [name])

    def test_without(self):
        """Markup is written without Twisted's flattener."""
        self.patch(flattening, "flatten", None)
        self.assertEqual(self.outcome(flattenElement, root("markup")), b"<b>&amp;</b>")

    def test_waiting(self):
        """A renderer may wait."""
        waiting, written = Deferred(), []
        self.patch(Shown, "later", renderer(lambda element, request, tag: waiting))
        flat = flattenElement(None, Shown(root("later")), written.append)
        self.assertNoResult(flat)
        waiting.callback("x")
        self.successResultOf(flat)
        self.assertEqual(written, [b"x"])
