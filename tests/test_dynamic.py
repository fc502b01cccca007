# -*- test-case-name: tests.test_dynamic -*-
"""Elements that come to a page after it was rendered, and leave before it does."""

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import Site

from athenalite.athena import ConnectionLost, JSException, LivePage, OrphanedFragment, expose
from athenalite.loaders import xmlstr
from harness.messages import opening
from tests.pages import NAMESPACES, InMemorySite, Plain


class Node(Plain):
    """An element that tells what happens to it."""

    def __init__(self, log, name):
        self.log = log
        self.name = name

    def connectionMade(self):
        self.log.append(("made", self.name))

    def connectionLost(self, reason):
        self.log.append(("lost", self.name, type(reason), str(reason)))

    def detached(self):
        self.log.append(("detached", self.name, self.page, self.fragmentParent))

    @expose
    def hello(self):
        return self.name


LOST = (ConnectionLost, "Detached")


class DetachTests(SynchronousTestCase):
    """Leaving the page."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.element, self.socket = self.site.page()
        self.log = []
        self.parent, self.child = Node(self.log, "parent"), Node(self.log, "child")
        self.parent.setFragmentParent(self.element)
        self.child.setFragmentParent(self.parent)
        self.page = self.element.page
        self.element.callRemote("add", self.parent, self.child)
        self.site.flush()
        self.socket.messages()
        self.log.clear()

    def assertDetached(self):
        """Both are gone, the child first, and nothing of the page knows of them."""
        self.assertEqual(
            self.log,
            [
                ("lost", "child", *LOST),
                ("detached", "child", None, None),
                ("lost", "parent", *LOST),
                ("detached", "parent", None, None),
            ],
        )
        self.assertEqual((self.element.liveFragmentChildren, self.parent.liveFragmentChildren), ([], []))
        for objectID in (2, 3):
            self.assertRaises(KeyError, self.page.locateObject, objectID)
            [[_, _, success, error]] = self.socket.call("hello", objectID=objectID)
            self.assertEqual((success, error["type"]), (False, "NoSuchMethod"))

    def test_fromServer(self):
        """detach asks the browser first, and is over when both sides have forgotten the element and those in it."""
        detached = self.parent.detach()
        self.site.flush()
        [call] = self.socket.messages()
        self.assertEqual(call, ["call", 2, "_athenaDetachClient", []])
        self.assertEqual(self.log, [])
        self.socket.send("respond", 2, True, None)
        self.assertIsNone(self.successResultOf(detached))
        self.assertDetached()

    def test_fromBrowser(self):
        """The browser detaches by calling the element."""
        [answer] = self.socket.call("_athenaDetachServer", objectID=2)
        self.assertEqual(answer[2:], [True, None])
        self.assertDetached()

    def test_notThere(self):
        """An element that the browser never made is detached nevertheless, and the Deferred tells what was wrong."""
        detached = self.parent.detach()
        self.site.flush()
        self.socket.messages()
        self.socket.send("respond", 2, False, {"type": "NoSuchMethod", "message": "2"})
        self.failureResultOf(detached, JSException)
        self.assertDetached()

    def test_pageLost(self):
        """A page that is closed meanwhile fails the Deferred; the element learns of the page, and of no detachment."""
        detached = self.parent.detach()
        self.site.flush()
        self.socket.close(4000)
        self.failureResultOf(detached, ConnectionLost)
        self.assertEqual(sorted(entry[:2] for entry in self.log), [("lost", "child"), ("lost", "parent")])

    def test_notRendered(self):
        """An element that was never sent is detached at once, without a message and without connectionLost."""
        node = Node(self.log, "new")
        node.setFragmentParent(self.parent)
        self.successResultOf(node.detach())
        self.site.flush()
        self.assertEqual((self.log, self.socket.messages()), ([("detached", "new", None, None)], []))
        self.assertEqual(self.parent.liveFragmentChildren, [self.child])

    def test_orphan(self):
        """What is on no page cannot be detached, nor sent; so it is with what was."""
        self.assertRaises(OrphanedFragment, Plain().detach)
        self.socket.call("_athenaDetachServer", objectID=2)
        self.assertRaises(OrphanedFragment, self.parent.detach)
        self.assertRaises(OrphanedFragment, self.element.callRemote, "add", self.parent)

    def test_callRemote(self):
        """A call of a detached element fails, and the failure is not logged if it is not handled."""
        self.socket.call("_athenaDetachServer", objectID=2)
        self.failureResultOf(self.parent.callRemote("x"), ConnectionLost)
        self.parent.callRemote("x")
        self.site.flush()
        self.assertEqual(self.socket.messages(), [])

    def test_again(self):
        """It may be put on the page again, with a new number."""
        self.socket.call("_athenaDetachServer", objectID=3)
        self.child.setFragmentParent(self.element)
        self.element.callRemote("add", self.child)
        self.site.flush()
        [[_, _, _, [info]]] = self.socket.messages()
        self.assertEqual(info["id"], 4)
        self.assertEqual(self.socket.call("hello", objectID=4)[0][2:], [True, "child"])

    def test_failingHooks(self):
        """A hook that fails is logged, and the rest goes on."""
        self.child.detached = lambda: 1 / 0
        self.socket.call("_athenaDetachServer", objectID=2)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(self.log[-1][:2], ("detached", "parent"))


class Own(LivePage):
    """A page as an application writes it: without a factory."""

    docFactory = xmlstr(f'<html {NAMESPACES}><head nevow:render="liveglue"/><body nevow:render="content"/></html>')
    gone = None

    def beforeRender(self, ctx):
        self.notifyOnDisconnect().addErrback(self.disconnectedFrom)

    def disconnectedFrom(self, reason):
        self.gone = reason

    def render_content(self, ctx, data):
        element = Plain()
        element.setFragmentParent(self)
        return ctx.tag[element]


class OwnSite(InMemorySite):
    """A site of the application's own, which knows nothing of athenalite."""

    def __init__(self, testCase, root):
        super().__init__(testCase)
        self.site = Site(root, reactor=self.clock)


