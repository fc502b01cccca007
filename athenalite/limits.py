# -*- test-case-name: tests.test_limits -*-
"""
The limits of a site. ``docs/security.rst`` and ``docs/reliability.rst`` give the reason for each default.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """Times are in seconds, sizes in bytes. All are positive."""

    #: A page that never connected is lost after this.
    connectTimeout: float = 60.0
    #: A page without a socket is lost after this.
    transportlessTimeout: float = 180.0
    #: But a page whose browser closed the socket because it goes away (1001) is lost without a new socket after this.
    leavingTimeout: float = 1.75
    #: A socket has this long to identify its page.
    openTimeout: float = 5.0
    #: The application has this long to authorize a socket; then the socket is refused.
    authorizeTimeout: float = 10.0
    #: A message is acknowledged at the latest after this.
    ackDelay: float = 1.0
    #: Or after this many messages.
    ackEvery: int = 16
    #: How often each socket is pinged.
    pingInterval: float = 20.0
    #: How long it may take to answer a ping.
    pingTimeout: float = 20.0
    #: The largest message a browser may send.
    maxMessageSize: int = 64 * 1024
    #: How many messages may be incomplete, on all sockets of the site. Beyond it, the peer with most loses a socket.
    maxMessagesIncomplete: int = 100
    #: The rate limit: a browser that sends more messages or KiB in a second is not read from for the rest of it.
    maxMessagesPerSecond: int = 1000
    #: How many messages are kept for a page that is away, until it acknowledges them.
    maxMessagesKept: int = 10_000
    #: And how many bytes of them.
    maxBytesKept: int = 4 * 1024 * 1024
    #: A connected page that exceeds these is lost if its socket accepts nothing, and it acknowledges nothing, for this
    #: long.
    stallTimeout: float = 5.0
    #: How many bytes are kept for a connected page at most; 64 more are counted for each message.
    maxBytesQueued: int = 16 * 1024 * 1024
    #: While more bytes than this are unacknowledged, the page's calls are not run; 64 more for each message.
    window: int = 1024 * 1024
    #: While more bytes of a page's messages than this wait to be run, its socket is not read; 64 more for each message.
    maxBytesReceived: int = 5 * 1024 * 1024
    #: How many calls of one page may be running.
    maxPendingCalls: int = 1000
    #: And how much memory their arguments may occupy.
    maxBytesPending: int = 4 * 1024 * 1024
    #: How many pages may be rendered and not connected; beyond it, the peer with most of them loses its oldest.
    maxPagesUnconnected: int = 2000
    #: How many pages may be without a socket, having had one; beyond it, the peer with most of them loses the one that
    #: left first.
    maxPagesTransportless: int = 20_000
    #: How many sockets there may be at once; another is refused with 503.
    maxConnections: int = 20_000
    #: How long one HTTP request may take to come, an idle connection to send the next, a response to be read, or a
    #: connection to close.
    requestTimeout: float = 60.0
    #: How large the body of a request may be.
    maxRequestSize: int = 64 * 1024
    #: How large the files of a page may be together, until its methods have had them; each counts at least 1 MiB.
    maxPageUploads: int = 64 * 1024 * 1024
    #: The same for all pages of a site.
    maxUploads: int = 1024 * 1024 * 1024
    #: Files are removed if nothing of any file of their page has come for this long.
    uploadTimeout: float = 60.0
    #: On shutdown, running calls get this long to finish.
    shutdownTimeout: float = 5.0
    #: A call of a room fails if the engine has not accepted it within this.
    engineTimeout: float = 10.0
    #: How many bytes of calls may wait for the engine; beyond it, calls fail at once. 64 more are counted for each.
    maxBytesForEngine: int = 4 * 1024 * 1024
    #: How many calls of each room the engine keeps. A worker that was away for more than these misses the others.
    roomHistory: int = 10_000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise ValueError(f"{field.name} must be positive, not {value!r}")
