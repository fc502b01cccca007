"""The pages on a free port, each at the name of its class: ``python -m tests.applications.hidingthing [--debug]``."""

import sys
from typing import Any

from twisted.internet import reactor as installed
from twisted.logger import globalLogBeginner, textFileLogObserver
from twisted.web.resource import Resource

from athenalite import AthenaSite, Limits, LivePageFactory
from tests.applications.hidingthing import hidingbox

globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout)])
reactor: Any = installed


class Root(Resource):
    """Has a page for each request."""

    def getChild(self, path: bytes, request: Any) -> Any:
        """Return a page of this class."""
        return getattr(hidingbox, path.decode("ascii"))(factory=factory)


debug = "--debug" in sys.argv
factory = LivePageFactory(reactor, debug=debug, debugPanel=debug)
port = reactor.listenTCP(0, AthenaSite(Root(), Limits(), reactor), interface="127.0.0.1")
print(f"athena-widget: open http://localhost:{port.getHost().port}/", flush=True)
reactor.run()
