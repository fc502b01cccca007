# -*- test-case-name: tests.porting.test_oldtwisted -*-
"""Names of Twisted that are gone."""

import ast

from twisted.internet import defer
from twisted.python.reflect import namedAny
from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.oldtwisted import GONE, goneIn


class GoneTests(SynchronousTestCase):
    """``goneIn``"""

    def test_found(self):
        """Imports and uses."""
        for text in (
            "from twisted.web.client import getPage",
            "from twisted.web import error, client\nclient.getPage(x)",
            "from twisted.internet import defer as d\n@d.deferredGenerator\ndef f(): pass",
            "import twisted.web2.server",
            "from twisted.web2 import server",
            "import twisted.web.client\ntwisted.web.client.getPage(x)",
        ):
            self.assertEqual([code for _, code, _ in goneIn(ast.parse(text))], ["P304"], text)
        for text in (
            "from twisted.web.client import Agent",
            "client.getPage(x)",
            "from .client import getPage",
            "import twisted.web",
        ):
            self.assertEqual(list(goneIn(ast.parse(text))), [], text)

    def test_gone(self):
        """Twisted has none of them; the oldest release that is allowed still has these two, which it deprecates."""
        deprecated = ["twisted.internet.defer.deferredGenerator", "twisted.internet.defer.waitForDeferred"]
        for name in set(GONE).difference(deprecated if hasattr(defer, "deferredGenerator") else []):
            self.assertRaises((ImportError, AttributeError), namedAny, name)
