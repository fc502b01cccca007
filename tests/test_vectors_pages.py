# -*- test-case-name: tests.test_vectors_pages -*-
"""The vectors (``tests/vectors/README.rst``) about whole pages: how they end, their limits, and their elements."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import renderer

from athenalite._core.expose import expose
from athenalite._core.json import MAX_DEPTH
from athenalite._core.wire import MAX_NUMBER, MAX_TOKEN, VERSION
from athenalite._testing.fakebrowser import reasonOfClose, widgetsOf
from athenalite.errors import ConnectionLost
from athenalite.limits import Limits
from harness.messages import opening
from tests.memory import outcome
from tests.pages import BINARY, TEXT, InMemorySite, Plain, template
from tests.test_limits import DEFAULTS
from tests.test_vectors import load, withoutDetails

DOCUMENT = (Path(__file__).parent.parent / "docs" / "protocol.rst").read_text("utf-8")


def delays(losses) -> Iterator[tuple[float, float]]:
    """
    The least and the most that a client waits after each loss, in milliseconds: the formula of ``docs/protocol.rst``.
    """
    attempt = 0
    for loss in losses:
        attempt = 1 if loss["open"] >= 1000 else attempt + 1
        longest = 0 if attempt == 1 else min(5, 0.1 * 1.5 ** (attempt - 2)) * 1000
        pause = 250 if loss["clean"] else 0
        yield max(pause, longest / 2), max(pause, longest)


class HandshakeTests(SynchronousTestCase):
    """``opening.json``: handshakes at ``http://localhost:8080``."""

    def test_handshakes(self):
        """The status of a handshake is that of the vector."""
        for case in load("opening.json")["handshakes"]:
            headers = {name.replace("-", "_"): value for name, value in case["headers"].items()}
            socket = InMemorySite(self).socket(**headers)
            self.assertEqual(socket.handshake.status, case["status"], case["about"])


class Recorded(Plain):
    """An element that records why its page was lost."""

    lost = None

    def connectionLost(self, reason):
        self.lost = reason.value.args[0]


class ClosingTests(SynchronousTestCase):
    """``closing.json``"""

    def setUp(self):
        self.site = InMemorySite(self, Recorded, Limits(**load("limits.json")["server"]))

    def cases(self, part):
        """Each case of one part, in a page of its own: the case, the element, the token and the socket, number 3."""
        for case in load("closing.json")[part]:
            token = self.site.request().island["token"]
            socket = self.site.socket()
            socket.send("open", 1, token, 0, 3)
            self.assertEqual(socket.messages(), [["opened", 0]])
            yield case, self.site.elements[-1], token, socket

    def test_closes(self):
        """The simulated browser loses its page by the codes by which a browser does, for the same reasons."""
        for case in load("closing.json")["closes"]:
            self.assertEqual(reasonOfClose(case["code"], case["reason"]), case["lost"], case["about"])

    def test_delays(self):
        """The delays are those of the formula."""
        for case in load("closing.json")["delays"]:
            for loss, (least, most) in zip(case["losses"], delays(case["losses"]), strict=True):
                self.assertAlmostEqual(least, loss["least"], msg=case["about"])
                self.assertAlmostEqual(most, loss["most"], msg=case["about"])

    def test_leaves(self):
        """A browser's close ends the page, at once or after the time for its next socket."""
        for case, element, _, socket in self.cases("leaves"):
            if case["code"] == 1006:
                socket.lose()
            else:
                socket.close(None if case["code"] == 1005 else case["code"], case["reason"])
            if case["after"]:
                self.site.clock.advance(case["after"] - 0.01)
                self.assertIsNone(element.lost)
                self.site.clock.advance(0.02)
            self.assertEqual(element.lost, case["lost"], case["about"])

    def test_reports(self):
        """A report ends the page that it names, unless that has had a newer socket, and reveals nothing else."""
        for case, element, token, socket in self.cases("reports"):
            body = case["body"].replace("TOKEN", token).encode("utf-8")
            self.assertEqual(self.site.post("/_athena/transport", body).status, case["status"], case["about"])
            self.assertEqual(element.lost is not None, case["lost"], case["about"])
            socket.lose()

    def test_broken(self):
        """A socket that the server closes for an error loses the page on the server, for the reason in the frame."""
        for case, element, token, socket in self.cases("broken"):
            if "bytes" in case:
                socket.sendFrame(bytes(case["bytes"]), BINARY)
            else:
                text = case.get("text", "x" * case.get("size", 0)).replace("TOKEN", token)
                socket.sendFrame(text.encode("utf-8", "surrogatepass"), TEXT)
            self.site.flush()
            socket.messages()
            self.assertEqual(socket.closed, (case["code"], element.lost), case["about"])
            self.assertIsNone(reasonOfClose(1006, ""))
            self.assertEqual(reasonOfClose(*socket.closed), element.lost)
            socket.lose()


