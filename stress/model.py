"""
Check the models, ``docs/models/*.pml``, with all rules and without each: a session that is cut and moved, and a room.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.server import ROOT

MODELS = sorted((ROOT / "docs" / "models").glob("*.pml"))


def check(model: Path, *left: str) -> bool:
    """Search all states, without the rules that are left out. Return whether no promise is broken."""
    with TemporaryDirectory() as directory:
        generate = ["spin", *(f"-D{rule}" for rule in left), "-a", str(model)]
        for command in (generate, ["gcc", "-O2", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"]):
            subprocess.run(command, cwd=directory, check=True, capture_output=True)
        ran = subprocess.run(["./pan", "-m100000"], cwd=directory, check=True, capture_output=True, text=True)
    [errors] = re.findall("errors: ([0-9]+)", ran.stdout)
    assert "max search depth too small" not in ran.stdout
    holds = int(errors) == 0
    print(f"{model.stem}, {f'without {left[0]}' if left else 'all rules'}: {'holds' if holds else 'fails'}", flush=True)
    return holds


def main() -> int:
    """Return 1 if a promise is broken with all rules, or none without one."""
    if not (shutil.which("spin") and shutil.which("gcc")):
        print("spin and gcc are missing (Debian: apt-get install spin gcc)", file=sys.stderr)
        return 1
    rules = [(model, rule) for model in MODELS for rule in re.findall("#ifn?def ([A-Z_]+)", model.read_text("utf-8"))]
    return 0 if all(map(check, MODELS)) and not any(check(*one) for one in rules) else 1


if __name__ == "__main__":
    sys.exit(main())
