# A page of 2009, in Python 2.
import os
from zope.interface import implements
from nevow import athena, loaders, rend, guard, tags as T
from nevow.athena import (
    LiveElement,
    JSModule,  # gone
)
import nevow.appserver
from nevow.util import log, sibpath


class Guestbook(athena.LivePage):
    implements(athena.inevow.IResource)
    TRANSPORT_IDLE_TIMEOUT = 30
    docFactory = loaders.xmlstr("""<html xmlns:nevow="http://nevow.com/ns/nevow/0.1">
<p nevow:data="entries" nevow:render="sequence" onclick="go()" /></html>""")

    def data_entries(self, ctx, data):
        try:
            return self.entries.iteritems()
        except KeyError, e:
            print "no entries", e

    def go(self):
        if self.options.has_key("x"):
            raise ValueError, "no"
        os.chmod("x", 0755)
        return unicode(`self`), T.a(onclick="go()")


site = nevow.appserver.NevowSite(Guestbook())
