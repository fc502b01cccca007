"""
Tests of the widgets, in a browser.
"""

from nevow.athena import expose
from nevow.livetrial.testcase import TestCase

from addressbook.model import Book
from addressbook.pages import PeopleFragment


class PeopleTests(TestCase):
    """
    Tests of C{AddressBook.People}.
    """
    jsClass = u'AddressBook.TestPeople.PeopleTests'

    def makePeople(self):
        book = Book(u'Charles')
        book.add(u'Ada Lovelace', u'1')
        people = PeopleFragment(book)
        people.setFragmentParent(self)
        return people
    expose(makePeople)
