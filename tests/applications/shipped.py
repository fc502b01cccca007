"""
All elements that are shipped, one for each page that is requested, in the order of ELEMENTS; then none. With the first,
the sites that are shipped are served on ports of their own: the office, and the address book.
"""

import atexit
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from twisted.internet import reactor
from twisted.web.server import Site

from athenalite.appserver import NevowSite
from athenalite.new import main

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
    "chat.Chatter": "live",
    # Projects as python -m athenalite.new makes them.
    "tea_party.board.makeElement": "tea_party",
    "small.board.makeElement": "small --minimal",
}


def serveSites():
    """Serve the sites."""
    sys.path += [str(ROOT / "examples" / directory) for directory in ("site", "addressbook")]
    office = import_module("office.model").Office("north", reactor)
    book = import_module("addressbook.model").Book("Charles")
    book.add("Ada Lovelace", "020 7946 0815")
    root = import_module("addressbook.pages").RootPage(book)
    for site in Site(import_module("office.site").makeRoot(office)), NevowSite(root):
        reactor.listenTCP(0, site, interface="127.0.0.1")


def made():
    """Import and make them, in the process that serves them only: one opens a database."""
    serveSites()
    projects = TemporaryDirectory()
    atexit.register(projects.cleanup)
    for name, directory in ELEMENTS.items():
        if name.endswith(".board.makeElement"):
            project, *options = directory.split()
            main([*options, f"{projects.name}/{project}"])
            sys.path.append(f"{projects.name}/{project}")
        elif directory:
            sys.path.append(str(ROOT / "examples" / directory))
        module, _, function = name.rpartition(".")
        yield getattr(import_module(module), function)()


elements = made()


def element():
    """Return the next element. At the end there is a page that cannot be made."""
    return next(elements)
