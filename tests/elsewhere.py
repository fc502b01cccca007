"""Another site, for tests of pages that are left, or seem to be."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

SLOW = 3.0
"""Seconds until the site answers under ``/slow``."""


class _Handler(BaseHTTPRequestHandler):
    """A page, unless the address says otherwise."""

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            time.sleep(SLOW)
        if self.path.endswith("/nothing"):
            self.send_response(204)
            self.end_headers()
            return
        body = b"<!doctype html><title>Elsewhere</title><link rel=icon href=data:,>elsewhere"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path.endswith("/report.csv"):
            self.send_header("Content-Disposition", "attachment")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser that does not wait for a slow answer is no error."""


class Elsewhere:
    """
    A site on a free port; a context manager.

    ``/`` is a page, ``/report.csv`` a file that browsers save, ``/nothing`` is answered with 204; ``/slow`` before each
    of them delays the answer by ``SLOW`` seconds.

    :ivar url: its address without a slash at the end, on the host of the servers under test.
    :ivar foreign: the same on another host, so that a browser which isolates sites uses another process for it.
    """

    def __enter__(self) -> Self:
        self._site = _Server(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self._site.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://localhost:{self._site.server_port}"
        self.foreign = f"http://127.0.0.1:{self._site.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._site.shutdown()
        self._thread.join()
        self._site.server_close()
