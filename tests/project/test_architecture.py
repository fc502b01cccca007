# -*- test-case-name: tests.project.test_architecture -*-
"""The package is built as docs/architecture.rst describes: the imports of each folder, and the parts of each module."""

import ast
import importlib
import re
from graphlib import TopologicalSorter
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import athenalite
from athenalite._assets.client import readModule
from athenalite._assets.jslexer import tokensOf

PACKAGE = Path(athenalite.__file__).parent
JS = PACKAGE / "js"
TESTS = Path(__file__).parent.parent
LONGEST = 330

_WORDS = {"errors", "limits", "interfaces", "_text", "_awaiting"}
_MARKUP = {"stan", "_awaiting", "context", "_templates", "loaders"}
#: What each folder, or public module, imports of the others. A public module that is not named may import all of them.
MAY_IMPORT = {
    "_text": set(),
    "_admin": _WORDS | {"_assets", "_core", "_live", "_page", "_server", "loaders", "page", "stan"},
    "_metrics": {"_awaiting", "_core", "_text", "errors", "interfaces"},
    "_new": {"_text"},
    "_porting": {"_templates"},
    "limits": set(),
    "clock": set(),
    "errors": {"_porting", "_text"},
    "interfaces": {"_text"},
    "_awaiting": {"errors"},
    "stan": {"_awaiting", "_porting", "_text", "interfaces"},
    "static": {"_porting"},
    "_core": _WORDS,
    "_templates": {"_text", "stan"},
    "_live": {"_awaiting", "_core", "_templates", "_text", "errors", "interfaces", "page", "stan"},
    "context": {"_awaiting", "_porting", "stan"},
    "loaders": {"stan", "_porting", "_templates"},
    "tags": {"stan", "_porting", "_templates"},
    "page": _MARKUP | {"_porting"},
    "inevow": _MARKUP | {"_porting", "interfaces"},
    "_assets": _MARKUP | {"errors", "interfaces"},
    "_rooms": _WORDS | {"_core"},
    "_server": _WORDS | {"clock", "_core", "_assets", "_rooms"},
    "_page": _WORDS | _MARKUP | {"page", "_core", "_assets", "_server", "_live"},
    "_command": _WORDS | {"clock", "_page", "_rooms", "_server"},
    "_testing": _WORDS | {"_core", "_live", "_page", "_rooms", "_server"},
}
#: Imports that only these modules may have.
RESERVED = {
    "autobahn": {"_server.autobahn"},
    "txaio": {"_server.websocket"},
    "opentelemetry": {"_metrics.spans", "tracing"},
    "prometheus_client": {"_metrics.prometheus"},
    "watchfiles": {"_command.reload"},
    "libcst": {
        "_porting.embedded",
        "_porting.imports",
        "_porting.parsed",
        "_porting.python",
        "_porting.scopes",
        "_porting.tagcalls",
    },
    # A test that is run by trial has trial's reactor, and one that waits for real work runs it.
    "twisted.internet.reactor": {"tap", "livetrial._livetest", "_testing.realwork"},
    "twisted.internet.endpoints": {"_command.keptports", "_command.listening", "_rooms.redis"},
    "twisted.application": {"tap", "_command.parentservice"},
    "txredisapi": {"_rooms.redis"},
}
#: All that _core imports from elsewhere, besides the standard library without I/O.
CORE_IMPORTS = (
    *("twisted.internet.defer", "twisted.internet.error", "twisted.internet.interfaces", "twisted.logger"),
    *("twisted.python", "zope.interface", "msgspec"),
)
STANDARD_IO = ("asyncio", "io", "os", "pathlib", "select", "socket", "ssl", "subprocess", "threading", "time")

