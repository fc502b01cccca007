"""An element whose exposed method is annotated, and a coroutine."""

from athenalite import tags as T
from athenalite.athena import LiveElement, expose
from athenalite.loaders import stan


class CheckedElement(LiveElement):
    """Its widget is the plain one; the test gives it what it needs."""

    docFactory = stan(T.div(render=T.directive("liveElement")))

    @expose
    async def greet(self, name: str, times: int = 1) -> str:
        """Ask the widget for a greeting."""
        greeting: str = await self.callRemote("greeting", name, times=times)
        return greeting + "!"
