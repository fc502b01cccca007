# -*- test-case-name: tests.page.test_serialize -*-
"""Serialization of Python values."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from html import unescape
from typing import NamedTuple, TypedDict
from uuid import UUID
from xml.etree import ElementTree

import msgspec
from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import Element, TagLoader, renderer, tags
from zope.interface import implementer

from athenalite.athena import IAthenaTransportable, JSPackage, LiveElement, OrphanedFragment, expose
from athenalite.loaders import xmlstr
from tests.pages import NAMESPACES, InMemorySite, Plain, template

XHTML = "{http://www.w3.org/1999/xhtml}"


@implementer(IAthenaTransportable)
class Point:
    """The Python side of a JavaScript object."""

    jsClass = "App.Point"

    def __init__(self, *arguments):
        self.arguments = arguments

    def getInitialArguments(self):
        return self.arguments


class Leaf(Plain):
    """An element with initial arguments."""

    docFactory = template('<b id="own"/>', 'class="leaf"')

    def __init__(self, *arguments):
        self.arguments = arguments

    def getInitialArguments(self):
        return self.arguments


class Branch(Plain):
    """An element with two others in it."""

    jsClass = "Nevow.Athena.Widget"
    docFactory = template('<i id="before"/><nevow:invisible nevow:render="leaves"/><i id="after"/>')

    @renderer
    def leaves(self, request, tag):
        for number in range(2):
            leaf = Leaf(number)
            leaf.setFragmentParent(self)
            yield leaf


class Holder(Plain):
    """An element that returns a value that it was given."""

    answer = None

    @expose
    def ask(self):
        return self.answer


class ValuesTestCase(SynchronousTestCase):
    """A connected page."""

    def setUp(self):
        self.site = InMemorySite(self, Holder)
        self.element, self.socket = self.site.page()

    def sent(self, *args, **kwargs):
        """Return the message of a call with these arguments, after the method's name."""
        self.element.callRemote("f", *args, **kwargs)
        self.site.flush()
        [[kind, _, name, *rest]] = self.socket.messages()
        self.assertEqual((kind, name), ("notify", "f"))
        return rest

    def child(self, element):
        """Add this element to the page's own."""
        element.setFragmentParent(self.element)
        return element


