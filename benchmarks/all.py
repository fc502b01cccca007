# -*- test-case-name: tests.project.test_figures -*-
"""
Run the benchmarks: ``python -m benchmarks.all``; about two hours, or five minutes with ``--quick``.

Results are kept in ``build/benchmarks``, part by part, so that one part can be repeated. ``--only`` without a part
measures nothing, and publishes the kept results.
"""

import argparse
import json
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from harness.documents import machine, today
from harness.server import ROOT
from harness.subjects import REACTORS, separate

from . import chat, curves, pace, publish
from .servers import THEIRS, present, versions

QUICK_POINTS: Final = curves.Points((100, 500, 1000), (60, 126, 4000), (1, 8, 64), (1, 10, 100), 100)


def doChat(options: argparse.Namespace) -> Any:
    """``chat.py``."""
    pages = [size for size in options.pages if size <= 1000 or not options.quick]
    return chat.run(options.rounds, pages, present(options.servers), options.rows, **options.given).kept()


def doPace(options: argparse.Namespace) -> Any:
    """``pace.py``."""
    return pace.run(options.rounds, options.rows, options.idle, options.minutes, **options.given).kept()


def doCurves(options: argparse.Namespace) -> Any:
    """``curves.py``."""
    found = curves.run(1, QUICK_POINTS) if options.quick else curves.run(min(3, options.rounds))
    return {name: curve.kept() for name, curve in found.items()}


PARTS: Final[dict[str, Callable[[argparse.Namespace], Any]]] = {"pace": doPace, "chat": doChat, "curves": doCurves}


def _where(part: str, options: argparse.Namespace) -> str:
    if part == "pace":
        return pace.conditions(options.reactor)
    return f"{machine()}, {versions(options.servers)}" if part == "chat" else machine()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.all", description=(__doc__ or "").strip())
    parser.add_argument("--quick", action="store_true", help="one round, and few points, as a trial")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=2.0, help="how long each pace lasts")
    parser.add_argument("--idle", type=int, default=5000, help="how many idle pages")
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 1000, 5000], help="sizes of the chat")
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS), help="run these parts only")
    rows = [*pace.WORKS, *chat.WORKS]
    parser.add_argument("--rows", nargs="+", choices=rows, default=rows, help="of the pace and the chat, these only")
    parser.add_argument("--without", default="", help="fast paths to leave out, as ENCODE_ONCE,SEND_AT_ONCE")
    parser.add_argument("--reactor", default="", choices=list(REACTORS), help="of athenalite")
    parser.add_argument("--servers", nargs="*", choices=list(THEIRS), default=list(THEIRS), help="beside raw Autobahn")
    parser.add_argument("--directory", type=Path, default=ROOT / "build" / "benchmarks", help="where results are kept")
    parser.add_argument("--publish", action="store_true", help="write the results into README.rst and docs")
    options = parser.parse_args(arguments)
    if options.quick:
        options.rounds, options.minutes = 1, 0.5
    options.given = {"without": options.without, "reactor": options.reactor}
    return options


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = _options(arguments)
    given = sys.argv[1:] if arguments is None else arguments
    command = shlex.join(["python", "-m", "benchmarks.all", *given])
    separate()
    kept = options.directory / "figures.json"
    options.directory.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for name in options.only:
        began = time.monotonic()
        found = PARTS[name](options)
        about = {"when": today(), "command": command, "machine": _where(name, options), "quick": options.quick}
        figures[name] = {**about, "found": found}
        kept.write_text(json.dumps(figures, indent=1), "utf-8")
        print(f"{name}: {time.monotonic() - began:.0f} seconds", file=sys.stderr, flush=True)
    _show(figures, options)


def _show(figures: dict[str, Any], options: argparse.Namespace) -> None:
    figures = {name: figures[name] for name in PARTS if name in figures}
    publish.draw(figures, options.directory)
    shown = publish.texts(figures).items()
    text = "\n".join(line for name, lines in shown for line in (name, "-" * len(name), "", *lines, ""))
    (options.directory / "figures.txt").write_text(text, "utf-8")
    print(text)
    if options.publish:
        publish.publishAll(figures, ROOT)


if __name__ == "__main__":
    main()
