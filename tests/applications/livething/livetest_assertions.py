"""The assertions of livetests, tested with themselves."""

from athenalite.livetrial.testcase import TestCase


class AssertionTests(TestCase):
    """Each assertion, where it passes and where it fails."""

    jsClass = "LiveThing.Assertions.AssertionTests"
