# -*- test-case-name: addressbook.test.test_pages -*-
"""
The pages of the address book.
"""

from twisted.python import log
from twisted.python.util import sibpath

from nevow import athena, inevow, loaders, rend, static, tags as T
from nevow.athena import expose
from nevow.taglibrary.tabbedPane import TabbedPaneFragment

from addressbook.model import IBook


def template(name):
    """
    Return a loader of one of our templates.
    """
    return loaders.xmlfile(sibpath(__file__, name))


class PersonFragment(athena.LiveFragment):
    """
    One person, who can be removed.
    """
    jsClass = u'AddressBook.Person'
    docFactory = template('person.html')

    def __init__(self, book, person):
        athena.LiveFragment.__init__(self)
        self.book = book
        self.person = person

    def getInitialArguments(self):
        return (self.person.name,)

    def render_person(self, ctx, data):
        ctx.tag.fillSlots('name', self.person.name)
        ctx.tag.fillSlots('phone', self.person.phone or T.em['none'])
        return ctx.tag

    def remove(self):
        self.book.remove(self.person.name)
        return self.detach()
    expose(remove)


class PeopleFragment(athena.LiveFragment):
    """
    All people, and a form to add one.
    """
    jsClass = u'AddressBook.People'
    docFactory = template('people.html')

    def __init__(self, book):
        athena.LiveFragment.__init__(self)
        self.book = book

    def _fragment(self, person):
        fragment = PersonFragment(self.book, person)
        fragment.setFragmentParent(self)
        return fragment

    def render_people(self, ctx, data):
        return ctx.tag[[self._fragment(person) for person in self.book.people()]]

    def add(self, name, phone):
        return self._fragment(self.book.add(name, phone))
    expose(add)


class LettersFragment(rend.Fragment):
    """
    How many people there are for each letter.
    """
    docFactory = template('letters.html')

    def data_letters(self, ctx, data):
        counts = {}
        for person in self.original.people():
            letter = person.name[:1].upper()
            counts[letter] = counts.get(letter, 0) + 1
        return [dict(letter=letter, count=counts[letter]) for letter in sorted(counts)]


class BookPage(athena.LivePage):
    """
    The page with the tabs.
    """
    addSlash = True
    docFactory = template('book.html')
    TRANSPORT_IDLE_TIMEOUT = 60

    def __init__(self, book):
        athena.LivePage.__init__(self)
        self.book = book

    def beforeRender(self, ctx):
        ctx.remember(self.book, IBook)
        ctx.fillSlots('owner', self.book.owner)
        client = inevow.IRequest(ctx).getClientIP()
        self.notifyOnDisconnect().addErrback(lambda reason: log.msg('%s has left' % (client,)))

    def render_tabs(self, ctx, data):
        book = ctx.locate(IBook)
        people = PeopleFragment(book)
        tabs = TabbedPaneFragment([(u'People', people), (u'Letters', LettersFragment(book))])
        tabs.setFragmentParent(self)
        people.setFragmentParent(tabs)
        return ctx.tag[tabs]


class RootPage(rend.Page):
    """
    The front page of the site.
    """
    docFactory = loaders.stan(
        T.html(lang='en')[
            T.head[T.title['Address books'],
                   T.link(rel='stylesheet', type='text/css', href='/static/addressbook.css')],
            T.body[T.div(role='main')[
                T.h1['Address books'],
                T.p[T.a(href='/book/', onclick="this.style.color = 'red'")[T.directive('owner')]]]]])
    child_static = static.File(sibpath(__file__, 'static'))

    def __init__(self, book):
        rend.Page.__init__(self)
        self.book = book

    def child_book(self, ctx):
        return BookPage(self.book)

    def render_owner(self, ctx, data):
        return self.book.owner
