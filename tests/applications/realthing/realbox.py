"""An element that works in threads, with a database, and with asyncio."""

import asyncio
import time
from contextlib import suppress

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from athenalite import LiveElement, LivePage, expose
from athenalite import tags as T
from athenalite.loaders import stan
from athenalite.page import renderer

SHORT = 0.05


def inThread(value):
    """Work for a while."""
    time.sleep(SHORT)
    return value


class Box(LiveElement):
    """Every method takes its time."""

    docFactory = stan(T.div(render=T.directive("liveElement")))

    def __init__(self, pool=None):
        super().__init__()
        self.pool = pool
        self.made = None

    async def connectionMade(self):
        """Tell the browser when it has ended."""
        self.made = await deferToThread(inThread, "made")
        with suppress(Exception):
            await self.callRemote("made", self.made)

    @expose
    def thread(self, value: int):
        """The result of a thread."""
        return deferToThread(inThread, value)

    @expose
    async def ask(self):
        """Work, then ask the browser, then work again."""
        await deferToThread(inThread, None)
        answer = await self.callRemote("answer")
        return await deferToThread(inThread, answer)

    @expose
    async def rows(self) -> list[int]:
        """The result of adbapi."""
        return [row[0] for row in await self.pool.runQuery("SELECT 1 UNION SELECT 2")]

    @expose
    async def fail(self):
        """Fail after a while."""
        await deferToThread(inThread, None)
        raise ValueError("failed")

    @expose
    def never(self):
        """Never end."""
        return Deferred()

    @expose
    async def sleep(self):
        """Wait for asyncio, and for a thread."""
        await asyncio.sleep(SHORT)
        value = await deferToThread(inThread, "slept")
        await asyncio.sleep(0)
        return value


class SlowBox(Box):
    """A renderer works in a thread."""

    docFactory = stan(T.div(render=T.directive("liveElement"))[T.p(render=T.directive("slow"))])

    @renderer
    async def slow(self, request, tag):
        """See ``docFactory``."""
        return tag[await deferToThread(inThread, "rendered")]


class FailingBox(Box):
    """A renderer fails after a while."""

    docFactory = stan(T.div(render=T.directive("liveElement"))[T.p(render=T.directive("slow"))])

    @renderer
    async def slow(self, request, tag):
        """See ``docFactory``."""
        await deferToThread(inThread, None)
        raise ValueError("not rendered")


class GuardedPage(LivePage):
    """A page that asks a thread before it lets a socket in."""

    docFactory = stan(T.html[T.head(render=T.directive("liveglue")), T.body])

    async def authorize(self, handshake):
        """Ask a thread."""
        return await deferToThread(inThread, True)
