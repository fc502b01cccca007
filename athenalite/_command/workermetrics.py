# -*- test-case-name: tests.command.test_workermetrics -*-
"""
The metrics of several workers, at the one address of their parent: :class:`WorkersMetrics`.

The parent asks each worker over its door, and adds the label ``worker`` to what each answers. It needs no package for
that: only workers count.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from typing import Any, Final

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.protocol import Factory, Protocol
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from .door import METRICS
from .workers import Worker, Workers

#: A worker that does not answer within so many seconds counts as down: its reactor is blocked.
_PATIENCE: Final = 2.0
#: With HTTP 1.0 the end of the connection is that of the answer.
_REQUEST: Final = b"GET /metrics HTTP/1.0\r\n\r\n"
_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"


class _Answer(Protocol):
    def __init__(self) -> None:
        self.received = b""
        self.ended: Deferred[str | None] = Deferred(self._cancel)

    def dataReceived(self, data: bytes) -> None:
        self.received += data

    def connectionLost(self, reason: Any = None) -> None:
        head, _, body = self.received.partition(b"\r\n\r\n")
        isGood = head.startswith(b"HTTP/1.") and b" 200 " in head.split(b"\r\n")[0]
        if not self.ended.called:
            self.ended.callback(body.decode("utf-8", "replace") if isGood else None)

    def _cancel(self, ended: Deferred[str | None]) -> None:
        transport: Any = self.transport
        ended.callback(None)
        transport.abortConnection()


class WorkersMetrics(Resource):
    """
    Answers with the metrics of all workers, and with which of them are up.
    """

    isLeaf = True

    def __init__(self, reactor: Any, workers: Workers) -> None:
        super().__init__()
        self._reactor = reactor
        self._workers = workers

    def render_GET(self, request: Any) -> Any:
        """Ask all workers, and answer when they have, or after two seconds."""
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        names = list(self._workers.places)
        asked = [self._ask(worker) for worker in self._workers.places.values()]

        def answered(results: Any) -> None:
            texts = dict(zip(names, (text for _, text in results), strict=True))
            if not gone:
                request.setHeader(b"content-type", _TYPE)
                request.write(merged(texts, self._workers.starts).encode("utf-8"))
                request.finish()

        DeferredList(asked).addCallback(answered)
        return NOT_DONE_YET

    def _ask(self, worker: Worker | None) -> Deferred[str | None]:
        answer = _Answer()
        if worker is None or worker.process is None or not worker.isReady:
            answer.ended.callback(None)
            return answer.ended
        ours, theirs = socket.socketpair()
        with ours, theirs:
            # The reactor and the worker use copies.
            if worker.process.take(theirs.fileno(), _REQUEST, METRICS):
                factory = Factory.forProtocol(lambda: answer)
                factory.noisy = False
                self._reactor.adoptStreamConnection(ours.fileno(), ours.family, factory)
                return answer.ended.addTimeout(_PATIENCE, self._reactor)
        answer.ended.callback(None)
        return answer.ended


def merged(texts: Mapping[str, str | None], starts: Mapping[str, int]) -> str:
    """
    :param texts: for each worker, its metrics as Prometheus reads them, or None if it is down.
    :param starts: how many times each was started.
    :return: the metrics of all, with their workers' names. Lines of one metric follow each other.
    """
    metrics: dict[str, list[str]] = {}
    for worker, text in texts.items():
        own: list[str] = []
        for line in (text or "").splitlines():
            if line.startswith("# HELP "):
                name = line.split(" ", 3)[2]
                isNew = name not in metrics
                own = metrics.setdefault(name, [line])
            elif line.startswith("#"):
                own += [line] if isNew else []
            elif line:
                own.append(_labelled(line, worker))
    lines = [line for some in metrics.values() for line in some]
    return "\n".join([*lines, *_states(texts, starts), ""])


def _labelled(line: str, worker: str) -> str:
    name, brace, rest = line.partition("{")
    if brace:
        return f'{name}{{worker="{worker}",{rest}'
    name, _, value = line.partition(" ")
    return f'{name}{{worker="{worker}"}} {value}'


def _states(texts: Mapping[str, str | None], starts: Mapping[str, int]) -> Iterator[str]:
    yield "# HELP athenalite_worker_up Whether this worker has answered."
    yield "# TYPE athenalite_worker_up gauge"
    for worker, text in texts.items():
        yield f'athenalite_worker_up{{worker="{worker}"}} {0 if text is None else 1}'
    yield "# HELP athenalite_worker_starts_total How many times this worker was started."
    yield "# TYPE athenalite_worker_starts_total counter"
    for worker, count in starts.items():
        yield f'athenalite_worker_starts_total{{worker="{worker}"}} {count}'
