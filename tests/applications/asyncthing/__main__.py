"""The pages of this application on a site of its own, with the asyncio reactor."""

from twisted.internet import asyncioreactor

asyncioreactor.install()

import sys  # noqa: E402
from typing import Any  # noqa: E402

from twisted.internet import reactor as installed  # noqa: E402
from twisted.logger import globalLogBeginner, textFileLogObserver  # noqa: E402

from athenalite import AthenaSite, Limits  # noqa: E402
from tests.applications.asyncthing.asyncbox import Main  # noqa: E402

globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout)])
reactor: Any = installed
port = reactor.listenTCP(0, AthenaSite(Main(), Limits(), reactor), interface="127.0.0.1")
print(f"athena-widget: open http://localhost:{port.getHost().port}/", flush=True)
reactor.run()
