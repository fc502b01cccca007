"""
Take README's picture of a chat of two users: ``python -m harness.screenshot`` writes ``docs/chat.png``.
"""

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from harness.browser import chromium
from harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

TARGET = Path(__file__).parent.parent / "docs" / "chat.png"
SIZE: "ViewportSize" = {"width": 470, "height": 560}
TALK = [
    (0, "Good morning! Did the line drop for you as well?"),
    (1, "For half a minute, in the tunnel. Nothing is missing, though."),
    (0, "As https://docs.twisted.org/ promises. <b>Markup</b> is just text?"),
    (1, '<script>alert("so it seems")</script>'),
]


def main() -> None:
    """Run a chat of two users, and put their windows side by side."""
    browser = chromium()
    with Server("chatthing.chatterbox.chat") as server:
        pages = [browser.new_page(viewport=SIZE, device_scale_factor=2, color_scheme=s) for s in ("light", "dark")]
        for name, page in zip(("alice", "bob"), pages, strict=True):
            page.goto(server.url)
            page.fill("[name=username]", name)
            page.press("[name=username]", "Enter")
            page.locator("[name=userMessage]").wait_for(state="visible")
        for who, line in TALK:
            pages[who].fill("[name=userMessage]", line)
            pages[who].press("[name=userMessage]", "Enter")
            for page in pages:
                page.get_by_text(line).wait_for()
        shots = [base64.b64encode(page.screenshot()).decode("ascii") for page in pages]
    frame = browser.new_page(viewport={"width": 1000, "height": 600}, device_scale_factor=2)
    frame.set_content("<body style='margin: 20px; display: flex; gap: 20px; background: #dfe3ea'></body>")
    for shot in shots:
        frame.evaluate(
            """async (data) => {
                const image = new Image(470, 560);
                image.style.borderRadius = "10px";
                image.src = "data:image/png;base64," + data;
                await image.decode();
                document.body.append(image);
            }""",
            shot,
        )
    frame.screenshot(path=TARGET)


if __name__ == "__main__":
    main()
