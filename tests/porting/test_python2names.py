# -*- test-case-name: tests.porting.test_python2names -*-
"""Names of Python 2."""

import builtins
import itertools
import string
import sys
import types

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.python2names import DEFINED, IMPORTED, METHODS, MODULES, NAMES, OF_STRING


class NamesTests(SynchronousTestCase):
    """The tables."""

    def test_gone(self):
        """Python 3 has none of the names."""
        self.assertEqual([name for name in NAMES if hasattr(builtins, name)], [])
        self.assertEqual([name for name in MODULES if name in sys.stdlib_module_names], [])
        self.assertEqual([name for name in OF_STRING if hasattr(string, name)], [])
        for name in METHODS:
            self.assertFalse(any(hasattr(one, name) for one in (dict, int, str, sys, type(self.test_gone))), name)
        self.assertLess(DEFINED, set(METHODS))

    def test_types(self):
        """What is left of the modules ``types`` and ``itertools`` is not listed, but a type that has come back."""
        self.assertEqual([name for name in IMPORTED if hasattr(itertools, name) or hasattr(types, name)], ["NoneType"])
