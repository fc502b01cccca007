"""The results of benchmarks are stored, drawn, and written into the documents, unchanged."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import benchmarks.all
from benchmarks import publish
from benchmarks.figures import Curve, Table
from harness.documents import columns, replaced

ROOT = Path(__file__).parent.parent.parent


def table():
    """Return a table of two rows with two rounds."""
    one = Table("raw", "ours")
    for raw, ours in ((10e-6, 4e-6), (20e-6, 10e-6)):
        one.add("calls", 0.38, {"raw": raw, "ours": ours, "peer": raw * 2})
        one.add("memory", None, {"raw": 1024.0, "ours": 2048.0}, "KiB")
    return one


def curve():
    """Return a curve with two lines, measured twice."""
    one = Curve("A delivery", "pages", "us per delivery")
    for at in (100, 1000):
        for value in (5.0, 7.0):
            one.add("raw", at, value)
    one.add("ours", 100, 2.5)
    return one


class TableTests(SynchronousTestCase):
    """Rows of ratios."""

    def test_cells(self):
        """Ratios are taken within a round; the table has their median and spread, and the amounts in their unit."""
        self.assertEqual(
            table().cells(),
            [
                ["", "raw", "ours", "ratio", "spread", "to reach", "peer"],
                ["calls", "15.0 us", "7.0 us", "0.45", "0.40 to 0.50", "0.38", "2.00"],
                ["memory", "1.0 KiB", "2.0 KiB", "2.00", "2.00 to 2.00", "", ""],
            ],
        )

    def test_kept(self):
        """A table is the same after a round trip through JSON."""
        again = Table.read(json.loads(json.dumps(table().kept())))
        self.assertEqual(again.cells(), table().cells())

    def test_columns(self):
        """A table is simple reST: rules as wide as the columns, nothing after the last cell."""
        self.assertEqual(columns([["", "a"], ["row", ""]]), ["===  =", "     a", "===  =", "row", "===  ="])


class CurveTests(SynchronousTestCase):
    """The cost of one thing as another grows."""

    def test_cells(self):
        """Each line is a row of medians, with a gap where nothing was measured."""
        self.assertEqual(curve().cells(), [["pages:", "100", "1000"], ["raw", "6.0", "6.0"], ["ours", "2.5", ""]])

    def test_kept(self):
        """A curve is the same after a round trip through JSON, its numbers included."""
        self.assertEqual(Curve.read(json.loads(json.dumps(curve().kept()))), curve())


class PlotTests(SynchronousTestCase):
    """Drawings."""

    def drawn(self, draw, what):
        """Return the SVG that is written, as text; it must be XML, and the same each time."""
        path = Path(self.mktemp())
        draw(what, path)
        text = path.read_text("utf-8")
        ElementTree.fromstring(text)
        draw(what, path)
        self.assertEqual(path.read_text("utf-8"), text)
        return text

    def test_curves(self):
        """A drawing of curves has titles, and names each line."""
        text = self.drawn(publish.drawCurves, [curve(), curve()])
        for expected in ("A delivery: us per delivery", "pages", "raw", "ours"):
            self.assertEqual(text.count(f">{expected}<"), 2, expected)

    def test_ratios(self):
        """A drawing of ratios names its rows and servers."""
        text = self.drawn(publish.drawRatios, table())
        for expected in ("calls", "memory", "raw", "ours", "peer"):
            self.assertEqual(text.count(f">{expected}<"), 1, expected)


class PublishTests(SynchronousTestCase):
    """Documents."""

    def test_replaced(self):
        """Text between the two comments is replaced, and nothing else."""
        text = "before\n\n.. figures chat begin (why)\n\nold\n\n.. figures chat end\n\nafter\n"
        again = replaced(text, "chat", ["new \\1"])
        self.assertEqual(again, "before\n\n.. figures chat begin (why)\n\nnew \\1\n\n.. figures chat end\n\nafter\n")
        self.assertEqual(replaced(again, "chat", ["new \\1"]), again)

    def test_noPlace(self):
        """A document without these comments is not written to."""
        self.assertRaises(ValueError, replaced, "text", "chat", [])

    def test_places(self):
        """The documents of this tree have a place for each result, and README names rows that exist."""
        for path, names in (*publish.PLACES.items(), ("docs/performance.rst", ("live", "soak", "waiting"))):
            for name in names:
                replaced((ROOT / path).read_text("utf-8"), name, [])

    def test_short(self):
        """README has the rows that it names, in their order, and no columns of details, as in the document today."""
        found = Table("raw", "ours")
        for name in ("another", *reversed(publish.SHORT)):
            found.add(name, 0.5, {"raw": 1.0, "ours": 2.0, "peer": 3.0})
        lines = publish.short(found)
        self.assertEqual(lines[1].split(), ["raw", "ours", "ratio", "peer"])
        names = [line.partition("  ")[0] for line in lines[3:-1]]
        self.assertEqual(names, list(publish.SHORT))
        text = (ROOT / "README.rst").read_text("utf-8").partition(".. figures short begin")[2]
        table = text.partition(".. figures short end")[0].strip().split("\n\n")[-1].splitlines()
        self.assertEqual([line.partition("  ")[0] for line in table[3:-1]], list(publish.SHORT))


class AllTests(SynchronousTestCase):
    """The command, with parts that take no time."""

    def setUp(self):
        parts = {"chat": lambda options: table().kept(), "curves": lambda options: {"pages": curve().kept()}}
        self.patch(benchmarks.all, "PARTS", parts)
        self.patch(benchmarks.all, "separate", lambda: None)
        self.directory = Path(self.mktemp())

    def run_(self, *arguments):
        benchmarks.all.main([*arguments, "--servers", "--directory", str(self.directory)])
        return (self.directory / "figures.txt").read_text("utf-8")

    def test_options(self):
        """All rows are measured unless some are named; a short run has one round."""
        every, some = (benchmarks.all._options(given) for given in ([], ["--rows", "tls", "calls", "--quick"]))
        self.assertEqual((every.rows[0], every.rounds), ("pace", 8))
        self.assertEqual((some.rows, some.rounds), (["tls", "calls"], 1))

    def test_kept(self):
        """Each part's results are stored, with the date and the command; a repeated part replaces only its own."""
        text = self.run_("--quick")
        self.assertIn("calls   15.0 us", text)
        self.assertIn("``python -m benchmarks.all --quick", text)
        self.assertIn("A short run", text)
        self.assertTrue((self.directory / "performance-ratios.svg").exists())
        self.assertTrue((self.directory / "performance-curves.svg").exists())
        benchmarks.all.PARTS["curves"] = lambda options: {"pages": Curve("An opening", "pages", "us").kept()}
        self.patch(publish, "drawCurves", lambda found, path: None)
        text = self.run_("--only", "curves")
        self.assertIn("An opening, us", text)
        self.assertIn("calls   15.0 us", text)

    def test_published(self):
        """``--publish`` writes the results into the documents."""
        root = self.directory / "tree"
        for path, names in publish.PLACES.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            text = "".join(f".. figures {name} begin\n.. figures {name} end\n" for name in names)
            (root / path).write_text(text, "utf-8")
        self.patch(benchmarks.all, "ROOT", root)
        self.run_("--publish")
        self.assertIn("calls", (root / "docs" / "performance.rst").read_text("utf-8"))
        self.assertIn("figures short begin", (root / "README.rst").read_text("utf-8"))
        self.assertTrue((root / "docs" / "performance-ratios.svg").exists())
