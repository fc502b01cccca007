# -*- test-case-name: tests.live.test_uploads -*-
"""Methods get files, of the kinds and sizes that they accept."""

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite._live.uploads import FileField, nameOf, sizeText, typeOf
from athenalite.errors import ConnectionLost
from athenalite.limits import Limits
from athenalite.live import FieldError, LiveElement, LivePageError, Upload, UploadLimits, expose
from athenalite.testing import RemoteError, StubBrowser, StubFile
from tests.live.test_parts import template

PNG = Annotated[Upload, UploadLimits(50_000, ["image/png", ".gif"])]


class NameTests(SynchronousTestCase):
    """What the browser says of a file."""

    def test_names(self):
        """A name is the last part of a path, without what is not seen."""
        for name, expected in (
            ("cat.png", "cat.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\cat.png", "cat.png"),
            ("..", "file"),
            ("/", "file"),
            ("", "file"),
            (".bashrc", "bashrc"),
            ("a\x00b\r\n.png\u202e\ud800", "ab.png"),
            ("ü 1.png ", "ü 1.png"),
            ("x" * 300 + ".png", "x" * 196 + ".png"),
        ):
            self.assertEqual(nameOf(name), expected)

    @settings(deadline=None, max_examples=50)
    @given(st.text() | st.text(alphabet="./\\\x00a "))
    def test_any(self, name):
        """No name leads out of a folder."""
        found = nameOf(name)
        self.assertTrue(found and found.isprintable() and not set(found) & set("/\\") and found[0] != ".", found)

    def test_types(self):
        """A type is one, without parameters, or not known."""
        for one, expected in (
            ("image/PNG", "image/png"),
            ("text/plain; charset=utf-8", "text/plain"),
            ("", "application/octet-stream"),
            ("text/html\r\nx: y", "application/octet-stream"),
            ("a/b/c", "application/octet-stream"),
        ):
            self.assertEqual(typeOf(one), expected)

    def test_sizes(self):
        """Sizes are for people."""
        texts = [sizeText(one) for one in (7, 999, 1500, 5_000_000, 2_500_000_000)]
        self.assertEqual(texts, ["7 B", "999 B", "1.5 kB", "5 MB", "2.5 GB"])


class LimitsTests(SynchronousTestCase):
    """Limits, and where they stand in annotations."""

    def test_accepts(self):
        """Types are those of the attribute ``accept``."""
        limits = UploadLimits(1, [".PNG", "image/gif", "audio/*"])
        for name, kind in (("a.png", "x/y"), ("a", "image/gif"), ("a", "audio/ogg")):
            self.assertTrue(limits.accepts(name, kind), name)
        for name, kind in (("apng", "x/y"), ("a.gif", "image/png"), ("a", "audio2/ogg")):
            self.assertFalse(limits.accepts(name, kind), name)
        self.assertTrue(UploadLimits().accepts("a", "x/y") and UploadLimits(types=["*/*"]).accepts("a", "x/y"))

    def test_mistakes(self):
        """Mistakes of the application are errors."""
        self.assertRaises(TypeError, UploadLimits, 1, "image/*")
        for wrong in ((0,), (1, ["png"]), (1, (), 0)):
            self.assertRaises(ValueError, UploadLimits, *wrong)

    def test_fields(self):
        """Wherever the limits stand; without them there are some, too."""
        small = UploadLimits(5)
        for annotation, expected in (
            (Upload, (UploadLimits(), None, False)),
            (Annotated[Upload, "x", small], (small, None, False)),
            (Annotated[Upload, small] | None, (small, None, True)),
            (Annotated[Upload | None, small], (small, None, True)),
            (list[Upload], (UploadLimits(), list, False)),
            (list[Annotated[Upload, small]], (small, list, False)),
            (Annotated[tuple[Upload, ...], small], (small, tuple, False)),
        ):
            self.assertEqual(tuple(FileField.of(annotation)), expected, annotation)
        for annotation in (str, Any, dict[str, Upload], list[str], "Upload", str | None):
            self.assertIsNone(FileField.of(annotation), annotation)


