"""``python -m tests.compressing``: twist, whose ``athena-widget`` compresses messages."""

import runpy
from functools import partial

import athenalite.tap
from athenalite._server.factory import LivePageFactory

if __name__ == "__main__":
    # twist has no option for it.
    vars(athenalite.tap)["LivePageFactory"] = partial(LivePageFactory, compress=True)
    runpy.run_module("twisted", run_name="__main__", alter_sys=True)
