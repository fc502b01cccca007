# -*- test-case-name: tests.templates.test_rewriting -*-
"""What the preprocessors of live elements make of a template."""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from twisted.web.template import Tag, flattenString, slot, tags

from athenalite import LiveElement, LivePage
from athenalite._assets.document import Document
from athenalite._templates.parser import TemplateError, parse
from athenalite._templates.rewriting import (
    HANDLERS_ATTRIBUTE,
    ID_SLOT,
    LIVE_ATTRIBUTE,
    copyDocument,
    refuseEventHandlerNodes,
    rewriteAthenaIds,
    rewriteEventHandlerNodes,
)
from athenalite.inevow import IQ
from athenalite.loaders import xmlstr
from athenalite.page import Element
from athenalite.testutil import renderLivePage

NEVOW = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1"'
ATHENA = 'xmlns:athena="http://divmod.org/ns/athena/0.7"'


def flat(case, document, **slots):
    """The HTML of a document whose slots are filled."""
    return case.successResultOf(flattenString(None, tags.transparent(document).fillSlots(**slots))).decode("utf-8")


class HandlerTests(SynchronousTestCase):
    """Event handlers that a template declares."""

    def bindings(self, inner):
        """The root element of a template with this content, after rewriting."""
        [tag] = rewriteEventHandlerNodes(parse(f"<form {ATHENA}>{inner}</form>".encode(), "t.xml"))
        return tag

    def test_handler(self):
        """A handler becomes data of the element it stands in, no script, and is gone itself."""
        tag = self.bindings('<athena:handler event="onsubmit" handler="doSay"/>text')
        self.assertEqual(tag.attributes[HANDLERS_ATTRIBUTE], "onsubmit=doSay")
        self.assertEqual(tag.children, ["text"])

    def test_remote(self):
        """A method of the server has a mark and its options; the node of the widget says that there is one."""
        handler = '<athena:handler event="on%s" remote="%s" %s/>'
        tag = self.bindings(handler % ("click", "a", "") + handler % ("input", "b", 'debounce="300" repeat="repeat"'))
        self.assertEqual(tag.attributes[HANDLERS_ATTRIBUTE], "onclick=@a oninput=@b:repeat:300")
        self.assertNotIn(LIVE_ATTRIBUTE, tag.attributes)
        root = f'<form {ATHENA} {NEVOW} nevow:render="liveElement"><p>%s</p></form>'
        [tag] = rewriteEventHandlerNodes(parse((root % handler % ("click", "a", "")).encode(), "t.xml"))
        self.assertEqual(tag.attributes[LIVE_ATTRIBUTE], "")
        [tag] = rewriteEventHandlerNodes(parse((root % "").encode(), "t.xml"))
        self.assertNotIn(LIVE_ATTRIBUTE, tag.attributes)
        written = root % f'<b {HANDLERS_ATTRIBUTE}="onclick=@a">x</b>'
        [tag] = rewriteEventHandlerNodes(parse(written.encode(), "t.xml"))
        self.assertEqual(tag.attributes[LIVE_ATTRIBUTE], "")

    def test_remoteMistakes(self):
        """What cannot be a method, or an option, is an error with its place."""
        for attributes, why in (
            ('remote="_a"', "not the name of a method"),
            ('remote="a.b"', "not the name of a method"),
            ('remote="a" handler="b"', "not both"),
            ('remote="a" debounce="soon"', "a number of milliseconds"),
            ('remote=""', "needs an event"),
        ):
            text = f'<athena:handler event="onclick" {attributes}/>'
            self.assertRegex(str(self.assertRaises(TemplateError, self.bindings, text)), f"t.xml:1: .*{why}")

    def test_several(self):
        """An element may handle several events."""
        handler = '<athena:handler event="on%s" handler="%s"/>'
        tag = self.bindings(handler % ("click", "a") + handler % ("focus", "b"))
        self.assertEqual(tag.attributes[HANDLERS_ATTRIBUTE], "onclick=a onfocus=b")

    def test_nested(self):
        """A handler belongs to the element that it is a direct child of."""
        tag = self.bindings('<p><a><athena:handler event="onclick" handler="x"/></a></p>')
        self.assertNotIn(HANDLERS_ATTRIBUTE, tag.attributes)
        self.assertEqual(tag.children[0].children[0].attributes, {HANDLERS_ATTRIBUTE: "onclick=x"})

    def test_incomplete(self):
        """A handler without a valid event or method is an error with file and line."""
        for attributes in ('event="onclick"', 'handler="x"', 'event="onclick" handler="x y"', 'event="" handler="x"'):
            error = self.assertRaises(TemplateError, self.bindings, f"<athena:handler {attributes}/>")
            self.assertIn("t.xml:1: athena:handler needs an event and a handler", str(error))

    def test_stray(self):
        """A handler that is in no element would be lost: invisible and slots have no events; nor has it content."""
        handler = '<athena:handler event="onclick" handler="x">%s</athena:handler>'
        for around in ("<nevow:invisible>{}</nevow:invisible>", '<nevow:slot name="a">{}</nevow:slot>'):
            error = self.assertRaises(TemplateError, self.bindings, f"<p {NEVOW}>{around.format(handler % '')}</p>")
            self.assertIn("t.xml:1: an athena:handler must be directly in the element", str(error))
        self.assertIn("content", str(self.assertRaises(TemplateError, self.bindings, handler % "Order")))
        self.assertEqual(self.bindings(handler % " \n").attributes[HANDLERS_ATTRIBUTE], "onclick=x")

    def test_refused(self):
        """What has no widget has no handlers: the page's own template, and an element without preprocessors."""
        template = xmlstr(f'<b {ATHENA}>\n<athena:handler event="onclick" handler="f"/></b>')
        self.assertRaisesRegex(TemplateError, ":2: .* in the template of a LiveElement", Element(template).render, None)
        [failure] = [self.failureResultOf(flattenString(None, Document(LivePage(docFactory=template))), FlattenerError)]
        self.assertIn("in the template of a LiveElement", str(failure.value.args[0]))
        document = parse(b"<b/>")
        self.assertIs(refuseEventHandlerNodes(document), document)

    def test_refusedInPattern(self):
        """A pattern may be the template of a widget, in the file of a page that shows it nowhere itself."""
        source = (
            f'<html {NEVOW} {ATHENA}><head nevow:render="liveglue"/><i nevow:render="shown"/>'
            '<b nevow:pattern="widget" nevow:render="liveElement"><athena:handler event="onclick" handler="f"/></b>'
            "</html>"
        )

        class Page(LivePage):
            isShown = False

            def render_shown(self, ctx, data):
                if self.isShown:
                    return IQ(self.docFactory).onePattern("widget")(render=None)
                element = LiveElement(xmlstr(source, "widget"))
                element.setFragmentParent(self)
                return element

        shown = self.successResultOf(renderLivePage(Page(docFactory=xmlstr(source))))
        self.assertIn('data-athena-handlers="onclick=f"', shown)
        self.assertNotIn("athena:handler", shown)
        page = Page(docFactory=xmlstr(source))
        page.isShown = True
        failure = self.failureResultOf(flattenString(None, Document(page)), FlattenerError)
        self.assertIn("in the template of a LiveElement", str(failure.value.args[0]))

    def test_prefix(self):
        """The namespace counts, whatever its prefix; there may be none."""
        declared = 'xmlns:a="http://divmod.org/ns/athena/0.7"'
        tag = self.bindings(f'<a:handler {declared} event="onclick" handler="x"/>')
        self.assertEqual(tag.attributes[HANDLERS_ATTRIBUTE], "onclick=x")
        tag = self.bindings(f'<handler {declared.replace(":a", "")} event="onclick" handler="x"/>')
        self.assertEqual(tag.attributes[HANDLERS_ATTRIBUTE], "onclick=x")

    def test_eventWithoutOn(self):
        """An event that does not begin with "on" would never be called: an error with what to write."""
        error = self.assertRaises(TemplateError, self.bindings, '<athena:handler event="click" handler="x"/>')
        self.assertEqual(str(error), 't.xml:1: the event of an athena:handler begins with "on": write event="onclick"')

    def test_formHeld(self):
        """A form with an onsubmit, and no address but the page's own, submits nothing until the client restores it."""
        handler = '<athena:handler event="onsubmit" handler="f"/>'
        for attributes, method in (
            ("", ""),
            ('action="" method="post"', "post"),
            ('action="#top" method="get"', "get"),
        ):
            markup = f'<form xmlns:athena="http://divmod.org/ns/athena/0.7" {attributes}>{handler}</form>'
            [form] = rewriteEventHandlerNodes(parse(markup.encode()))
            self.assertEqual((form.attributes["method"], form.attributes["data-athena-method"]), ("dialog", method))
        for attributes, content in (
            ('action="/search"', handler),
            ('action="?a=b"', handler),
            ('method="dialog"', handler),
            ("", handler.replace("submit", "reset")),
            ("", ""),
        ):
            markup = f'<form xmlns:athena="http://divmod.org/ns/athena/0.7" {attributes}>{content}</form>'
            [form] = rewriteEventHandlerNodes(parse(markup.encode()))
            self.assertNotIn("data-athena-method", form.attributes)


