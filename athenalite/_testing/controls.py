# -*- test-case-name: tests.testing.test_controls -*-
"""
The controls of a simulated page: they call the methods that the template names for their events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from .fakedocument import FakeDocument, FakeNode
from .files import StubFile

_HANDLERS: Final = "data-athena-handlers"
_REMOTE: Final = "@"
_ARGUMENT: Final = "data-arg-"
#: Attributes by which a control is found, besides its text.
_LABELS: Final = ("name", "value", "aria-label", "title", "placeholder")
_NO_FIELDS: Final = ("submit", "button", "reset", "image", "file")


def handlersOf(node: FakeNode) -> dict[str, str]:
    """
    :return: the methods of the server that a node has for events, by the events' names.
    """
    bindings = (one.partition("=") for one in node.attributes.get(_HANDLERS, "").split())
    remote = {event: name for event, _, name in bindings if name.startswith(_REMOTE)}
    return {event: name[len(_REMOTE) :].partition(":")[0] for event, name in remote.items()}


class Typed:
    """
    What the person has typed and chosen, by the controls' names and the keys of their items: renderings do not change
    it.
    """

    def __init__(self, document: FakeDocument) -> None:
        self.document = document
        self._values: dict[tuple[str | None, str], str | bool] = {}
        self._files: dict[tuple[str | None, str], list[StubFile]] = {}

    def button(self, label: str, key: Any) -> FakeNode:
        """
        :param label: the text of a control; or its name, value, title, placeholder or ``aria-label``.
        :param key: of the item that it is in; None if it is in none, or in the only one that has such a control.
        :raise LookupError: if there is not one. The text says which controls there are.
        """
        return self._one(
            [node for node in self._controls() if node.name != "form" and _isLabelled(node, label)],
            key,
            f"control {label!r}",
        )

    def field(self, name: str, key: Any) -> FakeNode:
        """The same for a field of this name."""
        fields = [
            node
            for node in self.document.root
            if (_isField(node) or _isForFiles(node)) and node.attributes.get("name") == name
        ]
        return self._one(fields, key, f"field {name!r}")

    def form(self, label: str | None, key: Any) -> tuple[FakeNode, FakeNode | None]:
        """
        :param label: of the button; None for the first form's first button.
        :return: a form with a method for ``onsubmit``, and its button.
        """
        if label is not None:
            button = self.button(label, key)
            return formOf(button), button
        forms = [node for node in self.document.root if "onsubmit" in handlersOf(node)]
        form = self._one(forms, key, "form")
        return form, next((node for node in form if _isSubmit(node)), None)

    def fill(self, field: FakeNode, value: str | bool | StubFile | Sequence[StubFile]) -> None:
        """
        Type a text, choose a value or files, or check a box.

        :raise TypeError: for a text in a field for files, or the other way round.
        """
        place = field.key, field.attributes["name"]
        isForFiles = not isinstance(value, (str, bool))
        if isForFiles != _isForFiles(field):
            raise TypeError(f"{field.markup} takes {'no ' if isForFiles else ''}files")
        if isinstance(value, StubFile):
            self._files[place] = [value]
        elif isinstance(value, (str, bool)):
            self._values[place] = value
        else:
            self._files[place] = list(value)

    def filesOf(self, form: FakeNode) -> list[tuple[str, StubFile]]:
        """
        :return: the files that are chosen in a form, with the names of their fields.
        """
        places = [(node.key, node.attributes["name"]) for node in form if _isForFiles(node)]
        return [(name, one) for key, name in places for one in self._files.get((key, name), [])]

    def pairsOf(self, node: FakeNode, button: FakeNode | None = None) -> list[list[Any]]:
        """
        :return: the fields of a form, or the one control, as the client sends them.
        """
        pairs = [
            [field.attributes["name"], value] for field in node if _isField(field) for value in self._valuesOf(field)
        ]
        if button is not None and "name" in button.attributes:
            pairs.append([button.attributes["name"], button.attributes.get("value", "")])
        return pairs

    def _valuesOf(self, field: FakeNode) -> Iterator[str | bool]:
        kind = field.attributes.get("type", "").lower()
        typed = self._values.get((field.key, field.attributes["name"]))
        if kind in ("checkbox", "radio"):
            own = field.attributes.get("value")
            checked = typed if isinstance(typed, bool) else "checked" in field.attributes
            if typed is not None and not isinstance(typed, bool):
                checked = own == typed
            if own is None and kind == "checkbox":
                yield checked
            elif checked:
                yield "on" if own is None else own
        elif typed is not None:
            yield typed
        elif field.name == "select":
            yield from _chosenIn(field)
        else:
            yield field.text if field.name == "textarea" else field.attributes.get("value", "")

    def _controls(self) -> Iterator[FakeNode]:
        return (node for node in self.document.root if handlersOf(node) or _isSubmit(node))

    def _one(self, found: list[FakeNode], key: Any, what: str) -> FakeNode:
        if key is not None:
            found = [node for node in found if node.key == str(key)]
            what = f"{what} in the item {key!r}"
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join(repr(node.key) for node in found)
            raise LookupError(f"there are {len(found)} of the {what}, in the items {places}; name the key")
        labels = ", ".join(repr(node.text or node.attributes.get("name", node.name)) for node in self._controls())
        raise LookupError(f"there is no {what}; the controls of the page are: {labels or 'none'}")


def argumentsOf(node: FakeNode) -> list[list[str]]:
    """
    :return: the arguments that a control's attributes have.
    """
    found = node.attributes.items()
    return [[name.removeprefix(_ARGUMENT), value] for name, value in found if name.startswith(_ARGUMENT)]


def formOf(node: FakeNode) -> FakeNode:
    """
    :return: the form that a button submits.
    :raise LookupError: if it submits none to a method of the server.
    """
    for one in node.around:
        if one.name == "form" and "onsubmit" in handlersOf(one):
            return one
    raise LookupError(f"{node.markup} calls no method of the server, and is in no form that does")


def _isLabelled(node: FakeNode, label: str) -> bool:
    return node.text == label or any(node.attributes.get(name) == label for name in _LABELS)


def _isField(node: FakeNode) -> bool:
    isControl = (
        node.name in ("input", "select", "textarea") and node.attributes.get("type", "").lower() not in _NO_FIELDS
    )
    return isControl and "name" in node.attributes and "disabled" not in node.attributes


def _isForFiles(node: FakeNode) -> bool:
    isOne = node.name == "input" and node.attributes.get("type", "").lower() == "file"
    return isOne and "name" in node.attributes and "disabled" not in node.attributes


def _isSubmit(node: FakeNode) -> bool:
    kind = node.attributes.get("type", "submit" if node.name == "button" else "").lower()
    return node.name in ("button", "input") and kind in ("submit", "image")


def _chosenIn(select: FakeNode) -> Iterator[str]:
    options = [node for node in select if node.name == "option"]
    chosen = [node for node in options if "selected" in node.attributes]
    if not chosen and "multiple" not in select.attributes:
        chosen = options[:1]
    return (node.attributes.get("value", node.text) for node in chosen)
