# -*- test-case-name: tests.test_static -*-
"""
``nevow.static``: ``twisted.web.static``'s resources for files and for data, which have the same names; and Athena's own
for files by names.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource

with warnings.catch_warnings():
    # Of itself: it makes a deprecated resource when it is imported.
    warnings.simplefilter("ignore", DeprecationWarning)
    from twisted.web.static import Data, File

__all__ = ["Data", "File", "MappingResource"]


class MappingResource(Resource):
    """Files by names that are not theirs: what Athena served modules with, for applications that do so themselves."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        """
        :param mapping: of the names that are asked for, to those of files.
        """
        super().__init__()
        self.mapping = mapping

    def render(self, request: Any) -> Any:
        return notFound().render(request)

    def getChild(self, path: bytes, request: Any) -> IResource:
        fileName = self.mapping.get(path.decode("utf-8", "replace"))
        return self.resourceFactory(fileName) if fileName else notFound()

    def resourceFactory(self, fileName: str) -> IResource:
        """Override it to serve a file in another way."""
        return File(fileName)