class LimitTests(SynchronousTestCase):
    """``limits.json``"""

    def test_limits(self):
        """The server's defaults are those of the vectors."""
        limits, defaults = load("limits.json"), Limits()
        self.assertEqual({name: getattr(defaults, name) for name in limits["server"]}, limits["server"])
        ours = {"depth": MAX_DEPTH, "number": MAX_NUMBER, "token": MAX_TOKEN, "version": VERSION}
        self.assertEqual(ours, limits["values"])
        self.assertGreaterEqual(limits["server"]["maxMessagesKept"], limits["browser"]["messagesUnacknowledged"])

    def test_table(self):
        """The table of the document has the defaults, and all limits that a client meets."""
        rows = re.findall(r"(?m)^``(\w+)`` +([\d,.]+) ?(KiB|MiB|s|)(?: |$)", DOCUMENT)
        scale = {"KiB": 1024, "MiB": 1024 * 1024, "s": 1, "": 1}
        found = {name: float(number.replace(",", "")) * scale[unit] for name, number, unit in rows}
        self.assertEqual(found, {name: DEFAULTS[name] for name in found})
        inText = {"maxMessagesKept", "maxBytesKept", "ackEvery", "ackDelay"}
        self.assertEqual(set(load("limits.json")["server"]) - set(found), inText)

    def test_codes(self):
        """The table of close codes has those of the vectors, except what only a network or a proxy makes of a loss."""
        _, _, text = DOCUMENT.partition("\nClose codes\n")
        codes = {int(code) for code in re.findall(r"(?m)^(\d{4})  ", text)}
        closes = {case["code"] for case in load("closing.json")["closes"]}
        self.assertEqual(closes - codes, {1000, 1005, 1006, 1015, 3000, 4003})
        self.assertEqual(codes - closes, set())


class Node(Plain):
    """An element with what one of ``elements.json`` has, and the methods of object 1 of the conversations."""

    def __init__(self, content="", initArguments=(), children=()):
        super().__init__()
        self.docFactory = template(f'{content}<i xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="inner"/>')
        self.initArguments = initArguments
        self.inner_ = [Node(**child) for child in children]
        self.waiting = []

    def getInitialArguments(self):
        return self.initArguments

    @renderer
    def inner(self, request, tag):
        """The elements within it."""
        for child in self.inner_:
            child.setFragmentParent(self)
        return self.inner_

    @expose
    def echo(self, value):
        return value

    @expose
    def later(self):
        self.waiting.append(Deferred())
        return self.waiting[-1]


