"""
A tree: each branch is an element on the server and a widget in the browser, and coroutines on both sides wait for each
other while it grows and is pruned.

Run it in the directory above with ``twistd -n athena-widget --element=branching.tree.makeTree``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.python.util import sibpath

from athenalite import LiveElement, LivePageError, expose
from athenalite.loaders import xmlfile
from athenalite.page import renderer

LONGEST = 40
MOST = 200


class Refused(LivePageError):
    """
    A change of the tree is refused; the text is the reason.
    """

    jsClass = "Branching.Refused"


class Branch(LiveElement):
    """
    A branch, with those that are on it.
    """

    docFactory = xmlfile(sibpath(__file__, "branch.html"))
    jsClass = "Branching.BranchWidget"
    cssModule = "Branching"

    def __init__(self, label: str, branches: Sequence[Branch] = ()) -> None:
        super().__init__()
        self.label = label
        for branch in branches:
            branch.setFragmentParent(self)

    @property
    def tree(self) -> Tree:
        """
        The tree that it is a part of.
        """
        parent = self.fragmentParent
        return parent if isinstance(parent, Tree) else parent.tree

    def size(self) -> int:
        """
        How many branches there are from here on, with this one.
        """
        return 1 + sum(branch.size() for branch in self.liveFragmentChildren if isinstance(branch, Branch))

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
    async def grow(self, label: str) -> Branch:
        """
        Called by the browser: a new branch on this one.

        :return: the branch, for which the browser makes a widget.
        :raises Refused: for an invalid name, or if the tree is too large.
        """
        label = " ".join(label.split())
        if not 0 < len(label) <= LONGEST:
            raise Refused(f"Give it a name of at most {LONGEST} characters.")
        if self.tree.trunk.size() >= MOST:
            raise Refused(f"There are {MOST} branches already.")
        branch = Branch(label)
        branch.setFragmentParent(self)
        self.tree.changed()
        return branch

    @expose
    async def prune(self) -> None:
        """
        Called by the browser: end this branch, and those on it if the person at the page confirms.

        :raises Refused: for the trunk.
        """
        tree, others = self.tree, self.size() - 1
        if self is tree.trunk:
            raise Refused("The trunk stays.")
        if others == 0 or await self.callRemote("confirm", others):
            await self.detach()
            tree.changed()


class Tree(LiveElement):
    """
    The whole tree.
    """

    docFactory = xmlfile(sibpath(__file__, "tree.html"))
    jsClass = "Branching.TreeWidget"
    cssModule = "Branching"

    def __init__(self, trunk: Branch) -> None:
        super().__init__()
        self.trunk = trunk
        trunk.setFragmentParent(self)

    def getInitialArguments(self) -> Sequence[int]:
        """
        Return the widget's argument: the number of branches.
        """
        return (self.trunk.size(),)

    @renderer
    def branches(self, request: object, tag: Any) -> Any:
        """
        Render the trunk.
        """
        return tag[self.trunk]

    def changed(self) -> None:
        """
        Send the page the number of branches.
        """
        self.callRemote("showSize", self.trunk.size())


def makeTree() -> Tree:
    """
    Make a small tree for one page.
    """
    return Tree(Branch("trunk", [Branch("left", [Branch("leaf")]), Branch("right")]))