class SaveTests(SynchronousTestCase):
    """The content can be kept."""

    def test_save(self):
        """It becomes a new file, and never replaces one."""
        path = Path(self.mktemp())
        with TemporaryFile() as file:
            file.write(b"content")
            upload = Upload("a", "text/plain", 7, file)
            self.assertEqual(repr(upload), "<Upload 'a' text/plain 7>")
            upload.save(path)
            self.assertEqual(path.read_bytes(), b"content")
            self.assertRaises(FileExistsError, upload.save, str(path))
            upload.close()
            self.assertTrue(file.closed)

    def test_failed(self):
        """There is no half of one."""

        class Broken(BytesIO):
            def read(self, *size):
                raise OSError("broken")

        path = Path(self.mktemp())
        self.assertRaises(OSError, Upload("a", "", 7, Broken()).save, path)
        self.assertFalse(path.exists())


@dataclass
class Card:
    """A form with a file."""

    name: str
    picture: PNG | None = None


class Letter(msgspec.Struct):
    """The same as a Struct, with several."""

    pages: list[Upload]


class Album(LiveElement):
    """Takes files."""

    docFactory = template(
        '<form><athena:handler event="onsubmit" remote="add" /><input name="title" />'
        '<input type="file" name="picture" /><button>Add</button></form>'
        '<form><athena:handler event="onsubmit" remote="all" />'
        '<input type="file" name="files" multiple="multiple" /><button>All</button></form>'
        '<form><athena:handler event="onsubmit" remote="card" /><input name="name" />'
        '<input type="file" name="picture" data-second="1" /><button>Card</button></form>'
        '<form><athena:handler event="onsubmit" remote="later" />'
        '<input type="file" name="late" /><button>Later</button></form>'
    )
    pageLang = "en"

    def __init__(self):
        super().__init__()
        self.taken = []
        self.waiting = Deferred()

    @expose
    def add(self, title: Annotated[str, msgspec.Meta(min_length=1)], picture: PNG):
        self.taken.append((title, picture.name, picture.type, picture.size, picture.file.read()))
        self.upload = picture
        if title == "taken":
            raise FieldError("title", "There is one.")
        if title == "fail":
            raise LivePageError("no")

    @expose
    def all(self, files: Annotated[list[Upload], UploadLimits(10, maxFiles=2)]):
        self.taken.append([one.file.read() for one in files])

    @expose
    def card(self, card: Card):
        self.taken.append((card.name, card.picture and card.picture.file.read()))

    @expose
    def letter(self, letter: Letter):
        self.taken.append([one.name for one in letter.pages])

    @expose
    async def later(self, late: Upload):
        self.upload = late
        await self.waiting
        self.taken.append(late.file.read())

    @expose
    def plain(self, text: str, anything=None):
        self.taken.append(text)


class UploadTests(SynchronousTestCase):
    """One page with forms for files."""

    def setUp(self):
        self.open()

    def open(self, **limits):
        self.browser = StubBrowser(limits=Limits(**limits))
        self.album = Album()
        self.page = self.browser.open(self.album)

    def send(self, method, pairs, *offers):
        """What the browser gets for files that it offers."""
        answers = []
        self.page.call(self.album, "_athenaUpload", method, pairs, None, list(offers)).addBoth(answers.append)
        return getattr(answers[0], "value", answers[0])

    def event(self, method, *pairs):
        """What the browser gets for an event."""
        answers = []
        self.page.call(self.album, "_athenaEvent", method, [list(one) for one in pairs], None).addBoth(answers.append)
        return getattr(answers[0], "value", answers[0])

    def assertNothing(self):
        self.assertEqual(self.browser.factory.bytesUploading, 0)


