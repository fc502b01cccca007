"""
Templates in which HTML and XML differ. Each is rendered in the page and sent later, and must become the same nodes.
"""

from __future__ import annotations

from typing import Any

from twisted.web.template import renderer

from athenalite import tags
from athenalite.athena import LiveElement, expose
from athenalite.loaders import stan, xmlstr

NEVOW = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1"'
DOCTYPE = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd">'

#: Content of a div.
CONTENT: dict[str, str] = {
    "CDATA": "<![CDATA[1 < 2 && <b>]]>",
    "CDATA in parts": "<i><![CDATA[]]]]><![CDATA[>]]></i>",
    "CDATA in a drawing": "<svg><text><![CDATA[a < b]]></text></svg>",
    "style": "<style>ul > li { color: red }</style>",
    "style with a less-than": "<style>a::before { content: '&lt;&amp;'; }</style>",
    "style in CDATA": "<style><![CDATA[ul > li { content: '</style>' }]]></style>",
    "style in a comment": "<style><!-- ul > li { color: red } --></style>",
    "style in a drawing": "<svg><style>a > b { fill: red }</style></svg><style>a > b { color: red }</style>",
    "style in a foreign object": "<svg><foreignObject><style>a > b {}</style><p>x</p></foreignObject></svg>",
    "script": '<script type="text/plain">1 &lt; 2 &amp;&amp; "&lt;/script>&lt;!--"</script>',
    "script with data": '<script type="application/json">["&lt;b>", "&lt;/SCRIPT>"]</script>',
    "svg": '<svg viewBox="0 0 1 1"><linearGradient gradientUnits="userSpaceOnUse"/></svg>',
    "svg with a namespace": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>',
    "svg with a prefix": '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:circle r="1"/></s:svg>',
    "title in a drawing": "<svg><title>a &amp; b<!-- c --></title><desc><p>d</p></desc></svg>",
    "svg in svg": "<svg><svg><style>a > b {}</style></svg><style>c > d {}</style></svg>",
    "xlink": '<svg xmlns:xl="http://www.w3.org/1999/xlink"><use xl:href="#a"/></svg>',
    "math": "<math><mi>x</mi><mo>&lt;</mo><mn>1</mn></math>",
    "math with a namespace": '<math xmlns="http://www.w3.org/1998/Math/MathML"><mtext>a<br/>b</mtext></math>',
    "annotation": '<math><annotation-xml encoding="text/html"><style>a > b {}</style></annotation-xml></math>',
    "xhtml with a prefix": '<h:p xmlns:h="http://www.w3.org/1999/xhtml">x<h:br/></h:p>',
    "textarea": "<textarea>\nfirst</textarea>",
    "textarea with two line feeds": "<textarea>\n\nfirst</textarea>",
    "textarea in CDATA": "<textarea><![CDATA[\n<b>]]></textarea>",
    "textarea with a comment": "<textarea>a<!-- no text -->b</textarea>",
    "empty textarea": "<textarea/>",
    "pre": "<pre>\nfirst\n</pre>",
    "listing": "<listing>\nfirst</listing>",
    "void elements": '<br/><hr/><img alt=""/><input/><wbr/>x',
    "void element with an end": "a<br></br>b<input> </input>c",
    "empty elements": '<div/><span/><p/><a href="#"/><i/><script type="text/plain"/><iframe/>',
    "not void": "<command/>x<isindex/>y",
    "xmp": "<xmp>&lt;b></xmp>",
    "noscript": "<noscript><p>a &lt; b</p></noscript>",
    "template": "<template><tr><td>a &lt; b</td></tr><style>a > b {}</style></template>",
    "title": "<title>a<!-- c -->b</title>",
    "comment": "<!-- a < b > c - - -->",
    "comment that begins with an end": "<!-->b<i>c</i>-->",
    "table": "<table><tr><td>x</td></tr></table>",
    "select": "<select><option>a</option><optgroup><option>b</option></optgroup></select>",
    "nested forms": "<form><form><input/></form></form>",
    "paragraphs": "<p>a<div>b</div>c</p>",
    "links": '<a href="#a">a<a href="#b">b</a></a>',
    "list": "<ul>\n <li>a</li>\n <li>b</li>\n</ul>",
    "language": '<p xml:lang="de">x</p><p xml:lang="de" lang="fr">y</p><svg xml:lang="de"/>',
    "whitespace": "<p title=' a&#10;b&#9;c '>  a\n\n b\t</p>",
    "line feed": "<p>a&#13;b</p>",
    "quotes": "<p title='&quot;&apos;&lt;&gt;&amp;&amp;amp;'>\"'&amp;amp;</p>",
    "attributes of a namespace": '<p xmlns:x="urn:x" x:y="z">x</p>',
    "elements of a namespace": '<x:y xmlns:x="urn:x">x</x:y>',
    "custom element": '<my-tag some-name="">x</my-tag>',
    "ids": '<label for="a">b</label><input id="a"/>',
}
#: Roots, and the elements that must contain them.
ROOTS: dict[str, tuple[str, list[str]]] = {
    "tr": ("<tr {}><td>a</td></tr>", ["table", "tbody"]),
    "td": ("<td {}>a</td>", ["table", "tbody", "tr"]),
    "tbody": ("<tbody {}><tr><td>a</td></tr></tbody>", ["table"]),
    "caption": ("<caption {}>a</caption>", ["table"]),
    "col": ("<col {}/>", ["table", "colgroup"]),
    "option": ("<option {}>a</option>", ["select"]),
    "li": ("<li {}>a</li>", ["ul"]),
    "dd": ("<dd {}>a</dd>", ["dl"]),
    "svg": ("<svg {}><g/></svg>", []),
    "textarea": ("<textarea {}>\na</textarea>", []),
    "form": ("<form {}><input name='x'/></form>", []),
}


