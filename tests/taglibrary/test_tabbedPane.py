# -*- test-case-name: tests.taglibrary.test_tabbedPane -*-
"""``athenalite.taglibrary.tabbedPane`` is ``nevow.taglibrary.tabbedPane``."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite import tags as T
from athenalite.flat import flatten
from athenalite.taglibrary.tabbedPane import TabbedPaneFragment, tabbedPane, tabbedPaneGlue
from tests.pages import InMemorySite, Plain


class FragmentTests(SynchronousTestCase):
    """A tabbed pane with a widget."""

    def test_rendered(self):
        """The tabs and the panes have Nevow's classes; elements in panes have widgets."""

        class Panes(TabbedPaneFragment):
            def __init__(self):
                inner = Plain()
                super().__init__([("One", T.b["1"]), ("Two", inner)], 1, name="panes")
                inner.setFragmentParent(self)

        response = InMemorySite(self, Panes).request()
        self.assertIn(
            '<ul class="nevow-tabbedpane-tabs" id="athenaid:1-tab-container">'
            '<li class="nevow-tabbedpane-tab" data-athena-handlers="onclick=dom_tabClicked">One</li>'
            '<li class="nevow-tabbedpane-selected-tab" data-athena-handlers="onclick=dom_tabClicked">Two</li></ul>'
            '<div id="athenaid:1-pane-container"><div class="nevow-tabbedpane-pane"><b>1</b></div>'
            '<div class="nevow-tabbedpane-selected-pane"><div ',
            response.text,
        )
        self.assertIn('data-athena-arguments="[&quot;Two&quot;]"', response.text)
        self.assertIn('id="athena:2"', response.text)
        self.assertIn("/Nevow.TagLibrary.TabbedPane.css", response.text)
        self.assertEqual(
            [name for name, _ in response.island["modules"]], ["Nevow.TagLibrary", "Nevow.TagLibrary.TabbedPane"]
        )

    def test_modules(self):
        """Each site has its modules, for scripts that import them."""
        packages = InMemorySite(self).factory.packages
        for modules in (packages.scripts, packages.styles):
            self.assertIn(b"nevow-tabbedpane-selected-tab", modules.get("Nevow.TagLibrary.TabbedPane").content)


class PlainTests(SynchronousTestCase):
    """A tabbed pane without a widget."""

    def test_rendered(self):
        """It has the same classes; an index that is too large is the first."""
        pages = [("One", T.b["1"]), ("Two", "2")]
        self.assertEqual(
            flatten(tabbedPane(None, {"pages": pages, "selected": 1, "name": "n"})),
            '<div class="nevow-tabbedpane" id="n" data-tabbedpane=""><ul class="nevow-tabbedpane-tabs">'
            '<li class="nevow-tabbedpane-tab" id="n_tab_0">One</li>'
            '<li class="nevow-tabbedpane-selected-tab" id="n_tab_1">Two</li></ul>'
            '<div class="nevow-tabbedpane-pane" id="n_page_0"><b>1</b></div>'
            '<div class="nevow-tabbedpane-selected-pane" id="n_page_1">2</div></div>',
        )
        self.assertIn(
            'selected-tab" id="theTabbedPane_tab_0', flatten(tabbedPane(None, {"pages": pages, "selected": 2}))
        )

    def test_glue(self):
        """The page loads a script and a style sheet; there is no inline script."""
        self.assertEqual(
            flatten(tabbedPaneGlue.fileGlue),
            '<link rel="stylesheet" type="text/css" href="/tabbedPane.css" /><script src="/tabbedPane.js"></script>',
        )
        self.assertIn("div.nevow-tabbedpane-pane {", flatten(tabbedPaneGlue.inlineCSS))
        for file, content in (
            (tabbedPaneGlue.fileCSS, "nevow-tabbedpane"),
            (tabbedPaneGlue.fileJS, "addEventListener"),
        ):
            self.assertIn(content, Path(file.path).read_text("utf-8"))
        self.assertIn("fileGlue", str(self.assertRaises(AttributeError, getattr, tabbedPaneGlue, "inlineGlue")))
