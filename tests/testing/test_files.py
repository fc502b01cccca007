# -*- test-case-name: tests.testing.test_files -*-
"""A simulated page sends files."""

from twisted.internet.defer import succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite._testing.files import StubFile, sendFiles
from athenalite.testing import renderLivePage
from tests.live.test_uploads import Album


class StubFileTests(SynchronousTestCase):
    """Files of a test."""

    def test_failed(self):
        """What is wrong with a piece is shown at its field."""
        answers = [{"ids": ["1", "2"], "size": 2}, None, None, "no"]
        files = [("a", StubFile("x", b"abc")), ("b", StubFile("y", b"a"))]
        calls = []

        def call(*args):
            calls.append(args)
            return succeed(answers.pop(0))

        answer = self.successResultOf(sendFiles(call, ["add", [["c", "d"]], None], files))
        self.assertEqual(answer, {"errors": [["b", "no"]]})
        offers = [["a", "x", 3, ""], ["b", "y", 1, ""]]
        pieces = [("_athenaPiece", "1", "YWI="), ("_athenaPiece", "1", "Yw=="), ("_athenaPiece", "2", "YQ==")]
        self.assertEqual(calls, [("_athenaUpload", "add", [["c", "d"]], None, offers), *pieces])

    def test_slow(self):
        """A large file takes time."""
        page = renderLivePage(Album())
        page.fill("late", StubFile("a", bytes(600_000)))
        answer = page.submit("Later")
        self.assertIn("_athenaPiece", page.waitingFor()[0])
        for _ in range(10):
            page.advance(0.1)
        self.assertIn("_athenaEvent", page.waitingFor()[0])
        page.page.element.waiting.callback(None)
        page.advance()
        self.assertIsNone(self.successResultOf(answer))

    def test_fields(self):
        """Only a field for files takes them."""
        page = renderLivePage(Album())
        self.assertRaisesRegex(TypeError, "takes no files", page.fill, "title", StubFile("a", b""))
        self.assertRaisesRegex(TypeError, "takes files", page.fill, "late", "a")
