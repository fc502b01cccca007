"""
The resources of a site: a front page with a login, static files, and live pages for those who have logged in::

    /                   FrontPage
    /login, /logout     forms are sent there
    /static/            files
    /_athena/           scripts and sockets of the live pages
    /board              BoardPage, live
    /kitchen/lunch      LunchPage, live

``site.tac`` in the directory above runs two such sites in one process.
"""

from __future__ import annotations

from typing import Any

from twisted.application import strports
from twisted.application.service import IService
from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred
from twisted.python.filepath import FilePath
from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from twisted.web.server import NOT_DONE_YET, Site
from twisted.web.static import File
from twisted.web.template import Element, Tag, XMLFile, renderElement, renderer
from twisted.web.util import Redirect

from athenalite import LivePage
from athenalite.auth import Login

from .model import CHECKER, Office
from .pages import BoardPage, LunchPage, OfficePage

HERE = FilePath(__file__).parent()


def makeService(reactor: Any, name: str, endpoint: str, behindProxy: bool = False) -> IService:
    """
    :param name: of the office.
    :param endpoint: where to listen, such as ``tcp:8080``.
    :param behindProxy: whether a proxy in front sets ``X-Forwarded-Proto``, ``-Host`` and ``-For``.
    :return: a whole site, which shares nothing with other sites.
    """
    office = Office(name, reactor, behindProxy)
    # Running calls may finish, and the pages show why they end.
    reactor.addSystemEventTrigger("before", "shutdown", office.logins.factory.close, f"the {name} office is closing")
    return strports.service(endpoint, Site(makeRoot(office), reactor=reactor), reactor)


def makeRoot(office: Office) -> IResource:
    """
    :return: the site's tree.
    """
    root = LivePages(office, board=BoardPage)
    root.putChild(b"", FrontPage(office))
    root.putChild(b"login", LoginForm(office))
    root.putChild(b"logout", LogoutForm(office))
    root.putChild(b"static", File(HERE.child("static").path))
    # By default this is below each page. Here that would be behind the login: if a login ends while a page is
    # disconnected, its socket would be redirected to the front page, and the page would not show why it ended.
    root.putChild(b"_athena", office.logins.factory.resource)
    root.putChild(b"kitchen", LivePages(office, lunch=LunchPage))
    return root


class LivePages(Resource):
    """
    Pages by their names, for people who have logged in; others are redirected to the front page.

    A page is rendered once. So none is in the tree: each request gets a new one.
    """

    def __init__(self, office: Office, **pages: type[OfficePage]) -> None:
        super().__init__()
        self._office = office
        self._pages = {name.encode("ascii"): page for name, page in pages.items()}

    def getChild(self, path: bytes, request: Any) -> IResource:
        """
        Called for names that are not in the tree.
        """
        if path not in self._pages:
            return notFound()
        login = self._office.logins.of(request)
        return Redirect(b"/") if login is None else self._pages[path](self._office, login)

    def render(self, request: Any) -> Any:
        """
        Answer 404: only the pages in it exist.
        """
        return notFound().render(request)


class FrontElement(Element):
    """
    The login form, or links for people who have logged in.
    """

    loader = XMLFile(HERE.child("templates").child("front.html"))

    def __init__(self, office: Office, login: Login | None, refusal: str) -> None:
        super().__init__()
        self._office = office
        self._login = login
        self._refusal = refusal

    @renderer
    def stranger(self, request: object, tag: Tag) -> Tag | str:
        """
        Render the part for people who have not logged in.
        """
        return "" if self._login else tag.fillSlots(refusal=self._refusal)

    @renderer
    def member(self, request: object, tag: Tag) -> Tag | str:
        """
        Render the part for people who have.
        """
        return tag.fillSlots(person=self._login.user) if self._login else ""

    @renderer
    def office(self, request: object, tag: Tag) -> Tag:
        """
        The name of the office.
        """
        return tag(self._office.name)


class FrontPage(Resource):
    """
    The front page, an ordinary resource.
    """

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office = office

    def render_GET(self, request: Any, refusal: str = "") -> Any:
        """
        Answer with the front page. A login form needs the security headers that live pages have.
        """
        for name, value in LivePage.headers.items():
            request.setHeader(name, value)
        login = None if refusal else self._office.logins.of(request)
        return renderElement(request, FrontElement(self._office, login, refusal))


class LoginForm(FrontPage):
    """
    Receives a name and a password.
    """

    def render_POST(self, request: Any) -> Any:
        """
        Log a person in, and redirect to the board.
        """
        Deferred.fromCoroutine(self._login(request)).addErrback(request.processingFailed)
        return NOT_DONE_YET

    async def _login(self, request: Any) -> None:
        given = (request.args.get(field, [b""])[0] for field in (b"name", b"password"))
        name, password = (one.decode("utf-8", "replace") for one in given)
        try:
            await self._office.logins.check(request, CHECKER, name, password)
        except UnauthorizedLogin:
            request.setResponseCode(403)
            self.render_GET(request, "The name or the password is wrong.")
        else:
            request.redirect(b"/board")
            request.finish()


class LogoutForm(FrontPage):
    """
    Receives the logout form.
    """

    def render_POST(self, request: Any) -> bytes:
        """
        Log a person out, in all tabs of the browser.
        """
        self._office.logins.end(request)
        request.redirect(b"/")
        return b""
