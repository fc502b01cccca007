"""
An element that also says how it would be rendered if it were opened now: ``--element=proved.Proved``, with the element
that the environment variable ``PROVED`` names.
"""

import os
from typing import Any

from twisted.python.reflect import namedAny

from athenalite._live.rendering import written
from athenalite.live import expose


class Proved(namedAny(os.environ["PROVED"])):  # type: ignore[misc]
    """That element."""

    def _shown(self) -> list[Any]:
        return [*self._athenaParts.values(), *(one._part for one in (self._athenaShows or {}).values())]

    @expose
    def rendered(self) -> dict[str, str]:
        """Return the markup of each part, by its name in messages, as a document would have it now."""
        return {one.identity: written(one.first(), isXHTML=False) for one in self._shown()}

    @expose
    def again(self) -> None:
        """Render all again."""
        for element in {id(one.element): one.element for one in self._shown()}.values():
            element.rerender()
