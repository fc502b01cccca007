# -*- test-case-name: addressbook.test.test_model -*-
"""
The people in an address book.
"""

from zope.interface import Interface, implementer


class NoSuchPerson(KeyError):
    """
    There is no person of this name.
    """


class IBook(Interface):
    """
    An address book.
    """

    def people():
        """
        Return the people, by name.
        """


class Person(object):
    """
    A person with a telephone.
    """
    def __init__(self, name, phone):
        self.name = name
        self.phone = phone


@implementer(IBook)
class Book(object):
    """
    An address book in memory.
    """

    def __init__(self, owner):
        self.owner = owner
        self._people = {}

    def add(self, name, phone):
        """
        Add a person, or give one another number.
        """
        if not isinstance(name, str):
            raise TypeError("a name is text: %r" % (name,))
        person = self._people[name] = Person(name, phone)
        return person

    def remove(self, name):
        """
        Remove a person.
        """
        if name not in self._people:
            raise NoSuchPerson(name)
        del self._people[name]

    def people(self):
        """
        Return the people, by name.
        """
        return [person for (name, person) in sorted(self._people.items())]
