"""
The live pages, and the elements that are on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.python.util import sibpath

from athenalite import LiveElement, LivePageError, expose
from athenalite.auth import Login, MemberPage, userOf
from athenalite.loaders import xmlfile
from athenalite.page import Element, renderer

from .model import Office, Shared

#: Where scripts and sockets are; see `office.site.makeRoot`.
ATHENA = "/_athena"
TEMPLATES = sibpath(__file__, "templates")
MOST = 20
LONGEST = 200


class Refused(LivePageError):
    """
    A notice cannot be pinned to the board; the text is the reason.
    """

    jsClass = "Office.Refused"


class SharedElement(LiveElement):
    """
    Shows a shared value while its page is connected.
    """

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self.shared = shared

    @property
    def person(self) -> str:
        """
        Who is at the page.
        """
        return str(userOf(self))

    def connectionMade(self) -> None:
        """
        The page has connected: show the value, and each change from now on.
        """
        self.shared.elements.append(self)
        self.callRemote("show", self.shared.value)

    def connectionLost(self, reason: object) -> None:
        """
        The page is lost.
        """
        self.shared.elements.remove(self)


class Notices(SharedElement):
    """
    The notices on the board.
    """

    docFactory = xmlfile("notices.html", templateDir=TEMPLATES)
    jsClass = "Office.Notices"

    @expose
    def pin(self, text: str) -> None:
        """
        Called by the browser: pin a notice above the others.

        :raises Refused: if it is empty or too long.
        """
        if not 0 < len(text.strip()) <= LONGEST:
            raise Refused(f"Write something, and at most {LONGEST} characters.")
        self.shared.change([[self.person, text.strip()], *self.shared.value][:MOST])


class Readers(SharedElement):
    """
    The people who have the board open.
    """

    docFactory = xmlfile("readers.html", templateDir=TEMPLATES)
    jsClass = "Office.Readers"

    def connectionMade(self) -> None:
        """
        Add a reader; the same person may be listed twice.
        """
        super().connectionMade()
        self.shared.change(sorted([*self.shared.value, self.person]))

    def connectionLost(self, reason: object) -> None:
        """
        Remove a reader.
        """
        super().connectionLost(reason)
        people = list(self.shared.value)
        people.remove(self.person)
        self.shared.change(people)


class Dish(SharedElement):
    """
    A dish, and the people who want it.
    """

    docFactory = xmlfile("dish.html", templateDir=TEMPLATES)
    jsClass = "Office.Dish"

    def __init__(self, name: str, shared: Shared) -> None:
        super().__init__(shared)
        self._name = name

    def getInitialArguments(self) -> Sequence[str]:
        """
        Return the widget's argument: the person at the page.
        """
        return (self.person,)

    @renderer
    def name(self, request: object, tag: Any) -> Any:
        """
        Render the name of the dish.
        """
        return tag[self._name]

    @expose
    def want(self, wanted: bool) -> None:
        """
        Called by the browser: this person wants the dish, or no longer does.
        """
        others = [person for person in self.shared.value if person != self.person]
        self.shared.change(sorted([*others, self.person]) if wanted else others)


class Header(Element):
    """
    The header of each page, which is not live.
    """

    docFactory = xmlfile("header.html", templateDir=TEMPLATES)

    def __init__(self, office: Office, person: str) -> None:
        super().__init__()
        self._names = {"office": office.name, "person": person}

    @renderer
    def names(self, request: object, tag: Any) -> Any:
        """
        Fill the template's slots.
        """
        return tag.fillSlots(**self._names)


class OfficePage(MemberPage):
    """
    A page for a person who has logged in. It ends at logout.
    """

    def __init__(self, office: Office, login: Login) -> None:
        super().__init__(office.logins, login, jsModuleRoot=ATHENA, cssModuleRoot=ATHENA, transportRoot=ATHENA)
        self.office = office

    def live(self, element: LiveElement) -> LiveElement:
        """
        :return: the element, which is on this page now.
        """
        element.setFragmentParent(self)
        return element

    @renderer
    def header(self, request: object, tag: object) -> Header:
        """
        Render the header.
        """
        return Header(self.office, self.user)


class BoardPage(OfficePage):
    """
    The notice board: two elements of different kinds.
    """

    docFactory = xmlfile("board.html", templateDir=TEMPLATES)

    @renderer
    def notices(self, request: object, tag: object) -> LiveElement:
        """
        Render the notices.
        """
        return self.live(Notices(self.office.notices))

    @renderer
    def readers(self, request: object, tag: object) -> LiveElement:
        """
        Render the readers.
        """
        return self.live(Readers(self.office.readers))


class LunchPage(OfficePage):
    """
    The lunch menu: an element for each dish.
    """

    docFactory = xmlfile("lunch.html", templateDir=TEMPLATES)

    @renderer
    def dishes(self, request: object, tag: Any) -> Any:
        """
        Render the dishes.
        """
        return tag[[self.live(Dish(name, shared)) for name, shared in self.office.dishes.items()]]
