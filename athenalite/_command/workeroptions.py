# -*- test-case-name: tests.command.test_workeroptions -*-
"""
Options of several workers: what a parent checks of them, and what it passes on.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

from twisted.python import usage

from .._rooms.address import parseAddress
from .._rooms.link import Engine
from ..limits import Limits
from .ownengine import directoryOf
from .workerlog import OPTION

#: Where a worker of --workers finds the socket to its parent.
DOOR: Final = 3
#: More would be a mistake.
MAX_WORKERS: Final = 256
#: For a process that ends when it has imported the element.
CHECK_IMPORT: Final = "--check-import"
#: Options of one worker, or of the parent.
_OWN: Final = frozenset({"workers", "door", "siblings", "name", "port"})
#: In seconds. A shorter time ends workers that work, and a longer one is a mistake in the unit.
_HUNG: Final = (1, 3600)


def numberOf(option: str, what: str, kind: Callable[[Any], Any] = float) -> Callable[[Any], Any]:
    """
    :param option: its name is in the error.
    :param what: is counted by the number.
    :return: makes a number of the option's text.
    """

    def number(text: Any) -> Any:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"--{option}: {text!r} is not a number of {what}") from None

    return number


#: See ``twisted.python.usage.Options.optParameters``.
PARAMETERS: Final = (
    (
        "engine",
        None,
        None,
        "Redis or Valkey for rooms of several workers: redis://127.0.0.1:6379/0, or embedded to start one.",
    ),
    (
        "workers",
        None,
        1,
        "Number of processes. Each connection is passed to the one that has the page.",
        numberOf("workers", "workers", int),
    ),
    (
        "hung-after",
        None,
        30.0,
        "With --workers: seconds after which a worker whose reactor is blocked is replaced; 0 for never.",
        numberOf("hung-after", "seconds"),
    ),
    ("door", None, None, "Internal: --workers tells each worker the descriptor of the socket to their parent.", int),
    ("siblings", None, 1, "Internal: --workers tells each worker how many they are.", int),
    ("name", None, None, "Name of this worker, if there are several: proxies find its sockets by it."),
)


#: See ``twisted.python.usage.Options.optFlags``.
FLAGS: Final = ((CHECK_IMPORT[2:], None, "Internal: --workers first lets a process import the element and end."),)


def engineOf(text: str, limits: Limits) -> Engine:
    """
    :param text: of ``--engine``.
    :raise twisted.python.usage.UsageError: if it cannot be used.
    """
    if directoryOf(text) is not None:
        raise usage.UsageError("--engine=embedded is started for several workers: add --workers=2, or more")
    try:
        address = parseAddress(text)
    except ValueError as error:
        raise usage.UsageError(f"--engine: {error}") from None
    try:
        from .._rooms.redis import RedisEngine
    except ModuleNotFoundError as error:
        raise usage.UsageError(
            f"--engine needs a package that is not installed ({error.name}): pip install athenalite[scale]"
        ) from None
    try:
        return RedisEngine(address, limits.roomHistory)
    except (ImportError, OSError) as error:
        raise usage.UsageError(f"--engine: {error}") from None


def checkWorkers(options: Any) -> None:
    """
    :param options: of a parent.
    :raise twisted.python.usage.UsageError: if it cannot be one.
    """
    if not 1 <= options["workers"] <= MAX_WORKERS:
        raise usage.UsageError(f"--workers: {options['workers']} is not a number from 1 to {MAX_WORKERS}")
    if options["hung-after"] and not _HUNG[0] <= options["hung-after"] <= _HUNG[1]:
        raise usage.UsageError(f"--hung-after: give a number of seconds from {_HUNG[0]} to {_HUNG[1]}, or 0 for never")
    if options["name"] is not None:
        raise usage.UsageError("--name is of one worker; those of --workers are named w1, w2 and so on")
    if options["metrics"] and find_spec("prometheus_client") is None:
        raise usage.UsageError('--metrics needs prometheus_client: pip install "athenalite[metrics]"')
    if options["tracing"] and find_spec("opentelemetry") is None:
        raise usage.UsageError('--tracing needs opentelemetry: pip install "athenalite[opentelemetry]"')
    if any(description.startswith(("ssl:", "tls:")) for description in options["listen"]):
        raise usage.UsageError("--workers passes on plain connections: let a proxy in front of it do TLS")
    if options["engine"] is not None:
        # A worker would say it, again and again.
        isOwn = directoryOf(options["engine"]) is not None
        engineOf("unix:/socket" if isOwn else options["engine"], options["limits"])


def argumentsOfWorker(options: Any, name: str) -> list[str]:
    """
    :param options: of its parent.
    :return: the arguments of twistd for a worker of this name.
    """
    given = options.parent or {}
    # twist has the reactor itself under the name that has twistd's text.
    reactor = given.get("reactorName", given.get("reactor"))
    chosen = [f"--reactor={reactor}"] if reactor else []
    flags = [f"--{row[0]}" for row in options.optFlags if options[row[0]]]
    names = [row[0] for row in options.optParameters]
    values = [f"--{one}={options[one]}" for one in names if one not in _OWN and options[one] is not None]
    origins = [f"--origin={origin}" for origin in options["originTexts"]]
    hosts = [f"--{kind}={host}" for kind in ("host", "legacy-content-host") for host in options[kind]]
    # A worker does not listen there: its parent asks it.
    sides = [f"--{kind}={description}" for kind in ("metrics", "admin") for description in options[kind]]
    own = [f"--name={name}", f"--door={DOOR}", f"--siblings={options['workers']}"]
    return [
        "--nodaemon",
        "--pidfile=",
        OPTION,
        *chosen,
        "athena-widget",
        *flags,
        *values,
        *origins,
        *hosts,
        *sides,
        *own,
    ]
