"""
An echo: the browser's message comes back to it, with one call in each direction.

Run it in the directory above with ``twistd -n athena-widget --element=echothing.echobox.EchoElement``.
"""

from __future__ import annotations

from twisted.python.util import sibpath

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlfile


class EchoElement(LiveElement):
    """
    The element of one page: its template, its widget, and the method that the widget may call.
    """

    docFactory = xmlfile(sibpath(__file__, "template.html"))
    jsClass = "EchoThing.EchoWidget"
    cssModule = "EchoThing"

    @expose
    def say(self, message: object) -> None:
        """
        Called by the browser: send the message back.
        """
        self.callRemote("addText", message)
