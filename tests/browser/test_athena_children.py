# -*- test-case-name: tests.browser.test_athena_children -*-
"""Athena's own browser tests of widgets that are added and removed; see tests/browser/test_athena.py."""

from playwright.sync_api import expect

from tests.browser.test_athena import AthenaTestCase


class ChildTests(AthenaTestCase):
    """Widgets added later."""

    widget = "AthenaTests.Children.Parent"

    def test_widgetInfo(self) -> None:
        """An element that is a result becomes a widget in the registry, the last child, which can call its element."""
        self.assertEqual(self.callWidget("addFromInfo"), [True, True, True, 42])

    def test_components(self) -> None:
        """A widget made of a number, a class and the browser's own markup does so too; its class gets the arguments."""
        self.assertEqual(self.callWidget("addFromComponents"), [True, True, True, 42, "hello", "made here"])

    def test_remove(self) -> None:
        """A child that is removed has no parent, and the parent one child less."""
        self.assertEqual(self.callWidget("remove"), [None, 0])

    def test_removeStranger(self) -> None:
        """Removing a widget that is not a child is a NoSuchChild."""
        self.assertIs(self.callWidget("removeStranger"), True)

    def test_removeAll(self) -> None:
        """All children can be removed at once, and have no parent then."""
        self.assertEqual(self.callWidget("removeAll"), [0, None, None])

    def test_detach(self) -> None:
        """
        A widget that is detached, from either side, with or without a parent, ends with all widgets in it, on both
        sides; ``detached`` is called once on each, on both sides.
        """
        gone = [[True] * 3, [1] * 3, 0, [0, [1] * 3]]
        for fromServer in (False, True):
            for orphaned in (False, True):
                with self.subTest(fromServer=fromServer, orphaned=orphaned):
                    self.page.close()
                    self.page = self.open()
                    self.assertEqual(self.callWidget("detachChild", fromServer, orphaned), gone)

    def test_nodes(self) -> None:
        """
        A widget finds its nodes before it is in the document, and afterwards; a missing node is a NodeNotFound.
        ``nodeInserted`` is not called, because only the application inserts the node.
        """
        self.assertEqual(self.callWidget("searchIn"), [False, "input", [True, "NodeNotFound"], "input", 0])

    def test_modulesAndStyles(self) -> None:
        """Its modules are loaded first, and its style sheets, once, each after its package and what it imports."""
        self.assertIs(self.callWidget("addStyled"), True)
        self.assertIs(self.callWidget("addStyled"), True)
        sheets = self.page.evaluate(
            "() => [...document.querySelectorAll('head link[rel=stylesheet]')].map(({ href }) => href)"
        )
        names = [sheet.rpartition("/")[2] for sheet in sheets]
        self.assertEqual(names, ["AthenaTests.css", "AthenaTests.StyledBase.css", "AthenaTests.Styled.css"])

    def test_callLater(self) -> None:
        """Functions are called later, in the order of their seconds, and not at all when that is cancelled."""
        self.assertEqual(self.callWidget("callInOrder"), ["at once", "first", "second"])


class DialogTests(AthenaTestCase):
    """The dialog of an error that has no errback."""

    widget = "AthenaTests.Children.Parent"
    dialogs = "[class^=athena-error-dialog-]"

    def test_caught(self) -> None:
        """An errback that is added in time takes the error, and no dialog is shown."""
        self.assertEqual(self.callWidget("failCaught"), "caught")
        # The dialog of a later call would come after that of the first.
        self.expectComplaint("failed for the dialog")
        self.callWidget("failUncaught")
        expect(self.page.locator(self.dialogs).first).to_be_visible()
        self.assertEqual(self.page.locator(self.dialogs).count(), 1)

    def test_uncaught(self) -> None:
        """Without one exactly one dialog is shown, by the widget's number, and a click on it closes it."""
        self.expectComplaint("failed for the dialog")
        self.callWidget("failUncaught")
        dialog = self.page.locator(self.dialogs)
        expect(dialog).to_have_count(1)
        number = self.page.evaluate(
            "() => Object.values(Nevow.Athena.Widget._athenaWidgets).find((widget) => widget.failUncaught).objectID"
        )
        expect(dialog).to_have_class(f"athena-error-dialog-{number}")
        expect(dialog).to_contain_text("failed for the dialog")
        dialog.get_by_text("Click here to close.").click()
        expect(dialog).to_have_count(0)
