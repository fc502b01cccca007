"""
Type-ahead: at each key the browser requests completions from the server.

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
    A field and its completions.
    """

    docFactory = xmlfile(sibpath(__file__, "typeahead.html"))
    jsClass = "Completing.TypeAhead"
    cssModule = "Completing"
    words: Sequence[str] = TREES.split()
    most = 8

    def getInitialArguments(self) -> Sequence[int]:
        """
        Return the widget's argument: the number of words.
        """
        return (len(self.words),)

    @expose
    def complete(self, beginning: str) -> list[str]:
        """
        Called by the browser.

        :return: the first few words that begin so.
        """
        beginning = str(beginning).strip().lower()
        found = [word for word in self.words if word.startswith(beginning)] if beginning else []
        return found[: self.most]
