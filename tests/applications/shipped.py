"""All elements that are shipped, one for each page that is requested, in the order of ELEMENTS; then none."""

import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ELEMENTS = {
    "chatthing.chatterbox.chat": "",
    "branching.tree.makeTree": "tree-modern",
    "growing.tree.makeTree": "tree",
    "calculating.calculator.CalculatorElement": "calculator",
    "reckoning.calculator.CalculatorElement": "calculator-modern",
    "chatting.chatterbox.chat": "chat-modern",
    "completing.typeahead.TypeAheadElement": "typeahead",
    "finding.characters.FinderElement": "typeahead-modern",
    "echothing.echobox.EchoElement": "echo",
    "echoing.echobox.EchoElement": "echo-modern",
    "counter.Counter": "live",
    "dashboard.Dashboard": "live",
    "todo.Todo": "live",
}


def made():
    """Import and make them, in the process that serves them only: one opens a database."""
    for name, directory in ELEMENTS.items():
        if directory:
            sys.path.append(str(ROOT / "examples" / directory))
        module, _, function = name.rpartition(".")
        yield getattr(import_module(module), function)()


elements = made()


def element():
    """Return the next element. At the end there is a page that cannot be made."""
    return next(elements)
