"""
An echo: the browser's message is the result of its call.

Run it in the directory above with ``twistd -n athena-widget --element=echoing.echobox.EchoElement``.
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
    jsClass = "Echoing.EchoWidget"
    cssModule = "Echoing"

    @expose
    async def echo(self, message: str) -> str:
        """
        Called by the browser.

        :return: the message, for the browser to show.
        """
        return message
