# -*- test-case-name: tests.project.test_environment -*-
"""
Make a virtual environment: ``python3 tools/environment.py .venv``, and install into it:
``.venv/bin/python tools/environment.py install -e .``.

If it cannot, it prints in one line what is missing. Written so that an old Python can parse it, because its version
is one of the things to report.
"""

import os
import re
import subprocess
import sys

OLDEST = (3, 11)

NO_CONNECTION = re.compile(
    "NewConnectionError|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|Network is unreachable"
    "|Failed to establish a new connection|[Nn]ame or service not known|name resolution|connection timed out"
    # pip tries an index again after this; an unknown package is not a matter of the network
    "|after connection broken by"
)
"""What pip prints if it cannot reach the index."""

NO_NETWORK = (
    "There is no network: pip cannot reach the package index to install {}. "
    "Connect, or name one within reach by PIP_INDEX_URL or PIP_FIND_LINKS."
)


def missing() -> "str | None":
    """Return the obstacle to a virtual environment, in one line, or None."""
    if sys.version_info[:2] < OLDEST:
        needed = "{}.{}".format(*OLDEST)
        return f"athenalite needs Python {needed}, and {sys.executable} is older: give PYTHON=a newer one."
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return f"{sys.executable} has no venv module: install it (Debian: apt-get install python3-venv)."
    return None


def make(directory: str) -> int:
    """Make the environment unless it exists and works; return the exit status."""
    problem = missing()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    python = os.path.join(directory, "bin", "python")
    if os.path.exists(python) and subprocess.call([python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL) == 0:
        return 0
    # --clear: half an environment, left by an interrupted run, is worse than none.
    return subprocess.call([sys.executable, "-m", "venv", "--clear", directory])


def install(*requirements: str) -> int:
    """
    Have pip install into the environment that this runs in; return the exit status.

    pip's output is printed if it fails, or one line if the network is the reason.
    """
    pip = [sys.executable, "-m", "pip", "install", "-q", "--retries=2"]
    ran = subprocess.run([*pip, *requirements], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ran.returncode != 0:
        said = ran.stdout
        if NO_CONNECTION.search(said):
            said = NO_NETWORK.format(" ".join(map(_named, requirements)).strip()) + "\n"
        sys.stderr.write(said)
    return ran.returncode


def _named(requirement: str) -> str:
    """Return what a requirement installs; nothing for an option."""
    if requirement.startswith("."):
        return "what athenalite" + requirement[1:] + " needs"
    return "" if requirement.startswith("-") else requirement


def main(*arguments: str) -> int:
    """Run the command; return the exit status."""
    if arguments[0] == "install":
        return install(*arguments[1:])
    return make(arguments[0])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
