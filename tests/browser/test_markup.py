# -*- test-case-name: tests.browser.test_markup -*-
"""One template has one meaning: rendered in the page or sent later, it becomes the same nodes of a real Chromium."""

from typing import Any

from harness.browser import BrowserTestCase
from tests.applications.markupthing.samples import NAMES
from tests.browser.test_odd import APPLICATIONS

SAMPLES = "markupthing.samples.Samples"

# What a node is, without what differs by purpose: the widget's number and what the document says of the widget.
COMPARE = """async () => {
    const ours = ["id", "data-athena-arguments", "xmlns:athena"];
    const describe = (node, isRoot) => {
        if (node.nodeType !== Node.ELEMENT_NODE) {
            return [node.nodeType, node.data];
        }
        const attributes = [...node.attributes]
            .filter(({ name }) => !(isRoot && ours.includes(name)))
            .map((one) => [one.namespaceURI, one.localName, one.value.replace(/^athenaid:\\d+/, "")]);
        const children = [...(node.content ?? node).childNodes].map((child) => describe(child, false));
        return [node.namespaceURI, node.localName, attributes, children];
    };
    const parent = Nevow.Athena.Widget.fromAthenaID(1);
    const described = [...parent.childWidgets].map(({ node }) => describe(node, true));
    const later = [];
    for (const info of await parent.callRemote("all")) {
        later.push(describe((await parent.addChildWidgetFromWidgetInfo(info)).node, true));
    }
    return [described, later];
}"""


class MarkupTests(BrowserTestCase):
    """The samples of ``markupthing``, all on one page."""

    maxDiff = None

    def test_same(self) -> None:
        """Each becomes the same nodes both ways; and those that XML would make, where HTML allows them."""
        page = self.openPage(self.sharedServer(SAMPLES, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        described, later = page.evaluate(COMPARE)
        self.assertEqual([len(described), len(later)], [len(NAMES)] * 2)
        for name, inPage, sent in zip(NAMES, described, later, strict=True):
            with self.subTest(name):
                self.assertEqual(inPage, sent)
        nodes = dict(zip(NAMES, (one[3] for one in described), strict=True))
        self.checkText(nodes)

    def checkText(self, nodes: dict[str, list[Any]]) -> None:
        """What is text in a template is text in the page."""

        def textIn(node: list[Any]) -> str:
            return str(node[1]) if node[0] == 3 else "".join(map(textIn, node[3])) if len(node) == 4 else ""

        for name, text in {
            "CDATA": "1 < 2 && <b>",
            "CDATA in parts": "]]>",
            "CDATA in a drawing": "a < b",
            "style": "ul > li { color: red }",
            "style with a less-than": "a::before { content: '<&'; }",
            "style in CDATA": "ul > li { content: '\\3c /style>' }",
            "style in a comment": "<!-- ul > li { color: red } -->",
            "style in a foreign object": "a > b {}x",
            "script": '1 < 2 && "\\u003c/script><!--"',
            "textarea": "\nfirst",
            "textarea with two line feeds": "\n\nfirst",
            "textarea in CDATA": "\n<b>",
            "textarea with a comment": "ab",
            "pre": "\nfirst\n",
            "listing": "\nfirst",
            "title": "ab",
            "comment that begins with an end": "",
            "comment with another end": "",
            "declared encoding": "Käse",
            "entities": "a\xa0b→©",
            "root textarea": "\na",
            "root tr": "a",
        }.items():
            with self.subTest(name):
                self.assertEqual("".join(map(textIn, nodes[name])), text)
        self.assertEqual(nodes["svg"][0][0], "http://www.w3.org/2000/svg")
        self.assertEqual(nodes["svg with a prefix"][0][:2], ["http://www.w3.org/2000/svg", "svg"])
        self.assertEqual([name for _, name, _, _ in nodes["void element with an end"][1::2]], ["br", "input"])
