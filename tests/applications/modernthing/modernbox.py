"""An element whose widget is an ES module, with a legacy widget in it, and one that is sent later."""

from athenalite import tags as T
from athenalite.athena import LiveElement, LivePage, LivePageError, expose
from athenalite.loaders import stan
from athenalite.page import renderer


class Refused(LivePageError):
    """Its JavaScript class is exported by an ES module."""

    jsClass = "ModernThing.Refused"


class OldElement(LiveElement):
    """A legacy widget, whose script uses the ES module that its import comment names."""

    jsClass = "OldThing.Widget"
    docFactory = stan(T.p(render=T.directive("liveElement"), class_="old"))

    @expose
    def refuse(self):
        """Fail."""
        raise Refused("no")


class LaterElement(LiveElement):
    """An ES module that the page does not have."""

    jsClass = "ModernLater.LaterWidget"
    docFactory = stan(T.p(render=T.directive("liveElement"), class_="later"))

    def getInitialArguments(self):
        return ("initial",)


class OldLaterElement(LiveElement):
    """A legacy widget that is sent later; the page does not have its script."""

    jsClass = "OldLater.Widget"
    docFactory = stan(T.p(render=T.directive("liveElement"), class_="oldLater"))

    def getInitialArguments(self):
        return ("initial",)

    @expose
    def answer(self):
        """Return a text."""
        return "an answer"


class ModernElement(LiveElement):
    """The element of the page, with the others."""

    jsClass = "ModernThing.ModernWidget"
    docFactory = stan(T.div(render=T.directive("liveElement"))[T.invisible(render=T.directive("old"))])

    @renderer
    def old(self, request, tag):
        """A widget of the other kind."""
        old = OldElement()
        old.setFragmentParent(self)
        return old

    @expose
    async def later(self):
        """An element as a result."""
        child = LaterElement()
        child.setFragmentParent(self)
        return child

    @expose
    async def oldLater(self):
        """A legacy element as a result."""
        child = OldLaterElement()
        child.setFragmentParent(self)
        return child

    @expose
    async def ask(self, methodName):
        """Return the browser's result, or the text of its error with its traceback."""
        try:
            return await self.callRemote(methodName)
        except Exception as error:
            return f"{error}\n{getattr(error, 'stack', '')}"


class ModernPage(LivePage):
    """A page whose own widget is an ES module."""

    jsClass = "ModernThing.MainWidget"
    docFactory = stan(
        T.html[T.head(render=T.directive("liveglue"))[T.link(rel="icon", href="data:,")], T.body["modern"]]
    )

    @expose
    def add(self, *numbers):
        """Return their sum, or raise an error of a JavaScript class."""
        if not numbers:
            raise Refused("nothing to add")
        return sum(numbers)

    @expose
    def leave(self):
        """End the page."""
        self.close("all have left")
