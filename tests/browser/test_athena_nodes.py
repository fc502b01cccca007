# -*- test-case-name: tests.browser.test_athena_nodes -*-
"""Athena's own browser tests of nodes and static widgets; see tests/browser/test_athena.py."""

from tests.browser.test_athena import WIDGET, AthenaTestCase


class WidgetTests(AthenaTestCase):
    """Widgets that come with the page."""

    def test_tables(self) -> None:
        """A widget in a cell of a table, and one whose node is a table, are made like any other."""
        self.assertEqual(self.page.locator("td > [title=cell], td [title=cell]").inner_text(), "in a table")
        self.assertEqual(self.page.locator("table[title=table]").inner_text(), "a table")

    def test_family(self) -> None:
        """Children and parents are right on three levels, and a parent is loaded before its children exist."""
        self.widget = "AthenaTests.Nodes.Branch"
        self.assertEqual(self.callWidget("shape"), [[[], [], []]] * 3)
        loaded = self.page.evaluate(f"(name) => ({WIDGET})(name).childrenWhenLoaded", self.widget)
        self.assertEqual(loaded, 0)

    def test_onclick(self) -> None:
        """
        A handler is the node's ``onclick``: it calls the method with the node, and returns what that returns. A field
        that is called "id" does not hide the number of the widget.
        """
        self.widget = "AthenaTests.Nodes.Handler"
        self.assertEqual(self.callWidget("click", "good"), [False, ["good"]])

    def test_badHandlers(self) -> None:
        """A handler that throws, or is not there, is an error in the console, and false: the form is not sent."""
        self.widget = "AthenaTests.Nodes.Handler"
        self.expectComplaint("thrown by a handler|clickd")
        self.assertEqual(self.callWidget("click", "throwing"), [False, []])
        self.assertEqual(self.callWidget("click", "mistyped"), [False, []])
        self.waitForComplaint(self.page, "thrown by a handler")
        self.waitForComplaint(self.page, "Undefined event handler: clickd")


class NodeTests(AthenaTestCase):
    """Where nodes are found."""

    widget = "AthenaTests.Nodes.Location"

    def test_firstNodeByAttribute(self) -> None:
        """The first in the order of the document is found."""
        self.assertEqual(self.callWidget("first"), "label")

    def test_nodeById(self) -> None:
        """A widget and one in it, with the same ids in their templates, each find their own node."""
        self.assertEqual(self.callWidget("ownNodes"), True)

    def test_references(self) -> None:
        """A label belongs to its input, and a cell to its headers, though ids are rewritten."""
        self.assertEqual(self.callWidget("references"), [True, True, True])

    def test_notFound(self) -> None:
        """A node that is not there is a NodeNotFound."""
        self.assertEqual(self.callWidget("thrown", "nodeById", "missing"), [True, "NodeNotFound"])
        self.assertEqual(self.callWidget("thrown", "nodeByAttribute", "name", "x"), [True, "NodeAttributeError"])
        self.assertEqual(self.callWidget("thrown", "firstNodeByAttribute", "name", "x"), [True, "NodeAttributeError"])

    def test_tooMany(self) -> None:
        """More than one node where there should be one is an error, of another kind."""
        self.assertEqual(self.callWidget("thrown", "nodeByAttribute", "name", "foo"), [False, "Error"])

    def test_default(self) -> None:
        """A default, even null, is given for a node that is not there."""
        self.assertEqual(self.callWidget("withDefault"), [None, 3])

    def test_wholeAttribute(self) -> None:
        """The whole attribute counts: an input of two classes is not found by one. Nodes of widgets in it are found."""
        self.assertEqual(self.callWidget("wholeAttribute"), [2, 2])

    def test_nodeInserted(self) -> None:
        """``nodeInserted`` of a widget in the page is called once."""
        self.assertEqual(self.page.evaluate(f"(name) => ({WIDGET})(name).insertions", self.widget), 1)

    def test_noWidget(self) -> None:
        """Looking up the widget of a node outside all widgets is an error."""
        self.assertEqual(self.callWidget("getHead"), "nodeByDOM passed node with no containing Athena Ref ID")
