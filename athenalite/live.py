# -*- test-case-name: tests.project.test_guide_live -*-
"""
Live templates: what an application that has no JavaScript needs, in one import. See ``docs/live-templates.rst``::

    from athenalite.live import LiveElement, expose, part, sibpath, xmlfile
"""

from twisted.python.util import sibpath

from ._core.expose import expose
from ._live.decorators import part
from ._live.forms import FieldError
from ._live.shared import SharedElement
from ._live.uploads import Upload, UploadLimits
from ._page.element import LiveElement
from .errors import LivePageError
from .loaders import xmlfile, xmlstr
from .page import renderer

__all__ = [
    "FieldError",
    "LiveElement",
    "LivePageError",
    "SharedElement",
    "Upload",
    "UploadLimits",
    "expose",
    "part",
    "renderer",
    "sibpath",
    "xmlfile",
    "xmlstr",
]