class DetachingScript:
    """Plays a script of the part ``detaching``, with us as the server."""

    def __init__(self, test):
        self.test = test
        tree = {"children": [{"children": [{}]}, {}]}
        self.site = InMemorySite(test, lambda: Node(**tree))
        element, self.socket = self.site.page()
        self.page = element.page
        first, second = element.inner_
        self.elements = {1: element, 2: first, 3: first.inner_[0], 4: second}
        self.results, self.detached = [], []

    def step(self, step):
        """Do one step, and compare what was sent."""
        name = next(iter(step))
        getattr(self, f"do_{name}")(step[name], step)
        self.site.flush()
        if not step.get("cut"):
            sent = self.socket.messages()
            self.test.assertEqual(withoutDetails(sent, step.get("sends", [])), step.get("sends", []))

    def do_cut(self, _, step):
        self.socket.lose()

    def do_connect(self, received, step):
        self.socket = self.site.socket()
        self.socket.send(*opening(self.page.session.token, received))
        self.test.assertEqual(self.socket.messages(), [["opened", step["received"]], *step["resends"]])

    def do_call(self, call, step):
        objectID, methodName, args = call
        self.results.append(outcome(self.elements[objectID].callRemote(methodName, *args)))

    def do_detach(self, objectID, step):
        self.detached.append(outcome(self.elements[objectID].detach()))

    def do_receive(self, message, step):
        self.socket.send(*message)

    def do_fire(self, value, step):
        for element in self.elements.values():
            if element.waiting:
                element.waiting.pop(0).callback(value)

    def do_add(self, number, step):
        element = self.elements[number] = Node()
        element.setFragmentParent(self.elements[1])
        self.test.assertEqual(element.athenaID, number)

    def do_objects(self, expected, step):
        known = [number for number, element in self.elements.items() if _isObject(self.page, number, element)]
        self.test.assertEqual(known, expected)

    def do_detached(self, expected, step):
        ended = ["failed" if isinstance(one, Failure) else "done" for results in self.detached for one in results]
        self.test.assertEqual(ended, expected)

    def do_pending(self, expected, step):
        self.test.assertEqual(sum(not results for results in self.results), expected)

    def do_result(self, expected, step):
        number, kind, value = expected
        (result,) = self.results[number - 1]
        if kind == "value":
            self.test.assertEqual(result, value)
        else:
            self.test.assertEqual(result.type, ConnectionLost)


def _isObject(page, number, element):
    try:
        return page.locateObject(number) is element
    except KeyError:
        return False


class ElementTests(SynchronousTestCase):
    """``elements.json``"""

    def test_document(self):
        """An element of the document has the attributes of the vector, and the simulated browser finds its widget."""
        for case in load("elements.json")["document"]:
            widget = case["widget"]
            site = InMemorySite(self, lambda widget=widget: Node(initArguments=widget["initArguments"]))
            markup = site.request().text
            self.assertEqual(widgetsOf(markup), [(widget["id"], widget["class"], widget["initArguments"])])
            finder = Attributes()
            finder.feed(markup)
            self.assertEqual(finder.found, [case["attributes"]], case["about"])

    def test_sent(self):
        """An element that is sent is the object of the vector."""
        for case in load("elements.json")["sent"]:
            site = InMemorySite(self)
            element, socket = site.page()
            child = Node(**case["element"])
            child.setFragmentParent(element)
            element.callRemote("show", child)
            site.flush()
            self.assertEqual(socket.messages()[0][3], [case["info"]], case["about"])
            numbers = {str(one.athenaID): one.fragmentParent.athenaID for one in _within(child)}
            self.assertEqual(numbers, case["parents"], case["about"])

    def test_detaching(self):
        """Every step of every script has the result that is written there."""
        for case in load("elements.json")["detaching"]:
            if case["side"] == "server":
                script = DetachingScript(self)
                for number, step in enumerate(case["steps"], 1):
                    try:
                        script.step(step)
                    except Exception as error:
                        error.add_note(f"in step {number} of the script: {case['about']}")
                        raise


def _within(element):
    yield element
    for child in element.inner_:
        yield from _within(child)


class Attributes(HTMLParser):
    """Finds the attributes of widgets' nodes, without namespace declarations."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        found = {name: value for name, value in attributes if not name.startswith("xmlns")}
        if "athena:class" in found:
            self.found.append(found)
