"""``python -m harness.uvlooping``: twist with Twisted's asyncio reactor on an event loop of uvloop."""

import asyncio
import runpy
import sys

import uvloop
from twisted.internet import asyncioreactor

if __name__ == "__main__":
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)
    sys.argv[0] = "twist"
    runpy.run_module("twisted", run_name="__main__", alter_sys=True)
