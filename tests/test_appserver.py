# -*- test-case-name: tests.test_appserver -*-
"""``athenalite.appserver`` is ``nevow.appserver``."""

from twisted.python.components import registerAdapter
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import IResource, Resource

from athenalite._server.factory import factoryOf
from athenalite.appserver import NevowSite
from tests.memory import FakePage
from tests.pages import InMemorySite


class NevowSiteTests(SynchronousTestCase):
    """A site of the application's own."""

    def test_stop(self):
        """When it listens no more, its pages are lost."""
        clock = InMemorySite(self).clock
        site = NevowSite(Resource(), reactor=clock)
        site.doStart()
        page = FakePage()
        session = factoryOf(site).sessions.add(page)
        site.doStop()
        clock.advance(0)
        self.assertEqual(session.reason, "the server is shutting down")
        self.assertEqual(page.events, ["lost"])

    def test_stopUnused(self):
        """A site that never had a page stops as any other, and makes no factory for it."""
        site = NevowSite(Resource(), reactor=InMemorySite(self).clock)
        site.doStart()
        site.doStop()
        self.assertNotIn("livePageFactory", site.__dict__)

    def test_adapted(self):
        """Its root may be what can be adapted to a resource."""

        class Model:
            """A part of an application, no resource."""

        root = Resource()
        registerAdapter(lambda model: root, Model, IResource)
        self.assertIs(NevowSite(Model(), reactor=InMemorySite(self).clock).resource, root)
        self.assertRaises(TypeError, NevowSite, object())
