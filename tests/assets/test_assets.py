# -*- test-case-name: tests.assets.test_assets -*-
"""Scripts and style sheets, at addresses that contain a digest of their content."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.assets import PARTS, Assets
from athenalite._assets.clientscripts import SCRIPTS, clientScripts
from athenalite._assets.modules import AutoJSPackage, digestOf
from athenalite._assets.packages import Packages


class AssetsTests(SynchronousTestCase):
    """The assets of a site, and their addresses."""

    def setUp(self):
        self.path = Path(self.mktemp())
        self.path.write_text("widget();\n" * 100)
        self.packages = Packages()
        self.packages.scripts.mapping.update({"App": str(self.path), "App.Empty": "", "Gone": "no-such-file.js"})
        self.packages.styles.mapping["App"] = str(self.path)
        self.assets = Assets(self.packages, b"client();")

    def test_script(self):
        """A module is at its digest and name, relative to the page, whatever address that has."""
        module = self.packages.scripts.get("App")
        self.assertEqual(self.assets.scriptURL(module), f"./_athena/{module.digest}/App.js")
        asset = self.assets.get("App.js")
        self.assertEqual(asset.content, self.path.read_bytes())
        self.assertEqual(asset.digest, module.digest)
        self.assertEqual(asset.contentType, "text/javascript; charset=utf-8")

    def test_style(self):
        """A style sheet of the same name is another file."""
        module = self.packages.styles.get("App")
        self.assertEqual(self.assets.styleURL(module), f"./_athena/{module.digest}/App.css")
        self.assertEqual(self.assets.get("App.css").contentType, "text/css; charset=utf-8")

    def test_live(self):
        """The script for live templates is an ES module of the client's name, which imports the client."""
        url = self.assets.scriptURL(self.assets.live)
        self.assertEqual(url, f"./_athena/{self.assets.live.digest}/athenalite-live.mjs")
        asset = self.assets.get("athenalite-live.mjs")
        self.assertIn(self.assets.clientURL().replace("./_athena", "..").encode(), asset.content)
        remote = self.assets.get("athenalite-remote.mjs")
        self.assertIn(f'import("../{remote.digest}/athenalite-remote.mjs")'.encode(), asset.content)
        self.assertEqual((self.assets.live.name, self.assets.importedURLs(self.assets.live)), ("athenalite", []))
        self.assertIsNone(self.assets.get("athenalite-live.js"))

    def test_liveSize(self):
        """The script for parts has at most 5,750 bytes as it is sent, and that for events and forms at most 3,600."""
        assets = Assets(self.packages)
        self.assertLessEqual(len(assets.get("athenalite-live.mjs").gzipped), 5750)
        self.assertLessEqual(len(assets.get("athenalite-remote.mjs").gzipped), 3600)

    def test_remote(self):
        """The script for events and forms is an ES module of its own name, which imports the client and parts of it."""
        remote = self.assets.remote
        self.assertEqual(self.assets.scriptURL(remote), f"./_athena/{remote.digest}/athenalite-remote.mjs")
        content = self.assets.get("athenalite-remote.mjs").content
        self.assertIn(self.assets.clientURL().replace("./_athena", "..").encode(), content)
        for name in ("recovery", "uploads"):
            digest = self.assets.get(f"athenalite-{name}.js").digest
            self.assertIn(f'import("../{digest}/athenalite-{name}.js")'.encode(), content)
        self.assertEqual((remote.name, self.assets.importedURLs(remote)), ("athenalite-remote", []))
        self.assertIsNone(self.assets.get("athenalite-remote.js"))

    def test_debugPanel(self):
        """The panel, which imports the client, and what it shows exist only where they are asked for."""
        assets = Assets(self.packages, debugPanel=True)
        url = assets.scriptURL(assets.debug)
        self.assertEqual(url, f"./_athena/{assets.debug.digest}/athenalite-debug.mjs")
        client = assets.clientURL().replace("./_athena", "..").encode()
        self.assertIn(client, assets.get("athenalite-debug.mjs").content)
        recorder = assets.get("athenalite-recorder.js")
        self.assertEqual(assets.recorderURL(), f"./_athena/{recorder.digest}/athenalite-recorder.js")
        self.assertTrue(recorder.content.startswith(b"(() => {"))
        self.assertIsNone(self.assets.debug)
        for name in ("athenalite-debug.mjs", "athenalite-recorder.js"):
            self.assertIsNone(self.assets.get(name))

    def test_client(self):
        """The client is one of the scripts; by default it is athenalite's own."""
        self.assertEqual(self.assets.clientURL(), f"./_athena/{digestOf(b'client();')}/athenalite.js")
        self.assertEqual(self.assets.get("athenalite.js").content, b"client();")
        self.assertEqual(self.assets.importedByClient(), [])
        assets = Assets(self.packages)
        for name, script in clientScripts()[0].items():
            own = assets.get(f"{name}.js").content
            own = re.sub(rb'"\.\./[0-9a-f]{30}/athenalite-(opener|session|page)', rb'"./\1', own)
            self.assertEqual(re.sub(rb'"\.\./[0-9a-f]{30}/athenalite-', b'"./parts/', own), script)

    def test_importedByClient(self):
        """The client imports scripts of its own from just the addresses that pages preload."""
        assets = Assets(self.packages)
        urls = assets.importedByClient("/root")
        names = [f"athenalite-{name}" for name in ("session", "page")]
        self.assertEqual(urls, [f"/root/{assets.get(f'{name}.js').digest}/{name}.js" for name in names])
        client = assets.get("athenalite.js").content.decode("utf-8")
        self.assertEqual(re.findall(r'from"([^"]+)"', client), [url.replace("/root", "..") for url in urls])

    def test_parts(self):
        """The client, or the script for events, imports parts from addresses with their digests; each is a script."""
        assets = Assets(self.packages)
        names = [*(f"{name}.js" for name in SCRIPTS), "athenalite-remote.mjs"]
        scripts = [assets.get(name).content.decode("utf-8") for name in names]
        imported = set(re.findall(r'import\("([^"]+/athenalite-[^"]+\.js)"\)', "".join(scripts)))
        # The opener is one of them, and imports one itself.
        self.assertEqual(len(imported), len(list(PARTS.iterdir())))
        [own] = re.findall(rb'import\("([^"]+)"\)', assets.get("athenalite-opener.js").content)
        self.assertEqual(own, b"./athenalite-unstarted.js")
        self.assertIn(b"export{", assets.get("athenalite-unstarted.js").content)
        for address in imported:
            with self.subTest(address):
                up, digest, name = address.split("/")
                self.assertEqual(up, "..")
                self.assertRegex(name, r"^athenalite-\w+\.js$")
                part = assets.get(name)
                self.assertEqual(part.digest, digest)
                self.assertEqual(b"export{" in part.content, "opener" not in name)

    def test_esModule(self):
        """An ES module is at an address in .mjs, with a digest that covers its imports; it is no classic script."""
        path = Path(f"{self.mktemp()}.mjs")
        imported = path.with_name("Imported.mjs")
        path.write_text('import "athenalite";\nimport "./Imported.mjs";\n')
        imported.write_text("1;")
        self.packages.scripts.mapping.update({"Modern": str(path), "Imported": str(imported)})
        module = self.packages.scripts.get("Modern")
        before = self.assets.scriptURL(module, "/root")
        self.assertRegex(before, r"^/root/[0-9a-f]{30}/Modern\.mjs$")
        [early] = self.assets.importedURLs(module, "/root")
        asset = self.assets.get("Modern.mjs")
        self.assertIn(asset.digest, before)
        self.assertEqual(asset.contentType, "text/javascript; charset=utf-8")
        client, other = self.assets.clientURL(".."), early.replace("/root", "..")
        self.assertEqual(asset.content.decode(), f'import "{client}";\nimport "{other}";\n')
        imported.write_text("edited();")
        self.assertNotEqual(self.assets.scriptURL(module, "/root"), before)
        self.assertEqual(self.assets.importedURLs(self.packages.scripts.get("App")), [])
        for name in ("Modern.js", "App.mjs", "athenalite.mjs"):
            self.assertIsNone(self.assets.get(name), name)

    def test_gzip(self):
        """Files that shrink are gzipped once, always to the same bytes."""
        asset = self.assets.get("App.js")
        self.assertEqual(gzip.decompress(asset.gzipped), asset.content)
        self.assertLess(len(asset.gzipped), len(asset.content))
        self.assertIs(self.assets.get("App.js"), asset)
        self.assertEqual(Assets(self.packages, b"").get("App.js").gzipped, asset.gzipped)
        self.assertIsNone(self.assets.get("athenalite.js").gzipped)

    def test_bytes(self):
        """A script or a style sheet in another encoding is served, and a warning with file and line, once."""
        warned = []
        assets = Assets(self.packages, b"client();", warned.append)
        self.path.write_bytes(b"ok();\n// K\xf6ln\n")
        for name in ("App.js", "App.js", "App.css"):
            self.assertIn(b"K\xf6ln", assets.get(name).content)
        self.assertEqual(len(warned), 2)
        for text in warned:
            self.assertIn(f"{self.path}:2: the byte 0xf6 is not UTF-8", text)

    def test_edited(self):
        """An edited file is another asset."""
        before = self.assets.get("App.js")
        self.path.write_text("edited();")
        after = self.assets.get("App.js")
        self.assertEqual(after.content, b"edited();")
        self.assertNotEqual(after.digest, before.digest)

    def test_none(self):
        """A missing asset is None, for any requested name."""
        for name in ("Other.js", "App", "App.txt", "", ".js", "../../etc/passwd.js", "Gone.js", "App.js/"):
            self.assertIsNone(self.assets.get(name), name)


