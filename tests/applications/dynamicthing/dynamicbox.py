"""An element that sends others: of modules that the page does not have, of other namespaces, from both sides."""

from twisted.internet.defer import Deferred
from zope.interface import implementer

from athenalite import tags as T
from athenalite.athena import IAthenaTransportable, LiveElement, LiveFragment, expose
from athenalite.loaders import stan, xmlstr

NAMESPACES = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"'


@implementer(IAthenaTransportable)
class Point:
    """Arrives as an instance of a JavaScript class."""

    jsClass = "DynamicThing.Point"

    def __init__(self, *arguments):
        self.arguments = arguments

    def getInitialArguments(self):
        return self.arguments


class Later(LiveFragment):
    """A widget that is sent with its module, the modules that this imports, and its style sheet."""

    jsClass = "Later.Widget"
    cssModule = "Later"
    docFactory = xmlstr(
        f'<p {NAMESPACES} nevow:render="liveFragment" class="later"><b id="name" nevow:render="name"/>'
        '<button><athena:handler event="onclick" handler="press"/>Press</button></p>'
    )
    pressed = 0

    def render_name(self, ctx, data):
        return ctx.tag[data]

    def getInitialArguments(self):
        return (self.original, [True])

    @expose
    def press(self):
        self.pressed += 1
        return f"{self.original} {self.pressed}"


class Drawing(LiveElement):
    """A widget whose root is of another namespace."""

    docFactory = xmlstr(f'<svg {NAMESPACES} xmlns="http://www.w3.org/2000/svg" nevow:render="liveElement"><g/></svg>')


class DynamicElement(LiveElement):
    """Sends them."""

    jsClass = "DynamicThing.Widget"
    docFactory = stan(T.div(render=T.directive("liveElement")))

    def _child(self, element):
        element.setFragmentParent(self)
        return element

    @expose
    def later(self, name):
        """A result with an element in it."""
        return {"found": [self._child(Later(name))]}

    @expose
    def push(self, name):
        """Send an element as an argument, and return the widget's result."""
        return self.callRemote("take", self._child(Later(name)))

    @expose
    def draw(self):
        """An element of another namespace."""
        return self._child(Drawing())

    @expose
    def point(self):
        """Return the browser's description of an object that it makes."""
        return self.callRemote("measure", [Point(3, Point(4))])

    @expose
    def markup(self):
        """A renderable that is no element of its own."""
        return T.p["a < b"]

    @expose
    def waiting(self):
        """What cannot be rendered at once."""
        return self._child(LiveElement(stan(T.div(render=T.directive("liveElement"))[Deferred()])))

    @expose
    def detachAll(self):
        """Detach all that was sent, from here: how many are left."""
        detached = [child.detach() for child in list(self.liveFragmentChildren)]
        return detached[0].addCallback(lambda _: len(self.liveFragmentChildren))
