# -*- test-case-name: tests.assets.test_policy -*-
"""A page's policy allows what the page itself loads from other origins."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.assets import Roots
from athenalite._assets.document import HEADERS
from athenalite._assets.policy import allowing

POLICY = HEADERS["Content-Security-Policy"]


class AllowingTests(SynchronousTestCase):
    """``allowing``"""

    def test_own(self):
        """Nothing is added for addresses below the page."""
        self.assertEqual(allowing(POLICY, Roots()), POLICY)
        self.assertEqual(allowing(POLICY, Roots("/a", "./b", "../c")), POLICY)

    def test_other(self):
        """The origins of other addresses are added where they are needed, once, without users and paths."""
        roots = Roots("https://js.example/a", "https://u:p@css.example/b", "https://live.example:8443/c")
        policy = allowing(allowing(POLICY, roots), roots)
        self.assertIn("script-src 'self' https://js.example;", policy)
        self.assertIn("style-src 'self' 'unsafe-inline' https://css.example;", policy)
        self.assertIn("connect-src 'self' https://live.example:8443 wss://live.example:8443", policy)
        self.assertEqual(policy.count("live.example"), 2)

    def test_odd(self):
        """No address can add a directive."""
        for odd in ("https://a; script-src *", "https://a b", "https://", "javascript:alert(1)"):
            self.assertNotIn("*", allowing(POLICY, Roots(odd, odd, odd)))
