"""The page about an error, in debug mode."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.fault import Fault, Place
from athenalite._assets.faultpage import HEADERS, faultPage, sourceLines


class FaultPageTests(SynchronousTestCase):
    """faultPage."""

    def page(self, cause="ValueError: <b>no</b>", safe=str):
        """The page for a fault in a template."""
        path = Path(self.mktemp())
        path.write_text("\n".join(f"<p>line {number}</p>" for number in range(1, 11)), "utf-8")
        fault = Fault(cause, Place(str(path), 5, "p"), "the renderer 'x' of Y", (Place(__file__, 1, "f"),))
        return str(path), faultPage(fault, "1f3a9c02", safe).decode("utf-8")

    def test_content(self):
        """The error, the reference, the template's lines, the renderer, and the source lines, all escaped."""
        path, html = self.page()
        for text in (
            "<h1>ValueError</h1>",
            "&lt;b&gt;no&lt;/b&gt;",
            "reference 1f3a9c02",
            f"{path}:5",
            "<mark>    5  &lt;p&gt;line 5&lt;/p&gt;</mark>",
            "    2  &lt;p&gt;line 2",
            "    8  &lt;p&gt;line 8",
            "the renderer 'x' of Y",
            f"{__file__}:1",
            '<mark>    1  """The page about an error',
        ):
            self.assertIn(text, html)
        self.assertNotIn("line 1<", html)
        self.assertNotIn("line 9", html)

    def test_policy(self):
        """It has no script, style or handler, and its policy allows none."""
        _, html = self.page()
        for text in ("<script", "<style", "style=", "onclick", "href"):
            self.assertNotIn(text, html)
        self.assertTrue(HEADERS["Content-Security-Policy"].startswith("default-src 'none'"))
        self.assertEqual(HEADERS["Cache-Control"], "no-store")

    def test_secrets(self):
        """Secrets of pages are removed from the text and from the source."""
        _, html = self.page("ValueError: token", lambda text: text.replace("token", "(hidden)").replace("line", "-"))
        self.assertIn("(hidden)", html)
        self.assertNotIn("token", html)
        self.assertNotIn("line 5", html)

    def test_noFile(self):
        """A place that is in no file has no lines."""
        self.assertEqual(sourceLines(Place("xmlstr in x.py:3", 2, "p")), [])
