# -*- test-case-name: tests.server.test_autobahn -*-
"""
Imports what is used of Autobahn, for the other modules of this folder; no other module imports it.

What is not named here is not used, so a new release of Autobahn can be checked by this list.
"""

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflate, PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from autobahn.websocket.types import ConnectionRequest

#: The attributes of a protocol that are used in its handshake only.
OF_HANDSHAKE = (
    "_wskey",
    "http_headers",
    "http_request_data",
    "http_request_host",
    "http_request_params",
    "http_response_data",
    "http_status_line",
    "websocket_extensions",
    "websocket_protocols",
)

__all__ = [
    "OF_HANDSHAKE",
    "ConnectionRequest",
    "PerMessageDeflate",
    "PerMessageDeflateOffer",
    "PerMessageDeflateOfferAccept",
    "WebSocketResource",
    "WebSocketServerFactory",
    "WebSocketServerProtocol",
]