#: The same for JavaScript; ``main`` installs legacy on core.
JS_ORDER = (
    *(
        "members",
        "natives",
        "parts/json",
        "parts/de",
        "parts/fr",
        "parts/advice",
        "jsontext",
        "errors",
        "integers",
        "json",
        "log",
        "deferred",
        "early",
        "formmethods",
        "events",
        "dom",
    ),
    *(
        "handshake",
        "keeping",
        "parts/unstarted",
        "opener",
        "overlay",
        "wire",
        "delivery",
        "acknowledgements",
        "inbox",
        "calls",
        "session",
    ),
    *("backoff", "closing", "liveness", "lifecycle", "socket"),
    *(
        "modules",
        "classes",
        "widgets",
        "widget",
        "ownwidget",
        "texts",
        "toplayer",
        "storage",
        "reach",
        "live/typed",
        "parts/remaking",
        "remaking",
        "status",
    ),
    *("failures", "page"),
    *("legacy/divmod", "legacy/defer", "legacy/base", "legacy/runtime", "legacy/athena", "legacy/pagewidget"),
    "legacy/xhtml",
    "main",
    *(
        "live/pieces",
        "live/matching",
        "live/demanded",
        "live/twins",
        "live/markup",
        "live/morph",
        "live/nested",
        "live/shown",
        "parts/recovery",
        "parts/uploads",
        "remote/fields",
        "remote/remoteevents",
        "remote/remote",
        "live/live",
        "addresses/history",
        "addresses/addresses",
        "tracing/traced",
        "tracing/tracing",
        "debug/recording",
        "debug/recorder",
        "debug/rules",
        "debug/shown",
        "debug/debug",
    ),
)

#: Modules without tests of their own name, and how they are tested.
TESTED_OTHERWISE = {
    "widgets": "js/widget.test.js",
    "__init__": "project/test_exports.py",
    "flat.__init__": "test_flat.py",
    "taglibrary.__init__": "taglibrary/test_tabbedPane.py",
    "livetrial.__init__": "livetrial/test_testcase.py",
    "livetrial.__main__": "livetrial/test_main.py",
    "main": "browser/test_page.py",
    "legacy/xhtml": "browser/test_ported.py",
    "formmethods": "js/events.test.js",
    "keeping": "js/early.test.js",
    "_live.decorators": "live/test_parts.py",
    "_live.pageparts": "live/test_onpage.py",
    "_live.rendering": "live/test_parts.py",
    "_testing.stubbrowser": "test_testing.py",
    "_testing.stubworkers": "test_rooms.py",
    "_testing.usedpage": "testing/test_controls.py",
    "_page.elementprotocols": "page/test_element.py",
    "_page.uploading": "live/test_uploads.py",
    "live": "project/test_guide_live.py",
    "addresses/addresses": "browser/test_live.py",
    "debug/debug": "browser/test_debug.py",
    "debug/rules": "browser/test_debug.py",
    "live/live": "browser/test_live.py",
    "tracing/tracing": "test_tracing.py",
    "live/demanded": "browser/test_live_loading.py",
    "live/markup": "browser/test_live.py",
    "live/matching": "browser/test_live_morphing.py",
    "live/nested": "browser/test_live.py",
    "live/morph": "browser/test_live_morphing.py",
    "live/shown": "browser/test_live.py",
    "live/twins": "browser/test_live_morphing.py",
    "remote/fields": "browser/test_live.py",
    "remote/remote": "browser/test_live.py",
    "remote/remoteevents": "browser/test_live.py",
    "parts/advice": "js/log.test.js",
    "parts/de": "js/texts.test.js",
    "parts/fr": "js/texts.test.js",
    "parts/json": "js/jsontext.test.js",
}


def imports(path):
    """
    Return the dotted names that a module imports, resolved; those of its own package begin with a dot.
    """
    package = path.relative_to(PACKAGE).parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
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


def roomOf(name):
    """Return the folder of a module, or the public module itself."""
    return name.partition(".")[0]


def jsImports(path):
    """Return the modules that a JavaScript module imports, by their names in JS_ORDER."""
    for target in readModule(path.read_text("utf-8")).imports:
        yield str((path.parent / target).resolve().relative_to(JS.resolve())).removesuffix(".js")


def jsCode(path):
    """Return the text of a JavaScript module without its comments."""
    text, end, parts = path.read_text("utf-8"), 0, []
    for token in tokensOf(text):
        parts += [" "] if token.start > end else []
        parts.append(token.text)
        end = token.end
    return "".join(parts)


def lengthOf(path):
    """Return the number of lines of a file."""
    return len(path.read_text("utf-8").splitlines())


PATHS = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "js" not in path.relative_to(PACKAGE).parts and path.parent.name != "plugins"
)
MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in PATHS}
JS_MODULES = {str(path.relative_to(JS)).removesuffix(".js"): path for path in sorted(JS.rglob("*.js"))}


