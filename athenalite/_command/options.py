# -*- test-case-name: tests.command.test_options -*-
"""
The command line of ``twistd athena-widget``: :class:`Options`.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from twisted.python import usage
from twisted.python.reflect import InvalidName, ModuleNotFound, ObjectNotFound, namedAny

from .._page.element import LiveElement
from .._rooms.home import Rooms
from .._rooms.room import Room
from .._server.origin import parseOrigin
from .._text.version import versions
from .._text.workernames import WORKER_NAME
from ..limits import Limits
from .adminoptions import PARAMETERS as ADMIN_PARAMETERS
from .adminoptions import checkAdmin
from .reload import Broken, supervise
from .workeroptions import FLAGS, PARAMETERS, checkWorkers, engineOf, numberOf

PORT: Final = 8080
NAME: Final = "athena-widget"
#: Who changes a file waits for the restart: running calls get no more time than this, in seconds.
_RELOADED_SHUTDOWN: Final = 0.2
#: In seconds. A longer time is a mistake in the unit.
_LONGEST_DRAIN: Final = 3600
#: What Twisted says before the error of a function that makes a value of a text.
_COERCING: Final = "Parameter type enforcement failed: "


class CannotServe(SystemExit, Exception):
    """
    The service cannot start: the process exits with status 1 and this one line.

    It is an Exception, too, because twistd catches one when it fails to start: it then removes its pidfile and, as a
    daemon, reports the failure to the process that started it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(f"{NAME}: {text}")


