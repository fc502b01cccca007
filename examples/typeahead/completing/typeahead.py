"""
Type-ahead: with every key the browser asks the server what the word may become.

Run it in the directory above with ``twistd -n athena-widget --element=completing.typeahead.TypeAheadElement``.
"""

from __future__ import annotations

from collections.abc import Sequence

from twisted.python.util import sibpath

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlfile

TREES = (
    "alder apple ash aspen bay beech birch box buckthorn cedar cherry chestnut cypress dogwood elder elm fir ginkgo "
    "hawthorn hazel hemlock holly hornbeam juniper larch laurel lime magnolia maple medlar mulberry oak olive pear "
    "pine plane plum poplar quince redwood rowan sequoia service spindle spruce sycamore walnut whitebeam willow yew"
)


class TypeAheadElement(LiveElement):
    """
    A field and what it may become.
    """

    docFactory = xmlfile(sibpath(__file__, "typeahead.html"))
    jsClass = "Completing.TypeAhead"
    cssModule = "Completing"
    words: Sequence[str] = TREES.split()
    most = 8

    def getInitialArguments(self) -> Sequence[int]:
        """
        For the widget: how many words there are.
        """
        return (len(self.words),)

    @expose
    def complete(self, beginning: str) -> list[str]:
        """
        Called by the browser: the words that begin so, the first few of them.
        """
        beginning = str(beginning).strip().lower()
        found = [word for word in self.words if word.startswith(beginning)] if beginning else []
        return found[: self.most]
