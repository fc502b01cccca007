"""A whole server in a process of its own, for tests that want it as people run it."""

import datetime
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

import athenalite

TREE = Path(athenalite.__path__[0]).parent
"""What the server imports: the checkout, or where the wheel was installed."""
ROOT = Path(__file__).parent.parent
IMPORTED = os.pathsep.join(map(str, (TREE, ROOT)))
"""And behind it the checkout, for the elements of the tests."""

# Into a pipe twist would log JSON.
TWIST = (sys.executable, "-m", "twisted", "--log-format=text")

NOISE = re.compile(r"#(warn|error|critical)\]|Traceback|Unhandled|Warning:")
"""What a log of a quiet life does not have."""

STARTED = 120.0
STOPPED = 15.0


def selfSigned(directory: Path) -> Path:
    """
    Make a certificate for localhost that nobody vouches for, good for an hour from now.

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


class Server:
    """
    ``athena-widget`` on a free port, in a process of its own; a context manager.

    ``stop()`` it, or leave the ``with`` block, and it must end on SIGTERM; then ``assertQuiet()`` may be asked.

    :param element: the dotted name for ``--element``.
    :param options: more options; a free port is asked for unless they say ``--port`` or ``--listen``.
    :param command: what runs plugins: ``TWIST``, or ``[twistd, "-n"]``.
    :param cwd: where; a new empty directory unless given.
    :param environment: changes to this process's environment; a value of None takes the variable away.
    """

    started = re.compile(r"athena-widget: open (http\S+)")
    """What the log says when the page can be opened."""

    url: str
    """Where the page is, as the log gave it, with a slash at its end."""

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
        self._directory = tempfile.TemporaryDirectory(prefix="athenalite-")
        self.cwd = Path(cwd or self._directory.name)
        changed = {**os.environ, "PYTHONPATH": IMPORTED, "PYTHONUNBUFFERED": "1", **(environment or {})}
        self.environment = {name: value for name, value in changed.items() if value is not None}
        self._lines: list[str] = []
        self._opened = threading.Event()
        self._stopped = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> str:
        """Everything the server has printed so far."""
        return "".join(self._lines)

    @property
    def port(self) -> int:
        """The TCP port of ``url``."""
        return int(self.url.rsplit(":", 1)[1].rstrip("/"))

    def start(self) -> None:
        """
        Start, and return when the server has logged the address to open.

        :raises AssertionError: with the log, if it has ended or not done so in two minutes.
        """
        self.process = subprocess.Popen(
            self.command,
            cwd=self.cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()
        self._opened.wait(STARTED)
        opened = self.started.search(self.log)
        if opened is None:
            self.kill()
            raise AssertionError(f"{' '.join(self.command)} did not start:\n{self.log}")
        self.url = opened[1]

    def _read(self, stdout: IO[str]) -> None:
        for line in stdout:
            self._lines.append(line)
            # Not after that: the log of a flood is long, and a server waits when its log is not read.
            if not self._opened.is_set() and self.started.search(self.log):
                self._opened.set()
        self._opened.set()

    def kill(self) -> None:
        """End the process at once, as a crash or a power cut would."""
        self.process.kill()
        self._ended()

    def stop(self) -> None:
        """
        Ask the server to stop, and wait until it has; a second call does nothing.

        :raises AssertionError: with the log, if it had ended before, or SIGTERM does not end it in 15 seconds.
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
        """How many lines the server has printed so far, for :meth:`assertQuiet`."""
        return len(self._lines)

    def assertQuiet(self, *expected: str, since: int = 0) -> None:
        """
        Assert that the log has no warning, error or traceback.

        :param expected: regular expressions for lines that are no noise in this test.
        :param since: how many lines not to look at, as :attr:`logged` was when the test began.
        :raises AssertionError: with the whole log.
        """
        noise = [
            line
            for line in self._lines[since:]
            if NOISE.search(line) and not any(re.search(pattern, line) for pattern in expected)
        ]
        if noise:
            raise AssertionError(f"noise in the server's log: {noise[0]}\n{self.log}")
