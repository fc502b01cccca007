"""An element, and a page, each of whose methods awaits both Deferreds and asyncio."""

import asyncio

import aiosqlite
import httpx
from twisted.internet import reactor
from twisted.internet.task import deferLater

from athenalite import LiveElement, LivePage, expose
from athenalite import tags as T
from athenalite.loaders import stan
from athenalite.page import renderer
from athenalite.rend import Page

SHORT = 0.01


async def both():
    """Wait for Twisted, and for asyncio."""
    await deferLater(reactor, SHORT, lambda: None)
    await asyncio.sleep(SHORT)


class Box(LiveElement):
    """An element whose hooks, renderers and methods wait."""

    docFactory = stan(T.div(render=T.directive("liveElement"))[T.p(render=T.directive("waiting"))])

    def __init__(self):
        super().__init__()
        self.made = asyncio.Event()

    @renderer
    async def waiting(self, request, tag):
        """See ``docFactory``."""
        await both()
        return tag["rendered"]

    async def connectionMade(self):
        """Set what ``isMade`` waits for."""
        await both()
        self.made.set()

    @expose
    async def isMade(self):
        """Whether ``connectionMade`` has ended."""
        return await asyncio.wait_for(self.made.wait(), 10)

    @expose
    async def sleep(self):
        """Wait for both kinds."""
        await both()
        return "slept"

    @expose
    async def together(self):
        """Wait for several at the same time."""
        return await asyncio.gather(*(asyncio.sleep(SHORT, number) for number in range(3)))

    @expose
    async def limited(self):
        """Give up after a moment."""
        try:
            async with asyncio.timeout(SHORT):
                await deferLater(reactor, 60, lambda: None)
        except TimeoutError:
            return "timed out"

    @expose
    async def store(self, text: str):
        """Write into a database, and read it."""
        async with aiosqlite.connect(":memory:") as database:
            await database.execute("CREATE TABLE notes (text)")
            await database.execute("INSERT INTO notes VALUES (?)", (text,))
            await both()
            async with database.execute("SELECT text FROM notes") as rows:
                return [row[0] async for row in rows]

    @expose
    async def fetch(self, url: str):
        """Make an HTTP request, to this very server."""
        async with httpx.AsyncClient(trust_env=False) as client:
            response = await client.get(url)
            await both()
            return response.text

    @expose
    async def fail(self):
        """Raise an error after waits of both kinds."""
        await both()
        raise ZeroDivisionError


class Main(Page):
    """The page of a site, which makes the others."""

    docFactory = stan(T.p["main"])

    async def locateChild(self, ctx, segments):
        """Wait before every page."""
        await both()
        return super().locateChild(ctx, segments)

    async def child_live(self, ctx):
        """A page with an element."""
        await both()
        return Root()

    async def child_text(self, ctx):
        """A page without one."""
        return Child()


class Child(Page):
    """A child that takes its time."""

    docFactory = stan(T.p["child"])

    async def beforeRender(self, ctx):
        """Wait before it is rendered."""
        await both()

    async def renderHTTP(self, ctx):
        """Wait before that."""
        await both()
        return super().renderHTTP(ctx)


class Root(LivePage):
    """A page of its own."""

    docFactory = stan(T.html[T.head(render=T.directive("liveglue")), T.body(render=T.directive("box"))])

    async def render_box(self, ctx, data):
        """Put the element into the page."""
        await both()
        box = Box()
        box.setFragmentParent(self)
        return ctx.tag[box]

    async def authorize(self, handshake):
        """Let every socket in, after a while."""
        await both()
        return True


async def box():
    """What ``--element`` names."""
    await both()
    return Box()


class Quick(Box):
    """The same, with a template and hooks that do not wait."""

    docFactory = stan(T.div(render=T.directive("liveElement")))

    def connectionMade(self):
        """Do nothing."""


def boxPlain():
    """What ``--element`` names under another reactor."""
    return Quick()
