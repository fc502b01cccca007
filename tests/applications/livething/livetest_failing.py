"""Tests that fail, each for a different reason."""

from twisted.logger import Logger

from athenalite import loaders, tags
from athenalite.athena import expose
from athenalite.livetrial.testcase import TestCase


class FailingTests(TestCase):
    """All fail except one."""

    jsClass = "LiveThing.Failing.FailingTests"

    @expose
    def compare(self, a, b):
        """Fails in Python."""
        self.assertEqual(a, b)

    @expose
    def log(self):
        """Succeeds, having logged an error."""
        try:
            raise RuntimeError("logged by Python")
        except RuntimeError:
            Logger().failure("Something went wrong")

    @expose
    def expectError(self):
        """Raises an error that the test expects."""
        self.addCleanup(self.flushLoggedErrors, RuntimeError)
        raise RuntimeError("expected by Python")


class LateTests(TestCase):
    """A test that does not finish."""

    jsClass = "LiveThing.Failing.LateTests"
    timeout = 0.2


class BusyTests(TestCase):
    """An endless loop."""

    jsClass = "LiveThing.Failing.BusyTests"
    timeout = 0.2


class UnreadTests(TestCase):
    """Reading the script does not find all tests."""

    jsClass = "LiveThing.Failing.UnreadTests"


class NoTests(TestCase):
    """There are no tests."""

    jsClass = "LiveThing.Failing.NoTests"


class ThrowingTests(TestCase):
    """The widget cannot be made."""

    jsClass = "LiveThing.Failing.ThrowingTests"


class UnrenderedTests(TestCase):
    """The document cannot be rendered."""

    jsClass = "LiveThing.Failing.ThrowingTests"
    docFactory = loaders.stan(tags.div(render=tags.directive("liveTest"))[tags.div(render=tags.directive("missing"))])


class WrittenTests(TestCase):
    """The script has a syntax error."""

    jsClass = "LiveThing.SyntaxError.Tests"
