# -*- test-case-name: tests.testing.test_fakedocument -*-
"""The tree of a simulated page shows what the server has rendered."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._testing.fakedocument import FakeDocument, parsed

HTML = (
    '<main id="athena:3"><p data-athena-part="3.a" title="&lt;">one &amp; <b>two</b></p><br>'
    '<ul data-athena-part="3.l"><li data-athena-key="1">x</li></ul></main>'
)


class DocumentTests(SynchronousTestCase):
    """A small document."""

    def setUp(self):
        self.document = FakeDocument(HTML)

    def markup(self):
        """What it shows."""
        return self.document.root.children[0].markup

    def test_parsed(self):
        """What was parsed is written as it was."""
        for markup in (HTML, "<style>a > b</style>", '<input value="">'):
            self.assertEqual(parsed(markup).children[0].markup, markup)
        self.assertEqual(self.document.root.text, "one & twox")

    def test_places(self):
        """A node knows its item and its widget."""
        item = self.document.find(lambda node: node.name == "li", "")
        self.assertEqual((item.key, item.number), ("1", 3))
        self.assertRaises(ValueError, lambda: parsed("<p></p>").children[0].number)
        self.assertRaisesRegex(LookupError, "nothing", self.document.find, lambda node: False, "nothing")

    def test_whole(self):
        """Markup and pieces replace the node of a part."""
        self.document.show("3.a", '<p data-athena-part="3.a">new</p>')
        self.document.show("3.a", [2, '3.a"', 4, "newer<"])
        self.document.show("3.a", [])
        self.assertEqual(self.document.part("3.a").markup, '<p data-athena-part="3.a">newer</p>')
        self.assertEqual(self.document.part("3.a").number, 3)

    def test_items(self):
        """Items come, change, move and go."""
        one, two = ('<li data-athena-key="{}">{}</li>'.format(*pair) for pair in ((1, "y"), (2, "z")))
        self.document.show("3.l", [[["1", one], ["2", two]], [["2", "1"]]])
        self.assertEqual([node.text for node in self.document.part("3.l").children], ["z", "y"])
        self.document.show(
            "3.l", [[["1", None], ["2", None], [None, '<li data-athena-empty="">no</li>']], [[None, None]]]
        )
        self.assertEqual(self.document.part("3.l").text, "no")
        self.document.show("3.l", [[[None, None]], []])
        self.assertEqual(self.document.part("3.l").children, [])

    def test_stale(self):
        """A part that could not be rendered is marked until it can."""
        self.document.show("3.a", None, "why")
        self.assertEqual(self.document.part("3.a").attributes["data-athena-stale"], "why")
        self.document.show("3.a", [])
        self.assertNotIn("data-athena-stale", self.document.part("3.a").attributes)