class IdTests(SynchronousTestCase):
    """Ids that a template's author wrote."""

    def rewritten(self, inner, number="7"):
        """The HTML of this content in the widget of this number."""
        document = rewriteAthenaIds(parse(f"<div>{inner}</div>".encode()))
        html = flat(self, document, **{ID_SLOT: number})
        return html.removeprefix("<div>").removesuffix("</div>")

    def test_id(self):
        """An id gets the widget's number."""
        self.assertEqual(self.rewritten('<p id="a"/>'), '<p id="athenaid:7-a"></p>')

    def test_references(self):
        """What refers to ids follows them: a label's field, cells' headers, descriptions, lists, forms."""
        for reference in (
            '<label for="%s"></label>',
            '<td headers="%s"></td>',
            '<th headers="%s"></th>',
            '<p aria-labelledby="%s"></p>',
            '<p aria-describedby="%s"></p>',
            '<p aria-controls="%s"></p>',
            '<p aria-owns="%s"></p>',
            '<input list="%s" />',
            '<input form="%s" />',
        ):
            self.assertEqual(self.rewritten(reference % "a"), reference % "athenaid:7-a")

    def test_drawings(self):
        """A drawing's references to its own ids are rewritten; others, and the addresses of links, are not."""
        for before, after in (
            ('<rect id="a" fill="url(#a)" />', 'fill="url(#athenaid:7-a)"'),
            ('<b id="a" style="mask: url( \'#a\' ); fill: url(#b)" />', "mask: url( '#athenaid:7-a' ); fill: url(#b)"),
            ('<g id="a"><use href="#a" /></g>', '<use href="#athenaid:7-a">'),
            ('<g id="a"><use href="other.svg#a" /></g>', 'href="other.svg#a"'),
            ('<g id="a"><a href="#a" /></g>', '<a href="#a">'),
            ('<p><i popovertarget="a" commandfor="a" /></p>', 'popovertarget="athenaid:7-a" commandfor="athenaid:7-a"'),
        ):
            self.assertIn(after, self.rewritten(before))

    def test_several(self):
        """A list of ids is rewritten one by one, whatever white space is between them."""
        self.assertEqual(
            self.rewritten('<td headers=" a   b\n c"/>'), '<td headers="athenaid:7-a athenaid:7-b athenaid:7-c"></td>'
        )

    def test_others(self):
        """Attributes of the same names that refer to something else are left alone."""
        for html in ('<p for="a"></p>', '<p headers="a"></p>', '<p name="id"></p>'):
            self.assertEqual(self.rewritten(html), html)

    def test_deep(self):
        """Ids are found at any depth, also inside of what is invisible."""
        inner = self.rewritten(f'<nevow:invisible {NEVOW}><p><b id="a"/></p></nevow:invisible>')
        self.assertEqual(inner, '<p><b id="athenaid:7-a"></b></p>')


