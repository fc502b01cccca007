"""
An address book. Run it in this directory: C{PYTHONPATH=. twistd -ny addressbook.tac}
"""

from twisted.application import internet, service

from nevow.appserver import NevowSite

from addressbook.model import Book
from addressbook.pages import RootPage

book = Book(u'Charles')
book.add(u'Ada Lovelace', u'020 7946 0815')

application = service.Application('addressbook')
internet.TCPServer(8080, NevowSite(RootPage(book)), interface='127.0.0.1').setServiceParent(application)
