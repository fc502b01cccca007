# -*- test-case-name: tests.core.test_jsstack -*-
"""A browser's stack trace becomes a traceback of the widgets' own files."""

import linecache
import traceback
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.assets import CLIENT as CLIENT_ASSET
from athenalite._core.callresult import CallResult
from athenalite._core.calls import RemoteCalls
from athenalite._core.jsstack import CLIENT, JSFrame, parseStack, tracebackOf
from athenalite._core.wire import Respond
from athenalite.errors import JSException
from tests.memory import outcome
from tests.pages import InMemorySite

CALLS = "http://localhost:8080/_athena/cfc68bd174560912567e039d9b5aeb/AthenaTests.Calls.js"
OURS = "http://localhost:8080/_athena/d7b4be6d00e1a3054724ba4f1b5b54/athenalite.js"

# Recorded from throwDeep in tests/applications/athenatests, with the port changed, without the client's last frames.
CHROMIUM = f"""Error: thrown by throwError
    at AthenaTests.Calls.Widget.throwError ({CALLS}:68:15)
    at AthenaTests.Calls.Widget.throwError ({OURS}:956:18)
    at inner ({CALLS}:73:18)
    at Array.forEach (<anonymous>)
    at AthenaTests.Calls.Widget.throwDeep ({CALLS}:75:13)
    at AthenaTests.Calls.Widget.throwDeep ({OURS}:956:18)
    at {OURS}:873:36
    at #run ({OURS}:2097:72)"""

FIREFOX = f"""throwError@{CALLS}:68:15
asMethod/<@{OURS}:956:18
inner@{CALLS}:73:18
throwDeep@{CALLS}:75:13
asMethod/<@{OURS}:956:18
locateMethod/<@{OURS}:873:36
#run@{OURS}:2097:72
"""

DEEP = [("throwDeep", 75), ("inner", 73), ("throwError", 68)]


def nowhere(moduleName):
    """Return no file for any module."""


def placesOf(found):
    """Return file, function and line of each entry of a traceback."""
    return [(entry.filename, entry.name.rpartition(".")[2], entry.lineno) for entry in traceback.extract_tb(found)]


class ParseTests(SynchronousTestCase):
    """Lines of stacks."""

    def test_recorded(self):
        """Chromium's and Firefox's stacks of one error have the same places, the innermost first."""
        chromium, firefox = parseStack(CHROMIUM), parseStack(FIREFOX)
        self.assertEqual([frame[1:] for frame in chromium], [frame[1:] for frame in firefox])
        self.assertEqual(chromium[0], JSFrame("AthenaTests.Calls.Widget.throwError", CALLS, 68))
        self.assertEqual(firefox[0], JSFrame("throwError", CALLS, 68))

    def test_forms(self):
        """Every form of a line with a place is parsed, and others are skipped."""
        for line, expected in {
            "    at async Widget.say (http://h/x.js:1:2)": [("Widget.say", "http://h/x.js", 1)],
            "    at new ChatterWidget (http://h/x.js:1:2)": [("new ChatterWidget", "http://h/x.js", 1)],
            "    at Object.say [as onclick] (http://h/x.js:1:2)": [("Object.say [as onclick]", "http://h/x.js", 1)],
            "    at http://[::1]:80/x.js:1:2": [("", "http://[::1]:80/x.js", 1)],
            "    at async http://h/x.js:1:2": [("", "http://h/x.js", 1)],
            "async*say@http://h/x.js:1:2": [("say", "http://h/x.js", 1)],
            "@http://h/x.js:1:2": [("", "http://h/x.js", 1)],
            "    at Array.map (<anonymous>)": [],
            "    at eval (eval at say (http://h/x.js:1:2), <anonymous>:1:1)": [],
            "TypeError: x is undefined": [],
            "somebody@example.org": [],
            "": [],
        }.items():
            self.assertEqual(parseStack(line), [JSFrame(*frame) for frame in expected], line)

    def test_module(self):
        """A module is recognized by its address; scripts of the page itself, or of another site, are not modules."""
        for url, module in {
            CALLS: "AthenaTests.Calls",
            "http://h/elsewhere/cfc68bd174560912567e039d9b5aeb/A.js": "A",
            "http://h/_athena/cfc68bd174560912567e039d9b5aeb/A.B.mjs": "A.B",
            "http://h/_athena/A.js": None,
            "http://h/cfc68bd174560912567e039d9b5aeb/A.css": None,
        }.items():
            self.assertEqual(JSFrame("", url, 1).module, module)

    @given(st.text(alphabet="at (x:1/@.)\n", max_size=300))
    def test_anything(self, stack):
        """Any text of a browser gives a traceback, or none."""
        frames = parseStack(stack)
        self.assertEqual(len(placesOf(tracebackOf(stack, nowhere))), len(frames))

    def test_bounded(self):
        """Parsing is bounded, in lines and in the length of a line."""
        self.assertLessEqual(len(parseStack("f@http://h/x.js:1:1\n" * 10_000)), 50)
        self.assertEqual(parseStack("f" * 100_000 + "@http://h/x.js:1:1"), [])
        self.assertEqual(parseStack("f@http://h/x.js:99999999999999999999:1"), [])


