"""A Redis or Valkey server of a test, on a UNIX socket in a directory of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tools.programs import required

#: How long a server may take to start, in seconds.
_PATIENCE = 60


class RedisServer:
    """
    A server, for use as a context manager. Its directory is removed at the end.

    :ivar address: for ``--engine``.
    :ivar path: its UNIX socket.
    """

    def __init__(self, *options: str, isPersistent: bool = True) -> None:
        """
        :param options: further ones of its command line.
        """
        # A short path: that of a socket has at most 107 bytes.
        self.directory = Path(tempfile.mkdtemp(prefix="athenalite-redis-"))
        self.path = str(self.directory / "socket")
        self.address = f"unix:{self.path}"
        self._command = [
            required("redis"),
            *("--port", "0", "--unixsocket", self.path, "--dir", str(self.directory), "--save", ""),
            *("--appendonly", "yes" if isPersistent else "no", "--appendfsync", "always", *options),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "RedisServer":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with open(self.directory / "log", "ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        till = time.monotonic() + _PATIENCE
        while not self._answers():
            if time.monotonic() > till or self._process.poll() is not None:
                raise RuntimeError((self.directory / "log").read_text("utf-8", "replace"))
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return self.command("PING") != b""
        except OSError:
            return False

    def command(self, *parts: object) -> bytes:
        """Send a command on a connection of its own, and return the answer as it comes."""
        encoded = [str(part).encode("utf-8") for part in parts]
        text = b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in encoded)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(60)
            connection.connect(self.path)
            connection.sendall(text)
            return connection.recv(65536)

    def signal(self, number: int) -> None:
        """Send it a signal, such as SIGSTOP."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it at once; its data stay."""
        if self._process is not None:
            if self._process.poll() is None:
                self.signal(signal.SIGCONT)
                self._process.kill()
            self._process.wait()
            self._process = None
