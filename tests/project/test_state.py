# -*- test-case-name: tests.project.test_state -*-
"""No module and no class has mutable state: sites in one process share only constants."""

import functools
import importlib
import pkgutil
from types import MappingProxyType

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

import athenalite
from athenalite._core.broadcast import Broadcast
from athenalite.stan import Proto

#: Mutable types. Instances of classes of this package are mutable too, even if they are declared otherwise.
MUTABLE = (list, dict, set, bytearray, type(functools.cache(len)))

#: The exceptions, and their reasons.
ALLOWED = {
    "athenalite._assets.document.HEADERS": "public as LivePage.headers, which applications copy and replace",
    "athenalite._page.livepage.LivePage.headers": "the same",
    "athenalite._page.nevowresource.NevowResource.headers": "the same, for pages without a session",
    "athenalite._page.element.LiveElement.preprocessors": "Athena's name; a subclass has a list of its own",
    "athenalite._live.shared.SharedElement.preprocessors": "the same",
    "athenalite.athena.expose": "a decorator: it marks the function, and keeps nothing of it",
    "athenalite._core.states.TRANSITIONS": "a table that nothing writes to",
    "athenalite._templates.rewriting._REFERENCES_OF": "a table that nothing writes to",
    "athenalite._templates.markup.FOREIGN": "the same",
    "athenalite._templates.markup._INTEGRATION_POINTS": "the same",
    "athenalite._templates.markup._CHARACTERS": "the same",
    "athenalite._templates.vocabulary._PREFIXES": "the same",
    "athenalite._assets.beside.CONTENT_TYPES": "the same",
    "athenalite._server.resource._BESIDE_HEADERS": "the same",
    "athenalite._page.livepage.LivePage.session": "a descriptor, which keeps its values in the page",
    "athenalite._page.livepage.LivePage.values": "the same",
    "athenalite._core.inbox._CLOSED": "refuses everything, and has no attributes",
    "athenalite._command.options.Options.optFlags": "twisted.python.usage asks for a list",
    "athenalite._command.options.Options.optParameters": "the same",
    "athenalite.tags.comment": "a prototype: to call it makes a copy",
    "athenalite.tags.VALID_HTML_TAG_NAMES": "Twisted's",
    "athenalite._templates.parser.html5": "the standard library's",
    "athenalite.url.here": "a prototype: each method returns another",
    "athenalite.url.gethere": "the same",
    "athenalite.url.root": "the same",
    "athenalite.i18n._": "it makes placeholders, and nothing else",
    "athenalite.i18n.ungettext": "the same",
    "athenalite._text.urls.urlsplit": "the standard library's, with a bounded cache",
    "athenalite.entities.name2codepoint": "the standard library's",
    "athenalite._assets.packages._TAG_LIBRARY": "a table of file names that nothing writes to",
    "athenalite.taglibrary.tabbedPane.tabbedPaneGlue.fileGlue": "tags, which are copied before they are rendered",
    "athenalite.taglibrary.tabbedPane.tabbedPaneGlue.inlineCSS": "the same",
    "athenalite.taglibrary.tabbedPane.tabbedPaneGlue.inlineJS": "a descriptor, which only raises an error",
    "athenalite.taglibrary.tabbedPane.tabbedPaneGlue.inlineGlue": "the same",
    "athenalite.testutil.FragmentWrapper.docFactory": "a template, which is copied before it is rendered",
    "athenalite.taglibrary.tabbedPane.TabbedPaneFragment.docFactory": "the same",
    "athenalite.vhost.VirtualHostList.docFactory": "the same",
    "athenalite.livetrial.testcase.TestCase.docFactory": "the same",
    "athenalite._admin.element.AdminElement.docFactory": "the same",
    **{f"athenalite._admin.element.AdminElement.{name}": "a descriptor" for name in ("summary", "visitors", "pages")},
    **{f"athenalite._core.callresult.CallResult.{name}": "a descriptor" for name in ("result", *vars(Deferred()))},
    "athenalite.livetrial.testcase.TestCase.jsTests": "a default; a subclass has a mapping of its own",
    "athenalite._assets.client.readModule": "a bounded cache of a pure function",
    "athenalite._assets.client.compacted": "the same",
    "athenalite._porting.lookup.lookUp": "the same",
    "athenalite._porting.python.lookUp": "the same",
    "athenalite._porting.python2.lookUp": "the same",
    "athenalite._live.decorators.part": "it has no attributes",
    "athenalite._live.each.Everything": "the same",
    "athenalite._live.onpage.Everything": "the same",
    "athenalite._live.parts.Everything": "the same",
    "athenalite.live.part": "the same",
    "athenalite.new.Options.optFlags": "options of a command, which nothing writes to",
    "athenalite.port.Options.optFlags": "options of a command, which nothing writes to",
    "athenalite.port.Options.optParameters": "the same",
    "athenalite.livetrial._chromium._started": "one browser for all tests of a run",
    "athenalite.livetrial._livetest.PACKAGE": "a plugin, which is found by its name in a module",
    "athenalite.livetrial._runner._SCRIPTS": "a table of file names that nothing writes to",
    "athenalite.livetrial._runner._STYLES": "the same",
    "athenalite.livetrial._testpage._LIMITS": "a frozen dataclass",
}

#: Attributes that Python and unittest keep in classes.
GENERATED = ("_abc_impl", "_class_cleanups", "_field_defaults", "tearDown_exceptions")


def modules():
    """Return all modules of the package that can be imported without being run."""
    for info in pkgutil.walk_packages(athenalite.__path__, "athenalite."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def isOurs(cls):
    """Whether a class is of this package."""
    return cls.__module__.partition(".")[0] == "athenalite"


def isState(value):
    """Whether a value is mutable."""
    if isinstance(value, (tuple, frozenset)):
        return any(isState(inner) for inner in value)
    if isinstance(value, MappingProxyType):
        return any(isState(inner) for inner in value.values())
    cls = type(value)
    if isOurs(cls):
        # Members of an Enum are constant, and so are prototypes of tags, which are copied when they are called.
        return not isinstance(value, (int, str, Proto)) and not hasattr(cls, "_member_map_")
    return isinstance(value, MUTABLE)


def found():
    """Return the names of mutable values that are defined in a module or in a class."""
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__:
                for attribute, inner in vars(value).items():
                    isGenerated = attribute.startswith("__") or attribute in GENERATED or hasattr(value, "_member_map_")
                    if not isGenerated and isState(inner):
                        yield f"{module.__name__}.{name}.{attribute}", inner
            elif not name.startswith("__") and isState(value):
                yield f"{module.__name__}.{name}", value


class StateTests(SynchronousTestCase):
    """Modules and classes of the package."""

    def test_none(self):
        """No module or class has a mutable value without a reason."""
        allowed = {id(value) for name, value in found() if name in ALLOWED}
        self.assertEqual([name for name, value in found() if id(value) not in allowed], [])

    def test_allowed(self):
        """Each exception exists."""
        self.assertEqual(sorted(set(ALLOWED) - {name for name, _ in found()}), [])

    def test_isState(self):
        """Containers and instances of the package's own classes are mutable; constants are not."""
        for state in ([], {}, set(), ([],), MappingProxyType({"a": []}), Broadcast(b"", -1, "", None)):
            self.assertTrue(isState(state))
        for constant in ((), frozenset("a"), MappingProxyType({"a": 1}), "text", None, len, isState, 1.0):
            self.assertFalse(isState(constant))
