# -*- test-case-name: tests.porting.test_report -*-
"""The report of the porting command."""

import json

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.report import CODES, Finding, Report

RENAMED = Finding("a.py", 3, 6, "N101", "nevow becomes athenalite")
GONE = Finding("a.py", 4, 1, "N102", "nevow.guard is gone: use another")


class ReportTests(SynchronousTestCase):
    """``Report``"""

    def test_text(self):
        """A line for each finding, then the counts; what was written is no longer listed."""
        text = Report((RENAMED, GONE), 1, ("a.py",), False).text()
        self.assertEqual(text.splitlines()[:2], [str(RENAMED), "a.py:4:1: N102 nevow.guard is gone: use another"])
        self.assertEqual(
            text.splitlines()[-1], "1 file read; 1 name to rename (--write) in 1 file; 1 left to do by hand"
        )
        self.assertNotIn("N101", Report((RENAMED, GONE), 1, ("a.py",), True).text())

    def test_nothing(self):
        """Without findings, there is the summary alone."""
        self.assertEqual(
            Report((), 2, (), False).text(),
            "2 files read; 0 names to rename (--write) in 0 files; 0 left to do by hand\n",
        )

    def test_json(self):
        """The schema."""
        report = json.loads(Report((RENAMED, GONE), 1, ("a.py",), True).json())
        self.assertEqual(
            report,
            {
                "version": 1,
                "files": 1,
                "written": True,
                "changed": ["a.py"],
                "findings": [{**RENAMED._asdict(), "done": True}, {**GONE._asdict(), "done": False}],
                "counts": {"N101": 1, "N102": 1},
                "remaining": 1,
            },
        )

    def test_failed(self):
        """The names in a file that could not be written are left."""
        failed = Finding("a.py", 1, 1, "F601", "this cannot be written")
        self.assertEqual(Report((failed, RENAMED), 1, ("a.py",), True).remaining, (failed, RENAMED))

    def test_codes(self):
        """No two codes have one number."""
        self.assertEqual(len({code[1:] for code in CODES}), len(CODES))
