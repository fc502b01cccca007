# -*- test-case-name: tests.server.test_resource -*-
"""Resources beside the pages."""

import gzip
import re
from pathlib import Path

from twisted.internet.task import Clock
from twisted.logger import formatEvent, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.factory import LivePageFactory
from athenalite.athena import LivePage
from harness.messages import opening
from tests.pages import InMemorySite

FOREVER = "public, max-age=31536000, immutable"


class WorkerTests(SynchronousTestCase):
    """The sockets of a worker that has a name."""

    def test_address(self):
        """The name is in the address that a page gives its browser, and any name leads to the sockets."""
        site = InMemorySite(self, name="w1")
        self.assertEqual(site.request().island["transport"], "./_athena/at/w1/transport")
        plain = site.request("/_athena/transport")
        for name in ("w1", "w2", "%00"):
            response = site.request(f"/_athena/at/{name}/transport")
            self.assertEqual((response.status, response.body), (plain.status, plain.body))
        [client] = re.findall(r'src="\.(/_athena/at/w1/[^"]*/athenalite\.js)"', site.request().text)
        self.assertEqual(site.request(client).body, site.request(client.replace("/at/w1", "")).body)
        for path in ("/_athena/at", "/_athena/at/w1", "/_athena/at/w1/else"):
            self.assertEqual(site.request(path).status, 404)

    def test_handshake(self):
        """An application gets the name with the handshake, be that usual or not."""
        seen = []
        self.patch(LivePage, "authorize", lambda page, handshake: seen.append(handshake.worker))
        for path in ("/_athena/transport", "/_athena/at/w2/transport", "/_athena/at/%77-3/transport"):
            for headers in ({}, {"Origin": "http://[::1]", "Host": "[::1]"}):
                site = InMemorySite(self, name="w1")
                socket = site.socket(path, **headers)
                socket.send(*opening(site.request().island["token"], 0))
                socket.messages()
        self.assertEqual(seen, ["", "", "w2", "w2", "w-3", "w-3"])

    def test_default(self):
        """One process needs no name."""
        self.assertEqual(InMemorySite(self).request().island["transport"], "./_athena/transport")

    def test_names(self):
        """A name stands in addresses as it is."""
        for name in ("", "a/b", "a b", "\u00e9", "x" * 51):
            self.assertRaises(ValueError, LivePageFactory, Clock(), name=name)


class AthenaResourceTests(SynchronousTestCase):
    """Scripts and style sheets, as browsers request them."""

    def setUp(self):
        self.site = InMemorySite(self)
        [self.client] = re.findall(r'src="\.(/_athena/[^"]*/athenalite\.js)"', self.site.request().text)

    def test_immutable(self):
        """An asset with its digest is cached as immutable, and its type is not guessed."""
        response = self.site.request(self.client)
        self.assertEqual(response.status, 200)
        self.assertEqual(response.header("Cache-Control"), FOREVER)
        self.assertEqual(response.header("Content-Type"), "text/javascript; charset=utf-8")
        self.assertEqual(response.header("X-Content-Type-Options"), "nosniff")
        self.assertEqual(response.header("Vary"), "Accept-Encoding")

    def test_sameAddress(self):
        """The next page has the same address, so that browsers use their caches."""
        self.assertIn(f'src=".{self.client}"', self.site.request().text)

    def test_otherVersion(self):
        """A page of an earlier version gets the current script, but may not cache it under that address."""
        response = self.site.request("/_athena/0123456789/athenalite.js")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.header("Cache-Control"), "no-store")

    def test_gzip(self):
        """A browser that accepts gzip gets it, and others the plain script."""
        plain = self.site.request(self.client)
        self.assertIsNone(plain.header("Content-Encoding"))
        for accepted in ("gzip", "deflate, gzip;q=1.0", "br, GZIP ; q=0.5"):
            packed = self.site.request(self.client, Accept_Encoding=accepted)
            self.assertEqual(packed.header("Content-Encoding"), "gzip", accepted)
            self.assertEqual(gzip.decompress(packed.body), plain.body)
        for refused in ("gzip;q=0", "gzip; q=0.000", "br", "identity", "", "xgzip"):
            self.assertIsNone(self.site.request(self.client, Accept_Encoding=refused).header("Content-Encoding"))

    def test_head(self):
        """HEAD is answered with the headers of GET and no content, and nothing is logged."""
        logged = []
        globalLogPublisher.addObserver(logged.append)
        self.addCleanup(globalLogPublisher.removeObserver, logged.append)
        for accepted in ("gzip", "identity"):
            response = self.site.request(self.client, "HEAD", Accept_Encoding=accepted)
            self.assertEqual((response.status, response.body), (200, b""))
            for name in ("Cache-Control", "Content-Length", "Content-Encoding"):
                got = self.site.request(self.client, Accept_Encoding=accepted)
                self.assertEqual(response.header(name), got.header(name))
        self.assertEqual([formatEvent(event) for event in logged if "HEAD request" in formatEvent(event)], [])

    def test_nothing(self):
        """Every other path is not found."""
        for path in (
            "/_athena",
            "/_athena/",
            "/_athena/x",
            "/_athena/x/",
            "/_athena/x/Other.js",
            "/_athena/x/..%2f..%2fsetup.cfg",
            "/_athena/x/athenalite.js/more",
            "/_athena/x/athenalite.py",
            "/_athena/%ff/%ff.js",
        ):
            self.assertEqual(self.site.request(path).status, 404, path)


