# -*- test-case-name: tests.test_stan -*-
"""Nevow's tags, among Twisted's."""

from twisted.internet.defer import succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import Element, TagLoader, flattenString, renderer
from twisted.web.template import tags as twistedTags

from athenalite import stan
from athenalite.loaders import stan as stanLoader
from athenalite.loaders import xmlstr
from athenalite.page import Element as NevowElement
from athenalite.stan import NodeNotFound, Pattern, PatternTag, Proto, Tag, TooManyNodes, adopt, directive, slot
from tests.test_loaders import NEVOW

div, b, i_, p, ul, li = (Proto(name) for name in ("div", "b", "i", "p", "ul", "li"))


def later(request, tag):
    """A renderer whose result is there already."""
    return succeed(3)


def flat(testCase, *nodes):
    """The HTML of these nodes."""
    return testCase.successResultOf(flattenString(None, nodes)).decode("utf-8")


class TagTests(SynchronousTestCase):
    """Building documents."""

    def test_children(self):
        """Brackets add children, one or several; lists and Twisted's tags may be among them."""
        self.assertEqual(flat(self, div["a"]["b", ["c", b["d"]], twistedTags.i("e")]), "<div>abc<b>d</b><i>e</i></div>")

    def test_slotAgain(self):
        """A slot in several places has its value in each, be it an iterator or a coroutine."""

        async def later():
            return "x"

        for make in (lambda: "x", lambda: iter("x"), {"x": 1}.keys, later, lambda: [later()]):
            tag = div[slot("a"), slot("a")].fillSlots("a", make())
            self.assertEqual(flat(self, NevowElement(stanLoader(tag))), "<div>xx</div>")

    def test_itself(self):
        """A tag in itself would have no end: an error; a copy of it is another."""
        tag = div["a"]
        self.assertRaisesRegex(ValueError, "'div' cannot contain itself", tag, tag)
        self.assertEqual(flat(self, tag[tag.clone()]), "<div>a<div>a</div></div>")

    def test_attributes(self):
        """An underscore before or behind a name keeps it from being Python's."""
        self.assertEqual(flat(self, div(_class="x", for_="y", id="z")), '<div class="x" for="y" id="z"></div>')
        self.assertEqual(flat(self, div(id=None, title="x")), '<div title="x"></div>')

    def test_booleans(self):
        """False leaves an attribute out, and True gives it no value, unless it has words for both."""
        self.assertEqual(flat(self, div(hidden=False, inert=True)), '<div inert=""></div>')
        for name, no, yes in [
            ("aria-busy", "false", "true"),
            ("data-on", "false", "true"),
            ("contenteditable", "false", "true"),
            ("autocomplete", "off", "on"),
            ("translate", "no", "yes"),
        ]:
            self.assertEqual(flat(self, div(**{name: False})), f'<div {name}="{no}"></div>')
            self.assertEqual(flat(self, div(**{f"{name}_": True})), f'<div {name}="{yes}"></div>')

    def test_values(self):
        """What Nevow's flattener knew: numbers, iterators, the keys and values of a dict, and loaders."""
        tag = div(title=5)[1, 2.5, True, [3], map(str, "ab"), (n for n in (4, 5)), {"k": 6}.keys(), {"k": 7}.values()]
        self.assertEqual(flat(self, tag), '<div title="5">12.5True3ab45k7</div>')
        self.assertEqual(
            flat(self, div[xmlstr("<i/>")], div[slot("s")].fillSlots("s", 8)), "<div><i></i></div><div>8</div>"
        )

    def test_ownList(self):
        """A list of the application's that needs no change may be added to later."""
        rows = ["a"]
        tag = div[rows]
        rows.append("b")
        self.assertEqual(flat(self, tag), "<div>ab</div>")

    def test_iterate(self):
        """A tag cannot be iterated over: __getitem__ would never end."""
        self.assertRaises(TypeError, iter, div["a"])

    def test_functions(self):
        """A function, as a child or as what renders a tag, is the renderer itself."""

        class Rendering(NevowElement):
            def more(self, request, tag):
                return [tag.tagName, 1]

        element = Rendering()
        element.docFactory = stanLoader(
            [div[lambda request, tag: tag["x", 2]], b(render=element.more), i_(render=later)]
        )
        self.assertEqual(flat(self, element), "<div>x2</div>b13")

    def test_proto(self):
        """A tag to begin with never changes, and may stand in a document as it is."""
        div["a"], div(id="x"), div.fillSlots("s", 1)
        self.assertEqual(flat(self, Proto("br"), div), "<br /><div></div>")

    def test_directive(self):
        """A directive names the renderer, which gets a tag of the same kind."""

        class Named(Element):
            @renderer
            def name(self, request, tag):
                return tag["!"]

        self.assertEqual(flat(self, Named(TagLoader(div(render=directive("name"))["hi"]))), "<div>hi!</div>")
        self.assertEqual(
            flat(self, Named(stanLoader(directive("name"))), Named(stanLoader(div[directive("name")]))), "!<div>!</div>"
        )

    def test_slots(self):
        """Slots are filled as Nevow wrote it, or as Twisted does; a slot may be called name."""
        for tag in (div[slot("name")].fillSlots("name", "x"), div[slot("name")].fillSlots(name="x")):
            self.assertEqual(flat(self, tag), "<div>x</div>")

    def test_clear(self) -> None:
        """A tag without children is a tag of Nevow's still, also for ``make types``."""
        tag = Tag("p")["text"]
        cleared: Tag = tag.clear()
        self.assertIs(cleared, tag)
        self.assertEqual(cleared["other"].children, ["other"])

    def test_clone(self):
        """A copy has all that its original had, and leaves it alone."""
        original = div(pattern="p", render="r", id="i")[slot("s")].fillSlots("s", "x")
        for copied in (original.clone(), original.clone(deep=False)):
            self.assertEqual((type(copied), copied.pattern, copied.render), (Tag, "p", "r"))
            self.assertEqual((copied.attributes, copied.slotData), ({"id": "i"}, {"s": "x"}))
            copied.attributes["id"] = "other"
        self.assertEqual(original.attributes, {"id": "i"})

    def test_adopt(self):
        """One of Twisted's tags becomes one of ours, in the same place."""
        plain = twistedTags.p("a", id="x", render="r").fillSlots(s="y")
        adopted = adopt(plain)
        self.assertEqual((adopted.tagName, adopted.render, adopted.slotData), ("p", "r", {"s": "y"}))
        self.assertIs(adopted.children, plain.children)
        self.assertIs(adopt(adopted), adopted)


