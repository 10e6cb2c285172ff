"""`python -m tests.drills NAME`: break something on purpose, and look at what that costs. Without NAME: all drills."""

from __future__ import annotations

import argparse
import importlib
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from benchmarks.machine import conditions
from service.stack.processes import adopt_orphans
from tests.drills.outcome import Drill, NotHere, Outcome, Shared, as_markdown


@dataclass(frozen=True)
class Kind:
    """A drill, and for how many minutes its long form breaks what it breaks."""

    module: str
    minutes: float

    def load(self) -> ModuleType:
        """Each needs its own part of the product, whose imports take seconds."""
        return importlib.import_module(f"tests.drills.{self.module}")


DRILLS: Mapping[str, Kind] = {
    "mlflow-away": Kind("mlflow_away", 5),
    "full-storage": Kind("full_storage", 0.5),
    "full-database": Kind("full_database", 0.5),
    "clock-skew": Kind("clock_skew", 1),
    "cut-off": Kind("cut_off", 1),
    "stubborn": Kind("stubborn", 1),
    "database": Kind("database", 1 / 6),
    "log-flood": Kind("log_flood", 5),
    "soak": Kind("soak", 30),
    "partition": Kind("partition", 2),
}


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends too
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*DRILLS, []], help="default: all")
    parser.add_argument("--short", action="store_true", help="the short form, as in the tests")
    parser.add_argument("--minutes", type=float, help="how long; default: as long as the long form takes")
    parser.add_argument("--folder", type=Path, help="where logs and state go; default: a temporary one")
    parser.add_argument("--reports", type=Path, help="folder for the reports, a Markdown file each")
    given = parser.parse_args()
    adopt_orphans()
    folder = (given.folder or Path(tempfile.mkdtemp(prefix="stillhouse-drills-"))).resolve()
    with Shared(folder) as shared:
        failed = [name for name in given.name or DRILLS if not carry_out(name, folder / name, shared, given)]
    if failed:
        tell(f"FAILED: {', '.join(failed)}; everything is kept in {folder}")
        return 1
    if given.folder is None:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def carry_out(name: str, folder: Path, shared: Shared, given: argparse.Namespace) -> bool:
    """Run one drill and tell what it found; False where something was wrong."""
    folder.mkdir(parents=True)
    kind, drill = DRILLS[name], DRILLS[name].load()
    minutes = None if given.short else given.minutes or kind.minutes
    tell(f"{name}: begins")
    began = time.monotonic()
    try:
        outcome: Outcome = drill.run(Drill(folder, minutes, tell, shared))
    except NotHere as error:
        tell(f"{name}: not here, {error}")
        return True
    outcome.figures["the whole drill took"] = f"{time.monotonic() - began:.0f} s"
    how = " --short" if minutes is None else f" --minutes {minutes:g}" if minutes != kind.minutes else ""
    command = f"python -m tests.drills {name}{how}"
    report = as_markdown(name, drill.PURPOSE, command, outcome, conditions())
    print(report, flush=True)
    if given.reports is not None:
        given.reports.mkdir(parents=True, exist_ok=True)
        (given.reports / f"drill-{name}.md").write_text(report)
    return not outcome.wrong


def tell(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
