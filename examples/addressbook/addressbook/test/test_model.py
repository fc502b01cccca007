"""
Tests of the address book in memory.
"""

from twisted.trial.unittest import TestCase
from zope.interface.verify import verifyObject

from addressbook.model import Book, IBook, NoSuchPerson


class BookTests(TestCase):
    """
    Tests of L{Book}.
    """
    def test_people(self):
        """
        People are in the order of their names.
        """
        book = Book(u'Charles')
        verifyObject(IBook, book)
        book.add(u'Grace Hopper', u'5')
        book.add(u'Ada Lovelace', u'1')
        self.assertEqual([person.name for person in book.people()], [u'Ada Lovelace', u'Grace Hopper'])

    def test_remove(self):
        """
        A person can be removed once.
        """
        book = Book(u'Charles')
        book.add(u'Ada Lovelace', u'1')
        book.remove(u'Ada Lovelace')
        self.assertEqual(book.people(), [])
        self.assertRaises(NoSuchPerson, book.remove, u'Ada Lovelace')