class TracebackTests(SynchronousTestCase):
    """Tracebacks of stacks."""

    def setUp(self):
        self.file = Path(self.mktemp()).absolute()
        self.file.write_text("".join(f"line{number}();\n" for number in range(1, 100)))
        self.addCleanup(linecache.clearcache)

    def fileOf(self, moduleName):
        """Return the file of AthenaTests.Calls, and none for other modules."""
        return str(self.file) if moduleName == "AthenaTests.Calls" else None

    def test_recorded(self):
        """The innermost place is the last, in the module's own file; the client's frames are left out."""
        expected = [(str(self.file), function, line) for function, line in DEEP]
        for stack in (CHROMIUM, FIREFOX):
            self.assertEqual(placesOf(tracebackOf(stack, self.fileOf)), expected)

    def test_allScripts(self):
        """The places of all scripts of athenalite's own are left out, and no other's whose name begins alike."""
        urls = [OURS, OURS.replace("athenalite", "athenalite-page"), CALLS, OURS.replace("athenalite", "athenalites")]
        stack = "".join(f"f{index}@{url}:{index}:1\n" for index, url in enumerate(urls, 1))
        self.assertEqual([name for _, name, _ in placesOf(tracebackOf(stack, nowhere))], ["f4", "f3"])

    def test_lines(self):
        """A printed traceback has the lines of the widget's source."""
        text = "".join(traceback.format_tb(tracebackOf(FIREFOX, self.fileOf)))
        self.assertIn(f'File "{self.file}", line 68, in throwError\n    line68();', text)

    def test_clientOnly(self):
        """An error within the client keeps its places."""
        stack = f"#run@{OURS}:2097:72\n"
        self.assertEqual(placesOf(tracebackOf(stack, self.fileOf)), [(f"<{OURS}>", "#run", 2097)])
        self.assertEqual(CLIENT, CLIENT_ASSET)

    def test_noFileByPath(self):
        """No file is opened because a browser sends its path: its lines would be in the log."""
        for url in (self.file, f"file://{self.file}", f"http://h{self.file}"):
            found = tracebackOf(f"f@{url}:68:1", self.fileOf)
            self.assertTrue(placesOf(found)[0][0].startswith("<"))
            self.assertNotIn("line68", "".join(traceback.format_tb(found)))

    def test_forged(self):
        """A stack cannot forge a line of the log."""
        found = tracebackOf("f\x1b[31m\u200b@http://h/\x07x.js:1:1", nowhere)
        self.assertEqual(placesOf(found), [("<http://h/x.js>", "f[31m", 1)])

    def test_none(self):
        """Without a place there is no traceback."""
        for stack in ("", "Error: boom", "\n\n"):
            self.assertIsNone(tracebackOf(stack, nowhere))


class FailureTests(SynchronousTestCase):
    """The failures that an application gets."""

    def setUp(self):
        log = Logger("tests", observer=lambda event: None)
        self.calls = RemoteCalls(log, lambda name: f"/src/{name}.js")
        self.result = CallResult()
        self.calls.callSent(1, self.result)

    def failInBrowser(self):
        """Answer a call with an error of the browser."""
        error = {"type": "Error", "message": "thrown by throwError", "stack": CHROMIUM}
        self.calls.responseReceived(Respond(1, False, error))

    def test_errback(self):
        """An errback's Failure has the widget's places, and keeps them."""
        results = outcome(self.result)
        self.failInBrowser()
        (failure,) = results
        self.assertIsInstance(failure, Failure)
        self.assertIs(failure.type, JSException)
        places = [(file, line) for _, file, line, *_ in failure.frames]
        self.assertEqual(places, [("/src/AthenaTests.Calls.js", line) for _, line in DEEP])
        self.assertIn("/src/AthenaTests.Calls.js", failure.getTraceback())

    def test_coroutine(self):
        """In a coroutine that awaits the call, the traceback has its own line before them."""

        async def ask():
            await self.result

        asked: Deferred[None] = ensureDeferred(ask())
        self.failInBrowser()
        failure = self.failureResultOf(asked, JSException)
        places = [(name, file.rpartition("/")[2]) for name, file, *_ in failure.frames]
        self.assertIn(("ask", "test_jsstack.py"), places)
        self.assertEqual(places[-1], ("AthenaTests.Calls.Widget.throwError", "AthenaTests.Calls.js"))


class SiteTests(SynchronousTestCase):
    """The failures that an application gets from a site with modules."""

    def test_modules(self):
        """Errors of a widget's method, and of a page's function, have the files of the site's modules."""
        site = InMemorySite(self)
        element, socket = site.page()
        site.factory.packages.scripts.mapping["AthenaTests.Calls"] = "/src/Calls.js"
        for number, caller in enumerate((element, element.page), 1):
            result = caller.callRemote("throwDeep")
            site.flush()
            error = {"type": "Error", "message": "x", "stack": FIREFOX}
            socket.send("respond", number, False, error)
            failure = self.failureResultOf(result, JSException)
            self.assertEqual(failure.frames[-1][:3], ("throwError", "/src/Calls.js", 68))
