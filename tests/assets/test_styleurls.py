# -*- test-case-name: tests.assets.test_styleurls -*-
"""The addresses in style sheets."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._assets.styleurls import addressesIn, pathsIn, served


class AddressesTests(SynchronousTestCase):
    """What is an address, and what is not."""

    def found(self, text: str) -> list[str]:
        """The addresses in a style sheet."""
        return [address.text for address in addressesIn(text)]

    def test_addresses(self) -> None:
        """``url()`` with and without quotes, ``@import`` and ``image-set()`` with strings, and escapes."""
        for text, found in (
            ("a { background: url(x.png) }", ["x.png"]),
            ("a { background: URL( \"x y.png\" ), url('z') }", ["x y.png", "z"]),
            ("@import 'a.css' layer(url) screen; @IMPORT url(b.css);", ["a.css", "b.css"]),
            ("a { background: image-set('a.png' type('image/png'), url(b.png) 2x) }", ["a.png", "b.png"]),
            ('a { background: -webkit-image-set( "a.png" 1x) }', ["a.png"]),
            (r"a { b: url(x\ y\29.png) }", ["x y).png"]),
            (
                r"a { b: url('a\'\
b\0.png') }",
                ["a'b\ufffd.png"],
            ),
            ("@media (min-width: 1px) { a { b: url(x) } }", ["x"]),
            ("@import/**/'a.css'", ["a.css"]),
        ):
            self.assertEqual(self.found(text), found, text)

    def test_others(self) -> None:
        """Comments, strings, and functions whose names end alike are none."""
        for text in (
            "/* url(x) @import 'y' */",
            "/* url(x)",
            "a { content: 'url(x)' }",
            'a { content: "../x" }',
            "a { b: my-url(x) } @importing 'x';",
            "@import; a { content: 'x' }",
            "a { b: image-set(); content: 'x' }",
            "a { b: image-set( } c { content: 'x' }",
            "a { b: url( }",
        ):
            self.assertEqual(self.found(text), [], text)


class ServedTests(SynchronousTestCase):
    """What is changed in a style sheet that is served."""

    def assertServed(self, given: str, expected: str, *directory: str) -> None:
        """``url(given)`` is served with this address."""
        text = served(f"a {{ b: url({given}) }}".encode("utf-8", "surrogateescape"), directory)
        self.assertEqual(text.decode("utf-8", "surrogateescape"), f"a {{ b: url({expected}) }}")

    def test_unchanged(self) -> None:
        """What does not lead to a parent of the directory stays as it is."""
        for address in (
            *("x.png", "./x.png", "img/x.png?v=1#a", "img/../x.png", "'x.png'"),
            *("/x/../y.png", "//host/../y.png", "http://host/../y.png", "data:../x", "#../x", "?../x", "", "''"),
        ):
            self.assertServed(address, address)

    def test_parents(self) -> None:
        """Each parent of the directory is a segment; query and fragment stay."""
        for given, expected in (
            ("../x.png", '"@up/x.png"'),
            ("'../../a b.png'", '"@up/@up/a%20b.png"'),
            ("./img/../../x.svg?v=1#icon", '"@up/x.svg?v=1#icon"'),
            ("..%2fx.png", "..%2fx.png"),
            ("%2e%2E/x.png", '"@up/x.png"'),
            ("../K\u00e4se%20.png", '"@up/K%C3%A4se%20.png"'),
            ("../x.eot?#iefix", '"@up/x.eot?#iefix"'),
            ("'../x.svg#a\\\"b'", '"@up/x.svg#a%22b"'),
        ):
            self.assertServed(given, expected)

    def test_imported(self) -> None:
        """In a style sheet that another one imports, addresses are relative to its own place."""
        self.assertServed("../x.png", "../x.png", "sub")
        self.assertServed("../../x.png", '"../@up/x.png"', "sub")
        self.assertServed("x.png", "x.png", "@up", "base")
        self.assertServed("../x.png", "../x.png", "@up", "base")
        self.assertServed("../x.png", '"@up/x.png"', "@up")

    def test_paths(self) -> None:
        """The files that a style sheet names, relative to its directory."""
        content = b"@import '../a.css'; b { c: url(img/%20.png), url(http://host/x), url(#x), url(../../d/e.png?x) }"
        paths = [path for _, path in pathsIn(content)]
        self.assertEqual(paths, [["@up", "a.css"], ["img", " .png"], ["@up", "@up", "d", "e.png"]])
        self.assertEqual(pathsIn(b"b {\n\ncolor: red; background: url(a.png) }"), [(3, ["a.png"])])

    def test_bytes(self) -> None:
        """Bytes that are not UTF-8 stay."""
        self.assertEqual(served(b"/* \xff */ a { b: url(../x) }"), b'/* \xff */ a { b: url("@up/x") }')
