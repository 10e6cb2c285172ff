"""`python -m tests.crash`: kill every process of the stack at random moments, then check that nothing was lost."""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.machine import conditions
from tests.crash.report import Outcome, as_markdown
from tests.crash.run import CrashRun
from tests.crash.trainings import TRAININGS, Reference, reference
from tests.stack import make_data


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes of the stack end too
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=8, help="in all, over the databases")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"], help="default: both")
    parser.add_argument("--seed", type=int, default=None, help="of the kills and the load; default: a new one")
    parser.add_argument("--mean-gap", type=float, default=10.0, help="seconds between two kills, on average")
    parser.add_argument("--folder", type=Path, default=None, help="where logs and state go; default: a temporary one")
    parser.add_argument("--report", type=Path, default=None, help="Markdown file to write")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    databases = given.database or ["sqlite", "postgresql"]
    folder = (given.folder or Path(tempfile.mkdtemp(prefix="stillhouse-crash-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    log = (folder / "crash.log").open("a", encoding="utf-8")

    def tell(words: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {words}"
        print(line, file=sys.stderr, flush=True)
        print(line, file=log, flush=True)

    tell(f"seed {seed}, logs in {folder}")
    tell("training the references")
    data, references = prepare(folder)
    outcomes: list[Outcome] = []
    for number, database in enumerate(databases):
        num_kills = given.kills * (number + 1) // len(databases) - given.kills * number // len(databases)
        run = CrashRun(
            folder / database, database, data, references, seed=seed, num_kills=num_kills, mean_gap_s=given.mean_gap,
            tell=tell,
        )  # fmt: skip
        outcomes.append(run.carry_out())
    report = as_markdown(outcomes, conditions())
    print(report, flush=True)
    if given.report is not None:
        given.report.write_text(report)
    if any(outcome.wrong for outcome in outcomes):
        tell(f"FAILED with seed {seed}; everything is kept in {folder}")
        return 1
    if given.folder is None:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def prepare(folder: Path) -> tuple[Path, Mapping[str, Reference]]:
    """Data, and what each training gives when nothing interrupts it."""
    data = folder / "data"
    make_data(data)
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda name: reference(name, data=data, out=folder / "references" / name), TRAININGS)
        return data, dict(zip(TRAININGS, found, strict=True))


if __name__ == "__main__":
    sys.exit(main())
