"""Pages with a ``<base>``, at ``/BasePage?http://elsewhere/``, say: ``python -m tests.applications.addressthing``."""

import sys
from typing import Any

from twisted.internet import reactor as installed
from twisted.logger import globalLogBeginner, textFileLogObserver
from twisted.web.resource import Resource

from athenalite import AthenaSite, Limits, LivePageFactory
from tests.applications.addressthing import addressbox

globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout)])
reactor: Any = installed


class Root(Resource):
    """Has a page for each request."""

    def getChild(self, path: bytes, request: Any) -> Any:
        """Return a page of this class, with the query as its base."""
        base = request.uri.partition(b"?")[2].decode("ascii")
        return getattr(addressbox, path.decode("ascii"))(base, factory=factory)


factory = LivePageFactory(reactor)
port = reactor.listenTCP(0, AthenaSite(Root(), Limits(), reactor), interface="127.0.0.1")
print(f"athena-widget: open http://localhost:{port.getHost().port}/", flush=True)
reactor.run()