class Options(usage.Options):
    """Command-line options of ``athena-widget``. An error is reported in one line, with exit status 1."""

    synopsis = "--element=package.module.name [options]"
    longdesc = "Serve a LiveElement as a web page."

    optFlags = [
        ["debug", None, "Show errors, with tracebacks, and messages in the browser (for development)."],
        ["reload", None, "Restart when the application's Python changes (for development). It includes --debug."],
        ["log-pages", None, "Log when a page is rendered, connected, disconnected, resumed and lost."],
        ["tracing", None, "Make a span of OpenTelemetry of each call; the application sets where they go."],
        ["behind-proxy", None, "Trust X-Forwarded-Proto, -Host and -For. Use only behind a proxy that sets them."],
        ["legacy-content-policy", None, "Let inline scripts and handlers run, for applications of Athena. Less safe."],
        ["legacy-content-evals", None, "With --legacy-content-policy: let eval and new Function work, too."],
        *FLAGS,
    ]
    optParameters = [
        *PARAMETERS,
        *ADMIN_PARAMETERS,
        ["element", None, None, "Dotted name of a class or function that returns a LiveElement. Required."],
        ["port", None, None, f"TCP port to listen on; 0 for any free port. [default: {PORT}]"],
        [
            "transportless-timeout",
            None,
            Limits.transportlessTimeout,
            "Seconds that a disconnected page is kept, for its browser to reconnect.",
            numberOf("transportless-timeout", "seconds"),
        ],
        [
            "connect-timeout",
            None,
            Limits.connectTimeout,
            "Seconds that a rendered page is kept, for its browser to connect.",
            numberOf("connect-timeout", "seconds"),
        ],
        [
            "drain",
            None,
            0.0,
            "Seconds to go on after SIGTERM while _athena/health answers 503, for a load balancer to notice.",
            numberOf("drain", "seconds"),
        ],
        [
            "blocked-after",
            None,
            1.0,
            "With --metrics: seconds after which the log has what blocks the reactor.",
            numberOf("blocked-after", "seconds"),
        ],
    ]

    def __init__(self) -> None:
        super().__init__()
        # Twisted wraps these for --help, and would keep the line ends and the indentation of a docstring.
        self.docs = {name: " ".join(text.split()) for name, text in self.docs.items()}
        self["kept"] = None
        for repeated in ("listen", "origin", "originTexts", "host", "metrics", "admin"):
            self[repeated] = []
        self["legacy-content-host"] = []

    def opt_listen(self, description: str) -> None:
        """Twisted endpoint to listen on, such as tcp:8080:interface=127.0.0.1. May be repeated."""
        self["listen"].append(description)

    def opt_metrics(self, description: str) -> None:
        """Endpoint for Prometheus, such as tcp:9100:interface=127.0.0.1: /metrics there. May be repeated."""
        self["metrics"].append(description)

    def opt_admin(self, description: str) -> None:
        """Endpoint for operators, such as tcp:8081:interface=127.0.0.1: who is here. May be repeated."""
        self["admin"].append(description)

    def opt_origin(self, text: str) -> None:
        """Further origin whose pages may connect, such as https://chat.example.org. May be repeated."""
        origin = parseOrigin(text)
        if origin is None:
            raise usage.UsageError(f"--origin: {text!r} is not an origin; write it as https://chat.example.org")
        self["origin"].append(origin)
        self["originTexts"].append(text)

    def opt_legacy_content_host(self, text: str) -> None:
        """
        With --legacy-content-policy: another origin, such as https://cdn.example.org, that scripts, styles, images and
        frames may be loaded from. May be repeated.
        """
        if parseOrigin(text) is None:
            raise usage.UsageError(
                f"--legacy-content-host: {text!r} is not an origin; write it as https://cdn.example.org"
            )
        self["legacy-content-host"].append(text)

    def opt_host(self, name: str) -> None:
        """
        Name of this server, such as chat.example.org; requests for others are refused. May be repeated. By default
        localhost, addresses and the machine's own name; behind a proxy, any.
        """
        if parseOrigin(f"http://{name.removeprefix('.')}") is None or re.search(r":[0-9]+$", name):
            raise usage.UsageError(f"--host: {name!r} is not the name of a host; write it as chat.example.org")
        self["host"].append(name)

    def opt_version(self) -> None:
        """Print the versions of athenalite, Twisted, Autobahn and Python, and exit."""
        sys.stdout.write(versions() + "\n")
        sys.exit(0)

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """
        :raise CannotServe: for a usage error, in one line; twistd would print the whole help first.
        """
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            raise CannotServe(str(error).removeprefix(_COERCING)) from None

    def postOptions(self) -> None:
        """
        :raise twisted.python.usage.UsageError: if the options cannot be served.
        """
        if self["element"] is None:
            raise usage.UsageError("--element is required; write it as --element=package.module.name")
        # As for a Python script: modules in the current directory can be imported.
        sys.path.insert(0, _currentDirectory())
        if (self["port"] is not None or not self["listen"]) and self["door"] is None:
            self["listen"].append(f"tcp:{_port(PORT if self['port'] is None else self['port'])}")
        if self["reload"]:
            self["kept"] = supervise(self)
            self["debug"] = True
        for name in ("legacy-content-evals", "legacy-content-host"):
            if self[name] and not self["legacy-content-policy"]:
                raise usage.UsageError(f"--{name} changes the policy of --legacy-content-policy: give that, too")
        self["limits"] = self._limits()
        if not 0 <= self["drain"] <= _LONGEST_DRAIN:
            raise usage.UsageError(f"--drain: give a number of seconds from 0 to {_LONGEST_DRAIN}")
        if not self["blocked-after"] > 0:
            raise usage.UsageError("--blocked-after: give a number of seconds above 0")
        checkAdmin(self)
        if self["workers"] == 1:
            self._import()
        else:
            checkWorkers(self)
        if self.parent is not None:
            _checkFiles(self.parent)
        if self["check-import"]:
            raise SystemExit(0)

    def _importElement(self, name: str) -> Callable[[], Any]:
        try:
            return _element(name)
        except (Exception, SystemExit) as error:
            if not self["reload"]:
                raise
            # The next version may be better.
            traceback.print_exc()
            return Broken(error)

    def _import(self) -> None:
        engine = None if self["engine"] is None else engineOf(self["engine"], self["limits"])
        if self["name"] is not None and not re.fullmatch(WORKER_NAME, self["name"]):
            raise usage.UsageError(
                f"--name: a name has letters, digits, '_', '.' and '-', and not only dots, unlike {self['name']!r}"
            )
        self["rooms"] = Rooms(engine, self["name"] or "w", self["limits"])
        with self["rooms"].current():
            self["element"] = self._importElement(self["element"])
        owner = getattr(self["element"], "__self__", None)
        if isinstance(owner, Room):
            self["rooms"].adopt(owner)

    def _limits(self) -> Limits:
        try:
            limits = Limits(connectTimeout=self["connect-timeout"], transportlessTimeout=self["transportless-timeout"])
            return replace(limits, shutdownTimeout=_RELOADED_SHUTDOWN) if self["reload"] else limits
        except ValueError as error:
            raise usage.UsageError(str(error)) from None


