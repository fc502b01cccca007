# -*- test-case-name: tests.text.test_urls -*-
"""URLs by the rules of Nevow."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._text.urls import PlainURL, normURLPath, unquerify

LONG = "http://example.org:80/a/nice/path/?zot=23&zut"


class Magic(PlainURL):
    """A subclass whose ``__init__`` takes another argument, so it must be cloned by ``cloneURL``."""

    def __init__(self, magic, *parts):
        super().__init__(*parts)
        self.magic = magic

    def cloneURL(self, *parts):
        return Magic(self.magic, *parts)


class PartsTests(SynchronousTestCase):
    """A URL and its parts."""

    def test_text(self):
        """A URL that is read is written as it was."""
        for text in (
            LONG,
            "http://localhost",
            "http://localhost/",
            "http://localhost/foo!!bar/",
            "http://localhost/foo%20bar/",
            "http://localhost/foo%2Fbar/",
            "http://localhost/foo?n",
            "http://localhost/foo?n=%2Fa%2Fb",
            "http://localhost/asd?a=asd%20sdf%2F345#f",
            "/a/b",
            "//host/a",
            "a/b",
            "",
            "?x=1",
            "mailto:someone@example.org",
        ):
            self.assertEqual(str(PlainURL.fromString(text)), text)
        self.assertRaises(ValueError, PlainURL.fromString, "http://[")

    def test_parts(self):
        """The parts are decoded; the path and the query are lists, too."""
        url = PlainURL.fromString("http://example.org:8080/foo%2Fbar/x%20y?a=b+c&d&a=2#f%20g")
        self.assertEqual((url.scheme, url.netloc, url.fragment), ("http", "example.org:8080", "f g"))
        self.assertEqual((url.path, url.query), ("foo%2Fbar/x%20y", ["a=b c", "d", "a=2"]))
        self.assertEqual(url.pathList(), ["foo/bar", "x y"])
        self.assertEqual(PlainURL(pathsegs=["a%20b"]).pathList(unquote=True), ["a b"])
        self.assertEqual(url.queryList(), [("a", "b c"), ("d", None), ("a", "2")])
        self.assertIsNot(url.pathList(), url.pathList())
        self.assertIs(url.pathList(copy=False), url.pathList(copy=False))
        self.assertIs(url.queryList(copy=False), url.queryList(copy=False))
        self.assertEqual(unquerify("a=1&&b"), [("a", "1"), ("b", None)])
        self.assertEqual(normURLPath("a/./b/../c/."), "a/c/")

    def test_init(self):
        """It is made of parts, by default of the root of localhost."""
        self.assertEqual(str(PlainURL()), "http://localhost/")
        made = PlainURL("https", "x:1", ["a", "b/c"], [("d", "é&"), ("e", None)], "f")
        self.assertEqual(str(made), "https://x:1/a/b%2Fc?d=%C3%A9%26&e#f")
        self.assertEqual(
            str(PlainURL(netloc="www.foo.com", pathsegs=["a", "b"]).child("c")), "http://www.foo.com/a/b/c"
        )
        self.assertEqual(str(PlainURL(netloc="é.example")), "http://xn--9ca.example/")
        # Otherwise the path would be a host.
        self.assertEqual(str(PlainURL("", "", ["", "evil.example"])), "/.//evil.example")

    def test_equal(self):
        """URLs with the same parts are equal."""
        one, same, other = (PlainURL.fromString(text) for text in (LONG, LONG, "/b"))
        self.assertEqual({one, same}, {one})
        self.assertNotEqual(one, other)
        self.assertNotEqual(one, LONG)
        self.assertEqual(PlainURL(fragment=""), PlainURL(fragment=None))
        self.assertEqual(repr(other), "PlainURL.fromString('/b')")
        self.assertNotEqual(PlainURL.fromString("a:b"), PlainURL.fromString("a:/b"))


class PathTests(SynchronousTestCase):
    """Steps in the path, which keep the query and the fragment."""

    def steps(self, text, name, *arguments):
        """Return the text of a step from a URL."""
        return str(getattr(PlainURL.fromString(text), name)(*arguments))

    def test_child(self):
        """A child is below the URL, whatever its name has."""
        self.assertEqual(self.steps(LONG, "child", "gong"), "http://example.org:80/a/nice/path/gong?zot=23&zut")
        self.assertEqual(self.steps(LONG, "child", "a/b"), "http://example.org:80/a/nice/path/a%2Fb?zot=23&zut")
        self.assertEqual(self.steps("/a#f", "child", b"b", 3, "c?"), "/a/b/3/c%3F#f")
        self.assertEqual(self.steps("http://a", "child", "b"), "http://a/b")

    def test_sibling(self):
        """A sibling has another last segment."""
        self.assertEqual(self.steps(LONG, "sibling", "s"), "http://example.org:80/a/nice/path/s?zot=23&zut")
        self.assertEqual(self.steps("/a/b?x#f", "sibling", "s"), "/a/s?x#f")

    def test_curdir(self):
        """The directory of the URL ends in a slash."""
        self.assertEqual(self.steps(LONG, "curdir"), LONG)
        self.assertEqual(self.steps("/a/b?x#f", "curdir"), "/a/?x#f")

    def test_up(self):
        """One segment less."""
        self.assertEqual([self.steps(text, "up") for text in ("/a/b?x", "/a/", "/a")], ["/a?x", "/a", ""])

    def test_parentdir(self):
        """The directory above."""
        for text, parent in (
            ("/", "/"),
            ("/a", "/"),
            ("/a/", "/"),
            ("/a/b", "/"),
            ("/a/b/", "/a/"),
            ("/a/b/c", "/a/"),
            ("/a/b/c/?x#f", "/a/b/?x#f"),
        ):
            self.assertEqual(self.steps(text, "parentdir"), parent)
            self.assertEqual(self.steps(text, "parent"), parent)


class ClickTests(SynchronousTestCase):
    """Links."""

    def test_relative(self):
        """Links are resolved by RFC 3986."""
        base = PlainURL.fromString("http://a/b/c/d?q#f")
        for link, target in (
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("//g/h", "http://g/h"),
            ("?y", "http://a/b/c/d?y"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            ("#s", "http://a/b/c/d?q#s"),
            ("", "http://a/b/c/d?q#f"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
            ("/./g", "http://a/g"),
            ("a%2Fb", "http://a/b/c/a%2Fb"),
            ("http://www.example.org", "http://www.example.org/"),
            ("mailto:a@example.org", "mailto:a@example.org"),
        ):
            self.assertEqual(str(base.click(link)), target)
        self.assertEqual(str(PlainURL.fromString("http://a/b%2Fc/d/x").click("../e")), "http://a/b%2Fc/e")


class QueryTests(SynchronousTestCase):
    """Parameters, and the rest."""

    def test_query(self):
        """Parameters are added, replaced at their place, and removed; the fragment stays."""
        url = PlainURL.fromString("/a?x=1&y=2&x=3#f")
        self.assertEqual(str(url.add("z")), "/a?x=1&y=2&x=3&z#f")
        self.assertEqual(str(url.add("z", 7)), "/a?x=1&y=2&x=3&z=7#f")
        self.assertEqual(str(url.replace("x", "4")), "/a?x=4&y=2#f")
        self.assertEqual(str(url.replace("y")), "/a?x=1&y&x=3#f")
        self.assertEqual(str(url.replace("z", "4")), "/a?x=1&y=2&x=3&z=4#f")
        self.assertEqual(str(url.remove("x")), "/a?y=2#f")
        self.assertEqual(str(url.clear("y")), "/a?x=1&x=3#f")
        self.assertEqual(str(url.clear()), "/a#f")

    def test_anchor(self):
        """The fragment is set or removed."""
        url = PlainURL.fromString("/a?x#f")
        self.assertEqual([str(url.anchor(*given)) for given in (["g h"], [""], [])], ["/a?x#g%20h", "/a?x", "/a?x"])

    def test_secure(self):
        """The scheme is changed, and the port."""
        url = PlainURL.fromString("http://localhost:8080/a?x")
        self.assertEqual(str(url.secure()), "https://localhost/a?x")
        self.assertEqual(str(url.secure(port=443)), "https://localhost/a?x")
        self.assertEqual(str(url.secure(port=8443)), "https://localhost:8443/a?x")
        self.assertEqual(str(url.secure(False)), "http://localhost/a?x")
        self.assertEqual(str(PlainURL(netloc="[::1]:80").secure(port=1)), "https://[::1]:1/")
        self.assertEqual(str(PlainURL(netloc="[::1]").secure()), "https://[::1]/")

    def test_cloneURL(self):
        """Each method makes another URL by ``cloneURL``."""
        magic = Magic(7, "http", "h", ["a"], [("q", None)], "")
        made = [magic.click(href) for href in ("/", "x", "?x", "https://foo")]
        made += [magic.add("x"), magic.replace("x"), magic.remove("q"), magic.clear(), magic.anchor(), magic.secure()]
        made += [magic.child("x"), magic.sibling("x"), magic.curdir(), magic.up(), magic.parentdir()]
        self.assertEqual([url.magic for url in made], [7] * len(made))