class FormTests(UploadTests):
    """Forms with files, as people use them."""

    def fill(self, name, value, form):
        """Choose a file in the one of several forms that have fields of this name."""
        field = next(one for one in self.page._typed.form(form, None)[0] if one.attributes.get("name") == name)
        self.page._typed.fill(field, value)

    def test_file(self):
        """A method gets the file with its other fields, and it is removed when the result is there."""
        content = bytes(range(250)) * 120
        self.page.fill("title", "Cat")
        self.fill("picture", StubFile("a/cat.png", content, "image/png"), "Add")
        self.assertIsNone(self.successResultOf(self.page.submit("Add")))
        self.assertEqual(self.album.taken, [("Cat", "cat.png", "image/png", 30_000, content)])
        self.assertTrue(self.album.upload.file.closed)
        self.assertNothing()

    def test_errors(self):
        """All that is wrong is shown at once, and no byte of a file is sent for it."""
        sizes, types = "This file is too large: 50 kB is the most.", "Files of this kind are not accepted, but only "
        for file, error in (
            (StubFile("cat.png", bytes(50_001), "image/png"), sizes),
            (StubFile("cat.txt", b"a", "text/plain"), f"{types}image/png, .gif."),
        ):
            self.fill("picture", file, "Add")
            errors = self.successResultOf(self.page.submit("Add"))
            self.assertEqual(errors, {"title": "Please fill in this field.", "picture": error})
        self.assertNothing()
        self.assertIsNone(self.page.page._athenaFiles)
        self.fill("picture", [], "Add")
        self.assertEqual(self.successResultOf(self.page.submit("Add"))["picture"], "Please choose a file.")

    def test_refused(self):
        """When the method refuses a field, or fails, the file is removed."""
        self.fill("picture", StubFile("cat.gif", b"a"), "Add")
        self.page.fill("title", "taken")
        self.assertEqual(self.successResultOf(self.page.submit("Add")), {"title": "There is one."})
        self.page.fill("title", "fail")
        self.failureResultOf(self.page.submit("Add"), RemoteError)
        self.assertEqual(len(self.album.taken), 2)
        self.assertNothing()

    def test_several(self):
        """Several files, also none and empty ones, or too many."""
        for contents in ([], [b""], [b"one", b"two"]):
            self.page.fill("files", [StubFile("a", one) for one in contents])
            self.assertIsNone(self.successResultOf(self.page.submit("All")))
            self.assertEqual(self.album.taken[-1], contents)
        self.page.fill("files", [StubFile("a", b"")] * 3)
        errors = self.successResultOf(self.page.submit("All"))
        self.assertEqual(errors, {"files": "Please choose at most 2 of them."})
        self.assertNothing()

    def test_form(self):
        """A dataclass may have files, or none; and so may a Struct."""
        self.page.fill("name", "Ann")
        self.assertIsNone(self.successResultOf(self.page.submit("Card")))
        self.fill("picture", StubFile("a.gif", b"a"), "Card")
        self.assertIsNone(self.successResultOf(self.page.submit("Card")))
        self.assertEqual(self.album.taken, [("Ann", None), ("Ann", b"a")])
        ids = self.send("letter", [], ["pages", "1.txt", 0, ""], ["pages", "2.txt", 0, ""])["ids"]
        self.assertIsNone(self.event("letter", *(("pages", one) for one in ids)))
        self.assertEqual(self.album.taken[-1], ["1.txt", "2.txt"])
        self.assertNothing()

    def test_later(self):
        """A coroutine has the file until its end, also when the page is gone; what waits for a method is removed."""
        self.page.fill("late", StubFile("a", b"abc"))
        answer = self.page.submit("Later")
        self.send("later", [], ["late", "b", 5, ""])
        self.page.leave()
        self.failureResultOf(answer, ConnectionLost)
        self.assertEqual(self.browser.factory.bytesUploading, 1024 * 1024)
        self.album.waiting.callback(None)
        self.assertEqual(self.album.taken, [b"abc"])
        self.assertTrue(self.album.upload.file.closed)
        self.assertNothing()

    def test_cut(self):
        """A file comes whole over cuts, and no piece twice; other calls pass between its pieces."""
        content = bytes(range(256)) * 190
        self.page.fill("title", "Cat")
        self.fill("picture", StubFile("cat.png", content, "image/png"), "Add")
        accepted = self.send("add", [["title", "Cat"]], ["picture", "cat.png", len(content), "image/png"])
        [number], size = accepted["ids"], accepted["size"]
        answers = []
        for start in range(0, len(content), size):
            self.page.cut()
            text = b64encode(content[start : start + size]).decode()
            self.page.call(self.album, "_athenaPiece", number, text).addBoth(answers.append)
            self.page.reconnect()
            self.assertIsNone(self.event("plain", ("text", "between")))
        self.assertEqual(answers, [None, None, None])
        self.assertIsNone(self.event("add", ("title", "Cat"), ("picture", number)))
        self.assertEqual(self.album.taken[-1][-1], content)
        self.assertNothing()


