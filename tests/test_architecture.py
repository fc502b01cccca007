# -*- test-case-name: tests.test_architecture -*-
"""The house is built as docs/architecture.rst draws it: who may know whom, and what every module must have."""

import ast
import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import athenalite

PACKAGE = Path(athenalite.__file__).parent
JS = PACKAGE / "js"
TESTS = Path(__file__).parent
LONGEST = 345

#: The modules by layers, the lowest first. A module imports only what stands before it.
LAYERS = {
    "words": ("printable", "cookies", "errors", "interfaces", "limits", "shortcuts", "sitelog", "stacks"),
    "protocol": (
        "jsontext",
        "wire",
        "memo",
        "delivery",
        "stall",
        "inbox",
        "states",
        "callresult",
        "answered",
        "calls",
        "saying",
        "turn",
        "outbox",
        "admission",
        "acknowledgements",
        "session",
        "peers",
        "sessions",
        "connection",
    ),
    "page": (
        "expose",
        "arguments",
        "localobjects",
        "stan",
        "template",
        "tags",
        "flat",
        "loaders",
        "context",
        "client",
        "jslexer",
        "importlexer",
        "jsmodules",
        "packages",
        "esmodules",
        "assets",
        "glue",
        "page",
        "element",
        "fragment",
        "values",
        "document",
    ),
    "site": (
        "leaving",
        "clock",
        "site",
        "resource",
        "origin",
        "frames",
        "closing",
        "directline",
        "fastpath",
        "transport",
        "factory",
        "pagemodules",
        "rend",
        "livepage",
        "elementpage",
    ),
    "application": (
        "inevow",
        "appserver",
        "json",
        "static",
        "url",
        "util",
        "testutil",
        "athena",
        "__init__",
        "stubs",
        "testing",
        "tap",
        *("livetrial.__init__", "livetrial.chromium", "livetrial.testmethods", "livetrial.testpage"),
        *("livetrial.livetest", "livetrial.testcase", "livetrial.runner", "livetrial.__main__"),
    ),
}
ORDER = [name for layer in LAYERS.values() for name in layer]

#: The same for JavaScript; ``main`` puts core and legacy together.
JS_ORDER = (
    *("errors", "json", "log", "deferred", "events", "dom"),
    *("handshake", "opener", "wire", "delivery", "calls", "session", "socket"),
    *("modules", "classes", "widget", "ownwidget", "status", "page"),
    *("legacy/divmod", "legacy/defer", "legacy/base", "legacy/runtime", "legacy/athena", "legacy/pagewidget"),
    "legacy/xhtml",
    "main",
)

#: Who alone may import what is hard to do without once it is everywhere.
RESERVED = {
    "autobahn": {"closing", "fastpath", "transport"},
    "txaio": {"transport"},
    # A test that is run by trial has trial's reactor.
    "twisted.internet.reactor": {"tap", "livetrial.livetest"},
    "twisted.internet.endpoints": {"tap"},
    "twisted.application": {"tap"},
}

#: The protocol's modules do no I/O and know nothing of the web: these are all that they import from elsewhere.
PROTOCOL_IMPORTS = (
    "twisted.internet.defer",
    "twisted.internet.error",
    "twisted.internet.interfaces",
    "twisted.logger",
    "twisted.python.failure",
    "zope.interface",
)
STANDARD_IO = ("asyncio", "io", "os", "pathlib", "select", "socket", "ssl", "subprocess", "threading", "time")

#: What is tested otherwise, and how.
TESTED_OTHERWISE = {
    "__init__": "test_exports.py",
    "main": "test_browser_page.py",
    "legacy/xhtml": "test_browser_ported.py",
    "livetrial.__init__": "test_livetrial_testcase.py",
    "livetrial.__main__": "test_livetrial_main.py",
}


