# -*- test-case-name: tests.testing.test_files -*-
"""
Files that a simulated page sends: :class:`StubFile`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred, inlineCallbacks


@dataclass(frozen=True)
class StubFile:
    """
    A file that a person chooses in a test: ``page.fill("picture", StubFile("cat.png", b"...", "image/png"))``.

    :ivar type: what the browser says that it is; by default, nothing.
    """

    name: str
    content: bytes
    type: str = ""


@inlineCallbacks
def sendFiles(
    call: Callable[..., Deferred[Any]], event: list[Any], files: list[tuple[str, StubFile]]
) -> Generator[Deferred[Any], Any, Any]:
    """
    Send a form with files, as the client does, but piece by piece.

    :param call: calls a method of the form's element.
    :param event: its method, the other fields, and the key of its item.
    :return: fires with the answer.
    """
    answer = {"again": True}
    while answer and answer.get("again"):
        answer = yield _sendOnce(call, event, files)
    return answer


@inlineCallbacks
def _sendOnce(
    call: Callable[..., Deferred[Any]], event: list[Any], files: list[tuple[str, StubFile]]
) -> Generator[Deferred[Any], Any, Any]:
    methodName, pairs, key = event
    offers = [[field, one.name, len(one.content), one.type] for field, one in files]
    accepted = yield call("_athenaUpload", methodName, pairs, key, offers)
    if "errors" in accepted:
        return accepted
    size = accepted["size"]
    for number, (field, one) in zip(accepted["ids"], files, strict=True):
        for start in range(0, len(one.content), size):
            text = b64encode(one.content[start : start + size]).decode("ascii")
            wrong = yield call("_athenaPiece", number, text)
            if wrong is False:
                return {"again": True}
            if wrong is not None:
                return {"errors": [[field, wrong]]}
    ids = [[field, number] for number, (field, _) in zip(accepted["ids"], files, strict=True)]
    answer = yield call("_athenaEvent", methodName, [*pairs, *ids], key)
    return answer
