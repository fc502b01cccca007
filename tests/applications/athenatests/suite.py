"""One page with all of them."""

from athenalite import athena, loaders, page

from .calls import Calls, Modern
from .children import Parent
from .nodes import NAMESPACES, Branch, Cell, Handler, Location, Plain, Table


class Suite(athena.LiveElement):
    """Each element once, some of them in a table."""

    docFactory = loaders.xmlstr(
        f'<div {NAMESPACES} nevow:render="liveElement">'
        '<table><tr><td nevow:render="cell"/></tr></table><div nevow:render="others"/></div>'
    )

    def _put(self, element):
        element.setFragmentParent(self)
        return element

    @page.renderer
    def cell(self, request, tag):
        return tag(self._put(Cell()))

    @page.renderer
    def others(self, request, tag):
        for element in (Calls(), Modern(), Table(), Branch(3, 2), Handler(), Location(), Parent(), Plain()):
            yield self._put(element)
