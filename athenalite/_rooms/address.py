# -*- test-case-name: tests.rooms.test_address -*-
"""
The address of an engine, as ``--engine`` has it: :func:`parseAddress`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

_FORMS: Final = (
    "write it as redis://127.0.0.1:6379/0, rediss://user@engine.example.org/0?passwordfile=/run/secrets/engine, or "
    "unix:/run/redis/redis.sock"
)
_PORT: Final = 6379


class Address(NamedTuple):
    """
    Where an engine is, and how to enter it.

    :ivar path: of a UNIX socket; empty for TCP.
    :ivar isTLS: whether the connection is encrypted, and the server's certificate verified for ``host``.
    :ivar database: its number.
    :ivar passwordFile: a file that has the password, read at each connection; empty for none.
    :ivar ca: a file with the certificates, PEM, by which the server's is verified; empty for those of the platform.
    :ivar site: the name that the rooms of this site have in common: other sites on the engine do not see them.
    """

    host: str
    port: int
    path: str
    isTLS: bool
    database: int
    user: str
    password: str
    passwordFile: str
    ca: str
    site: str

    def secret(self) -> str:
        """
        :return: the password; empty for none.
        :raise OSError: if its file cannot be read.
        """
        return Path(self.passwordFile).read_text("utf-8").strip() if self.passwordFile else self.password

    def __str__(self) -> str:
        # Without the password.
        if self.path:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"redis{'s' * self.isTLS}://{host}:{self.port}/{self.database}"


def parseAddress(text: str) -> Address:
    """
    :raise ValueError: for what is no address of an engine; the message says how to write one.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"it is not an address ({error}); {_FORMS}") from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = set(options) - {"site", "passwordfile", "ca", "db"}
    if unknown:
        raise ValueError(f"there is no option {sorted(unknown)[0]!r}; there are site, passwordfile, ca and db")
    isUNIX = parts.scheme == "unix"
    if parts.scheme not in ("redis", "rediss", "unix") or (not isUNIX and not parts.hostname):
        raise ValueError(f"it is not an address of an engine; {_FORMS}")
    if isUNIX and (parts.netloc or not parts.path.startswith("/")):
        raise ValueError(f"unix: needs the absolute path of a socket; {_FORMS}")
    database = options.get("db", "0") if isUNIX else parts.path.strip("/") or "0"
    if not re.fullmatch("[0-9]{1,5}", database):
        raise ValueError(f"the database is a number, and not {database!r}; {_FORMS}")
    site = options.get("site", "site")
    if not re.fullmatch(r"[\w.-]{1,100}", site):
        raise ValueError(f"a site's name has letters, digits, '.', '_' and '-', unlike {site!r}")
    return Address(
        host=parts.hostname or "",
        port=port or _PORT,
        path=unquote(parts.path) if isUNIX else "",
        isTLS=parts.scheme == "rediss",
        database=int(database),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        passwordFile=options.get("passwordfile", ""),
        ca=options.get("ca", ""),
        site=site,
    )
