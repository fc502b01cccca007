# -*- test-case-name: tests.porting.test_application -*-
"""All files of an application."""

import os
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting import python
from athenalite._porting.application import Application

OLD = Path(__file__).parent / "old"


class ApplicationTestCase(SynchronousTestCase):
    """A directory for an application."""

    def setUp(self):
        self.directory = Path(self.mktemp())
        self.directory.mkdir()

    def make(self, name, content):
        """Write a file."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def look(self, written=False):
        """Return the application, and line, column and code of its findings."""
        application = Application(python)
        application.look([self.directory])
        if written:
            application.write()
        report = application.report(written)
        return application, [(one.line, one.column, one.code) for one in report.remaining]


class FastTests(ApplicationTestCase):
    """The time that it takes."""

    isMeasured = False

    def test_fast(self):
        """5,000 lines in 50 files take seconds of processor time."""
        text = b"from nevow import athena\n" + b"def f(x):\n    y = [one for one in x if one]\n    return {1: y}\n" * 33
        for number in range(50):
            self.make(f"m{number}.py", text)
        started = time.process_time()
        application, _ = self.look()
        self.assertEqual(len(application.changes), 50)
        self.assertLess(time.process_time() - started, 60)


class ApplicationTests(ApplicationTestCase):
    """``Application``"""

    def test_dry(self):
        """Nothing is written."""
        path = self.make("a.py", b"import nevow.rend\n")
        application, found = self.look()
        self.assertEqual((path.read_bytes(), found), (b"import nevow.rend\n", [(1, 8, "N101")]))
        self.assertEqual(
            application.changes[0].diff(),
            f"--- {path}\n+++ {path}\n@@ -1 +1 @@\n-import nevow.rend\n+import athenalite.rend\n",
        )

    def test_written(self):
        """Bytes outside of names stay: marks, encodings, line ends. The second time there is nothing to do."""
        contents = {
            "bom.py": b"\xef\xbb\xbfimport nevow.rend\r\nx = 1",
            "latin.py": b"# -*- coding: latin-1 -*-\nx = '\xe9'; import nevow.rend",
            "mixed.tac": b"import nevow.rend\r\n\nx = nevow.rend.Page\r",
        }
        for name, content in contents.items():
            self.make(name, content)
        self.assertEqual(self.look(written=True)[1], [])
        for name, content in contents.items():
            self.assertEqual((self.directory / name).read_bytes(), content.replace(b"nevow", b"athenalite"))
        self.assertEqual([change.path for change in self.look()[0].changes], [])

    def test_declarations(self):
        """Declarations of interfaces become decorators, in files without Nevow, too, and with the new names in them."""
        path = self.make("a.py", b"from zope.interface import implements\nclass A:\n    implements(B)\n    x = 1\n")
        content = (
            b"import nevow.inevow\nfrom zope.interface import implements\nclass A:\n    implements(nevow.inevow.IQ)\n"
        )
        other = self.make("b.py", content)
        application, found = self.look(written=True)
        self.assertEqual(found, [])
        self.assertEqual(
            path.read_bytes(), b"from zope.interface import implementer\n@implementer(B)\nclass A:\n    x = 1\n"
        )
        self.assertEqual(
            other.read_bytes(),
            b"import athenalite.inevow\nfrom zope.interface import implementer\n@implementer(athenalite.inevow.IQ)\n"
            b"class A:\n    pass\n",
        )
        summary = application.report(True).text()
        self.assertEqual(summary, "2 files read; 2 names and 2 declarations renamed in 2 files; 0 left to do by hand\n")
        self.assertEqual(self.look()[1], [])

    def test_unreadable(self):
        """A file that cannot be read, decoded or written is a finding."""
        self.make("a.py", b"x = '\xe9'\n")
        self.make("b.py", b"# coding: nothing\n")
        self.make("c.js", b"\xff")
        os.symlink("nowhere", self.directory / "d.py")
        self.assertEqual(self.look()[1], [(1, 1, "F601")] * 3)
        application = Application(python)
        application.look([self.directory / "d.py"])
        self.assertEqual([one.code for one in application.report(False).findings], ["F601"])

    def test_unwritable(self):
        """A file that cannot be written stays to be renamed."""
        path = self.make("a.py", b"import nevow.rend\n")
        application, _ = self.look()
        path.unlink()
        path.mkdir()
        application.write()
        self.assertEqual([one.code for one in application.report(True).remaining], ["F601", "N101"])

    def test_invalid(self):
        """A file that is not valid Python 3 stays, and its names are reported; null bytes, too."""
        self.make("a.py", b"import nevow.rend\nprint 'x'\n")
        application, found = self.look(written=True)
        self.assertEqual(found, [(1, 8, "N106"), (2, 1, "P301"), (2, 1, "P302")])
        self.assertEqual(application.changes, [])
        self.make("a.py", b"x = 1\0")
        self.assertEqual([one[2] for one in self.look()[1]], ["P301"])

    def test_python2(self):
        """A file in Python 2 is read like any other, but not changed; the first error in it is named."""
        content = b"""import nevow.athena as a
