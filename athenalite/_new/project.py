# -*- test-case-name: tests.new.test_project -*-
"""
The files of a new project: :func:`filesOf`, and :func:`make`, which writes them.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from .._text.version import VERSION
from .names import Name

#: Each file of a project is here with this suffix, so that no tool takes it for one of athenalite's own.
_SUFFIX: Final = ".in"
#: What only a whole project has, by the beginnings of the paths.
_FULL: Final = ("Containerfile", "deploy/", "dot-dockerignore", "tests/js/", "tests/test_browser.py")
#: A part of a file that only a whole project has, and its marks.
_PART: Final = re.compile(r"<!--full-->(.*?)<!--/full-->", re.DOTALL)


def filesOf(name: Name, minimal: bool = False) -> dict[str, str]:
    """
    :param minimal: leave out tests in a browser and what serves the application elsewhere.
    :return: the text of each file of a new project, by its path in the project.
    """
    return {
        _pathOf(path, name): _textOf(text, name, minimal)
        for path, text in _sources(files(__package__) / "files", "")
        if not (minimal and path.startswith(_FULL))
    }


def make(directory: Path, name: Name, minimal: bool = False) -> None:
    """
    Write a new project into ``directory``, which must not exist. It is there as a whole, or not at all.

    :raise OSError: if it cannot be written.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{name.package}-", dir=directory.parent))
    try:
        # mkdtemp makes directories for one user only.
        made.chmod(0o777 & ~_umask(made))
        for path, text in filesOf(name, minimal).items():
            file = made / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        # Unlike a renaming, this never replaces an empty directory that was made meanwhile.
        if directory.exists() or directory.is_symlink():
            raise FileExistsError(17, "File exists", str(directory))
        made.rename(directory)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _umask(directory: Path) -> int:
    # The process's own can only be read by changing it.
    probe = directory / "probe"
    probe.mkdir()
    mode = probe.stat().st_mode
    probe.rmdir()
    return ~mode & 0o777


def _sources(directory: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(directory.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_SUFFIX):
            yield prefix + entry.name.removesuffix(_SUFFIX), entry.read_text("utf-8")


def _pathOf(path: str, name: Name) -> str:
    path = re.sub("^package/", f"{name.package}/", path)
    path = re.sub("(?<=/)name(?=[.])", name.package, path)
    return re.sub("(?<=/)Name(?=[A-Z.])", name.module, path).replace("dot-", ".")


def _textOf(text: str, name: Name, minimal: bool) -> str:
    text = _PART.sub("" if minimal else r"\1", text)
    words = {"name": name.package, "Name": name.module, "Title": name.title, "version": VERSION}
    return re.sub("@(name|Name|Title|version)@", lambda found: words[found[1]], text).rstrip("\n") + "\n" * bool(text)