class PythonTests(SynchronousTestCase):
    """athenalite/**/*.py"""

    def test_rooms(self):
        """A folder imports only what the table allows, and the package's own modules by relative paths."""
        for name, path in MODULES.items():
            room = roomOf(name)
            for imported in imports(path):
                if imported.startswith(".") and room in MAY_IMPORT:
                    self.assertIn(roomOf(imported[1:]), {room, *MAY_IMPORT[room]}, f"{name} imports {imported}")
                self.assertFalse(within(imported, ["athenalite"]), f"{name}: imports within the package are relative")

    def test_noCircles(self):
        """No import leads back to its module, imports for type checkers included."""
        graph = {name: {one[1:] for one in imports(path) if one.startswith(".")} for name, path in MODULES.items()}
        TopologicalSorter(graph).prepare()

    def test_private(self):
        """A private module cannot be imported by its name alone, nor can a module of the former flat layout."""
        private = {name.rpartition(".")[2].lstrip("_") for name in MODULES if "_" in name and "__" not in name}
        public = {name for name in MODULES if "_" not in name}
        earlier = {"directline", "element", "glue", "localobjects", "messages", "saying", "sessions", "values"}
        earlier |= {"shortcuts", "specifiers", "stubs", "template", "transport"}
        for name in earlier | (private - public):
            self.assertRaises(ModuleNotFoundError, importlib.import_module, f"athenalite.{name}")

    def test_reserved(self):
        """Autobahn is imported by one module; the reactor, endpoints and services by few."""
        users = {reserved: set() for reserved in RESERVED}
        for name, path in MODULES.items():
            for imported in imports(path):
                for reserved in RESERVED:
                    if within(imported, [reserved]):
                        users[reserved].add(name)
        self.assertEqual(users, RESERVED)

    def test_coreDoesNoInputOutput(self):
        """The core imports no web, socket or file module, and no clock: it is given one."""
        for name, path in MODULES.items():
            for imported in imports(path) if roomOf(name) == "_core" else ():
                if within(imported, ["twisted", "zope"]):
                    self.assertTrue(within(imported, CORE_IMPORTS), f"{name} imports {imported}")
                self.assertFalse(within(imported, STANDARD_IO), f"{name} imports {imported}")

    def test_tests(self):
        """Each module names its tests in its first line: a file of its name, in a folder of its room."""
        for name, path in MODULES.items():
            *room, module = name.split(".")
            if module == "__init__" and room and room[0].startswith("_"):
                continue
            folder = "".join(f"{one.strip('_')}/" for one in room)
            tests = TESTED_OTHERWISE.get(name, f"{folder}test_{module.lstrip('_')}.py")
            self.assertTrue((TESTS / tests).exists(), tests)
            first = path.read_text("utf-8").splitlines()[0]
            dotted = tests.removesuffix(".py").replace("/", ".")
            self.assertEqual(first, f"# -*- test-case-name: tests.{dotted} -*-")

    def test_documented(self):
        """Each module, and each public top-level class and function, has a docstring."""
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
        """Each module is short."""
        self.assertEqual([name for name, path in MODULES.items() if lengthOf(path) > LONGEST], [])


