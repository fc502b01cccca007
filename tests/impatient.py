"""``python -m tests.impatient``: twist, whose ``athena-widget`` gives HTTP peers one second for everything."""

import runpy
from functools import partial

import athenalite._command.options
from athenalite.limits import Limits

if __name__ == "__main__":
    # twist has no option for it.
    vars(athenalite._command.options)["Limits"] = partial(Limits, requestTimeout=1.0)
    runpy.run_module("twisted", run_name="__main__", alter_sys=True)
