# -*- test-case-name: tests.test_localobjects -*-
"""The objects of a page, by number."""

from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite.errors import ArgumentError, NoSuchMethod
from athenalite.expose import expose
from athenalite.localobjects import LocalObjects


class Thing:
    """An object with an exposed method and a hook."""

    def __init__(self, log=None):
        self.log = log

    @expose
    def ask(self):
        return "answer"

    @expose
    def add(self, number: int):
        return number + 1

    def hook(self, argument):
        self.log.append(argument)


class LocalObjectsTests(SynchronousTestCase):
    """Numbers and methods."""

    def setUp(self):
        self.page = object()
        self.objects = LocalObjects(self.page)

    def test_numbers(self):
        """The page is 0, the others count from 1, and a number that was given is not given again."""
        one, other = Thing(), Thing()
        self.assertEqual((self.objects.add(one), self.objects.add(other)), (1, 2))
        self.objects.remove(2)
        self.assertEqual(self.objects.add(other), 3)
        self.assertEqual(list(self.objects), [self.page, one, other])
        self.assertIs(self.objects[1], one)
        self.assertRaises(KeyError, self.objects.remove, 2)

    def test_locateMethod(self):
        """Exposed methods are found; what is not there or not exposed is NoSuchMethod; an object may answer itself."""
        self.objects.add(Thing())
        self.assertEqual(self.objects.locateMethod(1, "ask")(), "answer")
        for objectID, name in ((1, "hook"), (2, "ask"), (0, "ask")):
            self.assertRaises(NoSuchMethod, self.objects.locateMethod, objectID, name)
        own = Thing()
        own.locateMethod = lambda ctx, name: name.upper
        self.objects.add(own)
        self.assertEqual(self.objects.locateMethod(2, "x")(), "X")

    def test_checked(self):
        """The arguments of what was found are checked, whoever has found it."""
        own = Thing()
        own.locateMethod = lambda ctx, name: getattr(own, name)
        for number in (self.objects.add(Thing()), self.objects.add(own)):
            method = self.objects.locateMethod(number, "add")
            self.assertEqual(method(1), 2)
            self.assertRaises(ArgumentError, method, "1")

    def test_tell(self):
        """Hooks of all objects are called, whatever one of them does."""
        log = []
        for thing in (Thing(None), object(), Thing(log)):
            self.objects.add(thing)
        logged = []
        self.objects.tell(Logger("tests", observer=logged.append), "hook", 7)
        self.assertEqual((log, len(logged)), ([7], 1))
        self.assertIn("Thing.hook", logged[0]["hook"])

    def test_close(self):
        """After close, nothing is kept, though numbers are given."""
        self.objects.add(Thing())
        self.objects.close()
        self.assertEqual(self.objects.add(Thing()), 2)
        self.assertEqual(list(self.objects), [])