def _currentDirectory() -> str:
    try:
        return os.getcwd()
    except OSError as error:
        raise usage.UsageError(f"there is no current directory: {error.strerror}; change to one that exists") from None


def _checkFiles(twistd: Any) -> None:
    """
    :param twistd: its options.
    :raise CannotServe: if it cannot use its directory, pidfile, log, profile or user. It would say so in a traceback.
    """
    chroot, rundir = twistd.get("chroot"), twistd.get("rundir") or "."
    if chroot is not None and not (os.path.isdir(chroot) and os.geteuid() == 0):
        raise CannotServe(f"cannot make {chroot} the root directory: --chroot= needs a directory, and root")
    if chroot is None and not (os.path.isdir(rundir) and os.access(rundir, os.X_OK)):
        raise CannotServe(f"cannot change to the directory {os.path.abspath(rundir)}: name another with --rundir=")
    logfile = twistd.get("logfile")
    # What twistd does without --nodaemon and without a destination.
    if not logfile and "nodaemon" in twistd and not any(map(twistd.get, ("nodaemon", "debug", "syslog", "logger"))):
        logfile = "twistd.log"
    # twistd resolves the first two before it changes its directory, and the third when it ends.
    profile = twistd.get("profile") and os.path.join(rundir, twistd["profile"])
    pidfile = twistd.get("pidfile")
    for option, kind, name in (
        ("logfile", "log", logfile),
        ("pidfile", "process number", pidfile),
        ("profile", "profile", profile),
    ):
        error = None if not name or name == "-" else _whyUnwritable(Path(name).absolute())
        if error is not None:
            advice = f"name another file with --{option}=" + (", or none" if option == "pidfile" else "")
            raise CannotServe(f"cannot write the {kind} to {Path(name).absolute()}: {error}; {advice}")
    _checkUser(twistd)


def _checkUser(twistd: Any) -> None:
    wanted = (twistd.get("uid"), os.getuid()), (twistd.get("gid"), os.getgid())
    if os.geteuid() != 0 and any(one is not None and one != own for one, own in wanted):
        raise CannotServe("cannot become another user or group: --uid= and --gid= need root")


def _whyUnwritable(path: Path) -> str | None:
    # Permissions alone do not tell: a file system may be read-only or full, and root may write almost everywhere.
    isNew = not path.exists()
    if not isNew and not path.is_file() and not path.is_dir():
        return None if os.access(path, os.W_OK) else "Permission denied"
    try:
        with open(path, "ab"):
            pass
        if isNew:
            path.unlink()
    except OSError as error:
        return error.strerror
    return None


def _element(name: str) -> Callable[[], LiveElement]:
    try:
        element = namedAny(name)
    except (InvalidName, ModuleNotFound, ObjectNotFound) as error:
        raise usage.UsageError(
            f"--element: cannot find {name!r}: {error}; write it as package.module.name, importable from the "
            "current directory or Python's path"
        ) from None
    except AttributeError as error:
        if _raisedIn(error) != namedAny.__module__:
            # The error is in the element's own module; only a traceback shows where.
            raise
        raise usage.UsageError(f"--element: there is no {name!r}: {error}") from None
    if not callable(element):
        raise usage.UsageError(
            f"--element: {name!r} is of type {type(element).__name__}; "
            "name a class or function that returns a LiveElement"
        )
    return element  # type: ignore[no-any-return]


def _raisedIn(error: BaseException) -> Any:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return None if traceback is None else traceback.tb_frame.f_globals.get("__name__")


def _port(text: Any) -> int:
    # int() accepts more than ASCII digits.
    if not re.fullmatch("[0-9]{1,5}", str(text)) or int(text) > 65535:
        raise usage.UsageError(f"--port: {text!r} is not a number from 0 to 65535")
    return int(text)
