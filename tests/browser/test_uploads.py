# -*- test-case-name: tests.browser.test_uploads -*-
"""A form with files in a real browser."""

from hashlib import sha256

from playwright.sync_api import FilePayload, Page, expect

from harness.browser import BrowserTestCase
from harness.portforwarder import PortForwarder
from tests.browser.test_live import HIDDEN
from tests.browser.test_odd import APPLICATIONS

ALBUM = "partthing.uploading.AlbumElement"
CONTENT = bytes(range(256)) * 800
#: Whether the script for files is loaded.
LOADED = "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('athenalite-uploads'))"
PROGRESS = "[name=picture] + progress[aria-label='cat.png']"


def picture(content: bytes, kind: str = "image/png") -> FilePayload:
    """A file that the person chooses."""
    return {"name": "cat.png", "mimeType": kind, "buffer": content}


class UploadTests(BrowserTestCase):
    """One page, as a person uses it."""

    def test_form(self) -> None:
        """
        A file comes whole over a cut, beside other calls. What is wrong is shown at the field; the person may stop, and
        has to choose again after a reload.
        """
        server = self.sharedServer(ALBUM, cwd=APPLICATIONS)
        with PortForwarder(server.port) as forwarder:
            page = self.openPage(forwarder.url)
            self.waitForWidget(page)
            self.assertFalse(page.evaluate(LOADED))
            self.refuse(page)
            self.expectComplaint("WebSocket|connection")
            self.send(page, forwarder)
            self.meanwhile(page)
            self.cancel(page, forwarder)
            self.reload(page)

    def refuse(self, page: Page) -> None:
        page.set_input_files("[name=picture]", picture(b"a", "text/plain"))
        page.click("text=Add")
        alert = "[name=picture][aria-invalid=true] + [role=alert]:has-text('Files of this kind are not accepted')"
        page.wait_for_selector(alert)
        self.assertTrue(page.evaluate("() => document.activeElement.name === 'picture'"))
        expect(page.locator("progress")).to_have_count(0)

    def send(self, page: Page, forwarder: PortForwarder) -> None:
        page.fill("[name=title]", "taken")
        page.set_input_files("[name=picture]", picture(CONTENT))
        forwarder.cutAfter(100_000)
        page.click("text=Add")
        page.wait_for_selector(PROGRESS)
        page.click("text=Count")
        page.wait_for_selector("p:text-is('nothing, 1')")
        page.wait_for_selector("[name=title][aria-invalid] + [role=alert]:has-text('There is one.')")
        # The file is still chosen.
        page.fill("[name=title]", "Cat")
        page.click("text=Add")
        page.wait_for_selector(f"p:has-text('Cat cat.png image/png {sha256(CONTENT).hexdigest()}')")
        page.wait_for_selector("form:not([aria-busy])")
        expect(page.locator("progress, [role=alert], [aria-invalid]")).to_have_count(0)
        expect(page.locator("[name=picture]")).to_have_value("")
        self.assertGreater(forwarder.connections, 1)

    def meanwhile(self, page: Page) -> None:
        """A file that is chosen while another one is sent stays chosen."""
        page.fill("[name=title]", "Dog")
        page.set_input_files("[name=picture]", picture(CONTENT))
        script = """() => {
            const field = document.querySelector("[name=picture]");
            field.form.requestSubmit();
            const chosen = new DataTransfer();
            chosen.items.add(new File(["x"], "next.png", { type: "image/png" }));
            field.files = chosen.files;
        }"""
        page.evaluate(script)
        page.wait_for_selector("p:has-text('Dog cat.png')")
        page.wait_for_selector("form:not([aria-busy])")
        expect(page.locator("[name=title]")).to_have_value("")
        self.assertEqual(page.evaluate("() => document.querySelector('[name=picture]').files[0].name"), "next.png")
        page.evaluate("() => document.querySelector('[name=picture]').form.reset()")

    def cancel(self, page: Page, forwarder: PortForwarder) -> None:
        page.fill("[name=title]", "Never")
        page.set_input_files("[name=picture]", picture(bytes(50_000)))
        forwarder.pause()
        page.click("text=Add")
        page.wait_for_selector(PROGRESS)
        self.assertIn("Never", page.evaluate(HIDDEN))
        page.click("text=Cancel")
        forwarder.resume()
        page.wait_for_selector("form:not([aria-busy])")
        expect(page.locator("progress, [role=alert], [aria-invalid]")).to_have_count(0)
        self.assertEqual(page.locator("p:has-text('Never')").count(), 0)

    def reload(self, page: Page) -> None:
        page.fill("[name=title]", "Dog")
        page.set_input_files("[name=picture]", picture(b"a"))
        page.reload()
        page.wait_for_selector("[name=picture][aria-invalid] + [role=alert]:text-is('Please choose the file again.')")
        expect(page.locator("[name=title]")).to_have_value("Dog")
