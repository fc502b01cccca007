"""
Two offices in one process, each a site of its own. Run them in this directory with ``PYTHONPATH=. twistd -ny site.tac``.
"""

from twisted.application.service import Application
from twisted.internet import reactor

from office.site import makeService

application = Application("office")
makeService(reactor, "north", "tcp:8080:interface=127.0.0.1").setServiceParent(application)
makeService(reactor, "south", "tcp:8081:interface=127.0.0.1").setServiceParent(application)
