# -*- test-case-name: tests.text.test_version -*-
"""
The version of this release, and what ``athena-widget --version`` prints.
"""

from __future__ import annotations

import platform
from importlib import metadata

#: ``setup.cfg`` reads it from here, so it is that of the code that runs, installed or not.
VERSION = "0.1.0"

_REQUIRED = (("Twisted", "Twisted"), ("Autobahn", "autobahn"))


def versions() -> str:
    """
    :return: the versions of athenalite, of what it runs on, and of Python, in one line.
    """
    on = ", ".join(f"{name} {_installed(distribution)}" for name, distribution in _REQUIRED)
    return f"athenalite {VERSION} ({on}, {platform.python_implementation()} {platform.python_version()})"


def _installed(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "of an unknown version"
