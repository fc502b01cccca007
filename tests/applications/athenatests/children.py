"""Widgets that are added later, and removed."""

from athenalite import athena, loaders
from athenalite import tags as T

from .nodes import NAMESPACES, Location


class Child(athena.LiveElement):
    """A child that may have children of its own."""

    jsClass = "AthenaTests.Children.Child"
    docFactory = loaders.xmlstr(
        f'<div {NAMESPACES} nevow:render="liveElement"><i id="own">own</i><b nevow:render="children"/></div>'
    )

    def __init__(self, grandchildren=0):
        self.grandchildren = grandchildren
        self.detachments = 0

    def lookupRenderMethod(self, name):
        return self.children if name == "children" else super().lookupRenderMethod(name)

    def children(self, request, tag):
        for _ in range(self.grandchildren):
            child = Child()
            child.setFragmentParent(self)
            yield child

    def detached(self):
        self.detachments += 1

    @athena.expose
    def double(self, number):
        return 2 * number


class Styled(athena.LiveElement):
    """A child whose module is not loaded yet, and which has a style sheet that imports another."""

    jsClass = "AthenaTests.Styled.Widget"
    cssModule = "AthenaTests.Styled"
    docFactory = loaders.stan(T.div(render=T.directive("liveElement"))["styled"])


class Parent(athena.LiveElement):
    """An element whose children are sent later."""

    jsClass = "AthenaTests.Children.Parent"
    docFactory = loaders.stan(T.div(render=T.directive("liveElement"))["parent"])

    def _add(self, child):
        child.setFragmentParent(self)
        return child

    @athena.expose
    def child(self, grandchildren=0):
        """A new child, with children."""
        self.latest = self._add(Child(grandchildren))
        return self.latest

    @athena.expose
    def components(self):
        """The number and the class of a child; the browser makes its own node for it."""
        return self._add(Child()).athenaID, Child.jsClass

    @athena.expose
    def location(self):
        """A widget to find nodes in."""
        return self._add(Location())

    @athena.expose
    def styled(self):
        """A widget with a module and style sheets of its own."""
        return self._add(Styled())

    @athena.expose
    def detachLatest(self):
        """Detach the child that was sent last, from here."""
        return self.latest.detach()

    @athena.expose
    def state(self):
        """Return the number of children, and how often ``detached`` was called on the last one and those in it."""
        family = [self.latest, *self.family]
        return len(self.liveFragmentChildren), [child.detachments for child in family]

    @athena.expose
    def remember(self):
        """Keep the grandchildren, for a later call of ``state``."""
        self.family = list(self.latest.liveFragmentChildren)
        return len(self.family)

    @athena.expose
    def fail(self):
        """Raise an error whose text is sent to the browser."""
        raise athena.LivePageError("failed for the dialog")
