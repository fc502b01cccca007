"""
Make a virtual environment: ``python3 tools/environment.py .venv``.

It says in one line what is missing if it cannot. Written so that an old Python can read it, for its age is one
of the things to say.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)


def missing() -> "str | None":
    """Return what stands in the way of a virtual environment, in one line, or None."""
    if sys.version_info[:2] < OLDEST:
        needed = "{}.{}".format(*OLDEST)
        return f"athenalite needs Python {needed}, and {sys.executable} is older: give PYTHON=a newer one."
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return f"{sys.executable} has no venv module: install it (Debian: apt-get install python3-venv)."
    return None


def main(directory: str) -> int:
    """Make the environment unless it is there and works; return the exit status."""
    problem = missing()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    python = os.path.join(directory, "bin", "python")
    if os.path.exists(python) and subprocess.call([python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL) == 0:
        return 0
    # --clear: half an environment, left by an interrupted run, is worse than none.
    return subprocess.call([sys.executable, "-m", "venv", "--clear", directory])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
