# -*- test-case-name: tests.testing.test_fakehistory -*-
"""The addresses of a simulated page."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._testing.fakehistory import FakeHistory


class FakeHistoryTests(SynchronousTestCase):
    """As those of a browser."""

    def test_show(self):
        """A new address takes the place of those to which one could go forward; one that is late is not shown."""
        history = FakeHistory("/a?b")
        self.assertEqual(history.start, "/a")
        history.show("/c", True, 0, "/a")
        history.show("/d", True, 0, "/a")
        history.go(-2)
        self.assertEqual((history.url, history.moves), ("/a?b", 1))
        history.show("/late", True, 0, "/a")
        self.assertEqual(history.url, "/a?b")
        history.show("/e", True, 1, "/a")
        self.assertIn("/a?b, /e, at /e", str(self.assertRaises(LookupError, history.go, 1)))
        history.show("/f", False, 1, "/a")
        history.go(-1)
        self.assertEqual(history.url, "/a?b")
        self.assertRaises(LookupError, history.go, -1)
