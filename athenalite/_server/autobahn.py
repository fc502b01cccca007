# -*- test-case-name: tests.server.test_autobahn -*-
"""
All that is used of Autobahn: the only module that imports it, for the others in this folder.

What is not named here is not used, so a new release of Autobahn can be checked by this list.
"""

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflate, PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from autobahn.websocket.types import ConnectionRequest

__all__ = [
    "ConnectionRequest",
    "PerMessageDeflate",
    "PerMessageDeflateOffer",
    "PerMessageDeflateOfferAccept",
    "WebSocketResource",
    "WebSocketServerFactory",
    "WebSocketServerProtocol",
]
