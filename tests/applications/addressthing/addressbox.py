"""
Names of modules that addresses do not have as they are, and an image beside a style sheet.
"""

from __future__ import annotations

from athenalite import tags
from athenalite.athena import LiveElement
from athenalite.loaders import stan


class AddressElement(LiveElement):
    """Its widget, in a module with a name in French, shows what another such module exports."""

    docFactory = stan(tags.p(render="liveElement", class_="address")["waiting"])
    jsClass = "Café 1%.Widget"
    cssModule = "Käse"
