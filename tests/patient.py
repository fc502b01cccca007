"""``python -m tests.patient``: twistd, whose ``athena-widget`` gives its workers a minute more to stop."""

import sys
from functools import partial

from twisted.scripts.twistd import run

import athenalite._command.options
from athenalite.limits import Limits

if __name__ == "__main__":
    # On a busy machine they take longer, and are not to be killed. twistd has no option for it.
    vars(athenalite._command.options)["Limits"] = partial(Limits, shutdownTimeout=65.0)
    sys.exit(run())
