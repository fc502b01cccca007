"""Lookups of nodes and widgets."""

from athenalite import athena, loaders, page
from athenalite import tags as T

NAMESPACES = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"'


class Plain(athena.LiveElement):
    """A widget that has nothing of its own."""

    jsClass = "AthenaTests.Nodes.Plain"
    docFactory = loaders.stan(T.span(render=T.directive("liveElement"))["plain"])


class Table(athena.LiveElement):
    """A widget whose node is a table."""

    jsClass = "AthenaTests.Nodes.Table"
    docFactory = loaders.stan(T.table(render=T.directive("liveElement"))[T.tbody[T.tr[T.td["a table"]]]])

    def getInitialArguments(self):
        return ["table"]


class Cell(Table):
    """A widget in a cell of a table."""

    docFactory = loaders.stan(T.span(render=T.directive("liveElement"))["in a table"])

    def getInitialArguments(self):
        return ["cell"]


class Branch(athena.LiveElement):
    """A widget with ``width`` children, each of which has as many, ``depth`` levels in all."""

    jsClass = "AthenaTests.Nodes.Branch"
    docFactory = loaders.xmlstr(f'<div {NAMESPACES} nevow:render="liveElement"><p nevow:render="branches"/></div>')

    def __init__(self, width, depth):
        self.width, self.depth = width, depth

    @page.renderer
    def branches(self, request, tag):
        for _ in range(self.width if self.depth else 0):
            branch = Branch(self.width, self.depth - 1)
            branch.setFragmentParent(self)
            yield branch


class Handler(athena.LiveElement):
    """Buttons with handlers, in a form whose field has the name of a property of every node."""

    jsClass = "AthenaTests.Nodes.Handler"
    docFactory = loaders.xmlstr(
        f'<form {NAMESPACES} nevow:render="liveElement" action="elsewhere">'
        '<input name="id" type="hidden" />'
        '<button name="good"><athena:handler event="onclick" handler="clicked"/></button>'
        '<button name="throwing"><athena:handler event="onclick" handler="throwing"/></button>'
        '<button name="mistyped"><athena:handler event="onclick" handler="clickd"/></button>'
        "</form>"
    )


class Location(athena.LiveElement):
    """Two labels, one input, one table; in it another widget of the same kind, with the same ids."""

    jsClass = "AthenaTests.Nodes.Location"
    docFactory = loaders.xmlstr(
        f'<div {NAMESPACES} nevow:render="liveElement" name="root">'
        '<label name="foo" for="username" class="bar">label</label><input name="foo" id="username" class="bar baz"/>'
        '<table><tr><th id="head">h</th><th id="other">o</th><td headers="head other" id="cell">c</td></tr></table>'
        '<b nevow:render="inner"/></div>'
    )
    nested = False

    @page.renderer
    def inner(self, request, tag):
        if self.nested:
            return "inner"
        inner = Location()
        inner.nested = True
        inner.setFragmentParent(self)
        return inner
