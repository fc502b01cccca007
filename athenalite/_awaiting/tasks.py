# -*- test-case-name: tests.awaiting.test_tasks -*-
"""
Runs a coroutine that awaits both Deferreds and Futures of asyncio.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from .deferreds import branch


class CurrentTask(asyncio.Future[Any]):
    """
    ``asyncio.current_task()`` of a coroutine that is not run by asyncio, for time-outs and libraries that cancel it.

    asyncio's own Task cannot await a Deferred, and would start a coroutine only in the loop's next iteration. asyncio
    supports other implementations: https://docs.python.org/3/library/asyncio-extending.html
    """

    # The names that anyio uses, as of asyncio.Task.
    _fut_waiter: asyncio.Future[Any] | None = None
    _must_cancel = False
    _requests = 0
    _message: Any = None
    _waitsFor: Deferred[Any] | None = None

    def __init__(self, coroutine: Coroutine[Any, Any, Any], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._coroutine = coroutine

    def get_coro(self) -> Coroutine[Any, Any, Any]:
        """See ``asyncio.Task``."""
        return self._coroutine

    def get_name(self) -> str:
        """See ``asyncio.Task``."""
        return getattr(self._coroutine, "__qualname__", "coroutine")

    def cancel(self, msg: Any = None) -> bool:
        """See ``asyncio.Task``. The coroutine gets ``asyncio.CancelledError``, also where it awaits a Deferred."""
        if self.done():
            return False
        self._requests += 1
        if self._fut_waiter is not None and self._fut_waiter.cancel(msg=msg):
            return True
        self._must_cancel, self._message = True, msg
        if self._waitsFor is not None:
            # Not at once, because the coroutine would run within its canceller.
            self.get_loop().call_soon(self._cancelDeferred, self._waitsFor)
        return True

    def _cancelDeferred(self, waitsFor: Deferred[Any]) -> None:
        if self._waitsFor is waitsFor:
            waitsFor.cancel()

    def cancelling(self) -> int:
        """See ``asyncio.Task``."""
        return self._requests

    def uncancel(self) -> int:
        """See ``asyncio.Task``."""
        self._requests = max(self._requests - 1, 0)
        if not self._requests:
            self._must_cancel = False
        return self._requests

    def step(self, resume: Callable[[Any], Any], argument: Any) -> Any:
        """
        Run the coroutine until it waits.

        :param resume: its ``send`` or ``throw``, called with ``argument``.
        :return: what it has yielded.
        """
        if self._must_cancel:
            self._must_cancel = False
            resume, argument = self._coroutine.throw, asyncio.CancelledError(*_args(self._message))
        try:
            with self._entered():
                return resume(argument)
        finally:
            # An error's traceback has this frame, and would be in a cycle with it.
            argument = None

    @contextmanager
    def _entered(self) -> Iterator[None]:
        loop = self.get_loop()
        if asyncio._get_running_loop() is not loop:
            # The Deferred that it waited for was fired outside of the loop.
            yield
            return
        # Another task may run, whose code has fired the Deferred.
        outer = asyncio.current_task(loop)
        if outer is not None:
            asyncio._leave_task(loop, outer)
        asyncio._enter_task(loop, self)  # type: ignore[arg-type]
        try:
            yield
        finally:
            asyncio._leave_task(loop, self)  # type: ignore[arg-type]
            if outer is not None:
                asyncio._enter_task(loop, outer)

    async def wait(self, yielded: Any) -> Any:
        """
        Wait for what the coroutine has yielded.

        :raise RuntimeError: if that is neither a Deferred nor a Future of this loop. Other errors are the result's.
        """
        try:
            return await self._waiting(yielded)
        finally:
            self._fut_waiter = self._waitsFor = None

    def _waiting(self, yielded: Any) -> Deferred[Any]:
        if isinstance(yielded, Deferred):
            self._waitsFor = yielded
            return branch(yielded, cancel=True)
        loop = self.get_loop()
        if yielded is None:
            # As asyncio.sleep(0) does, to let others run.
            yielded = loop.create_future()
            loop.call_soon(_wake, yielded)
        elif getattr(yielded, "_asyncio_future_blocking", None) is None:
            raise RuntimeError(f"a coroutine has yielded {yielded!r}, which is neither a Deferred nor a Future")
        elif yielded.get_loop() is not loop:
            raise RuntimeError(f"{yielded!r} belongs to another event loop")
        yielded._asyncio_future_blocking = False
        self._fut_waiter = yielded
        if self._must_cancel and yielded.cancel(msg=self._message):
            self._must_cancel = False
        return Deferred.fromFuture(yielded)

    def ended(self, value: Any) -> None:
        """The coroutine has returned ``value``."""
        if not self.done():
            self.set_result(value)

    def failed(self) -> None:
        """The coroutine has raised an error. Its Deferred has it; this would keep its frames in a cycle."""
        super().cancel()


def _args(message: Any) -> tuple[Any, ...]:
    return () if message is None else (message,)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def runAsTask(coroutine: Coroutine[Any, Any, Any], loop: asyncio.AbstractEventLoop) -> Any:
    """
    Run ``coroutine`` as asyncio's current task.

    :return: its result. Await it as Twisted does, for instance with ``Deferred.fromCoroutine``.
    """
    task = CurrentTask(coroutine, loop)
    resume: Callable[[Any], Any] = coroutine.send
    argument: Any = None
    try:
        while True:
            try:
                yielded = task.step(resume, argument)
            except StopIteration as end:
                task.ended(end.value)
                return end.value
            try:
                resume, argument = coroutine.send, await task.wait(yielded)
            except GeneratorExit:
                # It is freed before its end.
                coroutine.close()
                raise
            except BaseException as error:
                resume, argument = coroutine.throw, error
    except asyncio.CancelledError as error:
        task.failed()
        raise CancelledError().with_traceback(error.__traceback__) from error
    except BaseException:
        task.failed()
        raise
    finally:
        # It would be a cycle of an error, its traceback and this frame.
        argument = None
