"""A plugin of pytest that installs the asyncio reactor, as an application's conftest.py would."""

from twisted.internet import asyncioreactor

asyncioreactor.install()