class NameTests(SynchronousTestCase):
    """Names of files that a URL does not have as they are."""

    NAMES = (
        "Café",
        "a b",
        "50%",
        "50%25",
        "a#b",
        "a?b",
        "a/b".replace("/", "\\"),
        "😀",
        "a&b",
        "a+b",
        "a'b\"",
        "\udcff",
    )

    def test_names(self):
        """Each has an address whose last segment, decoded, finds it again, as script, ES module and style sheet."""
        root = Path(self.mktemp())
        root.mkdir()
        packages = Packages()
        for name in self.NAMES:
            for suffix, modules in ((".js", packages.scripts), (".mjs", packages.scripts), (".css", packages.styles)):
                path = root / f"x{suffix}"
                path.write_text("")
                modules.mapping[name] = str(path)
                assets = Assets(packages, b"client();")
                url = (assets.styleURL if suffix == ".css" else assets.scriptURL)(modules.get(name))
                self.assertRegex(url, r"^\./_athena/[0-9a-f]+/[A-Za-z0-9%._~-]+$")
                segment = unquote_to_bytes(url.rpartition("/")[2]).decode("utf-8", "surrogateescape")
                self.assertEqual(segment, f"{name}{suffix}")
                self.assertIsNotNone(assets.get(segment))

    def test_imports(self):
        """An ES module imports one of such a name, quoted or not."""
        root = Path(self.mktemp()).absolute()
        root.mkdir()
        (root / "Café 1%.mjs").write_text("export const x = 1;")
        (root / "Main.mjs").write_text('import "./Café 1%.mjs"; import "./Caf%C3%A9%201%25.mjs";')
        packages = Packages()
        packages.scripts.mapping.update(AutoJSPackage(root).mapping)
        content = Assets(packages, b"client();").get("Main.mjs").content.decode()
        self.assertEqual(content.count("/Caf%C3%A9%201%25.mjs"), 2)
