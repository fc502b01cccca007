# -*- test-case-name: tests.porting.test_members -*-
"""Names in classes of applications."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import athena, page, rend
from athenalite._porting.members import BASES, NEW, UNCALLED, kindsOf, meaning, uncalled
from athenalite.taglibrary import tabbedPane

OURS = {
    **{one.__name__: one for one in (athena.ElementRenderingLivePage, athena.LiveElement, athena.LiveFragment)},
    **{one.__name__: one for one in (athena.LivePage, page.Element, rend.Fragment, rend.Page)},
    "TabbedPaneFragment": tabbedPane.TabbedPaneFragment,
}
#: What Nevow's classes had and called alike.
OF_NEVOW = frozenset(
    [
        "addLocalObject",
        "addSlash",
        "beforeRender",
        "callRemote",
        "childFactory",
        "connectionLost",
        "connectionMade",
        "cssModule",
        "detach",
        "detached",
        "docFactory",
        "factory",
        "fragmentParent",
        "getCSSModuleURL",
        "getInitialArguments",
        "getJSModuleURL",
        "jsClass",
        "liveElement",
        "liveFragment",
        "liveFragmentChildren",
        "locateChild",
        "locateMethod",
        "notifyOnDisconnect",
        "original",
        "page",
        "preprocessors",
        "putChild",
        "remember",
        "removeLocalObject",
        "rend",
        "renderHTTP",
        "renderString",
        "renderSynchronously",
        "render_liveglue",
        "renderer",
        "setFragmentParent",
    ]
)
#: What an application may have for something else, because nothing comes of it; and Nevow's elements had render, too.
HARMLESS = frozenset(["loader", "pageLang", "pageReloads", "pageTexts", "pageTitle"])


class MembersTests(SynchronousTestCase):
    """``NEW``, ``UNCALLED``"""

    def test_all(self):
        """Each public name of our classes is one of Nevow's, is harmless, or is known to have a meaning here."""
        self.assertEqual(set(OURS), set(BASES))
        for name in ("LivePage", "Page", "LiveElement", "LiveFragment", "Fragment", "Element"):
            cls, kinds = OURS[name], kindsOf([name])
            for one in dir(cls):
                if not one.startswith("_") and one not in OF_NEVOW | HARMLESS:
                    known = meaning(one, kinds) or (one == "render" and "element" in kinds)
                    self.assertTrue(known, f"{name}.{one}")

    def test_existing(self):
        """Each name with a meaning is one of a class of ours, and no name that is never called is."""
        for name, member in NEW.items():
            having = [kindsOf([key]) for key, cls in OURS.items() if hasattr(cls, name)]
            # These are set by instances alone.
            if name not in ("session", "values"):
                self.assertTrue(any(member.kinds & kinds for kinds in having), name)
        for name in UNCALLED.keys() - {"factory"}:
            self.assertFalse(any(hasattr(cls, name) for cls in OURS.values()), name)

    def test_kinds(self):
        """A name means something in classes of its kinds."""
        self.assertIn("dropped", meaning("disconnected", kindsOf(["LiveElement"])))
        self.assertIsNone(meaning("disconnected", kindsOf(["Page"])))
        self.assertIsNone(meaning("disconnected", kindsOf(["Other"])))

    def test_uncalled(self):
        """Methods with as many parameters as Nevow's; prefixes; and few attributes."""
        pages = kindsOf(["Page"])
        self.assertIn("connectionMade", uncalled("goingLive", pages, 3))
        self.assertIsNone(uncalled("goingLive", pages, 1))
        self.assertIn("childFactory", uncalled("renderHTTP_notFound", pages, 2))
        self.assertIn("formless", uncalled("bind_add", pages, 2))
        self.assertIsNone(uncalled("bind_", pages, 2))
        self.assertIsNone(uncalled("data", pages, None))
        self.assertIsNotNone(uncalled("flattenFactory", pages, None))
        self.assertIsNone(uncalled("goingLive", kindsOf(["object"]), 3))
