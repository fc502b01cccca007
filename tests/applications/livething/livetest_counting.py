"""Tests as Athena's users wrote them; only the imports are changed."""

from twisted.internet import defer, reactor, task

from athenalite import athena, loaders, tags
from athenalite.athena import expose
from athenalite.livetrial import testcase
from athenalite.livetrial.testcase import TestCase


class Counter(athena.LiveElement):
    """The element under test."""

    jsClass = "LiveThing.Counter"
    docFactory = loaders.stan(tags.div(render=tags.directive("liveElement"))[tags.span(class_="count")["0"]])
    count = 0

    @expose
    def increment(self):
        self.count += 1
        return self.count


class CounterTests(TestCase):
    """The test makes elements by a call of a method that has the name of unittest's."""

    jsClass = "LiveThing.Tests.CounterTests"

    def __init__(self):
        TestCase.__init__(self)
        self.counters = {}

    def setUp(self, key):
        """Called by the test only."""
        self.counters[key] = Counter()
        self.counters[key].setFragmentParent(self)
        return self.counters[key]

    expose(setUp)

    def test_increment(self, key, count):
        """Has the name of the test that calls it."""
        self.assertEquals(self.counters[key].count, count)  # noqa: UP005 (trial has it for good)

    expose(test_increment)

    def testLater(self, result):
        """Has a name that begins like a test's, and is none."""
        return task.deferLater(reactor, 0.01, defer.succeed, result)

    expose(testLater)


class InheritedTests(CounterTests):
    """In JavaScript it is no subclass of the other."""

    jsClass = "LiveThing.Tests.DocumentTests"

    def getInitialArguments(self):
        return ["first", 2]

    def getTestContainer(self):
        return tags.table[tags.tbody[tags.tr[tags.td(id="around")[tags.slot("widget")]]]]

    def getWidgetTag(self):
        return tags.table

    def getWidgetDocument(self):
        return tags.tbody[tags.tr[tags.td(render=tags.directive("cell"))]]

    def render_cell(self, ctx, data):
        counter = Counter()
        counter.setFragmentParent(self)
        return ctx.tag[counter]

    def head(self):
        return tags.meta(name="livething", content="from head")


class OldTests(testcase.TestCase):
    """The oldest form: a template with a renderer, and one test named run."""

    jsClass = "LiveThing.Tests.OldTests"
    docFactory = loaders.stan(tags.div(render=tags.directive("liveTest"))["OldTests"])
