# -*- test-case-name: tests.page.test_requirements -*-
"""The modules that a page needs, and their addresses."""

import re
import sys
from pathlib import Path
from shutil import rmtree
from types import ModuleType

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import Site
from twisted.web.test.requesthelper import DummyRequest

from athenalite import LiveElement, LivePage, url
from athenalite import tags as T
from athenalite._assets.assets import Roots
from athenalite._assets.client import LinkError
from athenalite._assets.modules import JSPackage
from athenalite._page.requirements import Requirements
from athenalite._server.factory import LivePageFactory
from athenalite.errors import UnknownClass
from athenalite.loaders import stan, xmlstr
from athenalite.rend import Page
from athenalite.testing import StubBrowser
from athenalite.url import URL
from tests.pages import InMemorySite


class Widget:
    """An object with a class and a style sheet."""

    def __init__(self, jsClass, cssModule=None):
        self.jsClass = jsClass
        self.cssModule = cssModule


class RequirementsTests(SynchronousTestCase):
    """One page's scripts and style sheets."""

    def setUp(self):
        self.factory = LivePageFactory(Clock())

    def paths(self, *names):
        """Return a mapping of these names to empty files."""
        directory = self.mktemp()
        paths = {name: f"{directory}{name}" for name in names}
        for path in paths.values():
            open(path, "w").close()
        return paths

    def test_given(self):
        """A page may provide a mapping or a package, and add to it until it is rendered."""
        paths = self.paths("A", "B", "C")
        for scripts in ({"A": paths["A"]}, JSPackage({"A": paths["A"]})):
            modules = Requirements(scripts, {"B": paths["B"]}, (None, None, None))
            modules.scripts.mapping["C"] = paths["C"]
            found = modules.ofDocument(self.factory, [Widget("A.X", "B"), Widget("C.Y"), object()])
            self.assertEqual([[one.name for one in kind] for kind in found], [["A", "C"], ["B"]])

    def test_debugPanel(self):
        """The debug panel comes before the application's scripts, once, and only where it is asked for."""
        for factory, names in ((LivePageFactory(Clock(), debugPanel=True), ["athenalite-debug"]), (self.factory, [])):
            modules = Requirements({"A": self.paths("A")["A"]}, None, (None, None, None))
            scripts, _ = modules.ofDocument(factory, [Widget("A.X")])
            self.assertEqual([one.name for one in scripts], [*names, "A"])
            self.assertEqual(modules.forLater(factory, [Widget("A.X")]), ([], []))

    def application(self):
        """Return the directory ``js`` of a package with an element, and the element."""
        directory = Path(self.mktemp()).absolute() / "js"
        directory.mkdir(parents=True)
        module = ModuleType("requiredapp")
        module.__file__ = str(directory.parent / "requiredapp.py")
        sys.modules["requiredapp"] = module
        self.addCleanup(sys.modules.pop, "requiredapp")
        docFactory = xmlstr('<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement" />')
        members = {"__module__": "requiredapp", "docFactory": docFactory, "jsClass": "App.X"}
        return directory, type("X", (LiveElement,), members)

    def test_filesMeanwhile(self):
        """
        A module that was made, renamed or moved after the site had found others is found by the next page, and by an
        element that is sent to an open one; one that was removed is unknown.
        """
        directory, element = self.application()
        browser = StubBrowser()
        (directory / "App.js").write_text("App.X = 1;")
        open_ = browser.open(element())
        self.assertIn("/App.js", open_.html)
        (directory / "App.js").rename(directory / "App.mjs")
        self.assertIn("/App.mjs", browser.open(element()).html)
        (directory / "App").mkdir()
        (directory / "App" / "New.mjs").write_text("export const x = 1;")
        (directory / "App.mjs").write_text('import "./App/New.mjs"; export class X {}')
        self.assertIn("/App.New.mjs", browser.open(element()).html)
        (directory / "App" / "Newer.mjs").write_text("export const x = 1;")
        (directory / "App.mjs").write_text('import "./App/Newer.mjs"; export class X {}')
        later = element()
        later.setFragmentParent(open_.page)
        open_.page.callRemote("show", later)
        browser.advance()
        self.assertEqual(len(open_.calls), 1)
        (directory / "App" / "Newest.js").write_text("1")
        self.assertIn("/App.Newest.js", open_.page.getJSModuleURL("App.Newest"))
        (directory / "App" / "Newer").mkdir()
        (directory / "App" / "Newer.mjs").rename(directory / "App" / "Newer" / "__init__.mjs")
        with self.assertRaises(RuntimeError):
            browser.open(element())
        [failure] = self.flushLoggedErrors(LinkError)
        self.assertRegex(str(failure.value), r"App\.mjs, line 1: .*there is no .*Newer\.mjs")
        rmtree(directory / "App")
        (directory / "App.mjs").rename(directory / "Apps.mjs")
        with self.assertRaisesRegex(UnknownClass, "did you mean 'Apps'"):
            Requirements(None, None, (None, None, None)).ofDocument(browser.factory, [element()])

    def test_unknown(self):
        """The error for a class or a style sheet that there is not names the element and its attribute."""
        modules = Requirements(None, None, (None, None, None))
        for element, text in (
            (Widget("Missing.X"), r"Unknown class: 'Missing\.X'; .* \(jsClass of Widget\)$"),
            (Widget("Nevow.Athena.Widget", "Missing"), r"Unknown style sheet: 'Missing'; .* \(cssModule of Widget\)$"),
        ):
            with self.assertRaisesRegex(UnknownClass, text):
                modules.ofDocument(self.factory, [element])
        imports = self.mktemp()
        with open(imports, "w") as file:
            file.write("// import Missing\n")
        with self.assertRaisesRegex(UnknownClass, "line 1: import Missing: Unknown class: 'Missing'; [^()]*$"):
            Requirements({"A": imports}, None, (None, None, None)).ofDocument(self.factory, [Widget("A.X")])

    def test_later(self):
        """For later elements, only modules that the document does not have are named, with their addresses."""
        paths = self.paths("A", "B")
        modules = Requirements(paths, paths, ("/root", "/styles", None))
        modules.roots(b"/")
        modules.ofDocument(self.factory, [Widget("A.X", "A")])
        for _ in range(2):
            [[[name, script]], [style]] = modules.forLater(self.factory, [Widget("A.X", "A"), Widget("B.X", "B")])
            self.assertEqual(name, "B")
            self.assertRegex(script, "^/root/[0-9a-f]+/B[.]js$")
            self.assertRegex(style, "^/styles/[0-9a-f]+/B[.]css$")

    def test_roots(self):
        """By default all addresses are below the page's, with or without a slash at its end."""
        beside = Requirements(None, None, (None, None, None))
        self.assertEqual(beside.roots(b"/"), Roots())
        self.assertEqual(beside.roots(b"/a/b/"), Roots())
        self.assertEqual(beside.roots(b"/a/b"), Roots(*["./b/_athena"] * 3))
        self.assertEqual(Requirements(None, None, ("/x/", None, "/y")).roots(b"/"), Roots("/x", "./_athena", "/y"))

    def test_overlay(self):
        """An address that depends on the request is computed for it."""
        request = DummyRequest([])
        request.uri, request.prepath = b"/a/b?c", [b"a", b"b"]
        given = (url.here.sibling("js"), URL.fromString("/css/"), None)
        self.assertEqual(Requirements(None, None, given).roots(b"/a/", request), Roots("/a/js", "/css", "./_athena"))


