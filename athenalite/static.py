# -*- test-case-name: tests.test_static -*-
"""
``nevow.static``: the resources ``File`` and ``Data`` of ``twisted.web.static``, and ``MappingResource`` of
``nevow.athena``.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource

from ._porting.missing import absent

with warnings.catch_warnings():
    # twisted.web.static makes a deprecated resource when it is imported.
    warnings.simplefilter("ignore", DeprecationWarning)
    from twisted.web.static import Data as TwistedData
    from twisted.web.static import File

__all__ = ["Data", "File", "MappingResource"]


class Data(TwistedData):
    """``twisted.web.static.Data``, also of text."""

    def __init__(self, data: str | bytes, type: str) -> None:
        """
        :param data: text is sent as UTF-8.
        :param type: the content type.
        """
        super().__init__(data.encode("utf-8") if isinstance(data, str) else data, type)


class MappingResource(Resource):
    """Serves files under other names than their own, as Athena served modules."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        """
        :param mapping: from the last segment of the URL to the path of a file.
        """
        super().__init__()
        self.mapping = mapping

    def render(self, request: Any) -> Any:
        return notFound().render(request)

    def getChild(self, path: bytes, request: Any) -> IResource:
        fileName = self.mapping.get(path.decode("utf-8", "replace"))
        return self.resourceFactory(fileName) if fileName else notFound()

    def resourceFactory(self, fileName: str) -> IResource:
        """Override it to serve a file by another resource."""
        return File(fileName)


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
