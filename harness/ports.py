# -*- test-case-name: tests.project.test_ports -*-
"""Ports for servers whose port is a part of what they are started with, or that are started again on the same one."""

import atexit
import socket


def freePorts(count: int) -> list[int]:
    """
    Return free ports of localhost, which stay this process's until it ends.

    Each has a socket that is bound and does not listen. The system gives its port to no other program that asks for
    any port, and to no connection; a connection to it is refused; and a server may listen there again and again, if it
    sets ``SO_REUSEADDR``, as all servers do.
    """
    return [_held() for _ in range(count)]


def _held() -> int:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", 0))
    atexit.register(one.close)
    port: int = one.getsockname()[1]
    return port
