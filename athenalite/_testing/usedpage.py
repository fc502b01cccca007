# -*- test-case-name: tests.testing.test_controls -*-
"""
A simulated page that is used as a person uses it, by its controls.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from twisted.internet.defer import Deferred, gatherResults
from twisted.python.failure import Failure

from .controls import argumentsOf, handlersOf
from .fakedocument import FakeNode
from .fakepage import FakePage
from .files import StubFile, sendFiles


class UsedPage(FakePage):
    """The methods of a :class:`athenalite.testing.StubPage` for live templates."""

    def call(self, target: Any, methodName: str, /, *args: Any, **kwargs: Any) -> Deferred[Any]:
        """See :meth:`athenalite.testing.StubPage.call`."""
        raise NotImplementedError

    def part(self, element: Any, name: str) -> str:
        """
        The last rendering of a part on this page, with its node: markup.

        :raise LookupError: if it is not on the page.
        """
        return self._typed.document.part(f"{self._numberOf(element)}.{name}").markup

    @property
    def text(self) -> str:
        """The text of the document with the last renderings of its parts."""
        return self._typed.document.find(lambda node: node.name == "body", "the document has no body").text

    def click(self, label: str, key: Any = None) -> Deferred[Any]:
        """
        Click a control for which the template names a method (``remote="..."``), or a form's button.

        :param label: its text; or its name, value, title, placeholder or ``aria-label``.
        :param key: of the item that it is in, if several items have such a control.
        :return: fires when the server has answered, as for :meth:`submit`.
        :raise LookupError: if there is not one such control. The text says which there are.
        """
        node = self._typed.button(label, key)
        if "onclick" in handlersOf(node):
            pairs = self._typed.pairsOf(node) if node.attributes.get("type") in ("checkbox", "radio") else []
            return self._event(node, "onclick", pairs)
        return self.submit(label, key)

    def fill(self, name: str, value: str | bool | StubFile | Sequence[StubFile], key: Any = None) -> Deferred[Any]:
        """
        Type a text into the field ``name``, choose the value of a ``select`` or radio buttons, or check a box (True);
        or choose files, which are sent when their form is: a :class:`StubFile`, or several.
        The methods that it has for ``oninput`` and ``onchange`` are called at once, whatever their ``debounce``.

        :return: fires when the server has answered all of them, as for :meth:`submit`.
        :raise LookupError: if there is not one such field.
        """
        field = self._typed.field(name, key)
        self._typed.fill(field, value)
        calls = [
            self._event(node, event, self._typed.pairsOf(node))
            for node in field.around
            for event in ("oninput", "onchange")
            if event in handlersOf(node)
        ]
        answers: Deferred[Any] = gatherResults(calls, consumeErrors=True)
        return answers.addCallbacks(_firstOf, _causeOf)

    def submit(self, label: str | None = None, key: Any = None) -> Deferred[Any]:
        """
        Submit a form, with what was filled in. Files of more than 140 kB take time, a second for 570 kB:
        call ``page.advance(0.1)`` for each tenth of it.

        :param label: of its button, as for :meth:`click`; by default, the first button of the page's only form.
        :return: fires with None when the server has taken it, or with the texts of errors by the names of their fields;
            or fails with :class:`RemoteError`.
        :raise LookupError: if there is not one such form.
        """
        form, button = self._typed.form(label, key)
        return self._event(form, "onsubmit", self._typed.pairsOf(form, button))

    @property
    def url(self) -> str:
        """The address that is shown: see :meth:`athenalite.athena.LivePage.pushURL`."""
        return self._history.url

    def back(self) -> Deferred[None]:
        """
        Go back to the address before.

        :return: fires when ``addressChanged`` of the page or element has, as for :meth:`submit`.
        :raise LookupError: if there is none.
        """
        return self._go(-1)

    def forward(self) -> Deferred[None]:
        """Go forward to the address from which one went :meth:`back`."""
        return self._go(1)

    def _go(self, steps: int) -> Deferred[None]:
        history = self._history
        history.go(steps)
        return self.call(0, "_athenaMoved", history.url, history.start, history.moves)

    def _event(self, node: FakeNode, event: str, pairs: list[list[Any]]) -> Deferred[Any]:
        sent = [handlersOf(node)[event], pairs + argumentsOf(node), node.key]
        files = self._typed.filesOf(node) if event == "onsubmit" else []
        call = partial(self.call, node.number)
        answer = sendFiles(call, sent, files) if files else call("_athenaEvent", *sent)
        return answer.addCallback(lambda result: dict(result["errors"]) if result else None)


def _firstOf(answers: list[Any]) -> Any:
    return next(filter(None, answers), None)


def _causeOf(failure: Failure) -> Failure:
    cause: Failure = cast(Any, failure.value).subFailure
    return cause
