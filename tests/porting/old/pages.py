from zope.interface import implements

from nevow import athena, inevow, rend, tags as T
from nevow.util import log, sibpath


class Pages(athena.LivePage):
    implements(inevow.IResource)
    TRANSPORTLESS_DISCONNECT_TIMEOUT = 30
    addSlash = True

    def data_pages(self, ctx, data):
        return self.pages

    def render_menu(self, ctx, data):
        log.msg("menu")
        return ctx.tag[T.a(href="#", onclick="open_()")["open"]]


module = athena.JSModule("Guests", sibpath(__file__, "guests.js"))
