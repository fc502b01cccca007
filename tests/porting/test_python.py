# -*- test-case-name: tests.porting.test_python -*-
"""Names in Python that can be parsed."""

import ast

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.files import Source
from athenalite._porting.python import parsed

#: Statements before and after.
RENAMED = (
    ("import nevow.athena", "import athenalite.athena"),
    ("import nevow", "import athenalite"),
    ("import nevow . athena as a, os", "import athenalite . athena as a, os"),
    ("from nevow import athena, loaders as l", "from athenalite import athena, loaders as l"),
    (
        "from  nevow.athena  import (\n    LivePage,  # nevow.athena\n\n    expose as e,)",
        "from  athenalite.athena  import (\n    LivePage,  # nevow.athena\n\n    expose as e,)",
    ),
    ("from nevow.tags import *", "from athenalite.tags import *"),
    ("\x0cimport nevow.page\n\x0cimport nevow.rend", "\x0cimport athenalite.page\n\x0cimport athenalite.rend"),
    ("from nevow.flat.ten import flatten", "from athenalite.flat import flatten"),
    ("from nevow.util import log", "from twisted.python import log"),
    ("from nevow.page import deferflatten", "from twisted.web.template import flatten as deferflatten"),
    ("from nevow.page import deferflatten as f", "from twisted.web.template import flatten as f"),
    ("import nevow.athena\nx = nevow.athena.LivePage", "import athenalite.athena\nx = athenalite.athena.LivePage"),
    ("import nevow.flat.ten\nx = nevow.flat.ten.flatten(1)", "import athenalite.flat\nx = athenalite.flat.flatten(1)"),
    ("import nevow\nf(nevow, nevow=nevow)", "import athenalite\nf(athenalite, nevow=athenalite)"),
    (
        "try:\n\timport nevow.rend\nexcept ImportError:\n\traise",
        "try:\n\timport athenalite.rend\nexcept ImportError:\n\traise",
    ),
    (
        "def f(x):\n    global nevow\n    import nevow.rend\ndef g():\n    return nevow . rend",
        "def f(x):\n    global athenalite\n    import athenalite.rend\ndef g():\n    return athenalite . rend",
    ),
    (
        "import nevow.rend\n@nevow.rend.Page\n"
        "def f(nevow=nevow.rend, *, a: nevow.rend = lambda nevow=nevow: nevow) -> nevow: return nevow",
        "import athenalite.rend\n@athenalite.rend.Page\n"
        "def f(nevow=athenalite.rend, *, a: athenalite.rend = lambda nevow=athenalite: nevow) "
        "-> athenalite: return nevow",
    ),
    ("x = namedAny('nevow.athena.LivePage')", "x = namedAny('athenalite.athena.LivePage')"),
    ('x = r"""nevow.athena"""', 'x = r"""athenalite.athena"""'),
)
#: Statements that stay.
KEPT = (
    "",
    "x = 1 ;  y = 'é\\n'  # nevow.athena",
    "'''nevow.athena is\n  old'''",
    "from .nevow import athena",
    "from nevowish import athena",
    "from nevow import guard",
    "import nevow.guard",
    "from nevow import nothing",
    "x = 'nevow.com'",
    "x = b'nevow.athena'",
    "x = 'nevow' '.athena'",
    "x = 'nevow.athena' '.LivePage'",
    "x.nevow.athena()",
    "x().nevow",
    "f(nevow=1)",
    "def f(nevow): return nevow.athena",
    "class A:\n  def f ( self ) :\n    return  [ 1,\n2 ]\n",
    "\x0c",
    "if 1 : pass\n\n\n",
)


def port(text):
    """Return a text with the new names."""
    source = Source(text.encode())
    found = parsed(source)
    return source.edited(found.edits)


def found(text):
    """Return the place and the code of each finding, but names to rename."""
    source = Source(text.encode())
    return sorted((*source.place(note.at), note.code) for note in parsed(source).notes if note.code != "N101")


