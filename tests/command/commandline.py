"""The command line, for tests of its options."""

import sys

from twisted.trial.unittest import SynchronousTestCase

from athenalite.tap import Options


class CommandLineTestCase(SynchronousTestCase):
    """Parses options, which change the path of modules."""

    def setUp(self):
        self.patch(sys, "path", list(sys.path))

    def parse(self, *arguments):
        """The options that these arguments give."""
        options = Options()
        options.parseOptions(arguments)
        return options

    def assertRefused(self, text, *arguments):
        """The arguments are refused in one line that contains this text; such a SystemExit has exit status 1."""
        error = self.assertRaises(SystemExit, self.parse, *arguments)
        self.assertIn(text, error.code)
        self.assertTrue(error.code.startswith("athena-widget: "))
        self.assertNotIn("\n", error.code)
