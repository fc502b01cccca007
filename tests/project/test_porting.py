# -*- test-case-name: tests.project.test_porting -*-
"""docs/porting.rst: names that it lists exist, those it excludes do not, and its code runs."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from twisted.internet.testing import MemoryReactorClock
from twisted.python.reflect import namedAny
from twisted.trial.unittest import SynchronousTestCase

from athenalite import Limits, LiveElement, LivePage, LivePageFactory, appserver, athena, rend
from athenalite._porting.names import MODULES
from athenalite._porting.report import CODES
from athenalite.athena import ElementRenderingLivePage
from athenalite.testing import renderLivePage
from tests.listings import runListing
from tests.pages import template
from tools.portingtable import replaced

#: The modules and packages of Nevow's releases and of its repository, without tests and examples.
NEVOW = frozenset(
    re.findall(
        r"\S+",
        """
        _flat _version _widget_plugin accessors appserver athena blocks cache canvas compression compy compyCompat
        context dirlist entities events failure flat flat.flatmdom flat.flatsax flat.flatstan flat.ten flat.twist
        formless guard i18n inevow json jsutil livepage livetest livetrial livetrial.runner livetrial.testcase loaders
        page plugins query rend scripts scripts.consolejstest scripts.livetrial scripts.nit scripts.xmlgettext stan
        static taglibrary taglibrary.livetags taglibrary.progressbar taglibrary.tabbedPane tags test testutil url
        useragent util vhost wsgi zomnesrv
        """,
    )
)


TEXT = (Path(__file__).parent.parent.parent / "docs" / "porting.rst").read_text("utf-8")


def section(title):
    """Return the text below a heading."""
    [found] = re.findall(rf"(?ms)^{re.escape(title)}\n=+\n(.*?)(?=^[^\n]+\n=+\n|\Z)", TEXT)
    return found


def portedModules():
    """Return the modules of athenalite that the table has for modules of Nevow's, without the package's name."""
    names = set(re.findall(r"``athenalite\.([\w.]+)``", section("Importing")))
    names |= {name.rpartition(".")[0] for name in names} - {""}
    return names | {f"livetrial.{name}" for name in re.findall(r"``athenalite.livetrial``: ``(\w+)``", TEXT)}


class Chatter(LiveElement):
    """An element for the page of the example."""

    docFactory = template("<p>hello</p>")


def makePage():
    """Return the page that the document calls ChatPage."""
    return ElementRenderingLivePage(Chatter(), LivePageFactory(MemoryReactorClock()))


class ImportingTests(SynchronousTestCase):
    """The renamed imports."""

    def test_names(self):
        """Each name that the table gives to a module of athenalite exists."""
        rows = re.findall(r"``athenalite\.([\w.]+)``: (.*?)(?:\. |; |\n``|\n=)", section("Importing"), re.DOTALL)
        self.assertGreater(len(rows), 5)
        for moduleName, cell in rows:
            module = import_module(f"athenalite.{moduleName}")
            for name in re.findall(r"``(\w+)``", cell):
                # As "from ... import ..." finds it: a module in a package is no attribute before it is imported.
                isThere = hasattr(module, name) or find_spec(f"{module.__name__}.{name}") is not None
                self.assertTrue(isThere, f"{moduleName}.{name}")

    def test_modules(self):
        """Each module of athenalite that is named can be imported, and each name is in its module."""
        for name in set(re.findall(r"``(athenalite\.[\w.]+)``", TEXT)):
            namedAny(name)

    def test_missing(self):
        """What the document excludes does not exist: it would need a row of its own."""
        absent = section("Missing names")
        known = {"JSDependencies", "CSSRegistry", "LivePage", "LiveFragment", "IAthenaTransportable"}
        for name in set(re.findall(r"``(\w+)``", absent)) - known:
            self.assertNotIn(name, dir(athena))
            self.assertFalse(hasattr(LivePage, name), name)
        for name in known:
            self.assertTrue(hasattr(athena, name), name)


class CommandTests(SynchronousTestCase):
    """The command."""

    def test_table(self):
        """The table of names is that of the command: run ``python -m tools.portingtable`` when it has changed."""
        self.assertEqual(replaced(TEXT), TEXT)

    def test_codes(self):
        """All codes are listed, with what they stand for."""
        rows = re.findall(r"(?m)^([A-Z]\d{3})   (.*)$", section("The command"))
        self.assertEqual(rows, list(CODES.items()))


class ModulesTests(SynchronousTestCase):
    """The modules of Nevow."""

    def test_nevows(self):
        """Each module of Nevow's is in the table of names; if it is not here, its import raises an ImportError."""
        rows = {row.old.removeprefix("nevow."): row for row in MODULES}
        for name in NEVOW:
            if rows[name].new == f"athenalite.{name}":
                import_module(f"athenalite.{name}")
            else:
                self.assertRaises(ImportError, import_module, f"athenalite.{name}")
        self.assertEqual(portedModules() - NEVOW, set())


class StartingTests(SynchronousTestCase):
    """A site of the application's own."""

    def test_example(self):
        """The site of the example serves its page."""
        [code] = re.findall(r"::\n\n((?:    .*\n|\n)+)", section("Starting"))
        reactor = MemoryReactorClock()
        runListing(code, rend=rend, appserver=appserver, ChatPage=makePage, reactor=reactor)
        [(port, site, *_)] = reactor.tcpServers
        self.assertEqual(port, 8080)
        self.assertIsInstance(site.resource.child_chat(None), LivePage)

    def test_factory(self):
        """A site accepts a factory, which is closed at shutdown, as the document describes."""
        site, reactor = appserver.NevowSite(rend.Page()), MemoryReactorClock()
        pattern = r"``(site\.livePageFactory = .*?|reactor\.addSystemEventTrigger\(.*?\))``"
        made, asked = (" ".join(line.split()) for line in re.findall(pattern, TEXT, re.DOTALL))
        runListing(
            made.replace("Limits(...)", "Limits()"),
            site=site,
            reactor=reactor,
            Limits=Limits,
            LivePageFactory=LivePageFactory,
        )
        runListing(asked, reactor=reactor, factory=site.livePageFactory)
        self.assertTrue(site.livePageFactory.debug)
        [*_, trigger] = reactor.triggers["before"]["shutdown"]
        self.assertEqual(trigger[1], ("the server is shutting down",))

    def test_roots(self):
        """A page accepts the addresses that the document names, and modules of its own."""
        page = LivePage(jsModuleRoot="/s/", cssModuleRoot="/s/", transportRoot="/s/")
        page.jsModules.mapping["Name"] = "path"
        self.assertEqual(page.jsModules.mapping["Name"], "path")


class TestsTests(SynchronousTestCase):
    """Ported tests."""

    def test_renderLivePage(self):
        """``renderLivePage`` returns a page with its HTML."""
        self.assertIn("hello", renderLivePage(Chatter()).html)
