"""A server in a process of its own, as in production."""

import codecs
import datetime
import io
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import athenalite

from .forking import ForkedProcess, Forker

TREE = Path(athenalite.__path__[0]).parent
"""The directory that the server imports from: the checkout, or where the wheel was installed."""
ROOT = Path(__file__).parent.parent
IMPORTED = os.pathsep.join(map(str, (TREE, ROOT)))
"""The same, followed by the checkout, for the elements of the tests."""

# twist logs JSON into a pipe.
TWIST = (sys.executable, "-m", "twisted", "--log-format=text")

NOISE = re.compile(r"#(warn|error|critical)\]|Traceback|Unhandled|Warning:")
"""Matches lines of a log that report a problem."""
DEBUGGING = "--debug: everybody who can open a page sees"
"""The warning of each server in debug mode."""

FORKER = Forker()

STARTED = 120.0
STOPPED = 60.0
_READ = 1024 * 1024


def selfSigned(directory: Path) -> Path:
    """
    Make a self-signed certificate for localhost, valid for an hour from now.

    :param directory: where to write it.
    :return: the path of a PEM file with the key and the certificate.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = directory / "localhost.pem"
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


class Output:
    """
    The lines that a process has written into a pipe. One thread waits for more, so that the pipe is never full; each
    that asks for them reads what is there, so that none is missing because that thread has not run yet.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._rest = ""
        self._lock = threading.Lock()
        self._decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=True)
        self._descriptor: int | None = None

    def follow(self, descriptor: int) -> None:
        """Read this end of the pipe, until the other one is closed."""
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor

    def wait(self) -> bool:
        """Wait for more, and read it. Return whether there may be still more."""
        descriptor = self._descriptor
        if descriptor is None:
            return False
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        waiting.poll()
        self.lines()
        return self._descriptor is not None

    def lines(self) -> list[str]:
        """Read what is there, and return all complete lines so far; at the end, also one that is not."""
        with self._lock:
            while self._descriptor is not None:
                try:
                    data = os.read(self._descriptor, _READ)
                except BlockingIOError:
                    break
                if not data:
                    self._descriptor = None
                # Not splitlines(): a line of a log ends with a line feed, and nothing else.
                *lines, self._rest = (self._rest + self._decoder.decode(data, final=not data)).split("\n")
                self._lines += [f"{line}\n" for line in lines]
                if not data:
                    self._lines += [self._rest] * bool(self._rest)
            return list(self._lines)


class Server:
    """
    ``athena-widget`` on a free port, in a process of its own; a context manager.

    ``stop()`` it, or leave the ``with`` block; it must end on SIGTERM. Call ``assertQuiet()`` after that.

    :param element: the dotted name for ``--element``.
    :param options: more options; without ``--port`` or ``--listen`` among them, a free port is used.
    :param command: the command that runs plugins: ``TWIST``, or ``[twistd, "-n"]``.
    :param cwd: the working directory; a new empty one unless given.
    :param environment: changes to this process's environment; a value of None removes the variable.
    """

    started = re.compile(r"athena-widget: open (http\S+)")
    """The log line that is written when the page can be opened."""

    process: subprocess.Popen[str] | ForkedProcess
    url: str
    """The page's address from the log, with a slash at its end."""

    def __init__(
        self,
        element: str,
        *options: str,
        command: Sequence[str] = TWIST,
        cwd: Path | str | None = None,
        environment: Mapping[str, str | None] | None = None,
    ) -> None:
        if not any(option.startswith(("--port", "--listen", "-p")) for option in options):
            options = ("--port=0", *options)
        self.command = [
            *command,
            "athena-widget",
            f"--element={element}",
            *options,
        ]
        # What Python itself reads of the environment is for a process of its own.
        self._mayFork = not any(name.startswith("PYTHON") for name in environment or ())
        self._directory = tempfile.TemporaryDirectory(prefix="athenalite-")
        self.cwd = Path(cwd or self._directory.name)
        changed = {**os.environ, "PYTHONPATH": IMPORTED, "PYTHONUNBUFFERED": "1", **(environment or {})}
        self.environment = {name: value for name, value in changed.items() if value is not None}
        self._output = Output()
        self._opened = threading.Event()
        self._stopped = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> str:
        """The server's output so far: all that it has written before, such as the log of what it has answered."""
        return "".join(self._output.lines())

    @property
    def port(self) -> int:
        """The TCP port of ``url``."""
        return int(self.url.rsplit(":", 1)[1].rstrip("/"))

    def start(self) -> None:
        """
        Start, and return when the server has logged the address to open.

        :raises AssertionError: with the log, if the server has ended, or has not logged it in two minutes.
        """
        # A subclass may have another command.
        isUsual = tuple(self.command[: len(TWIST)]) == TWIST and self.command[len(TWIST)] == "athena-widget"
        self.process = self._forked() if isUsual and self._mayFork else self._spawned()
        assert self.process.stdout is not None
        self._output.follow(self.process.stdout.fileno())
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._opened.wait(STARTED)
        opened = self.started.search(self.log)
        if opened is None:
            self.kill()
            raise AssertionError(f"{' '.join(self.command)} did not start:\n{self.log}")
        self.url = opened[1]

    def _spawned(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command,
            cwd=self.cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _forked(self) -> ForkedProcess:
        return FORKER.start(self.command[3:], str(self.cwd), self.environment)

    def _read(self) -> None:
        while self._output.wait():
            # Not after that: the log of a flood is long, and a server blocks when its log is not read.
            if not self._opened.is_set() and self.started.search(self.log):
                self._opened.set()
        self._opened.set()

    def kill(self) -> None:
        """End the process at once, as a crash or a power cut would."""
        self.process.kill()
        self._ended()

    def stop(self) -> None:
        """
        Stop the server, and wait until it has ended; a second call does nothing.

        :raises AssertionError: with the log, if it had ended before, or does not end within a minute of SIGTERM.
        """
        if self._stopped:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOPPED)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not stop the server:\n{self.log}") from None
        self._ended()
        if self.process.returncode not in (0, -signal.SIGTERM):
            raise AssertionError(f"the server ended with status {self.process.returncode}:\n{self.log}")

    def _ended(self) -> None:
        self._stopped = True
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._directory.cleanup()

    @property
    def logged(self) -> int:
        """The number of lines in the server's output so far, for :meth:`assertQuiet`."""
        return len(self._output.lines())

    def assertQuiet(self, *expected: str, since: int = 0) -> None:
        """
        Assert that the log has no warning, error or traceback.

        :param expected: regular expressions for lines that are allowed in this test.
        :param since: how many lines to skip: :attr:`logged` at the beginning of the test.
        :raises AssertionError: with the whole log.
        """
        noise = [
            line
            for line in self._output.lines()[since:]
            if NOISE.search(line) and not any(re.search(pattern, line) for pattern in (DEBUGGING, *expected))
        ]
        if noise:
            raise AssertionError(f"noise in the server's log: {noise[0]}\n{self.log}")
