"""
Runs the tests of C{AddressBook.Names}, in a browser.
"""

from athenalite.livetrial.testcase import TestCase


class NamesTests(TestCase):
    """
    Tests of C{AddressBook.Names}.
    """
    jsClass = u'AddressBook.TestUnits.NamesTests'
