# -*- test-case-name: tests.server.test_resource -*-
"""
The ``_athena`` resource beside the pages: scripts, style sheets, and the sockets.
"""

from __future__ import annotations

from typing import Any, Final

from twisted.web.http import CACHED
from twisted.web.resource import IResource, Resource

from .._assets.assets import Asset, Assets
from .._assets.beside import BesideFile
from .._assets.modules import digestOf
from .responses import missing

FOREVER: Final = "public, max-age=31536000, immutable"
# An SVG file is a document of this origin if somebody opens its address; then it must not run scripts.
_BESIDE_HEADERS: Final = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "x-content-type-options": "nosniff",
}


class _Directory(Resource):
    """A resource with children that is itself not found."""

    def getChild(self, path: bytes, request: Any) -> IResource:
        return missing()

    def render(self, request: Any) -> Any:
        return missing().render(request)


class AthenaResource(_Directory):
    """
    ``_athena``: ``transport``, ``health``, ``<digest>/<name>`` for each asset, and the same below ``at/<worker>``.
    """

    def __init__(self, assets: Assets, transport: IResource, health: IResource) -> None:
        super().__init__()
        self._assets = assets
        self.putChild(b"transport", transport)
        self.putChild(b"at", _Workers(self))
        self.putChild(b"health", health)

    def getChild(self, path: bytes, request: Any) -> IResource:
        return _Digest(self._assets, _decoded(path))


class _Workers(_Directory):
    """
    The same under the name of any worker. A proxy chooses by it; a socket that has come to another worker is answered
    there, by its token.
    """

    def __init__(self, root: AthenaResource) -> None:
        super().__init__()
        self._root = root

    def getChild(self, path: bytes, request: Any) -> IResource:
        return self._root


def workerIn(request: Any) -> str:
    """
    :return: the worker that the address of a socket names; empty if it names none.
    """
    path = request.prepath[-3:]
    return _decoded(path[1]) if path[0] == b"at" else ""


class _Digest(_Directory):
    def __init__(self, assets: Assets, digest: str) -> None:
        super().__init__()
        self._assets = assets
        self._digest = digest

    def getChild(self, path: bytes, request: Any) -> IResource:
        segments = [_decoded(one) for one in (path, *request.postpath)]
        asset = None if request.postpath else self._assets.get(segments[0])
        if asset is not None and asset.digest == self._digest:
            return _AssetResource(asset, True)
        # What a style sheet imports is beside it, also if a module of another package has the same name.
        beside = self._assets.besideStyle(self._digest, segments)
        if beside is None:
            return missing() if asset is None else _AssetResource(asset, False)
        request.prepath += request.postpath
        request.postpath[:] = []
        return _BesideResource(beside)


class _BesideResource(Resource):
    """A file that a style sheet names. Its address has no hash of its content: browsers ask again."""

    isLeaf = True

    def __init__(self, file: BesideFile) -> None:
        super().__init__()
        self._file = file

    def render_GET(self, request: Any) -> Any:
        try:
            content = self._file.read()
        except OSError:
            return missing().render(request)
        for name, value in _BESIDE_HEADERS.items():
            request.setHeader(name, value)
        request.setHeader("content-type", self._file.contentType)
        if request.setETag(b'"%s"' % digestOf(content).encode("ascii")) is CACHED:
            return b""
        request.setHeader("content-length", str(len(content)))
        return b"" if request.method == b"HEAD" else content


def _decoded(segment: bytes) -> str:
    return segment.decode("utf-8", "surrogateescape")


class _AssetResource(Resource):
    isLeaf = True

    def __init__(self, asset: Asset, named: bool) -> None:
        super().__init__()
        self._asset = asset
        self._named = named

    def render_GET(self, request: Any) -> bytes:
        asset = self._asset
        request.setHeader("content-type", asset.contentType)
        # A page of an earlier version requests a digest that is no longer served. It gets the current content, which
        # must not be cached under that name.
        request.setHeader("cache-control", FOREVER if self._named else "no-store")
        request.setHeader("x-content-type-options", "nosniff")
        request.setHeader("vary", "Accept-Encoding")
        content = asset.content
        if asset.gzipped is not None and _acceptsGzip(request):
            request.setHeader("content-encoding", "gzip")
            content = asset.gzipped
        request.setHeader("content-length", str(len(content)))
        # twisted.web logs a warning for a body in the response to HEAD.
        return b"" if request.method == b"HEAD" else content


def _acceptsGzip(request: Any) -> bool:
    accepted = request.getHeader("accept-encoding") or ""
    for coding in accepted.split(","):
        name, _, parameters = coding.strip().partition(";")
        if name.strip().lower() == "gzip":
            return parameters.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
