"""What tests assert with, tested with itself."""

from athenalite.livetrial.testcase import TestCase


class AssertionTests(TestCase):
    """Each assertion, where it passes and where it fails."""

    jsClass = "LiveThing.Assertions.AssertionTests"
