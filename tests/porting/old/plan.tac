from twisted.application import service, internet
import nevow.appserver, nevow.athena

application = service.Application("guestbook")
factory = nevow.appserver.NevowSite(nevow.athena.LivePage())
internet.TCPServer(8080, factory).setServiceParent(application)
