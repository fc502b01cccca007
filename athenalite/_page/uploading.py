# -*- test-case-name: tests.live.test_uploads -*-
"""
The files that are on their way from the browser to the methods of a page's elements: :class:`Uploading`.
"""

from __future__ import annotations

from typing import Any

from .._live.receiving import Receiving


class Uploading:
    """A page that receives files."""

    _athenaFiles: Receiving | None = None

    @property
    def _athenaReceiving(self) -> Receiving:
        """The files that the page is sending. They are removed when it is lost."""
        if self._athenaFiles is None:
            page: Any = self
            site = page._athenaShared
            files = self._athenaFiles = Receiving(site, site.sessions.clock, page.session.log)
            page.notifyOnDisconnect().addErrback(lambda _: files.close())
        return self._athenaFiles
