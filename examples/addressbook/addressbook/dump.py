"""
Print an address book.
"""


def dump(book):
    for person in book.people():
        print("%s: %s" % (person.name, person.phone))
