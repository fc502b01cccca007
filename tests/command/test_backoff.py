# -*- test-case-name: tests.command.test_backoff -*-
"""When a process is started again."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.backoff import Backoff


class BackoffTests(SynchronousTestCase):
    """``Backoff``"""

    def test_failing(self):
        """The delay doubles up to 30 s, while the process does not last."""
        backoff = Backoff()
        self.assertEqual([backoff.ended(30) for _ in range(8)], [0.5, 1, 2, 4, 8, 16, 30, 30])
        self.assertEqual(backoff.delay, 30)

    def test_lasted(self):
        """One that has lasted is started soon, and so is the next."""
        backoff = Backoff()
        for _ in range(4):
            backoff.ended(0)
        self.assertEqual([backoff.ended(30.1), backoff.ended(0)], [0.5, 1])