class RenamedTests(SynchronousTestCase):
    """Names that the command renames."""

    def test_renamed(self):
        """All kinds of imports and uses; nothing else changes."""
        for old, new in RENAMED:
            self.assertEqual(port(old), new)
            self.assertEqual(port(new), new)

    def test_kept(self):
        """What is no name of Nevow's, or is gone, stays."""
        for text in KEPT:
            self.assertEqual(port(text), text)

    @given(
        st.lists(st.one_of(st.sampled_from(RENAMED), st.sampled_from([(text, text) for text in KEPT])), max_size=8),
        st.sampled_from(["\n", "\r\n", "\r"]),
        st.booleans(),
    )
    def test_together(self, parts, lineEnd, ends):
        """In any order, and with any line ends: the names change and no other byte, once, and the result is valid."""
        old, new = (
            "\n".join(part[which] for part in parts).replace("\n", lineEnd) + lineEnd * ends for which in (0, 1)
        )
        self.assertEqual(port(old), new)
        self.assertEqual(port(new), new)
        ast.parse(new)


class FoundTests(SynchronousTestCase):
    """Names for which there is something to do by hand."""

    def test_gone(self):
        """A name is reported where it is imported, or where it is used through its module, also after the renaming."""
        for package in ("nevow", "athenalite"):
            self.assertEqual(
                found(f"from {package} import athena, guard\nguard.x\n"), [(1, 14 + len(package) + 8, "N102")]
            )
            self.assertEqual(found(f"from {package} import athena as a\nx = a.JSModule\n"), [(2, 5, "N102")])
            self.assertEqual(found(f"import {package}.athena\n{package}.athena.JSModule\n"), [(2, 1, "N102")])
        self.assertEqual(found("x = 'formless.webform.x'\n"), [(1, 5, "N102")])
        self.assertEqual(found("import formless.annotate as x\n"), [(1, 8, "N102")])

    def test_elsewhere(self):
        """A name that is elsewhere now, among others that are not."""
        self.assertEqual(found("from nevow.util import sibpath, log\n"), [(1, 33, "N103")])
        self.assertEqual(found("from nevow import util\nutil.log.msg(1)\n"), [(2, 1, "N103")])
        self.assertEqual(found("import nevow.util\nnevow.util.log.msg(1)\n"), [(2, 1, "N103")])

    def test_elsewhereHere(self):
        """So is a use of a name that is in another module of athenalite, or has another name there."""
        for text in ("stan.xml(1)", "rend.WovenContext()", "athena.JSModules({})", "flat.ten.flatten(1)"):
            root = text.partition(".")[0]
            self.assertEqual(found(f"from nevow import {root}\n{text}\n"), [(2, 1, "N103")], text)
        self.assertEqual(found("import nevow.flat\nfrom nevow import stan\nstan.xml(1)\n"), [(3, 1, "N103")])

    def test_elsewhereOnce(self):
        """What its import has from its new place is no finding where it is used."""
        self.assertEqual(found("from nevow.util import log\nlog.msg(1)\n"), [])
        self.assertEqual(found("from nevow.stan import xml\nxml.x(1)\n"), [])
        self.assertEqual(found("from nevow.flat import ten\nten.flatten(1)\n"), [])

    def test_unknown(self):
        """Names that Nevow did not have, or that no application used."""
        self.assertEqual(found("from nevow.athena import Nothing\n"), [(1, 26, "N104")])
        self.assertEqual(found("from athenalite.athena import Nothing\n"), [(1, 31, "N104")])
        self.assertEqual(found("from athenalite import athena\nathena.Nothing\n"), [(2, 1, "N104")])
        text = "import athenalite.nothing.x\nfrom athenalite import LivePage, testing\nimport athenalite.livetrial.x\n"
        self.assertEqual(found(text), [(1, 8, "N104"), (3, 8, "N104")])

    def test_written(self):
        """A name of which nothing is known is reported before and after the others are renamed."""
        text = "from nevow.athena import LivePage, Nothing\n"
        self.assertEqual(port(text), "from athenalite.athena import LivePage, Nothing\n")
        self.assertEqual([code for *_, code in found(text) + found(port(text))], ["N104"] * 2)

    def test_unbound(self):
        """A use is renamed with its import as far as possible, and what is left of it is reported again."""
        for old, new in (
            (
                "import nevow.athena\nnevow.athena.JSModule.x\n",
                "import athenalite.athena\nathenalite.athena.JSModule.x\n",
            ),
            ("import nevow.athena\nnevow.athena.Nothing\n", "import athenalite.athena\nathenalite.athena.Nothing\n"),
            ("import nevow.util\nnevow.util.log.msg\n", "import athenalite.util\nathenalite.util.log.msg\n"),
            ("import nevow\nnevow.guard.x\n", "import athenalite\nathenalite.guard.x\n"),
            ("import nevow\nnevow.flat.twist.x\n", "import athenalite\nathenalite.flat.twist.x\n"),
        ):
            self.assertEqual(port(old), new)
            self.assertEqual([code for *_, code in found(old)], [code for *_, code in found(new)])
            self.assertEqual(len(found(old)), 1)

    def test_staying(self):
        """If the import of a module stays, so do its uses."""
        old = "import nevow.guard\nx = nevow.guard.y, nevow.rend.Page\nimport nevow.rend\n"
        new = "import nevow.guard\nx = nevow.guard.y, athenalite.rend.Page\nimport athenalite.rend\n"
        self.assertEqual(port(old), new)
        self.assertEqual(port(new), new)

    def test_noImport(self):
        """If all imports stay, so do uses of other modules."""
        text = "import nevow.guard\nx = nevow.guard.y, nevow.rend.Page\n"
        self.assertEqual(port(text), text)
        self.assertEqual(found(text), [(1, 8, "N102"), (2, 5, "N102"), (2, 20, "N105")])

    def test_variable(self):
        """If nevow is a variable, too, its imports and uses stay."""
        text = "try:\n    import nevow.athena\nexcept ImportError:\n    nevow = None\nx = nevow.athena\n"
        self.assertEqual(port(text), text)
        self.assertEqual(found(text), [(4, 5, "N105")])

    def test_several(self):
        """So do they if nevow is imported from elsewhere, too; and such an import alone stays."""
        for other in ("from . import nevow\n", "from twisted.web import nevow\n"):
            text = f"import nevow.athena\n{other}x = nevow.athena\n"
            self.assertEqual(port(text), text)
            self.assertEqual(found(text), [(1, 8, "N105")])
            self.assertEqual(port(f"{other}x = nevow.athena\n"), f"{other}x = nevow.athena\n")

    def test_layout(self):
        """A name in several parts, which becomes one with fewer, stays."""
        text = "import nevow . flat . ten\n"
        self.assertEqual(port(text), text)
        self.assertEqual(found(text), [(1, 8, "N105")])

    def test_shadowed(self):
        """A parameter of a module's name is another thing."""
        self.assertEqual(found("from nevow import url\ndef f(url):\n    return url.nothing\n"), [])
        self.assertEqual(found("from nevow import url\ndef f():\n    return url.nothing\n"), [(3, 12, "N104")])

    def test_strings(self):
        """Names in strings that are not in one piece."""
        for text in (
            "x = 'nevow.athena' '.LivePage'",
            "f(f'nevow.athena.{x}')",
            "x = 'nevow.athena:' 'y'",
            "x = 'nevow.' + y",
        ):
            self.assertEqual([code for *_, code in found(text)], ["N105"], text)
        for text in ("'nevow.athena.'", "x = 'a' 'b' f'{c}'", "def f():\n    'nevow.' 'x'", "x = b'nevow.'"):
            self.assertEqual(found(text), [], text)

    def test_importedByName(self):
        """The package itself in a string, if a function imports it."""
        for text, code in (
            ("__import__('formless')", "N102"),
            ("importlib.import_module('nevow')", "N105"),
            ("namedAny('nevow')", "N105"),
        ):
            self.assertEqual(found(f"{text}\n"), [(1, text.index("'") + 1, code)], text)
        for text in ("f('nevow')", "namedAny(x)", "namedAny('x')", "namedAny()"):
            self.assertEqual(found(text), [], text)

    def test_invalid(self):
        """What cannot be parsed is None."""
        self.assertIsNone(parsed(Source(b"print x")))
