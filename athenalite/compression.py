# -*- test-case-name: tests.test_compression -*-
"""
``nevow.compression``: pages that are sent compressed, on ``twisted.web``'s encoders.

Do not compress pages that show both a secret and what a request contains: the size tells what is equal in both, to
somebody who can send requests from the user's browser and sees the sizes of responses (the attack is called BREACH). A
live page has a secret, its token. Scripts and style sheets are sent compressed in any case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.web.resource import EncodingResourceWrapper
from twisted.web.server import GzipEncoderFactory

from ._assets.assets import PREFIX
from ._porting.missing import absent
from .rend import asResource

__all__ = ["CompressingResourceWrapper"]


class CompressingResourceWrapper(EncodingResourceWrapper):
    """
    Sends what a resource and those below it respond with gzipped, to browsers that accept it.

    :ivar underlying: the resource.
    """

    def __init__(self, underlying: Any) -> None:
        """
        :param underlying: a resource, or what can be adapted to one.
        """
        self.underlying = asResource(underlying)
        super().__init__(self.underlying, [GzipEncoderFactory()])

    def getChildWithDefault(self, name: bytes, request: Any) -> Any:
        child = self.underlying.getChildWithDefault(name, request)
        # A live page's scripts are compressed already, and its sockets are no documents.
        return child if name == PREFIX.encode("ascii") else type(self)(child)


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
