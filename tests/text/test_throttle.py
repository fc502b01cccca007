# -*- test-case-name: tests.text.test_throttle -*-
"""The same is not logged again within a minute."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._text.throttle import Throttle


class ThrottleTests(SynchronousTestCase):
    """Throttle"""

    def test_once(self):
        """What was logged is logged again after a minute, however often it happens."""
        throttle = Throttle()
        self.assertEqual([now for now in range(200) if throttle.allows(now)], [0, 60, 120, 180])

    def test_texts(self):
        """Another text is logged at once."""
        throttle = Throttle()
        allowed = [text for text in ("refused", "timeout", "refused", "timeout") if throttle.allows(5, text)]
        self.assertEqual(allowed, ["refused", "timeout"])

    def test_bounded(self):
        """However many texts there are, few are kept."""
        throttle = Throttle()
        for number in range(1000):
            self.assertTrue(throttle.allows(5, str(number)))
        self.assertFalse(throttle.allows(5, "999"))
        self.assertLessEqual(len(throttle._logged), 100)
