# -*- test-case-name: tests.test_util -*-
"""
The part of ``nevow.util`` that applications of Athena use: paths of files, and ``Expose``.
"""

from __future__ import annotations

import os
from importlib import import_module

from twisted.python.util import sibpath

from ._core.expose import Expose

__all__ = ["Expose", "resource_filename", "sibpath"]


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
