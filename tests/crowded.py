"""``python -m tests.crowded``: twist, whose ``athena-widget`` accepts one socket."""

import runpy
from functools import partial

import athenalite._command.options
from athenalite.limits import Limits

if __name__ == "__main__":
    # twist has no option for it.
    vars(athenalite._command.options)["Limits"] = partial(Limits, maxConnections=1)
    runpy.run_module("twisted", run_name="__main__", alter_sys=True)
