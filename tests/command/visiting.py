"""Connections of visitors to the parent of workers, in memory."""

from twisted.internet.testing import StringTransport


class Transport(StringTransport):
    """A transport with a descriptor."""

    _shouldShutdown = True

    def fileno(self):
        return 7


def connect(doormen, *parts):
    """Open a connection, and send these. :return: the transport."""
    doorman, transport = doormen.buildProtocol(None), Transport()
    doorman.makeConnection(transport)
    for part in parts:
        doorman.dataReceived(part)
    return transport