class JavaScriptTests(SynchronousTestCase):
    """athenalite/js/"""

    def test_everyModuleHasItsPlace(self):
        """The table has each module, and each module of the table exists."""
        self.assertEqual(sorted(JS_ORDER), sorted(JS_MODULES))

    def test_oneWay(self):
        """Imports go one way; so the core never imports the legacy layer, except in main, which installs it."""
        for name, path in JS_MODULES.items():
            for imported in jsImports(path):
                self.assertIn(imported, JS_ORDER[: JS_ORDER.index(name)], f"{name} imports {imported}")
        self.assertIn("legacy/pagewidget", jsImports(JS_MODULES["main"]))

    def test_coreKnowsNoLegacy(self):
        """The core does not mention Nevow or Divmod, and makes no globals but the modules' own namespaces."""
        for name, path in JS_MODULES.items():
            text = path.read_text("utf-8")
            if not name.startswith("legacy/"):
                self.assertNotRegex(text, "Nevow|Divmod", name)
                if name not in ("modules", "natives"):
                    self.assertNotIn("globalThis", text, name)
                self.assertNotRegex(text, r"\bwindow\.\w+ = ", name)

    def test_noStringsAsCode(self):
        """
        No code or HTML is made from strings, so that a strict Content-Security-Policy holds. The server's markup of
        parts is parsed in one place, in a document where nothing runs.
        """
        words = r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write"
        found = {name: re.findall(words, jsCode(path)) for name, path in JS_MODULES.items()}
        self.assertEqual({name: used for name, used in found.items() if used}, {"live/markup": ["innerHTML"]})

    def test_membersOfDocuments(self):
        """
        What a document has is read by functions of members.js, because a named element hides it from ``document.NAME``.
        ``document.location`` alone cannot be hidden.
        """
        direct = re.compile(r"\bdocument\??\.(?!location\b)\w+|\bdocument\s*\[|\}\s*=\s*(?:\w+\.#?)*document\b(?!\.)")
        scripts = [*JS_MODULES.values(), *sorted((PACKAGE / "taglibrary").rglob("*.js"))]
        self.assertTrue(direct.search("this.#document.body") and direct.search("const { head } = page.document;"))
        self.assertEqual([path.name for path in scripts if direct.search(jsCode(path))], [])

    def test_names(self):
        """No two modules declare the same name: they could not be linked into one script."""
        declared = {}
        for name, path in JS_MODULES.items():
            for one in readModule(path.read_text("utf-8")).declared:
                self.assertNotIn(one, declared, f"{name} and {declared.get(one)}")
                declared[one] = name

    def test_tests(self):
        """Each module has tests in a file of its name."""
        needed = [TESTED_OTHERWISE.get(name) or f"js/{name.replace('/', '-')}.test.js" for name in JS_MODULES]
        self.assertEqual([tests for tests in needed if not (TESTS / tests).exists()], [])

    def test_short(self):
        """Each module is short."""
        self.assertEqual([name for name, path in JS_MODULES.items() if lengthOf(path) > LONGEST], [])


class DocumentTests(SynchronousTestCase):
    """docs/architecture.rst"""

    def sections(self):
        """Return the text of each section by its heading."""
        text = (TESTS.parent / "docs" / "architecture.rst").read_text("utf-8")
        parts = re.split(r"\n\n\n(.+)\n=+\n\n", text)
        return dict(zip(parts[1::2], parts[2::2], strict=True))

    def rows(self, section):
        """Return the cells of a section's table, as the names that are literals in them."""
        cells = re.findall(r"^   [*] - (.*)\n     - (.*(?:\n       .*)*)", self.sections()[section], re.MULTILINE)
        return [(re.findall("``(.+?)``", left), re.findall("``(.+?)``", right)) for left, right in cells]

    def test_packages(self):
        """Each folder has a row."""
        folders = {roomOf(name) for name in MODULES if "." in name}
        named = set(re.findall(r"^``(\w+)`` ", self.sections()["Packages"], re.MULTILINE))
        self.assertEqual(named - {"athenalite", "plugins"}, folders)

    def test_importRules(self):
        """The import rules are those that are checked here."""
        rules = {name: set(imported) for names, imported in self.rows("Import rules") for name in names}
        self.assertEqual(rules, MAY_IMPORT)

    def test_files(self):
        """Each file that is named exists."""
        sections = self.sections()
        named = {name for _, files in self.rows("Where to find what") for name in files}
        self.assertTrue(named)
        for heading in sections:
            if heading.startswith("The path of"):
                named.update(re.findall(r"``(_\w+/\w+\.py)``", sections[heading]))
        self.assertEqual([name for name in sorted(named) if not (PACKAGE / name).exists()], [])

    def test_core(self):
        """The document names each module of the core."""
        text = "".join(self.sections().values())
        core = {path.name for path in (PACKAGE / "_core").glob("[!_]*.py")} - {"fastpaths.py", "json.py"}
        self.assertEqual([name for name in sorted(core) if f"``_core/{name}``" not in text], [])

    def test_paths(self):
        """A call, and its response, can be followed through at most nine files."""
        paths = [text for heading, text in self.sections().items() if heading.startswith("The path of")]
        self.assertEqual(len(paths), 2)
        for text in paths:
            self.assertLessEqual(len(re.findall(r"^\d+\. ", text, re.MULTILINE)), 9)
