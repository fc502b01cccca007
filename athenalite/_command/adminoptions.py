# -*- test-case-name: tests.command.test_adminoptions -*-
"""
Options of ``athena-widget`` for the operators' pages.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any, Final

from twisted.cred.checkers import ICredentialsChecker, InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.strcred import InvalidAuthArgumentString, InvalidAuthType, makeChecker
from twisted.python import usage

#: The kinds of endpoints that have an ``interface``, as a keyword or behind the port.
_NETWORK: Final = ("tcp", "tcp6", "ssl")


def isLocal(description: str) -> bool:
    """
    :param description: a Twisted endpoint string.
    :return: whether only processes of this machine can connect to it, as far as the string says.
    """
    kind, *arguments = [re.sub(r"\\(.)", r"\1", one) for one in re.split(r"(?<!\\):", description)]
    if kind not in _NETWORK:
        return kind == "unix"
    # Of a port alone, the interface is any.
    positional = [one for one in arguments if "=" not in one]
    interfaces = [one.partition("=")[2] for one in arguments if one.startswith("interface=")] or positional[1:2]
    try:
        return bool(interfaces) and ip_address(interfaces[0]).is_loopback
    except ValueError:
        return False


#: See ``twisted.python.usage.Options.optParameters``.
PARAMETERS: Final = (
    (
        "admin-auth",
        None,
        None,
        "With --admin: who knows names and passwords, a checker of twisted.cred such as file:/etc/chat/operators.",
    ),
)


def checkAdmin(options: Any) -> None:
    """
    Make ``options["checker"]``.

    :raise twisted.python.usage.UsageError: if it cannot be made; or if ``--admin`` is open to others than processes of
        this machine and there is none.
    """
    options["checker"] = None if options["admin-auth"] is None else _checker(options["admin-auth"])
    if options["checker"] is not None and not options["admin"]:
        raise usage.UsageError("--admin-auth guards what --admin serves: give that, too")
    for description in options["admin"]:
        if options["checker"] is None and not isLocal(description):
            raise usage.UsageError(
                f"--admin: anyone who can connect to {description!r} could end all pages; write it as "
                "tcp:8081:interface=127.0.0.1, or give --admin-auth=file:NAME, too"
            )


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else text


def _checker(description: str) -> ICredentialsChecker:
    try:
        checker: Any = makeChecker(description)
    except (InvalidAuthType, InvalidAuthArgumentString, ValueError, OSError) as error:
        raise usage.UsageError(f"--admin-auth: {description!r} is not a checker of twisted.cred: {error!r}") from None
    if IUsernamePassword not in checker.credentialInterfaces:
        raise usage.UsageError(f"--admin-auth: {description!r} knows no names and passwords")
    if isinstance(checker, InMemoryUsernamePasswordDatabaseDontUse):
        # Twisted's plugin keeps text, and compares it with bytes.
        checker.users = {_bytes(name): _bytes(password) for name, password in checker.users.items()}
    return checker  # type: ignore[no-any-return]
