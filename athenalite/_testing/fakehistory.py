# -*- test-case-name: tests.testing.test_fakehistory -*-
"""
The addresses of a simulated page: :class:`FakeHistory`.
"""

from __future__ import annotations


class FakeHistory:
    """
    What a browser keeps of the addresses of one page.

    :ivar start: the path of the document.
    :ivar moves: how often the person has gone back or forward.
    """

    def __init__(self, url: str) -> None:
        """
        :param url: that of the document: its path and query.
        """
        self.start = url.partition("?")[0]
        self.moves = 0
        self._urls = [url]
        self._at = 0

    @property
    def url(self) -> str:
        """The address that is shown."""
        return self._urls[self._at]

    def show(self, url: str, isNew: bool, moves: int, path: str) -> None:
        """Show an address of the server, as the client does."""
        if moves == self.moves:
            del self._urls[self._at + isNew :]
            self._urls.append(url)
            self._at = len(self._urls) - 1

    def go(self, steps: int) -> None:
        """
        Go forward, or back if ``steps`` is negative.

        :raise LookupError: if there is no such address of this page.
        """
        at = self._at + steps
        if not 0 <= at < len(self._urls):
            raise LookupError(f"there is no address to go to: {', '.join(self._urls)}, at {self.url}")
        self._at = at
        self.moves += 1