def _templates() -> list[tuple[str, Any, list[str]]]:
    render = f'{NEVOW} nevow:render="liveElement"'
    found: list[tuple[str, Any, list[str]]] = [
        (name, xmlstr(f"<div {render}>{content}</div>"), []) for name, content in CONTENT.items()
    ]
    found += [(f"root {name}", xmlstr(root.format(render)), around) for name, (root, around) in ROOTS.items()]
    entities = f"{DOCTYPE}<p {render} title='a&nbsp;b'>a&nbsp;b&rarr;&copy;</p>"
    declared = f'<?xml version="1.0" encoding="iso-8859-1"?><p {render}>Käse</p>'
    booleans = tags.input(
        render="liveElement", disabled=False, checked=True, readonly=None, spellcheck=False, aria_hidden=True
    )
    slots = tags.div(render="liveElement")[
        tags.style[tags.slot("text")], tags.textarea[tags.slot("text")], tags.pre["\n", tags.slot("text")],
        tags.script(type="text/plain")[tags.slot("text")], tags.p(title=tags.slot("text")),
    ].fillSlots("text", "\n</style></script>&amp;<b>\0")  # fmt: skip
    found += [(name, template, []) for name, template in {
        "entities": xmlstr(entities), "declared encoding": xmlstr(declared), "booleans": stan(booleans),
        "slots": stan(slots), "comment with another end": stan(
            tags.div(render="liveElement")[tags.comment["a --!> <b>c</b> -- -"]]
        ),
    }.items()]  # fmt: skip
    return found


TEMPLATES = _templates()
NAMES = [name for name, _, _ in TEMPLATES]


class Sample(LiveElement):
    """One of the templates."""

    def __init__(self, number: int) -> None:
        super().__init__(TEMPLATES[number][1])


class Samples(LiveElement):
    """All of them, in the order of their numbers from 2 on."""

    docFactory = stan(tags.div(render="liveElement")[tags.transparent(render="samples")])

    @renderer
    def samples(self, request: Any, tag: Any) -> Any:
        for number, (_, _, around) in enumerate(TEMPLATES):
            content: Any = self._new(number)
            for name in reversed(around):
                content = tags.Tag(name)[content]
            yield tags.div[content]

    @expose
    def all(self) -> list[LiveElement]:
        """The same again, to be added by the browser."""
        return [self._new(number) for number in range(len(TEMPLATES))]

    def _new(self, number: int) -> LiveElement:
        sample = Sample(number)
        sample.setFragmentParent(self)
        return sample