class HostileTests(UploadTests):
    """What no browser of ours sends."""

    def test_offers(self):
        """Files for what takes none, for fields that are not there, or of no size, are refused."""
        offer = ["picture", "a.png", 1, "image/png"]
        for method, pairs, *offers in (
            ("plain", [["text", "a"]], ["text", "a", 1, ""]),
            ("plain", [["text", "a"]], ["anything", "a", 1, ""]),
            ("add", [["title", "a"]], ["__class__", "a", 1, ""]),
            ("add", [["title", "a"], ["picture", "1"]], offer),
            ("add", [["title", "a"]], [*offer, 1]),
            ("add", [["title", "a"]], ["picture", "a.png", "1", "image/png"]),
            ("add", [["title", "a"]], ["picture", "a.png", 1.5, "image/png"]),
        ):
            self.assertEqual(self.send(method, pairs, *offers).type, "ArgumentError", offers)
        for name in ("_athenaUpload", "waiting", ""):
            self.assertEqual(self.send(name, [], offer).type, "NoSuchMethod")
        for size, count in ((-1, 1), (10**20, 1), (1, 2)):
            errors = self.send("add", [["title", "a"]], *[["picture", "a.png", size, "image/png"]] * count)["errors"]
            self.assertEqual([name for name, _ in errors], ["picture"])
        self.assertNothing()

    def test_ids(self):
        """An id is one of this page, for this field; other texts are none."""
        other = self.browser.open(Album())
        [number] = self.send("add", [["title", "a"]], ["picture", "a.png", 0, "image/png"])["ids"]
        answers = []
        other.call(1, "_athenaEvent", "add", [["title", "a"], ["picture", number]], None).addBoth(answers.append)
        incomplete = "The file was not sent completely. Please send it again."
        self.assertEqual(answers, [{"errors": [["picture", incomplete]]}])
        for wrong in ("", "2", "../1", True):
            errors = {"errors": [["picture", incomplete]]}
            self.assertEqual(self.event("add", ("title", "a"), ("picture", wrong)), errors)
        [one] = self.send("all", [], ["files", "a", 0, ""])["ids"]
        self.assertEqual(self.event("add", ("title", "a"), ("picture", one)), {"errors": [["picture", incomplete]]})
        self.assertIsNone(self.event("add", ("title", "a"), ("picture", number)))
        ids = [self.send("all", [], ["files", "a", 0, ""])["ids"][0] for _ in range(3)]
        errors = {"errors": [["files", "Please choose at most 2 of them."]]}
        self.assertEqual(self.event("all", *(("files", one) for one in ids)), errors)
        self.assertNothing()

    def test_pieces(self):
        """More than was said, and pieces of nothing, get the sentence for the field; the file is gone."""
        [number] = self.send("later", [], ["late", "a", 1, ""])["ids"]
        for text in ("YWJj", "YQ=="):
            answer = self.successResultOf(self.page.call(self.album, "_athenaPiece", number, text))
            self.assertIn("Please send it again.", answer)
        [number] = self.send("later", [], ["late", "a", 1, ""])["ids"]
        self.successResultOf(self.page.call(self.album, "_athenaCancel", [number, "x"]))
        self.assertNothing()

    def test_room(self):
        """When there is no room, that is shown at the field."""
        self.open(maxUploads=1)
        [[name, text]] = self.send("later", [], ["late", "a", 1, ""])["errors"]
        self.assertEqual((name, text.partition(".")[0]), ("late", "The server has no room for this file now"))

    def test_called(self):
        """A widget's call cannot make a file of anything."""
        for value in ("1", {"name": "a"}, None):
            self.failureResultOf(self.page.call(self.album, "later", value), RemoteError)
        self.assertEqual(self.album.taken, [])