class ElementTests(ValuesTestCase):
    """Elements are sent as the information from which the client makes widgets."""

    def test_info(self):
        """An element is sent as number, class, arguments and markup; its node has no arguments then."""
        [[info]] = self.sent(self.child(Leaf(1, "</b>")))
        self.assertEqual((info["id"], info["class"], info["initArguments"]), (2, "Nevow.Athena.Widget", [1, "</b>"]))
        self.assertEqual((info["children"], info["requiredModules"], info["requiredCSSModules"]), ([], [], []))
        [node] = ElementTree.fromstring(info["markup"])
        self.assertEqual((node.tag, node.get("id"), node.get("class")), (XHTML + "div", "athena:2", "leaf"))
        self.assertIsNone(node.get("data-athena-arguments"))
        self.assertEqual(node[0].get("id"), "athenaid:2-own")

    def test_children(self):
        """Nested elements are listed in the order of the document; each id has the number of its own element."""
        [[info]] = self.sent(self.child(Branch()))
        self.assertEqual(
            info["children"], [{"id": n, "class": "Nevow.Athena.Widget", "initArguments": [n - 3]} for n in (3, 4)]
        )
        ids = [node.get("id") for node in ElementTree.fromstring(info["markup"]).iter() if node.get("id")]
        self.assertEqual(
            ids,
            [
                "athena:2",
                "athenaid:2-before",
                "athena:3",
                "athenaid:3-own",
                "athena:4",
                "athenaid:4-own",
                "athenaid:2-after",
            ],
        )

    def test_idsInPage(self):
        """In a page's document too, an id after a nested element has the number of its own element."""
        text = InMemorySite(self, Branch).request().text
        self.assertIn('<i id="athenaid:1-before">', text)
        self.assertIn('<i id="athenaid:1-after">', text)

    def test_nested(self):
        """Elements are found in lists, tuples and dicts, among arguments and keyword arguments."""
        args, kwargs = self.sent([1, (self.child(Leaf()),)], {"a": {"b": self.child(Leaf())}}, c=self.child(Leaf()))
        self.assertEqual([args[0][1][0]["id"], args[1]["a"]["b"]["id"], kwargs["c"]["id"]], [2, 3, 4])

    def test_result(self):
        """A method may return an element."""
        self.element.answer = {"leaf": self.child(Leaf())}
        [[kind, _, success, value]] = self.socket.call("ask")
        self.assertEqual((kind, success, value["leaf"]["id"]), ("respond", True, 2))

    def test_twice(self):
        """An element that is sent again has the same number, and is not rendered again."""
        branch = self.child(Branch())
        [[one, other]] = self.sent(branch, branch)
        [[later]] = self.sent(branch)
        self.assertEqual((one, other), (other, later))
        self.assertEqual(len(branch.liveFragmentChildren), 2)

    def test_callable(self):
        """The browser can call it by its number."""
        holder = self.child(Holder())
        holder.answer = "here"
        self.sent(holder)
        self.assertEqual(self.socket.call("ask", objectID=2)[0][3], "here")

    def test_elementInArguments(self):
        """An element may be an initial argument of another that is sent."""
        inner = self.child(Leaf())
        [[info]] = self.sent(self.child(Leaf([inner])))
        self.assertEqual((info["id"], info["children"], info["initArguments"][0][0]["id"]), (2, [], 3))

    def test_namespaces(self):
        """The markup is well-formed by itself, whatever the template declares; a root of another namespace keeps it."""
        svg = xmlstr(f'<svg {NAMESPACES} xmlns="http://www.w3.org/2000/svg" nevow:render="liveElement"><g/></svg>')
        stan = TagLoader(tags.div(tags.br(), "\x00\x0c", render="liveElement"))
        [infos] = self.sent(self.child(LiveElement(svg)), self.child(LiveElement(stan)))
        drawing, text = [ElementTree.fromstring(info["markup"])[0] for info in infos]
        self.assertEqual(
            [node.tag for node in drawing.iter()], ["{http://www.w3.org/2000/svg}" + n for n in ("svg", "g")]
        )
        self.assertEqual([node.tag for node in text.iter()], [XHTML + n for n in ("div", "br")])

    def test_rules(self):
        """An element is sent as the page's parser needs it; a renderable is always XHTML, for scripts to parse."""

        def leaf():
            return self.child(
                LiveElement(TagLoader(tags.div(tags.style("a<b"), tags.pre("\nx"), render="liveElement")))
            )

        [[info]] = self.sent(leaf())
        self.assertIn("<style>a<b</style><pre>\n\nx</pre>", info["markup"])
        [[markup]] = self.sent(tags.p(leaf()))
        self.assertIn("<style>a&lt;b</style><pre>\nx</pre>", markup)
        self.element.page.values.isXHTML = True
        [[info]] = self.sent(leaf())
        self.assertIn("<style>a&lt;b</style><pre>\nx</pre>", info["markup"])

    def test_connectionMade(self):
        """connectionMade of an element that is sent is called at once, and may call the browser."""
        log = []

        class Eager(Leaf):
            def connectionMade(self):
                log.append("made")
                self.callRemote("hello")

        self.element.callRemote("f", self.child(Eager()))
        self.site.flush()
        self.assertEqual(log, ["made"])
        self.assertEqual(sorted(message[1:3] for message in self.socket.messages()), [[1, "f"], [2, "hello"]])