class CopyTests(SynchronousTestCase):
    """Documents are shared; who changes one needs a copy."""

    def test_copy(self):
        """A copy shares no tag with its original, and keeps patterns and renderers."""
        inside = '<p nevow:pattern="p" nevow:render="r" id="b">x<nevow:slot name="s"/></p>'
        source = f'<div {NEVOW} id="a">{inside}</div>'
        original = parse(source.encode())
        before = repr(original)
        copied = copyDocument(original)
        [inner] = copied[0].children
        self.assertEqual((inner.pattern, inner.render), ("p", "r"))
        rewriteAthenaIds(copied)
        inner.children.append("more")
        self.assertEqual(repr(original), before)

    def test_text(self):
        """Text and slots are copied as they are."""
        document = ["text", slot("s"), Tag("p")]
        self.assertEqual(copyDocument(document)[:2], document[:2])


class TagTests(SynchronousTestCase):
    """Preprocessing what a renderer has made."""

    def test_tag(self):
        """A tag alone, or a list of tags, is preprocessed as a document is; anything else is left alone."""
        handler = Tag("athena:handler")(event="onclick", handler="f")
        for made in (Tag("b")(handler), [Tag("b")(handler)], (Tag("p")([Tag("b")(handler)]),)):
            self.assertIn('<b data-athena-handlers="onclick=f">', flat(self, rewriteEventHandlerNodes(made)))
        self.assertEqual(rewriteAthenaIds("text"), "text")
