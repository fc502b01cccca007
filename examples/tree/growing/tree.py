"""
A tree: each node is an element on the server and a widget in the browser, made and ended while the page lives.

Run it in the directory above with ``twistd -n athena-widget --element=growing.tree.makeTree``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from twisted.python.util import sibpath

from athenalite.athena import LiveElement, LivePageError, expose
from athenalite.loaders import xmlfile
from athenalite.page import renderer

LONGEST = 40
MOST = 50


class Refused(LivePageError):
    """
    A branch is refused; the text is the reason.
    """


class Branch(LiveElement):
    """
    A node of the tree, with the branches that are on it.
    """

    docFactory = xmlfile(sibpath(__file__, "branch.html"))
    jsClass = "Growing.Branch"
    cssModule = "Growing"

    def __init__(self, label: str, branches: Sequence[Branch] = ()) -> None:
        super().__init__()
        self.label = label
        for branch in branches:
            branch.setFragmentParent(self)

    def getInitialArguments(self) -> Sequence[str]:
        """
        Return the widget's argument: the branch's name.
        """
        return (self.label,)

    @renderer
    def name(self, request: object, tag: Any) -> Any:
        """
        Render the branch's name.
        """
        return tag[self.label]

    @renderer
    def branches(self, request: object, tag: Any) -> Any:
        """
        The branches that are there when this one is rendered; others come later.
        """
        return tag[list(self.liveFragmentChildren)]

    @expose
    def grow(self, label: str) -> Branch:
        """
        Called by the browser: make a branch on this one. The browser makes a widget for it.
        """
        label = str(label).strip()
        if not 0 < len(label) <= LONGEST:
            raise Refused(f"Give it a name of at most {LONGEST} characters.")
        if len(self.liveFragmentChildren) >= MOST:
            raise Refused(f"There are {MOST} branches already.")
        branch = Branch(label)
        branch.setFragmentParent(self)
        return branch

    def labels(self) -> Iterator[str]:
        """
        The names of this branch and of all that are on it, as the server knows them.
        """
        yield self.label
        for branch in self.liveFragmentChildren:
            assert isinstance(branch, Branch)
            yield from branch.labels()

    @expose
    def count(self) -> int:
        """
        Called by the browser: how many branches there are from here on.
        """
        return len(list(self.labels()))


class Tree(LiveElement):
    """
    The page: a heading, and the trunk.
    """

    docFactory = xmlfile(sibpath(__file__, "tree.html"))

    def __init__(self, trunk: Branch) -> None:
        super().__init__()
        trunk.setFragmentParent(self)

    @renderer
    def branches(self, request: object, tag: Any) -> Any:
        """
        The trunk.
        """
        return tag[list(self.liveFragmentChildren)]


def makeTree() -> Tree:
    """
    A small tree, for one page.
    """
    return Tree(Branch("trunk", [Branch("left", [Branch("leaf")]), Branch("right")]))
