"""An element with mistakes: a form in a form, an inline handler, a class that is not exported, and calls that fail."""

from athenalite.athena import LiveElement, LivePageError, expose
from athenalite.loaders import xmlstr
from athenalite.page import renderer

NAMESPACES = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"'


class Refused(LivePageError):
    """An error with a text for people."""

    jsClass = ""


class InnerElement(LiveElement):
    """Its root is a form, which may not be in another form."""

    docFactory = xmlstr(f'<form {NAMESPACES} nevow:render="liveElement"><b>inner</b></form>')


class UnexportedElement(LiveElement):
    """Its module does not export its class."""

    jsClass = "MistakenThing.Unexported"
    docFactory = xmlstr(f'<p {NAMESPACES} nevow:render="liveElement">text</p>')


class MistakenElement(LiveElement):
    """The element of the page."""

    jsClass = "MistakenThing.MistakenWidget"
    docFactory = xmlstr(
        f'<form {NAMESPACES} nevow:render="liveElement" onclick="go()"><nevow:invisible nevow:render="inner"/></form>'
    )

    @renderer
    def inner(self, request, tag):
        """The other elements."""
        children = [InnerElement(), UnexportedElement()]
        for child in children:
            child.setFragmentParent(self)
        return children

    @expose
    def audit(self):
        """Fail."""
        raise KeyError("the <b>ledger</b>")

    @expose
    def withdraw(self):
        """Refuse."""
        raise Refused("There is not enough money.")


class BrokenElement(LiveElement):
    """It cannot be rendered."""

    docFactory = xmlstr(f'<p {NAMESPACES} nevow:render="liveElement">\n<b nevow:render="total"/></p>')

    @renderer
    def total(self, request, tag):
        """Fail."""
        raise ZeroDivisionError("<b>nothing</b>")
