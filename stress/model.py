"""
Check the model of a session that is cut, resumed and moved, ``stress/session.pml``: with all rules, and without each.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

MODEL = Path(__file__).parent / "session.pml"


def check(*left: str) -> bool:
    """Search all states, without the rules that are left out. Return whether no promise is broken."""
    with TemporaryDirectory() as directory:
        generate = ["spin", *(f"-D{rule}" for rule in left), "-a", str(MODEL)]
        for command in (generate, ["gcc", "-O2", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"]):
            subprocess.run(command, cwd=directory, check=True, capture_output=True)
        ran = subprocess.run(["./pan", "-m100000"], cwd=directory, check=True, capture_output=True, text=True)
    [errors] = re.findall("errors: ([0-9]+)", ran.stdout)
    assert "max search depth too small" not in ran.stdout
    print(f"{'without ' + left[0] if left else 'all rules'}: {'fails' if int(errors) else 'holds'}", flush=True)
    return int(errors) == 0


def main() -> int:
    """Return 1 if a promise is broken with all rules, or none without one."""
    if not (shutil.which("spin") and shutil.which("gcc")):
        print("spin and gcc are missing (Debian: apt-get install spin gcc)", file=sys.stderr)
        return 1
    rules = re.findall("#if(?:n?)def ([A-Z_]+)", MODEL.read_text("utf-8"))
    return 0 if check() and not any(map(check, rules)) else 1


if __name__ == "__main__":
    sys.exit(main())
