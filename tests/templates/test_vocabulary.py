# -*- test-case-name: tests.templates.test_vocabulary -*-
"""HTML's names in templates."""

from html.entities import html5

from twisted.trial.unittest import SynchronousTestCase

from athenalite._templates.parser import parse

XHTML = "http://www.w3.org/1999/xhtml"
SVG = "http://www.w3.org/2000/svg"
DOCTYPE = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">'


class NameTests(SynchronousTestCase):
    """Names with prefixes"""

    def test_elements(self) -> None:
        """An HTML parser knows its elements by names without prefixes; what is not HTML keeps its own."""
        [tag] = parse(f'<h:p xmlns:h="{XHTML}" xmlns:s="{SVG}" xmlns:x="urn:x"><s:svg/><x:y/></h:p>'.encode())
        self.assertEqual([tag.tagName, *(one.tagName for one in tag.children)], ["p", "svg", "x:y"])
        self.assertEqual(tag.attributes, {"xmlns:x": "urn:x"})

    def test_attributes(self) -> None:
        """XLink's attributes have the one prefix that an HTML parser knows, which is declared for XML."""
        xlink = "http://www.w3.org/1999/xlink"
        [tag] = parse(f'<svg xmlns="{SVG}" xmlns:xl="{xlink}" xmlns:x="urn:x" xl:href="#a" x:b="c"/>'.encode())
        self.assertEqual(
            tag.attributes, {"xmlns": SVG, "xmlns:xlink": xlink, "xmlns:x": "urn:x", "xlink:href": "#a", "x:b": "c"}
        )

    def test_language(self) -> None:
        """xml:lang is HTML's lang, which precedes it; in a drawing it stays."""
        [tag] = parse(b'<p xml:lang="de"><b xml:lang="fr" lang="it"/><svg xml:lang="da"><a xml:lang="sv"/></svg></p>')
        bold, drawing = tag.children
        self.assertEqual([tag.attributes, bold.attributes], [{"lang": "de"}, {"lang": "it"}])
        self.assertEqual(drawing.attributes, {"xml:lang": "da"})
        self.assertEqual(drawing.children[0].attributes, {"xml:lang": "sv"})


class EntityTests(SynchronousTestCase):
    """Named characters"""

    def test_attributes(self) -> None:
        """Those of an attribute are not lost, and nothing in it becomes markup."""
        [tag] = parse(f'{DOCTYPE}<p title="a&nbsp;b&nlt;&lt;&amp;nbsp;">&rarr;</p>'.encode())
        self.assertEqual((tag.attributes, tag.children), ({"title": "a\xa0b\N{NOT LESS-THAN}<&nbsp;"}, ["→"]))

    def test_all(self) -> None:
        """All of HTML's."""
        names = [name for name in html5 if name.endswith(";")]
        [tag] = parse(f'{DOCTYPE}<p title="{"".join(f"&{name}|" for name in names)}"/>'.encode())
        expected = "|".join(" " if html5[name] in "\t\n" else html5[name] for name in names) + "|"
        self.assertEqual(tag.attributes["title"].replace("\t", " ").replace("\n", " "), expected)

    def test_noFiles(self) -> None:
        """No file is read, neither a document type nor another entity."""
        [tag] = parse(b'<!DOCTYPE p SYSTEM "/etc/passwd" [<!ENTITY x SYSTEM "/etc/hostname">]><p>a&x;b</p>')
        self.assertEqual("".join(tag.children), "ab")
