# -*- test-case-name: tests.assets.test_head -*-
"""The head of a page."""

import json
from html.parser import HTMLParser
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.assets import Assets
from athenalite._assets.head import DATA_ID, Head, PageData, jsonForScript
from athenalite._assets.modules import AutoJSPackage, Module
from athenalite._assets.packages import Packages


class ParsedHead(HTMLParser):
    """Parses HTML as a browser does: a script ends at the first text that looks like its end."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.texts = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def module(name):
    return Module(name, b"", "d1e5", ())


class GlueTests(SynchronousTestCase):
    """Tags for the head."""

    def head(self, packages=None, debugPanel=False, **data):
        """Return the head of a page with this data."""
        fields = {
            "token": "secret",
            "jsClass": "App.Page",
            "modules": [module("App"), module("App.Widget")],
            "styles": [module("Style")],
            "maxMessageSize": 1000,
            "debug": False,
        }
        head = Head(Assets(packages or Packages(), b"client();", debugPanel=debugPanel))
        return ParsedHead(b"".join(head.markup(PageData(**{**fields, **data}))).decode("utf-8"))

    def test_optional(self):
        """Texts, and what is true, are in the settings; what is not, is left out."""
        [text] = self.head(texts={"reload": "<Again>"}, reloads=True, posted=True).texts
        settings = json.loads(text)
        self.assertEqual(
            [settings[name] for name in ("texts", "reloads", "posted")], [{"reload": "<Again>"}, True, True]
        )

    def test_reloadWithin(self):
        """While an application is developed, the head has the time within which a page reloads, in milliseconds."""
        meta = ("meta", {"name": "athena-reload", "content": "100"})
        self.assertIn(meta, self.head(reloads=0.1).tags)
        self.assertNotIn("meta", [name for name, _ in self.head(reloads=True).tags])

    def test_data(self):
        """The settings have the token, the address of the socket, and the modules in loading order."""
        [text] = self.head().texts
        self.assertEqual(
            json.loads(text),
            {
                "token": "secret",
                "transport": "./_athena/transport",
                "jsClass": "App.Page",
                "modules": [["App", "./_athena/d1e5/App.js"], ["App.Widget", "./_athena/d1e5/App.Widget.js"]],
                "maxMessageSize": 1000,
                "debug": False,
            },
        )

    def test_noInlineScript(self):
        """The only script that is not fetched is data, which no browser runs."""
        scripts = [attributes for tag, attributes in self.head().tags if tag == "script"]
        inline = [attributes for attributes in scripts if "src" not in attributes]
        self.assertEqual(inline, [{"type": "application/json", "id": DATA_ID}])
        fetched = [attributes for attributes in scripts if "src" in attributes]
        for script, name in zip(fetched, ("athenalite-opener", "athenalite"), strict=True):
            self.assertEqual((script["type"], script["async"]), ("module", ""))
            self.assertRegex(script["src"], rf"^\./_athena/[0-9a-f]{{30}}/{name}\.js$")

    def test_overlay(self):
        """In debug mode, and only then, the first script is the overlay's, which nothing may come before."""
        for xhtml in (False, True):
            for debug in (False, True):
                scripts = [
                    attributes for tag, attributes in self.head(debug=debug, xhtml=xhtml).tags if tag == "script"
                ]
                first = scripts[1]
                self.assertEqual("athenalite-overlay" in first["src"], debug)
                self.assertEqual(len(scripts), (2 if xhtml else 3) + debug)
            self.assertEqual(first.keys(), {"src"})

    def test_recorder(self):
        """With the debug panel, and only then, what it shows is recorded by a script before those that open sockets."""
        for xhtml in (False, True):
            scripts = [
                one.get("src", "") for tag, one in self.head(debugPanel=True, xhtml=xhtml).tags if tag == "script"
            ]
            self.assertIn("athenalite-recorder", scripts[1])
            self.assertEqual(len(scripts), 3 if xhtml else 4)
            self.assertNotIn("recorder", str(self.head(debug=True, xhtml=xhtml).tags))

    def test_preloaded(self):
        """The modules' scripts are fetched at once, before the client requests them."""
        links = [attributes for tag, attributes in self.head().tags if tag == "link"]
        self.assertEqual(
            links,
            [
                {"rel": "stylesheet", "href": "./_athena/d1e5/Style.css"},
                {"rel": "preload", "href": "./_athena/d1e5/App.js", "as": "script"},
                {"rel": "preload", "href": "./_athena/d1e5/App.Widget.js", "as": "script"},
            ],
        )

    def test_preloadedClient(self):
        """
        What the client's script imports is preloaded before all else, so that it arrives at the same time; the last, by
        the opener, which an XHTML page has not got.
        """
        for xhtml in (False, True):
            head = Head(Assets(Packages()))
            data = PageData("secret", "App.Page", [module("App")], [module("Style")], 1000, False, xhtml=xhtml)
            tags = ParsedHead(b"".join(head.markup(data)).decode("utf-8")).tags
            names = [
                (tag, one.get("rel"), one.get("href", "").rpartition("/")[2]) for tag, one in tags if tag == "link"
            ]
            self.assertEqual(
                names,
                [
                    ("link", "modulepreload", "athenalite-session.js"),
                    ("link", "modulepreload" if xhtml else "athena-later", "athenalite-page.js"),
                    ("link", "stylesheet", "Style.css"),
                    ("link", "preload", "App.js"),
                ],
            )

    def test_preloadedESModules(self):
        """ES modules are preloaded as modules, and so are their imports, which are not in the client's data."""
        root = Path(self.mktemp())
        root.mkdir()
        (root / "Modern.mjs").write_text('import "./Imported.mjs";')
        (root / "Imported.mjs").write_text("")
        packages = Packages()
        packages.scripts.mapping.update(AutoJSPackage(root).mapping)
        head = self.head(packages, modules=[packages.scripts.get("Modern")], styles=[])
        [[name, url]] = json.loads(head.texts[0])["modules"]
        self.assertEqual(name, "Modern")
        links = [attributes for tag, attributes in head.tags if tag == "link"]
        self.assertEqual([link["rel"] for link in links], ["modulepreload"] * 2)
        self.assertEqual(links[0]["href"], url)
        self.assertRegex(links[1]["href"], r"^\./_athena/[0-9a-f]+/Imported\.mjs$")

    def test_scriptEndInData(self):
        """Data that looks like the end of a script, or the begin of a comment, does not end the data."""
        for awkward in (
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "]]>",
            "\u2028&quot;'\"\\",
            "\N{SNOWMAN}",
        ):
            head = self.head(jsClass=awkward)
            self.assertEqual(json.loads(head.texts[0])["jsClass"], awkward)
            self.assertEqual([tag for tag, _ in head.tags].count("script"), 3)

    def test_jsonForScript(self):
        """Such JSON has only ASCII, and no character with a meaning in HTML."""
        text = jsonForScript(["<", ">", "&", "é\u2028"])
        self.assertNotRegex(text, "[<>&\u0080-\uffff]")
        self.assertEqual(json.loads(text), ["<", ">", "&", "é\u2028"])