class Root(LivePage):
    """A page with a new page at /chat."""

    docFactory = Own.docFactory

    def __init__(self, pages):
        super().__init__()
        self.pages = pages

    def render_content(self, ctx, data):
        return ctx.tag

    def child_chat(self, ctx):
        self.pages.append(Own())
        return self.pages[-1]


class OwnSiteTests(SynchronousTestCase):
    """LivePage as a resource among others."""

    def setUp(self):
        self.pages = []
        self.site = OwnSite(self, Root(self.pages))

    def test_page(self):
        """A page finds the factory of its site, and lives at any address below it, with or without a slash."""
        for path, beside in (("/chat", "./chat/_athena"), ("/chat/", "./_athena"), ("/chat?x=/", "./chat/_athena")):
            response = self.site.request(path)
            self.assertEqual(response.status, 200)
            self.assertEqual(response.island["transport"], f"{beside}/transport")
            self.assertIn(f'src="{beside}/', response.text)
            page = self.pages[-1]
            socket = self.site.socket("/chat/_athena/transport")
            socket.send(*opening(response.island["token"], 0))
            socket.messages()
            socket.close(4000)
            self.assertIsNotNone(page.gone)

    def test_scripts(self):
        """The client's scripts are served below the page."""
        sources = [part.partition('"')[0] for part in self.site.request("/chat/").text.split('src=".')[1:]]
        self.assertEqual([self.site.request("/chat" + source).status for source in sources], [200, 200])

    def test_oneFactory(self):
        """The pages of one site share a factory; those of two in one process share nothing."""
        for path in ("/chat", "/chat/"):
            self.site.request(path)
        self.assertIs(self.pages[0].factory, self.pages[1].factory)
        others = []
        OwnSite(self, Root(others)).request("/chat")
        self.assertIsNot(others[0].factory, self.pages[0].factory)
        self.assertIsNot(others[0].factory.packages, self.pages[0].factory.packages)

    def test_noFactory(self):
        """A page that was not requested raises an error that explains why it has none."""
        self.assertIn("before it is requested", str(self.assertRaises(RuntimeError, lambda: Own().factory)))

    def test_addSlash(self):
        """A page with addSlash sends those who ask without it to the address with it, relative and with the query."""
        self.patch(Own, "addSlash", True)
        response = self.site.request("/chat?a=1/2")
        self.assertEqual((response.status, response.header("location")), (302, "./chat/?a=1/2"))
        self.assertEqual(self.site.request("/chat/").status, 200)

    def test_roots(self):
        """Scripts, style sheets and sockets may come from an address that the application chooses."""
        self.patch(Own, "__init__", lambda self: LivePage.__init__(self, jsModuleRoot="/a/", transportRoot="/b"))
        response = self.site.request("/chat")
        self.assertIn('src="/a/', response.text)
        self.assertEqual(response.island["transport"], "/b/transport")

    def test_renderHTTP(self):
        """A page may set headers of its own before it is rendered."""

        def renderHTTP(page, ctx):
            ctx.request.setHeader("content-type", "application/xhtml+xml")
            return LivePage.renderHTTP(page, ctx)

        self.patch(Own, "renderHTTP", renderHTTP)
        response = self.site.request("/chat")
        self.assertEqual(response.header("content-type"), "application/xhtml+xml")
        self.assertIn("default-src", response.header("content-security-policy"))

    def test_jsModules(self):
        """A page may bring modules that are found nowhere else."""
        path = self.mktemp()
        with open(path, "w") as file:
            file.write("Mine.x = 1;")

        class Mine(Own):
            jsClass = "Mine.Page"

            def __init__(self):
                super().__init__()
                self.jsModules.mapping["Mine"] = path

        Root.child_mine = lambda root, ctx: Mine()
        self.addCleanup(delattr, Root, "child_mine")
        [[name, url]] = self.site.request("/mine/").island["modules"]
        self.assertEqual((name, self.site.request("/mine" + url[1:]).text), ("Mine", "Mine.x = 1;"))
