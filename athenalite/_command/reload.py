# -*- test-case-name: tests.command.test_reload -*-
"""
``--reload``: serves an application while it is developed, and restarts when its Python has changed.

:class:`Supervisor` forks a server for each version. It has imported athenalite and Twisted, and never the application
nor the reactor, so a new version is there as soon as the application itself is imported. Only this module imports
watchfiles, which is an extra.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.machinery import PathFinder
from pathlib import Path
from threading import Event
from typing import Any, Final, NoReturn, Protocol

from twisted.python import usage

from .keptports import KeptPorts

#: In seconds: how long a server may take to stop, and how often it is looked at meanwhile.
_STOPPING: Final = 2.0
_POLL: Final = 0.01
#: In milliseconds: a change is over when there was none for so long; and how often a server's end is looked for.
_DEBOUNCE: Final = 50
_LOOK: Final = 500
_STOP: Final = (signal.SIGINT, signal.SIGTERM)


class Watch(Protocol):
    """Sees changes of an application's Python."""

    def changes(self, isOver: Callable[[], bool], since: object) -> Iterable[str]:
        """
        Wait for the next change, or until ``isOver``, which is asked twice a second.

        :param since: the version that is served: a change between it and this call counts.
        :return: the paths of files that were added, changed or removed; none if it is over.
        """

    def version(self) -> object:
        """
        :return: a value that differs once a file was changed.
        """


class Files:
    """
    The Python files of some directories, seen by watchfiles. Environments, caches and repositories are left out.
    """

    def __init__(self, directories: Iterable[Path]) -> None:
        """
        :raise ModuleNotFoundError: without watchfiles.
        """
        import watchfiles

        self._watchfiles = watchfiles
        self._directories = list(directories)
        self._ignored = watchfiles.DefaultFilter()

    def changes(self, isOver: Callable[[], bool], since: object) -> Iterable[str]:
        options: dict[str, Any] = {
            "debounce": _DEBOUNCE,
            "step": _DEBOUNCE,
            "rust_timeout": _LOOK,
            "yield_on_timeout": True,
        }
        watching: Any = self._watchfiles.watch(
            *self._directories, watch_filter=self._mayMatter, stop_event=Event(), raise_interrupt=False, **options
        )
        before: object = since
        # A thread of the watch's must be gone before the next fork.
        try:
            for found in watching:
                # What was changed before the watch began is seen by comparison, once.
                if found or isOver() or (before is not None and self.version() != before):
                    return sorted({path for _, path in found})
                before = None
        finally:
            watching.close()
        return []

    def _mayMatter(self, change: Any, path: str) -> bool:
        # Of a directory that was moved or removed there is no event for each file.
        return (path.endswith(".py") or not os.path.splitext(path)[1]) and self._ignored(change, path)

    def version(self) -> object:
        return {
            path: (status.st_mtime_ns, status.st_size)
            for directory in self._directories
            for path, status in self._files(directory)
        }

    def _files(self, directory: Path) -> Iterator[tuple[str, os.stat_result]]:
        ignored = set(self._ignored.ignore_dirs)
        for where, inner, names in os.walk(directory):
            inner[:] = [name for name in inner if name not in ignored and not Path(where, name, "pyvenv.cfg").exists()]
            for name in names:
                if name.endswith(".py"):
                    with suppress(OSError):
                        path = os.path.join(where, name)
                        yield path, os.stat(path)


def directoriesOf(element: str) -> list[Path]:
    """
    :param element: the dotted name of an element.
    :return: the current directory, and that of the element's package if it is elsewhere and is not installed.
    """
    here = Path.cwd()
    found = PathFinder.find_spec(element.partition(".")[0], [str(here), *sys.path])
    places: list[str | None] = []
    if found is not None:
        places += found.submodule_search_locations or [found.origin]
    directories = [here]
    for place in places:
        path = Path(place or "").resolve()
        path = path if path.is_dir() else path.parent
        if path.exists() and "site-packages" not in path.parts and not path.is_relative_to(here.resolve()):
            directories.append(path)
    return directories


class Broken:
    """Stands for an element that could not be imported: raises that exception for each page."""

    def __init__(self, error: BaseException) -> None:
        self._error = error
        self._traceback = error.__traceback__

    def __call__(self) -> NoReturn:
        # Otherwise the traceback would grow each time.
        raise self._error.with_traceback(self._traceback)


class Supervisor:
    """Forks servers, one after the other."""

    def __init__(self, watch: Watch, show: Callable[[str], object], fork: Callable[[], int] = os.fork) -> None:
        """
        :param show: prints a line for the developer.
        """
        self._watch = watch
        self._show = show
        self._fork = fork
        self._stopped = False

    def run(self) -> bool:
        """
        Fork a server, and another one at each change.

        :return: True in each server, which goes on and serves; False in the supervisor, once it was stopped.
        """
        with self._signals():
            while not self._stopped:
                version = self._watch.version()
                sys.stdout.flush()
                child = self._fork()
                if not child:
                    return True
                self._supervise(child, version)
        return False

    def _supervise(self, child: int, version: object) -> None:
        ended: list[int] = []

        def isOver() -> bool:
            if not ended and (status := _statusOf(child)) is not None:
                ended.append(status)
                if not self._stopped:
                    self._show(f"the server has ended with status {status}; waiting for a change")
            return self._stopped

        changed: Iterable[str] = ()
        # It may have been changed while it was being imported.
        while not self._stopped and self._watch.version() == version:
            changed = self._watch.changes(isOver, version)
        if not self._stopped:
            names = ", ".join(os.path.relpath(path) for path in changed)
            self._show(f"changed: {names or 'a file'}; restarting")
        if not ended:
            _stop(child)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._toldToStop) for number in _STOP}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _toldToStop(self, number: int, frame: Any) -> None:
        self._stopped = True


def _statusOf(child: int) -> int | None:
    pid, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _stop(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGTERM)
    deadline = time.monotonic() + _STOPPING
    while _statusOf(child) is None:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return
        time.sleep(_POLL)


def supervise(options: Any) -> KeptPorts:
    """
    Start the supervisor. It returns in each server that it forks, and exits when a signal stops it.

    :param options: of the command.
    :return: the ports for the server to listen on.
    :raise twisted.python.usage.UsageError: if it cannot reload.
    """
    if not hasattr(os, "fork"):
        raise usage.UsageError("--reload needs a system that can fork, such as Linux or macOS")
    if options["workers"] != 1:
        raise usage.UsageError("--reload is of one worker: leave --workers out")
    if options.parent is not None and not options.parent.get("nodaemon", True):
        raise usage.UsageError("--reload is for development: use twist, or twistd -n")
    try:
        files = Files(directoriesOf(options["element"]))
    except ModuleNotFoundError as error:
        raise usage.UsageError(f'--reload needs {error.name}: pip install "athenalite[reload]"') from None
    kept = KeptPorts()
    kept.open([*options["listen"], *options["metrics"], *options["admin"]])
    if not Supervisor(files, lambda text: sys.stderr.write(f"athena-widget: {text}\n")).run():
        kept.close()
        sys.exit(0)
    return kept