class RefusedTests(ValuesTestCase):
    """A value that cannot be sent fails only its call."""

    def refused(self, error, *args, **kwargs):
        """Return the text of the error with which such a call fails; nothing is sent, and the next call works."""
        raised = self.assertRaises(error, self.element.callRemote, "f", *args, **kwargs)
        self.assertEqual(self.sent("fine"), [["fine"]])
        return str(raised)

    def test_orphan(self):
        """An element without a parent, or on another page, cannot be sent."""
        self.assertIn("setFragmentParent", self.refused(OrphanedFragment, Leaf()))
        other, _ = self.site.page()
        leaf = Leaf()
        leaf.setFragmentParent(other)
        self.assertIn("another page", self.refused(OrphanedFragment, [leaf]))

    def test_deferred(self):
        """Rendering does not wait: missing content is an error, and not silently omitted."""
        self.assertIn("Deferred", self.refused(TypeError, self.child(Plain(template_of(Deferred())))))
        [[info]] = self.sent(self.child(Plain(template_of(succeed("there")))))
        self.assertIn("there", info["markup"])

    def test_failing(self):
        """An exception of a renderer is raised by the call."""

        class Failing(Plain):
            docFactory = template('<b nevow:render="wrong"/>')

            @renderer
            def wrong(self, request, tag):
                raise ZeroDivisionError("renderer")

        self.assertEqual(self.refused(ZeroDivisionError, self.child(Failing())), "renderer")

    def test_noLiveElement(self):
        """The error for a template without the renderer names it."""
        self.assertIn("liveElement", self.refused(TypeError, self.child(LiveElement(xmlstr("<p/>")))))

    def test_unknown(self):
        """A value that is neither JSON nor renderable is refused, at any depth; so are circles."""
        circle = [self.child(Leaf())]
        circle.append(circle)
        for value in (object(), [self.child(Leaf()), {object()}], float("nan"), [Point(float("inf"))], circle):
            self.refused(TypeError, value)

    def test_result(self):
        """A result that cannot be sent fails the browser's call."""
        self.element.answer = [Leaf()]
        [[_, _, success, error]] = self.socket.call("ask")
        self.assertEqual((success, error["type"]), (False, "OrphanedFragment"))
        self.flushLoggedErrors(OrphanedFragment)


def template_of(content):
    """Return a loader of a widget's document with this content."""
    return TagLoader(tags.div(content, render="liveElement"))


class RenderableTests(ValuesTestCase):
    """Other renderables are sent as text."""

    def test_element(self):
        """A plain element, or a tag, is sent as XHTML in one root element that declares its namespace."""
        [[one, other]] = self.sent(Element(TagLoader(tags.p("a<b"))), tags.br())
        self.assertEqual(ElementTree.fromstring(one)[0].text, "a<b")
        self.assertEqual(ElementTree.fromstring(other)[0].tag, XHTML + "br")

    def test_liveInside(self):
        """A live element in other markup has its arguments in its node, so that the browser can make its widget."""
        [[markup]] = self.sent(tags.p(self.child(Leaf(7))))
        self.assertEqual(ElementTree.fromstring(markup)[0][0].get("data-athena-arguments"), "[7]")


class TransportableTests(ValuesTestCase):
    """Objects of JavaScript classes."""

    def test_made(self):
        """The message has the paths of arguments and their classes, nested ones first."""
        self.assertEqual(
            self.sent(1, {"a": [Point(2, Point())]}),
            [[1, {"a": [[2, []]]}], {}, [[[1, "a", 0, 1], "App.Point"], [[1, "a", 0], "App.Point"]]],
        )

    def test_result(self):
        """A result may be such an object, or contain one."""
        self.element.answer = Point(3)
        self.assertEqual(self.socket.call("ask"), [["respond", 1, True, [3], [[[], "App.Point"]]]])
        self.element.answer = {1: Point()}
        self.assertEqual(self.socket.call("ask"), [["respond", 2, True, {"1": []}, [[["1"], "App.Point"]]]])

    def test_noPlace(self):
        """Such objects are refused in keyword arguments and initial arguments, which have no list of paths."""
        self.assertIn("keyword", str(self.assertRaises(TypeError, self.element.callRemote, "f", a=Point())))
        self.assertRaises(TypeError, self.element.callRemote, "f", self.child(Leaf(Point())))


class ModuleTests(ValuesTestCase):
    """An element's requirements are sent with it."""

    def test_required(self):
        """Modules and style sheets that the document does not have are named, in order, each time."""
        directory = self.mktemp()
        for name in ("App", "AppMore"):
            with open(f"{directory}{name}", "w") as file:
                file.write("// import App\n" if name == "AppMore" else "")
        paths = {name: f"{directory}{name}" for name in ("App", "AppMore")}
        self.element.page.jsModules.mapping.update(paths)
        self.element.page.cssModules.mapping.update(JSPackage(paths).mapping)

        class Styled(Leaf):
            jsClass = "AppMore.Widget"
            cssModule = "App"

        for _ in range(2):
            [[info]] = self.sent(self.child(Styled()))
            self.assertEqual([name for name, _ in info["requiredModules"]], ["App", "AppMore"])
            for url in (info["requiredModules"][1][1], *info["requiredCSSModules"]):
                self.assertEqual(self.site.request(url.removeprefix(".")).status, 200)


