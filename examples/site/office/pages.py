"""
The live pages, and the elements that are on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.python.util import sibpath

from athenalite import LiveElement, LivePage, LivePageError, expose
from athenalite.interfaces import Handshake
from athenalite.loaders import xmlfile
from athenalite.page import Element, renderer

from .model import Login, Office, Shared

#: Where scripts and sockets are; see `office.site.makeRoot`.
ATHENA = "/_athena"
TEMPLATES = sibpath(__file__, "templates")
MOST = 20
LONGEST = 200


class Refused(LivePageError):
    """
    What cannot be pinned to the board; the text says why.
    """

    jsClass = "Office.Refused"


class SharedElement(LiveElement):
    """
    Shows a shared value as long as its page is there.
    """

    def __init__(self, shared: Shared, person: str) -> None:
        super().__init__()
        self.shared = shared
        self.person = person

    def connectionMade(self) -> None:
        """
        The page has connected: show how things stand, and from now on each change.
        """
        self.shared.elements.append(self)
        self.callRemote("show", self.shared.value)

    def connectionLost(self, reason: object) -> None:
        """
        The page is gone for good.
        """
        self.shared.elements.remove(self)


class Notices(SharedElement):
    """
    What is pinned to the board.
    """

    docFactory = xmlfile("notices.html", templateDir=TEMPLATES)
    jsClass = "Office.Notices"

    @expose
    def pin(self, text: str) -> None:
        """
        Called by the browser: pin a notice above the others.

        :raises Refused: if there is nothing on it, or too much.
        """
        if not 0 < len(text.strip()) <= LONGEST:
            raise Refused(f"Write something, and at most {LONGEST} characters.")
        self.shared.change([[self.person, text.strip()], *self.shared.value][:MOST])


class Readers(SharedElement):
    """
    Who is looking at the board.
    """

    docFactory = xmlfile("readers.html", templateDir=TEMPLATES)
    jsClass = "Office.Readers"

    def connectionMade(self) -> None:
        """
        One reader more; the same person may be there twice.
        """
        super().connectionMade()
        self.shared.change(sorted([*self.shared.value, self.person]))

    def connectionLost(self, reason: object) -> None:
        """
        And one less.
        """
        super().connectionLost(reason)
        people = list(self.shared.value)
        people.remove(self.person)
        self.shared.change(people)


class Dish(SharedElement):
    """
    A dish, and who wants it.
    """

    docFactory = xmlfile("dish.html", templateDir=TEMPLATES)
    jsClass = "Office.Dish"

    def __init__(self, name: str, shared: Shared, person: str) -> None:
        super().__init__(shared, person)
        self._name = name

    def getInitialArguments(self) -> Sequence[str]:
        """
        For the widget: who is looking at it.
        """
        return (self.person,)

    @renderer
    def name(self, request: object, tag: Any) -> Any:
        """
        Rendered where the template says so.
        """
        return tag[self._name]

    @expose
    def want(self, wanted: bool) -> None:
        """
        Called by the browser: this person wants the dish, or does not any more.
        """
        others = [person for person in self.shared.value if person != self.person]
        self.shared.change(sorted([*others, self.person]) if wanted else others)


class Header(Element):
    """
    What is at the top of each page; nothing of it is live.
    """

    docFactory = xmlfile("header.html", templateDir=TEMPLATES)

    def __init__(self, office: Office, login: Login) -> None:
        super().__init__()
        self._names = {"office": office.name, "person": login.person}

    @renderer
    def names(self, request: object, tag: Any) -> Any:
        """
        Fills the template's slots.
        """
        return tag.fillSlots(**self._names)


class OfficePage(LivePage):
    """
    A page for one who has logged in. It ends at logout.
    """

    def __init__(self, office: Office, login: Login) -> None:
        super().__init__(office.factory, jsModuleRoot=ATHENA, cssModuleRoot=ATHENA, transportRoot=ATHENA)
        self.office = office
        self.login = login

    def beforeRender(self, ctx: object) -> None:
        """
        Now somebody looks at it. (For an address below it a page is made, too, and never rendered.)
        """
        self.login.pages.add(self)
        self.notifyOnDisconnect().addErrback(lambda reason: self.login.pages.discard(self))

    def authorize(self, handshake: Handshake) -> bool:
        """
        Each socket must come from the browser that the page was made for, and before it has logged out.
        """
        logins = self.office.logins
        return logins.get(handshake.getCookie(logins.cookie)) is self.login

    def live(self, element: LiveElement) -> LiveElement:
        """
        :return: the element, which is on this page now.
        """
        element.setFragmentParent(self)
        return element

    @renderer
    def header(self, request: object, tag: object) -> Header:
        """
        Rendered where the document says so.
        """
        return Header(self.office, self.login)


class BoardPage(OfficePage):
    """
    The notice board: two elements of different kinds.
    """

    docFactory = xmlfile("board.html", templateDir=TEMPLATES)

    @renderer
    def notices(self, request: object, tag: object) -> LiveElement:
        """
        Rendered where the document says so; so is ``readers``.
        """
        return self.live(Notices(self.office.notices, self.login.person))

    @renderer
    def readers(self, request: object, tag: object) -> LiveElement:
        """
        See above.
        """
        return self.live(Readers(self.office.readers, self.login.person))


class LunchPage(OfficePage):
    """
    What there is for lunch: as many elements of one kind as there are dishes.
    """

    docFactory = xmlfile("lunch.html", templateDir=TEMPLATES)

    @renderer
    def dishes(self, request: object, tag: Any) -> Any:
        """
        Rendered where the document says so.
        """
        dishes = self.office.dishes.items()
        return tag[[self.live(Dish(name, shared, self.login.person)) for name, shared in dishes]]