def imports(path):
    """
    The dotted names that a module imports, those of its own package with a dot before them, as the package sees them;
    what is for type checkers is left out.
    """
    package = path.relative_to(PACKAGE).parts
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            around = package[: len(package) - node.level]
            for name in [node.module] if node.module else [alias.name for alias in node.names]:
                yield "." + ".".join([*around, name])
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name, packages):
    """Whether a dotted name is one of these packages, or in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def jsImports(path):
    """The modules that a JavaScript module imports, as JS_ORDER names them."""
    for target in re.findall(r'"(\.{1,2}/[^"]+\.js)";$', path.read_text("utf-8"), re.MULTILINE):
        yield str((path.parent / target).resolve().relative_to(JS.resolve())).removesuffix(".js")


def lengthOf(path):
    """How many lines a file has."""
    return len(path.read_text("utf-8").splitlines())


PATHS = sorted((*PACKAGE.glob("*.py"), *PACKAGE.glob("livetrial/*.py")))
MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in PATHS}
JS_MODULES = {str(path.relative_to(JS)).removesuffix(".js"): path for path in sorted(JS.rglob("*.js"))}


class PythonTests(SynchronousTestCase):
    """athenalite/*.py, and athenalite/livetrial/*.py"""

    def test_everyModuleHasItsPlace(self):
        """Each module stands in the table of layers, once, and each that stands there exists."""
        self.assertEqual(sorted(ORDER), sorted(MODULES))

    def test_oneWay(self):
        """Imports go one way: down."""
        for name, path in MODULES.items():
            for imported in imports(path):
                if imported.startswith("."):
                    self.assertIn(imported[1:], ORDER[: ORDER.index(name)], f"{name} imports {imported}")
                self.assertFalse(within(imported, ["athenalite"]), f"{name}: imports within the package are relative")

    def test_reserved(self):
        """Only transport and its fast path import Autobahn; only tap knows the reactor, endpoints and services."""
        users = {reserved: set() for reserved in RESERVED}
        for name, path in MODULES.items():
            for imported in imports(path):
                for reserved in RESERVED:
                    if within(imported, [reserved]):
                        users[reserved].add(name)
        self.assertEqual(users, RESERVED)

    def test_protocolDoesNoInputOutput(self):
        """The protocol knows no web, no socket, no file, and no clock but the one that it is given."""
        for name in LAYERS["protocol"]:
            for imported in imports(MODULES[name]):
                if within(imported, ["twisted", "zope"]):
                    self.assertTrue(within(imported, PROTOCOL_IMPORTS), f"{name} imports {imported}")
                self.assertFalse(within(imported, STANDARD_IO), f"{name} imports {imported}")

    def test_tests(self):
        """Each module has its tests, in a file of its name, and says so in its first line."""
        for name, path in MODULES.items():
            tests = TESTED_OTHERWISE.get(name, f"test_{name.replace('.', '_')}.py")
            self.assertTrue((TESTS / tests).exists(), tests)
            first = path.read_text("utf-8").splitlines()[0]
            self.assertEqual(first, f"# -*- test-case-name: tests.{tests.removesuffix('.py')} -*-")

    def test_documented(self):
        """Each module, and each public class and function on top of one, says what it is."""
        silent = []
        for name, path in MODULES.items():
            tree = ast.parse(path.read_text("utf-8"))
            for node in (tree, *tree.body):
                own = getattr(node, "name", name)
                defines = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
                if defines and not own.startswith("_") and not ast.get_docstring(node):
                    silent.append(f"{name}.{own}")
        self.assertEqual(silent, [])

    def test_short(self):
        """A module can be read in one sitting."""
        self.assertEqual([name for name, path in MODULES.items() if lengthOf(path) > LONGEST], [])


class JavaScriptTests(SynchronousTestCase):
    """athenalite/js/"""

    def test_everyModuleHasItsPlace(self):
        """Each module stands in the table, and each that stands there exists."""
        self.assertEqual(sorted(JS_ORDER), sorted(JS_MODULES))

    def test_oneWay(self):
        """Imports go one way; so the core never imports the legacy layer, except in main, which installs it."""
        for name, path in JS_MODULES.items():
            for imported in jsImports(path):
                self.assertIn(imported, JS_ORDER[: JS_ORDER.index(name)], f"{name} imports {imported}")
        self.assertIn("legacy/pagewidget", jsImports(JS_MODULES["main"]))

    def test_coreKnowsNoLegacy(self):
        """The core never says Nevow or Divmod, and makes no globals but the modules' own namespaces."""
        for name, path in JS_MODULES.items():
            text = path.read_text("utf-8")
            if not name.startswith("legacy/"):
                self.assertNotRegex(text, "Nevow|Divmod", name)
                if name != "modules":
                    self.assertNotIn("globalThis", text, name)
                self.assertNotRegex(text, r"\bwindow\.\w+ = ", name)

    def test_noStringsAsCode(self):
        """Nothing makes code or HTML from strings, so that a strict Content-Security-Policy holds."""
        for name, path in JS_MODULES.items():
            text = re.sub(r"/\*.*?\*/|//.*", "", path.read_text("utf-8"), flags=re.DOTALL)
            self.assertNotRegex(
                text, r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", name
            )

    def test_names(self):
        """Two names that were one could not be linked into one script: no two modules declare the same."""
        declared = {}
        for name, path in JS_MODULES.items():
            pattern = r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) ([\w$]+)"
            for one in re.findall(pattern, path.read_text("utf-8"), re.MULTILINE):
                self.assertNotIn(one, declared, f"{name} and {declared.get(one)}")
                declared[one] = name

    def test_tests(self):
        """Each module has its tests, in a file of its name."""
        needed = [TESTED_OTHERWISE.get(name) or f"js/{name.replace('/', '-')}.test.js" for name in JS_MODULES]
        self.assertEqual([tests for tests in needed if not (TESTS / tests).exists()], [])

    def test_short(self):
        """A module can be read in one sitting."""
        self.assertEqual([name for name, path in JS_MODULES.items() if lengthOf(path) > LONGEST], [])