class Colour(Enum):
    """An enumeration."""

    RED = "red"


class Level(IntEnum):
    """An enumeration of integers."""

    HIGH = 3


class Pair(NamedTuple):
    """A tuple with names."""

    left: int
    right: int


class Fields(TypedDict):
    """A dict with types."""

    a: int


class Packed(msgspec.Struct):
    """A Struct of msgspec's."""

    when: date


@dataclass
class Order:
    """What arguments and results are made of."""

    number: UUID
    price: Decimal
    day: date
    parts: list[Pair] = field(default_factory=list)


ORDER = Order(UUID(int=1), Decimal("1.50"), date(2024, 5, 6), [Pair(1, 2)])


class EchoingTypes(Plain):
    """An element whose annotated methods return their argument."""


def _echo(annotation):
    def echo(self, value):
        self.got = value
        return value

    echo.__annotations__["value"] = annotation
    return expose(echo)


#: The annotation and a value of each type that an argument may have.
SYMMETRIC = {
    "dataclass": (Order, ORDER),
    "dataclasses": (dict[str, list[Order]], {"a": [ORDER]}),
    "datetime": (datetime, datetime(2024, 5, 6, 7, 8, 9, 10, UTC)),
    "naive": (datetime, datetime(2024, 5, 6, 7, 8)),
    "date": (date, date(2024, 5, 6)),
    "time": (time, time(7, 8, 9)),
    "timedelta": (timedelta, timedelta(days=1, seconds=2)),
    "uuid": (UUID, UUID(int=7)),
    "decimal": (Decimal, Decimal("0.10")),
    "enum": (Colour, Colour.RED),
    "intenum": (Level, Level.HIGH),
    "set": (set[int], {1, 2}),
    "frozenset": (frozenset[str], frozenset({"a"})),
    "bytes": (bytes, b"\x00\xff"),
    "bytearray": (bytearray, bytearray(b"x")),
    "tuple": (tuple[int, str], (1, "a")),
    "namedtuple": (Pair, Pair(1, 2)),
    "typeddict": (Fields, {"a": 1}),
    "struct": (Packed, Packed(date(2024, 1, 2))),
    "keys": (dict[UUID, int], {UUID(int=1): 1}),
    "dates": (dict[date, int], {date(2024, 1, 2): 1}),
    "enumKeys": (dict[Colour, int], {Colour.RED: 1}),
    "intKeys": (dict[int, int], {1: 2}),
}
for _name, (_annotation, _) in SYMMETRIC.items():
    setattr(EchoingTypes, _name, _echo(_annotation))


class SymmetryTests(SynchronousTestCase):
    """What may be an argument may be a result, in the same notation."""

    def test_types(self):
        """A value that is sent, and comes back as an argument, is equal, and returned in the same notation."""
        site = InMemorySite(self, EchoingTypes)
        element, socket = site.page()
        for name, (_, value) in SYMMETRIC.items():
            element.callRemote("f", value)
            site.flush()
            [[_, _, _, [sent]]] = socket.messages()
            [[kind, _, success, returned]] = socket.call(name, sent)
            self.assertEqual((kind, success, returned), ("respond", True, sent), name)
            self.assertEqual(element.got, value, name)
            self.assertIs(type(element.got), type(value), name)

    def test_initialArguments(self):
        """They may be initial arguments too."""
        site = InMemorySite(self, lambda: Leaf(date(2024, 5, 6), {Colour.RED}))
        self.assertIn('["2024-05-06",["red"]]', unescape(site.request().text))

    def test_inside(self):
        """An element inside of a dataclass is one; other objects are refused in the caller, with the remedy."""
        site = InMemorySite(self, Holder)
        element, socket = site.page()
        leaf = Leaf()
        leaf.setFragmentParent(element)
        element.callRemote("f", Order(leaf, 1, 2))
        site.flush()
        [[_, _, _, [sent]]] = socket.messages()
        self.assertEqual(sent["number"]["id"], leaf.athenaID)
        for odd in (object(), (n for n in ()), 1j, Order, {object(): 1}, {(1, 2): 1}, {1: 2}.items()):
            error = self.assertRaises(TypeError, element.callRemote, "f", [odd])
            self.assertIn("send a list or a dict", str(error))
        site.flush()
        self.assertEqual(socket.messages(), [])
