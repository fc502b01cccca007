# -*- test-case-name: tests.livetrial.test_main -*-
"""
``python -m athenalite.livetrial MODULE...``: run tests in a browser of your own. Athena's command was ``nit``.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.task import react
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogBeginner,
    textFileLogObserver,
)
from twisted.python import usage

from .._server.site import AthenaSite
from ..limits import Limits
from ._runner import RunnerRoot, loadTests

_NAME: Final = "athenalite.livetrial"
_PORT: Final = 8080


def _portNumber(text: Any) -> int:
    port = int(text) if str(text).isdecimal() else -1
    if not 0 <= port <= 65535:
        raise ValueError(f"--port: {text!r} is not a number from 0 to 65535")
    return port


class Options(usage.Options):
    """The options of the command."""

    synopsis = f"Usage: python -m {_NAME} [options] MODULE..."
    longdesc = "Serve a page that lists the tests of these modules (or packages, or test cases) and runs them."
    optParameters = [
        ["port", "p", _PORT, "TCP port of localhost to listen on, 0 to 65535 (0: any that is free).", _portNumber]
    ]

    def parseArgs(self, *names: str) -> None:
        """
        :raise twisted.python.usage.UsageError: without arguments.
        """
        if not names:
            raise usage.UsageError("name the tests to run: a module, such as chat.test.livetest_chat")
        self["names"] = names


def main(reactor: Any, *arguments: str) -> Deferred[None]:
    """
    :return: never fires; a signal stops the reactor.
    :raise SystemExit: with one line, or a traceback of the user's own code, if the tests cannot be served.
    """
    options = Options()
    try:
        options.parseOptions(arguments)
        tests = loadTests(options["names"])
        site = AthenaSite(RunnerRoot(tests, reactor), Limits(), reactor)
        port = reactor.listenTCP(options["port"], site, interface="127.0.0.1")
    except (usage.UsageError, LookupError, CannotListenError) as error:
        raise SystemExit(f"{_NAME}: {error.args[0] if isinstance(error, LookupError) else error}") from None
    errors = FilteringLogObserver(textFileLogObserver(sys.stderr), [LogLevelFilterPredicate(LogLevel.warn)])
    globalLogBeginner.beginLoggingTo([errors], redirectStandardIO=False)
    sys.stdout.write(f"{_NAME}: open http://localhost:{port.getHost().port}/\n")
    sys.stdout.flush()
    return Deferred()


if __name__ == "__main__":
    react(main, sys.argv[1:])