class URLsTests(SynchronousTestCase):
    """The addresses of single modules, in a page's own markup."""

    def test_addresses(self):
        """A renderer gets the addresses of scripts and style sheets, those that the page brings included."""
        script, style = Path(self.mktemp()), Path(self.mktemp())
        script.write_text("Own.loaded = true;", "utf-8")
        style.write_text("p { color: red }", "utf-8")
        test = self

        class Own(LivePage):
            docFactory = stan(T.html[T.head(render=T.directive("liveglue")), T.body[T.directive("addresses")]])

            def render_addresses(self, ctx, data):
                test.assertRaises(UnknownClass, self.getJSModuleURL, "Other")
                return T.a(title=self.getJSModuleURL("Own"), href=self.getCSSModuleURL("Own"))

        site = InMemorySite(self)
        site.site = Site(Top(Own(jsModules={"Own": str(script)}, cssModules={"Own": str(style)})), reactor=site.clock)
        text = site.request("/own?x=1").text
        addresses = re.search('title="[.](/own/.*?[.]js)" href="[.](/own/.*?[.]css)"', text)
        self.assertIsNotNone(addresses, text)
        self.assertEqual(site.request(addresses[1]).text, "Own.loaded = true;")
        self.assertEqual(site.request(addresses[2]).text, "p { color: red }")


class Top(Page):
    """Has the page."""

    def child_own(self, ctx):
        return self.original
