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

    def test_besideStyles(self):
        """Images and fonts beside style sheets of another origin are allowed, too."""
        policy = allowing(POLICY, Roots(styles="https://css.example/b"))
        self.assertIn("img-src 'self' data: blob: https://css.example;", policy)
        self.assertIn("font-src 'self' https://css.example", policy)

    def test_withoutScheme(self):
        """An address without a scheme has the page's, whichever that is."""
        policy = allowing(POLICY, Roots("//js.example/a", transport="//live.example/c"))
        self.assertIn("script-src 'self' js.example;", policy)
        self.assertIn("connect-src 'self' live.example ws://live.example wss://live.example", policy)

    def test_pagesOwn(self):
        """What a page's own policy allows or leaves open stays so, and what it forbids otherwise, too."""
        roots = Roots("https://js.example/a")
        for policy, allowed in (
            ("img-src 'self'", "img-src 'self'"),
            ("default-src https:", "default-src https:; script-src https: https://js.example"),
            ("script-src 'none'", "script-src https://js.example"),
            ("Script-Src-Elem x; script-src 'none'", "script-src-elem x https://js.example; script-src 'none'"),
            ("script-src a.example; script-src *", "script-src a.example https://js.example"),
            ("sandbox allow-scripts; upgrade-insecure-requests", "sandbox allow-scripts; upgrade-insecure-requests"),
            ("script-src 'self', default-src *", "script-src 'self' https://js.example, default-src *; "
             "script-src * https://js.example"),
        ):  # fmt: skip
            self.assertEqual(allowing(policy, roots), allowed)

    def test_odd(self):
        """No address can add a directive."""
        for odd in ("https://a; script-src *", "https://a b", "https://", "javascript:alert(1)"):
            self.assertNotIn("*", allowing(POLICY, Roots(odd, odd, odd)))
