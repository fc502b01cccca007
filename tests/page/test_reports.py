"""What the client reports in debug mode."""

from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase

from athenalite.athena import LiveElement
from athenalite.loaders import stan
from athenalite.tags import p
from tests.pages import InMemorySite, Plain


class Tags(LiveElement):
    """An element whose template is of tags."""

    docFactory = stan(p(render="liveElement"))


class ReportTests(SynchronousTestCase):
    """Calls of _athenaReport."""

    def report(self, *arguments, element=Plain, debug=True):
        """What is logged, and the answer."""
        logged = []
        site = InMemorySite(self, element, debug=debug, log=Logger("tests", observer=logged.append))
        _, socket = site.page()
        socket.send("call", 0, "_athenaReport", list(arguments))
        site.flush()
        return [eventAsText(event) for event in logged], socket.messages()

    def test_text(self):
        """The log has the text, without control characters."""
        [text], [answer] = self.report("blocked \x1b[31m", [])
        self.assertIn(r"The browser reports: blocked \x1b[31m", text)
        self.assertEqual(answer[2], True)

    def test_widgets(self):
        """It has the classes and the templates of the widgets, as far as there are such elements."""
        [text], _ = self.report("missing", [1, 0, 77])
        self.assertRegex(text, r"missing: Plain \(athena:1, xmlstr in .*pages\.py:\d+:1\), athena:0, athena:77$")
        [text], _ = self.report("missing", [1], element=Tags)
        self.assertRegex(text, r"missing: Tags \(athena:1, .*test_reports\.py:\d+\)")

    def test_bounded(self):
        """A report is bounded, and so is what a page may report."""
        [text], _ = self.report("x" * 10_000, [77] * 1000)
        self.assertLess(len(text), 1500)

    def test_withoutDebug(self):
        """Without debug mode there is no such method."""
        logged, [answer] = self.report("text", [], debug=False)
        self.assertEqual(logged, [])
        self.assertEqual((answer[2], answer[3]["type"]), (False, "NoSuchMethod"))