class PatternTests(SynchronousTestCase):
    """Patterns of a template."""

    def setUp(self):
        rows = '<b nevow:pattern="row">1</b><p><b nevow:pattern="row">2</b></p>'
        loader = xmlstr(f'<div {NEVOW}>{rows}<i nevow:pattern="one"><nevow:slot name="s"/></i>rest</div>')
        [self.tag] = loader.load()

    def test_hidden(self):
        """They show nothing where they stand, in templates and in documents of tags."""
        self.assertEqual(flat(self, self.tag), "<div><p></p>rest</div>")
        document = stanLoader(div[b(pattern="x")["hidden"], [b(pattern="y")], "seen"]).load()
        self.assertEqual(flat(self, document), "<div>seen</div>")

    def test_onePattern(self):
        """The one node of a name is given as a copy that shows."""
        for text in ("a", "b"):
            self.assertEqual(flat(self, self.tag.onePattern("one").fillSlots("s", text)), f"<i>{text}</i>")
        self.assertEqual(flat(self, div[b(pattern="x")["here"]].onePattern("x")), "<b>here</b>")

    def test_notOne(self):
        """No pattern and several are different errors."""
        self.assertIn("'none'", str(self.assertRaises(NodeNotFound, self.tag.onePattern, "none")))
        self.assertIn("2 patterns 'row'", str(self.assertRaises(TooManyNodes, self.tag.onePattern, "row")))

    def test_all(self):
        """All of a name come in the order of the document."""
        self.assertEqual(flat(self, *self.tag.allPatterns("row")), "<b>1</b><b>2</b>")

    def test_generator(self):
        """A generator gives one after the other, and then the first again, in any of three ways."""
        rows = self.tag.patternGenerator("row")
        self.assertEqual(flat(self, rows(id="x"), rows["+"], next(rows)), '<b id="x">1</b><b>2+</b><b>1</b>')

    def test_default(self):
        """Without such a node, it gives the default, a tag or anything; without a default, it is an error."""
        self.assertEqual(flat(self, self.tag.patternGenerator("none", div)()), "<div></div>")
        self.assertEqual(flat(self, self.tag.patternGenerator("none", "text")()), "text")
        self.assertRaises(NodeNotFound, self.tag.patternGenerator, "none")

    def test_copied(self):
        """A copy of the document has them too."""
        self.assertEqual(flat(self, self.tag.clone().onePattern("one").fillSlots("s", "")), "<i></i>")
        self.assertIsInstance(self.tag.clone().children[0], Pattern)

    def test_inPattern(self):
        """What is inside of a pattern is asked of it, and not of the document."""
        [tag] = stanLoader(div[b(pattern="outer")[b(pattern="inner")["x"]]]).load()
        self.assertEqual(flat(self, tag.onePattern("outer").onePattern("inner")), "<b>x</b>")
        self.assertEqual(len(list(stan.patternNodes([tag], "inner"))), 1)

    def test_fillSlots(self):
        """A generator's slots are filled in the next copy, as its attributes are set."""
        rows = ul[li(pattern="row")[slot("x")], li(pattern="row", class_="even")[slot("x")]].patternGenerator("row")
        self.assertIsInstance(rows, PatternTag)
        self.assertEqual(
            flat(self, rows.fillSlots("x", 1), rows.fillSlots(x="b"), rows()["c"].fillSlots("x", "")),
            '<li>1</li><li class="even">b</li><li>c</li>',
        )

    def test_tags(self):
        """Tags of any origin are given one after the other."""
        tags = PatternTag(iter([p["a"], p, p["c"]]))
        self.assertEqual(flat(self, next(tags), tags["b"], tags(id="x")), '<p>a</p><p>b</p><p id="x">c</p>')

    def test_inSlots(self):
        """Patterns are found in the children and the default of a slot, which shows its default only."""
        inside = slot("s", default=["default", p(pattern="d")["e"]])[li(pattern="x")["y"], 1]
        self.assertEqual(flat(self, ul[inside].onePattern("x"), ul[inside].onePattern("d")), "<li>y</li><p>e</p>")
        self.assertEqual(flat(self, ul[slot("s", default=2)["hidden"]]), "<ul>2</ul>")
        self.assertRaises(TypeError, iter, inside)

    def test_notFound(self):
        """The error of a pattern that is missing is a KeyError, as in Nevow, with a plain message."""
        error = self.assertRaises(KeyError, ul.onePattern, "x")
        self.assertEqual(str(error), "there is no pattern 'x'")
