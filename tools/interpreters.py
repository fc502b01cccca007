"""
Run the tests on every other installed Python: ``python -m tools.interpreters dist/athenalite-*.whl``.

Each gets an environment of its own, ``.venvs/3.x``, with the wheel installed, so that the tests use what users
install. One more, ``.venvs/oldest``, has the oldest releases that ``setup.cfg`` allows, on the oldest Python.
Only unit tests are run (:mod:`tools.unittests`): browsers, servers and documents would give the same results.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

from tools.unittests import unitTests

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
OLDEST = VERSIONS[0]
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
ROOT = Path(__file__).parent.parent


def _candidates(version: str) -> list[str]:
    onPath = shutil.which(f"python{version}")
    builds = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    return ([onPath] if onPath else []) + [str(build) for build in builds]


def _works(python: str, version: str) -> bool:
    # A shim on PATH may belong to an interpreter that is not enabled: only one that runs counts. One that
    # cannot make environments is skipped too.
    asked = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    ran = subprocess.run([python, "-c", asked], capture_output=True, text=True)
    return ran.returncode == 0 and ran.stdout.strip() == version


def findInterpreter(version: str) -> str | None:
    """Return the path of a working Python of that version (such as ``3.12``), or None."""
    return next((python for python in _candidates(version) if _works(python, version)), None)


def oldestReleases() -> list[str]:
    """Return each requirement of athenalite, extras aside, pinned to the oldest release that it allows."""
    return [line.replace(">=", "==") for line in requires("athenalite") or [] if "extra ==" not in line]


def _install(environment: Path, python: str, wheel: str, pins: list[str]) -> None:
    pip = [str(environment / "bin" / "pip"), "install", "-q"]
    if not (environment / "bin" / "pytest").exists():
        subprocess.run([python, "-m", "venv", "--clear", str(environment)], check=True)
    # Quick if everything is installed, as it is except the first time and after a change of setup.cfg.
    subprocess.run([*pip, f"{wheel}[unit]"], check=True)
    if pins:
        subprocess.run([*pip, *pins], check=True)
    subprocess.run([*pip, "--no-deps", "--force-reinstall", wheel], check=True)


def _test(environment: Path) -> bool:
    # Appended, so that the wheel's athenalite is found before the tree's.
    options = ["-q", "-n2", "--dist=loadscope", "--import-mode=append", "-m", "unit"]
    modules = [f"{name.replace('.', '/')}.py" for name in unitTests()]
    isolated = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return (
        subprocess.run([str(environment / "bin" / "pytest"), *options, *modules], cwd=ROOT, env=isolated).returncode
        == 0
    )


def testOn(name: str, version: str, wheel: str, pins: list[str]) -> bool:
    """Run the tests in ``.venvs/NAME``; a version that is not installed is reported and passes."""
    python = findInterpreter(version)
    print(f"Python {name}: {python or 'none at hand'}", flush=True)
    if python is None:
        return True
    environment = ROOT / ".venvs" / name
    _install(environment, python, wheel, pins)
    return _test(environment)


def main(wheel: str) -> int:
    """Run the tests on each interpreter but this one, and with the oldest releases; return the exit status."""
    runs = [(version, version, list[str]()) for version in VERSIONS if version != THIS]
    runs.append(("oldest", OLDEST, oldestReleases()))
    path = str(Path(wheel).resolve())
    failed = [name for name, version, pins in runs if not testOn(name, version, path, pins)]
    if failed:
        print("Tests failed on Python", ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
