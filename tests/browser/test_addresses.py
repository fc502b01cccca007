# -*- test-case-name: tests.browser.test_addresses -*-
"""Addresses of a page's scripts in a real Chromium: of a page that has another address by then, and with a password."""

import sys

from harness.browser import BrowserTestCase
from harness.server import Server
from tests.browser.test_odd import APPLICATIONS

MODERN = "modernthing.modernbox.ModernElement"

# How many widgets are children of the first once another, of a module that is not loaded yet, is added.
ADD = """async () => {
    const widget = Nevow.Athena.Widget.fromAthenaID(1);
    return [(await widget.add()).node.title, widget.childWidgets.length];
}"""


LATER = """async () => {
    const widget = Nevow.Athena.Widget.fromAthenaID(1);
    const child = await widget.addChildWidgetFromWidgetInfo(await widget.callRemote("later"));
    document.body.append(child.node);
    return child.node.textContent;
}"""


class Bases(Server):
    """The site of ``tests.applications.addressthing``."""

    def __init__(self) -> None:
        super().__init__("")
        self.command = [sys.executable, "-W", "error", "-m", "tests.applications.addressthing"]


class AddressTests(BrowserTestCase):
    """The page of ``modernthing``."""

    def test_pushState(self) -> None:
        """An address that a script gives the page does not change where modules are loaded from."""
        page = self.openPage(self.sharedServer(MODERN, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        page.evaluate("history.pushState(null, '', '/shop/items/5')")
        self.assertEqual(page.evaluate(ADD), ["a child of its parent", 2])

    def test_password(self) -> None:
        """With a user name and password in the address, the client runs once, and modules import that one."""
        url = self.sharedServer(MODERN, cwd=APPLICATIONS).url
        page = self.openPage(url.replace("://", "://user:password@"))
        self.waitForWidget(page)
        self.assertEqual(page.evaluate(ADD), ["a child of its parent", 2])
        self.assertEqual(page.get_by_role("alertdialog").count(), 0)

    def test_names(self) -> None:
        """Modules and style sheets with any names are loaded, and what a style sheet names beside it and above."""
        page = self.openPage(self.sharedServer("addressthing.addressbox.AddressElement", cwd=APPLICATIONS).url)
        page.get_by_text("ready").wait_for()
        for name in ("backgroundImage", "listStyleImage"):
            address = page.locator(".address").evaluate(f"node => getComputedStyle(node).{name}.slice(5, -2)")
            self.assertTrue(address.endswith("/img/bg%201.svg"), address)
            image = page.evaluate(
                "async (a) => { const r = await fetch(a); return [r.status, await r.text()]; }", address
            )
            self.assertEqual((image[0], image[1][:4]), (200, "<svg"))
        color = page.locator(".address").evaluate("node => getComputedStyle(node).color")
        self.assertEqual(color, "rgb(1, 2, 3)")

    def test_base(self) -> None:
        """
        A ``<base>`` of the page's own, before its scripts or behind them, changes neither their addresses nor those of
        the socket, of style sheets, and of what is loaded later: not of this host, nor of another.
        """
        server = self.useServer(Bases())
        for path in ("BasePage", "BehindPage"):
            for base in ("/shop/items/", "http://127.0.0.1:9/elsewhere/"):
                with self.subTest(path, base=base):
                    own = f"{server.url}{path}"
                    loaded = self.loadedBy(f"{own}?{base}")
                    self.assertEqual([url for url in loaded if not url.startswith((own, "data:"))], [])
                    self.assertIn(f"{own}/_athena/transport", loaded)

        # With a password in the page's own address, the client runs once, whatever the base is.
        own = f"{server.url}BasePage"
        loaded = self.loadedBy(f"{own.replace('://', '://user:password@')}?http://127.0.0.1:9/elsewhere/")
        self.assertEqual(loaded.count(f"{own}/_athena/transport"), 1)

    def loadedBy(self, url: str) -> list[str]:
        """What a page with a ``<base>`` loads, and what a widget that is added to it does."""
        page = self.openPage()
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url))
        page.on("websocket", lambda socket: loaded.append(f"http{socket.url[2:]}"))
        page.goto(url)
        page.get_by_text("ready").wait_for()
        self.assertEqual(page.evaluate(LATER), "loaded later")
        page.wait_for_function("() => getComputedStyle(document.querySelector('.later')).color === 'rgb(1, 2, 3)'")
        self.assertTrue(page.evaluate("document.baseURI.endsWith(location.search.slice(1))"))
        return loaded