class BesideStyleTests(SynchronousTestCase):
    """Images beside a style sheet, and names that are quoted in addresses."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.root = Path(self.mktemp())
        (self.root / "img").mkdir(parents=True)
        for name, content in {
            "Käse #1.css": b"p {}",
            "bg.png": b"image",
            "img/a b.svg": b"<svg/>",
            "x.py": b"",
        }.items():
            (self.root / name).write_bytes(content)
        assets = self.site.factory.assets
        assets.packages.styles.mapping["Käse #1"] = str(self.root / "Käse #1.css")
        self.style = assets.styleURL(assets.packages.styles.get("Käse #1"), "/_athena")
        self.base = self.style.rpartition("/")[0]

    def test_quotedName(self):
        """A style sheet is found by its quoted name, and cached as immutable."""
        response = self.site.request(self.style)
        self.assertEqual((response.status, response.body), (200, b"p {}"))
        self.assertEqual(response.header("Cache-Control"), FOREVER)

    def test_image(self):
        """An image has its type, is asked for again each time, and is no document that could run a script."""
        for path, content, contentType in (
            ("bg.png", b"image", "image/png"),
            ("img/a%20b.svg", b"<svg/>", "image/svg+xml"),
        ):
            response = self.site.request(f"{self.base}/{path}")
            self.assertEqual((response.status, response.body), (200, content))
            self.assertEqual(response.header("Content-Type"), contentType)
            self.assertEqual(response.header("Cache-Control"), "no-cache")
            self.assertEqual(response.header("X-Content-Type-Options"), "nosniff")
            self.assertIn("default-src 'none'", response.header("Content-Security-Policy"))
            tag = response.header("ETag")
            self.assertEqual(self.site.request(f"{self.base}/{path}", If_None_Match=tag).status, 304)
            response = self.site.request(f"{self.base}/{path}", "HEAD")
            self.assertEqual((response.status, response.body), (200, b""))

    def test_imported(self):
        """A style sheet imports the file that it names, also if another module has its name; addresses are resolved."""
        other = self.root / "other"
        other.mkdir()
        (other / "bg.css").write_text("other {}")
        self.site.factory.assets.packages.styles.mapping["bg"] = str(other / "bg.css")
        (self.root / "bg.css").write_text("own {}")
        (self.root / "img/in.css").write_text("p { a: url(../bg.png) url(../../up.png) }")
        (self.root / "../up.png").resolve().write_bytes(b"up")
        self.addCleanup((self.root / "../up.png").resolve().unlink)
        (self.root / "Käse #1.css").write_text('@import "bg.css"; @import "img/in.css"; p { a: url(../up.png) }')
        assets = self.site.factory.assets
        style = assets.styleURL(assets.packages.styles.get("Käse #1"), "/_athena")
        base = style.rpartition("/")[0]
        self.assertIn('url("@up/up.png")', self.site.request(style).text)
        self.assertEqual(self.site.request(f"{base}/bg.css").text, "own {}")
        self.assertEqual(self.site.request(f"{base}/img/in.css").text, 'p { a: url(../bg.png) url("../@up/up.png") }')
        self.assertEqual(self.site.request(f"{base}/@up/up.png").body, b"up")
        self.assertEqual(self.site.request("/_athena/0123/bg.css").text, "other {}")

    def test_sourceMap(self):
        """The source map that a script or style sheet names is at its address."""
        for name, content in (
            ("A.mjs", 'import "athenalite";\n//# sourceMappingURL=img/x.map\n'),
            ("B.js", "B = {};\n//# sourceMappingURL=img/x.map\n"),
            ("C.css", "p {}\n/*# sourceMappingURL=img/x.map */"),
        ):
            (self.root / name).write_text(content)
            module, _, suffix = name.partition(".")
            packages = self.site.factory.assets.packages
            (packages.styles if suffix == "css" else packages.scripts).mapping[module] = str(self.root / name)
            self.assertIn(f"sourceMappingURL={name}.map", self.site.request(f"/_athena/0/{name}").text)
            self.assertEqual(self.site.request(f"/_athena/0/{name}.map").status, 404)
            (self.root / "img/x.map").write_text("{}")
            response = self.site.request(f"/_athena/0/{name}.map")
            self.assertEqual((response.status, response.text), (200, "{}"))
            self.assertEqual(response.header("Cache-Control"), "no-store")
            (self.root / "img/x.map").unlink()
        for name in ("A.js.map", "athenalite.js.map", "A.map", ".map"):
            self.assertEqual(self.site.request(f"/_athena/0/{name}").status, 404)

    def test_refused(self):
        """Other files, and paths that lead elsewhere, are not found."""
        for path in (
            "x.py",
            "gone.png",
            "img",
            "img/",
            "img/..%2Fbg.png",
            "..%2fbg.png",
            "bg.png/",
            "bg.png/x",
            "%00.png",
        ):
            self.assertEqual(self.site.request(f"{self.base}/{path}").status, 404, path)
        self.assertEqual(self.site.request("/_athena/0123/bg.png").status, 404)
