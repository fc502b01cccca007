# -*- test-case-name: tests.test_util -*-
"""
The part of ``nevow.util`` that applications of Athena use: paths of files, and ``Expose``.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from twisted.python.util import sibpath

from ._core.expose import Expose
from ._porting.missing import absent

__all__ = ["Expose", "getPOSTCharset", "resource_filename", "sibpath"]


def resource_filename(package: str, *segments: str) -> str:
    """
    :param package: the dotted name of a package or of a module.
    :param segments: the path relative to its directory.
    :return: the path of the file, or of the directory.
    :raise ImportError: if there is no such package.
    """
    module = import_module(package)
    directory = module.__path__[0] if hasattr(module, "__path__") else os.path.dirname(str(module.__file__))
    return os.path.join(directory, *segments)


def getPOSTCharset(ctx: Any) -> str:
    """
    :param ctx: a context with a request.
    :return: the encoding of a form's data: what the browser has written into its field ``_charset_``, or said in
        ``Content-Type``; otherwise ``utf-8``. It may be the name of no encoding.
    """
    charset: str | None = ctx.arg("_charset_")
    contentType = ctx.request.getHeader("content-type") or ""
    for parameter in contentType.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset":
            charset = charset or value.strip('"')
    return charset or "utf-8"


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
