"""The pages on a free port: ``python -m tests.applications.portedthing``."""

import sys
from typing import Any

from twisted.internet import reactor
from twisted.python import log

from athenalite import appserver
from tests.applications.portedthing.pages import Root

log.startLogging(sys.stdout)
port: Any = reactor.listenTCP(0, appserver.NevowSite(Root()), interface="127.0.0.1")  # type: ignore[arg-type]
log.msg(f"athena-widget: open http://localhost:{port.getHost().port}/")
reactor.run()
