# -*- test-case-name: tests.test_util -*-
"""``athenalite.util`` has the part of ``nevow.util`` that applications use."""

import os

from twisted.trial.unittest import SynchronousTestCase

import chatthing
from athenalite.athena import expose
from athenalite.context import Context
from athenalite.testutil import FakeRequest
from athenalite.util import Expose, getPOSTCharset, resource_filename, sibpath


class UtilTests(SynchronousTestCase):
    """Where files are."""

    def test_resource(self):
        """Files are found from a package or from a module in it."""
        [directory] = chatthing.__path__
        self.assertEqual(
            resource_filename("chatthing", "js", "ChatThing.mjs"), os.path.join(directory, "js", "ChatThing.mjs")
        )
        self.assertEqual(
            resource_filename("chatthing.chatterbox", "template.html"), os.path.join(directory, "template.html")
        )
        self.assertRaises(ImportError, resource_filename, "nosuchthing")

    def test_names(self):
        """The other names are there."""
        self.assertEqual(sibpath(__file__, "x"), os.path.join(os.path.dirname(os.path.abspath(__file__)), "x"))
        self.assertIsInstance(expose, Expose)

    def test_getPOSTCharset(self):
        """The encoding of a form is in a field, in the header, or the usual one."""
        typed = {"Content-Type": 'multipart/form-data; boundary=x; charset="latin-1"'}
        for headers, args, charset in (
            (typed, {"_charset_": ["koi8-r"]}, "koi8-r"),
            (typed, {"_charset_": [""]}, "latin-1"),
            ({"Content-Type": "text/plain"}, {}, "utf-8"),
            ({}, {}, "utf-8"),
        ):
            self.assertEqual(getPOSTCharset(Context(FakeRequest(headers, args))), charset)