from nevow.loaders import xmlstr
print a.jsDeps
class A(a.LivePage):
    TRANSPORT_IDLE_TIMEOUT = 0777
    docFactory = xmlstr(ur'''<p xmlns:n="http://nevow.com/ns/nevow/0.1">
<b n:data="x"/></p>''')
    def data_x(self, ctx, data): pass
"""
        path = self.make("a.py", content)
        application, found = self.look(written=True)
        self.assertEqual((application.changes, path.read_bytes()), ([], content))
        self.assertEqual(
            found,
            [
                *((1, 8, "N106"), (2, 6, "N106"), (3, 1, "P301"), (3, 1, "P302"), (3, 7, "N102"), (5, 5, "A202")),
                *((5, 30, "P302"), (6, 25, "P302"), (7, 1, "T402"), (8, 5, "A201")),
            ],
        )

    def test_notPython(self):
        """What cannot be made readable is searched for names."""
        self.make("a.py", b"import nevow.rend\nprint 'x'\n)\n")
        self.assertEqual(self.look()[1], [(1, 8, "N106"), (2, 1, "P301"), (2, 1, "P302")])

    def test_directives(self):
        """Directives for renderers of Nevow's, unless the application has one of that name."""
        self.make("a.py", b"from athenalite import tags as T\nx = T.ul(render=T.directive('sequence'))\n")
        self.assertEqual(self.look()[1], [(2, 29, "T402")])
        self.make("b.py", b"class A:\n    def render_sequence(self, ctx, data): pass\n")
        self.assertEqual(self.look()[1], [])

    def test_otherFrameworks(self):
        """What other frameworks have, too, is a finding where Nevow is imported."""
        text = b"if request.method == 'POST': page.clientID; f(jsModuleRoot=x)\n"
        self.make("a.py", text)
        self.assertEqual(self.look()[1], [])
        self.make("a.py", b"import athenalite.rend\n" + text)
        self.assertEqual([code for *_, code in self.look()[1]], ["A208", "A209", "A210"])

    def test_plugins(self):
        """Plugins are found in another directory now."""
        self.make("nevow/plugins/mine.py", b"from nevow import athena\n")
        self.assertEqual([one[2] for one in self.look()[1]], ["A206", "N101"])

    def test_strings(self):
        """A template in a string is read, and its lines are those of the file."""
        start = b'from athenalite.loaders import xmlstr\nx = xmlstr("""<p xmlns:n="http://nevow.com/ns/nevow/0.1">'
        self.make("a.py", start + b'\n\n<b n:data="x"/></p>""")\n')
        self.assertEqual(self.look()[1], [(4, 1, "T402")])
        self.make("a.py", start + b'<b n:data="x"/></p>""")\n')
        self.assertEqual(self.look()[1], [(2, 12, "T402")])
        self.make("a.py", start + b'\\n<b n:data="x"/></p>""")\n')
        self.assertEqual(self.look()[1][0][0], 2)

    def test_markup(self):
        """Markup in a string that is no template is read, too."""
        self.make("a.py", b"from nevow import tags as T\nx = T.xml('<br><a onclick=x>')\n")
        self.assertEqual([one[1:] for one in self.look()[1]], [(6, "N101"), (11, "T403")])

    def test_surrogates(self):
        """A template in a string may have what no file can have."""
        self.make("a.py", b"from athenalite.loaders import xmlstr\nx = xmlstr('<p>\\ud800</p>')\n")
        self.assertEqual(self.look()[1], [])

    def test_renderers(self):
        """A renderer that Nevow's pages had is none that is missing if the application has one of its own."""
        self.make("x.html", b'<p xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="mapping" />')
        self.assertEqual([one[2] for one in self.look()[1]], ["T402"])
        self.make("y.py", b"class A:\n    def render_mapping(self, ctx, data): pass\n")
        self.assertEqual(self.look()[1], [])

    def test_link(self):
        """A link that is named stays one."""
        path = self.make("a.py", b"import nevow.rend\n")
        link = self.directory / "link.py"
        os.symlink(path.absolute(), link)
        application = Application(python)
        application.look([link])
        application.write()
        self.assertTrue(link.is_symlink())
        self.assertEqual(path.read_bytes(), b"import athenalite.rend\n")

    def test_misplaced(self):
        """A file with a name that is not where the parser says stays, and is reported."""
        self.patch(python.Parsed, "offset", lambda self, node: 2)
        for content, codes in ((b"import nevow.rend\n", ["N105"]), (b"x = 'nevow.rend'\n", ["N105", "N101"])):
            self.make("a.py", content)
            application, found = self.look(written=True)
            self.assertEqual(application.changes, [])
            self.assertEqual([one[2] for one in found], codes)

    def test_columns(self):
        """Columns count characters, though Python's parser counts bytes."""
        self.make("a.py", "é = ctx.remember(1)\n".encode())
        self.assertEqual(self.look()[1], [(1, 5, "A204")])

    def test_others(self):
        """A file that has nothing of Nevow's may have other things with such names."""
        self.make("a.py", b"rmtree(x, onerror='y')\n")
        self.assertEqual(self.look()[1], [])

    def test_requirements(self):
        """Files with requirements are read; one of them is Python, too."""
        self.make("requirements.txt", b"Nevow\n")
        self.make("setup.py", b"from nevow import x\nsetup(install_requires=['Nevow'])\n")
        self.assertEqual(self.look()[1], [(1, 1, "A207"), (1, 19, "N104"), (2, 26, "A207")])

    def test_loaded(self):
        """A page without Nevow's namespace is a template if Python loads it as one."""
        for name in ("a", "b", "c", "d"):
            self.make(f"pages/{name}.html", b"<p onclick='x'/>")
        self.make(
            "x.py", b"x = xmlfile(join(here, 'pages', 'a.html'))\ny = loaders.htmlfile (\n  'b.html')\nz = 'c.html'\n"
        )
        found = [Path(path).name for path, *_ in self.look()[0].report(False).findings]
        self.assertEqual(found, ["a.html", "b.html"])

    def test_kinds(self):
        """Templates and scripts are read as such; other pages are not looked at."""
        self.make("a.xhtml", b'<p xmlns:n="http://nevow.com/ns/nevow/0.1" n:key="x" />')
        self.make("b.html", b"<p onclick='x'>")
        self.make("c.js", b"\neval(x)")
        self.assertEqual([one[2] for one in self.look()[1]], ["T402", "S501"])

    def test_twice(self):
        """A file that two arguments have is read once."""
        path = self.make("a.py", b"")
        application = Application(python)
        application.look([self.directory, path])
        self.assertEqual(application.report(False).files, 1)

    def test_parts(self):
        """What is to be at the addresses of parts, until the application serves it."""
        self.make("a.py", b"import athenalite\nathenalite.LivePage(transportRoot=x)\n")
        self.assertEqual(self.look()[1], [(2, 21, "A210")])
        self.make("b.py", b"root.putChild(b'x', site.livePageFactory.resource)\n")
        self.assertEqual(self.look()[1], [])

    def test_inStrings(self):
        """Names of Athena's JavaScript that are gone, in strings, but not in docstrings."""
        self.make("a.py", b'"""See Divmod.XML."""\nx = y("""\nDivmod.XML.parse(z)\n""")\n')
        self.assertEqual(self.look()[1], [(3, 1, "S503")])

    def test_tabs(self):
        """Tabs and blanks in the indentation are mended by no tool; its message says what does it."""
        path = self.make("a.py", b"if x:\n        y = 1\n\tz = 2\n")
        [finding] = self.look()[0].report(False).findings
        self.assertEqual((finding.line, finding.code), (3, "P301"))
        self.assertIn("write blanks for its tabs, as expand -t 8 does", finding.message)
        path.write_bytes(path.read_bytes().expandtabs(8))
        self.assertEqual(self.look()[1], [])
        self.make("b.py", b"if x:\n\tprint y\n")
        self.assertIn("2to3", self.look()[0].report(False).findings[0].message)

    def test_otherwise(self):
        """What means something else is listed in files that have something of Python 2's."""
        self.make("a.py", b"x = a / b\n")
        self.assertEqual(self.look()[1], [])
        self.make("a.py", b"print a / b\n")
        self.assertEqual([code for *_, code in self.look()[1]], ["P301", "P302", "P303"])

    def test_classes(self):
        """Members of classes whose base class is in another file, and of no others."""
        self.make("a.py", b"import nevow.rend\nclass Base(nevow.rend.Page): pass\n")
        self.make(
            "b.py", b"from a import Base\nclass B(Base):\n  debug = 1\n  def renderHTTP_notFound(self, ctx): pass\n"
        )
        self.make("c.py", b"from other import Page\nclass C(Page):\n  debug = 1\n")
        self.assertEqual([one for one in self.look()[1] if one[2] != "N101"], [(3, 3, "A211"), (4, 3, "A201")])

    def test_old(self):
        """An application of 2009: all that is to be done by hand."""
        # Other tools read all .py files, and would not know what to do with Python 2.
        for path in OLD.iterdir():
            self.make(path.name.removesuffix(".txt"), path.read_bytes())
        application = Application(python)
        application.look([self.directory])
        codes = {one.code for one in application.report(False).findings}
        self.assertEqual(
            codes,
            {*("N101", "N102", "N103", "N104", "N106", "N107", "A201", "A202", "A203", "A205")}
            | {*("P301", "P302", "T402", "T403", "S501", "S502", "S503")},
        )
