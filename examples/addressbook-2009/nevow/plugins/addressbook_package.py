"""
Tells Athena where the JavaScript of the address book is.
"""

from twisted.python import util

from nevow import athena

import addressbook

addressBook = athena.AutoJSPackage(util.sibpath(addressbook.__file__, 'js'))
